package main

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

// regulars are viewers who come back: when their stream ends they subscribe anew, through the same
// door, after the last position that they have. They check that nothing is missing and nothing comes
// twice, over all of it.
type regulars struct {
	site, edition string
	door          chan struct{} // only so many may be in it at the same time
	epoch         uint32
	all           []*regular
	following     sync.WaitGroup
	leave         context.CancelFunc
}

// regular is what one of them saw.
type regular struct {
	mu      sync.Mutex
	seq     int64       // of the last activity
	gaps    int         // activities that were not the next one
	repeats int         // activities that were seen before
	backs   []time.Time // when a new stream stood
	broken  []string    // answers that are no activity
	refused error       // why it could not subscribe the last time; nil while it stands
}

// backPause is how long a regular waits after it was turned away.
const backPause = 50 * time.Millisecond

// regularsAt opens n subscriptions after a position, by turns over both transports, and returns when
// all of them stand.
func regularsAt(t testing.TB, site string, edition events.ID, from events.Position, n int) *regulars {
	t.Helper()
	ctx, leave := context.WithCancel(context.Background())
	c := &regulars{site: site, edition: edition.String(), epoch: from.Epoch, leave: leave, door: make(chan struct{}, openAtOnce)}
	t.Cleanup(c.goHome)
	ways := transports()
	for range n {
		c.all = append(c.all, &regular{seq: from.Seq})
	}
	for i := range n {
		c.following.Go(func() { c.follow(ctx, i, ways[i%len(ways)]) })
	}
	c.await(t, "all regulars are there", func(r *regular) bool { return len(r.backs) > 0 })
	return c
}

func (c *regulars) goHome() {
	c.leave()
	c.following.Wait()
}

func (c *regulars) follow(ctx context.Context, i int, by transport) {
	r := c.all[i]
	for ctx.Err() == nil {
		r.mu.Lock()
		after := events.Position{Epoch: c.epoch, Seq: r.seq}
		r.mu.Unlock()
		body := string(bodyOf(watched, "edition", c.edition, "after", after.String()))
		c.door <- struct{}{}
		l, err := by.subscribe(c.site, visitorAddress(uint64(i)), body)
		<-c.door
		r.mu.Lock()
		r.refused = err
		r.mu.Unlock()
		if err != nil {
			select {
			case <-ctx.Done():
			case <-time.After(backPause):
			}
			continue
		}
		hangUp := context.AfterFunc(ctx, func() { _ = l.conn.Close() })
		r.listens(l)
		hangUp()
		_ = l.conn.Close()
	}
}

// listens reads a stream to its end.
func (r *regular) listens(l *listener) {
	r.mu.Lock()
	r.backs = append(r.backs, time.Now())
	r.mu.Unlock()
	for {
		text, err := l.read(l.in)
		if err != nil || bytes.Contains(text, []byte(`"type":"complete"`)) {
			return
		}
		r.sees(text)
	}
}

func (r *regular) sees(text []byte) {
	seq, err := seqIn(text)
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err != nil:
		r.broken = append(r.broken, fmt.Sprintf("%.200s", text))
	case seq <= r.seq:
		r.repeats++
	default:
		if seq != r.seq+1 {
			r.gaps++
		}
		r.seq = seq
	}
}

// await waits until something is true of each of them.
func (c *regulars) await(t testing.TB, what string, holds func(*regular) bool) {
	t.Helper()
	if missing, one := c.without(holds); missing > 0 {
		t.Fatalf("it never came about: %s; %d of %d miss it, such as one %s", what, missing, len(c.all), one)
	}
}

// without waits as well, and counts of whom it is not true in the end.
func (c *regulars) without(holds func(*regular) bool) (missing int, one string) {
	deadline := time.Now().Add(patience)
	breath := time.NewTicker(5 * time.Millisecond)
	defer breath.Stop()
	for {
		missing = 0
		for i, r := range c.all {
			r.mu.Lock()
			if !holds(r) {
				missing++
				one = fmt.Sprintf("(the %dth) at %d, which came %d times and was refused by %v", i, r.seq, len(r.backs), r.refused)
			}
			r.mu.Unlock()
		}
		if missing == 0 || time.Now().After(deadline) {
			return missing, one
		}
		<-breath.C
	}
}

// verdict sums up what they saw.
func (c *regulars) verdict() (gaps, repeats int, broken []string) {
	for _, r := range c.all {
		r.mu.Lock()
		gaps, repeats, broken = gaps+r.gaps, repeats+r.repeats, append(broken, r.broken...)
		r.mu.Unlock()
	}
	return gaps, repeats, broken
}

// returns are the moments at which somebody came back, in order.
func (c *regulars) returns() (all []time.Time) {
	for _, r := range c.all {
		r.mu.Lock()
		all = append(all, r.backs[1:]...) // the first was no return
		r.mu.Unlock()
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}
