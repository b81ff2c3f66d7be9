package wire

import (
	"math/rand/v2"
	"testing"
	"time"
)

// finishedLine is a client that takes everything.
type finishedLine struct{ ended bool }

func (*finishedLine) write(p []byte) (int, error) { return len(p), nil }
func (l *finishedLine) finish()                   { l.ended = true }
func (*finishedLine) close()                      {}

// Those of a hub that stops are not all sent to its neighbors in the same moment: at every tick only
// so many are told that all have been told when the time is over, and nobody waits much longer.
func TestGoodbyesAreSpread(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ seats, ticks, each int }{
		{1, 1, 1},
		{90, 90, 1},
		{1000, 91, 11}, // two seconds are a hundred ticks
		{4000, 98, 41},
	} {
		s := newShard()
		for range c.seats {
			seat := &seat{shard: s, line: &finishedLine{}, socket: &socket{}}
			s.seats = append(s.seats, seat)
		}
		all := s.seats
		s.bidFarewell(2*time.Second, rand.Shuffle)
		told := func() (n int) {
			for _, seat := range all {
				if seat.line.(*finishedLine).ended {
					n++
				}
			}
			return n
		}
		ticks, before := 0, 0
		for ; len(s.leaving) > 0; ticks++ {
			s.sayGoodbye()
			if now := told(); now-before > c.each {
				t.Errorf("%d of %d are told at once", now-before, c.seats)
			}
			before = told()
		}
		if ticks != c.ticks || told() != c.seats {
			t.Errorf("%d of %d were told in %d ticks, not %d", told(), c.seats, ticks, c.ticks)
		}
	}
}
