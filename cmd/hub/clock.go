package main

import (
	"fmt"
	"time"
)

// clock is the time that the hub goes by: the machine's, or for a rehearsal one that was set and
// runs on from there.
type clock struct {
	shift time.Duration
	isSet bool
}

// newClock reads the setting HUB_NOW; "" is the machine's time.
func newClock(text string, real time.Time) (clock, error) {
	if text == "" {
		return clock{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return clock{}, fmt.Errorf("HUB_NOW: %q is not an instant such as 2026-12-12T12:00:00Z", text)
	}
	return clock{shift: at.Sub(real), isSet: true}, nil
}

// now is the hub's time to the microsecond, which is what Postgres keeps.
func (c clock) now() time.Time { return time.Now().Add(c.shift).UTC().Truncate(time.Microsecond) }
