package eventstest

import (
	"sync"
	"time"
)

// Clock tells the time that a test has set. It never moves by itself and may be used by many
// goroutines at once.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock is a clock that shows the given instant, in UTC and to the microsecond, which is as
// exact as a database keeps it.
func NewClock(now time.Time) *Clock {
	c := &Clock{}
	c.Set(now)
	return c
}

// Now is the instant that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set makes the clock show another instant, later or earlier.
func (c *Clock) Set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now.UTC().Truncate(time.Microsecond)
}

// Advance moves the clock on and tells what it shows then.
func (c *Clock) Advance(by time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by).Truncate(time.Microsecond)
	return c.now
}
