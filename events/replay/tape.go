package replay

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/microgalleries/actionday/events"
)

// maxEvents is how many events a tape takes: ten times the largest day that is planned for.
const maxEvents = 1 << 20

// nowhere is the place of an event that has no public point.
const nowhere = ^place(0)

// tape is what the replay of an edition is made from. Its methods are not safe for concurrent use.
type tape struct {
	edition events.ID
	window  window
	at      events.Position // the last activity on the tape
	latest  time.Time       // the running maximum of when activities happened

	slots  map[[16]byte]uint32 // of the events, by id
	places []place             // by slot
	looks  []look              // by slot: what the event looks like at the end of the tape
	steps  []step              // in log order

	minutes  minutes
	counts   events.Counts
	marks    []mark
	spacing  int64 // activities between two marks
	redacted int   // how often something was taken back
}

// step is one change of how an event looks on the map.
type step struct {
	slot   uint32
	second uint32 // after the window opened, rounded up
	look   look
}

// window is the span of time that a tape is about, in whole seconds.
type window struct {
	opens time.Time
	span  uint32
}

// second is the first whole second by which an instant has come; 0 for everything before the window.
func (w window) second(at time.Time) uint32 {
	since := at.Sub(w.opens)
	if since <= 0 {
		return 0
	}
	return uint32(min(int64((since+time.Second-1)/time.Second), int64(w.span)+1))
}

func newTape(ed events.Edition, epoch uint32) *tape {
	opens, closes := ed.Date.Window()
	return &tape{
		edition: ed.ID, window: window{opens, uint32(closes.Sub(opens) / time.Second)},
		at: events.Position{Epoch: epoch}, slots: map[[16]byte]uint32{}, spacing: firstSpacing,
		counts: events.Counts{Tallies: map[events.Scope]events.Tally{}},
	}
}

// add winds the next activity of the log up.
func (t *tape) add(a events.Activity) error {
	if want := t.at.Seq + 1; a.Epoch != t.at.Epoch || a.Seq != want {
		return fmt.Errorf("replay: activity %s comes where %08x-%d should", a.Position(), t.at.Epoch, want)
	}
	if a.At.After(t.latest) {
		t.latest = a.At
	}
	second := t.window.second(t.latest)
	t.minutes.fill(second, t.counts)
	if second <= t.window.span {
		t.minutes.happened(second, a)
	}
	t.counts.Apply(a)
	t.at.Seq = a.Seq
	t.mark()
	t.show(a, second)
	return nil
}

// show keeps what an activity changes on the map.
func (t *tape) show(a events.Activity, second uint32) {
	id := a.EventID.UUID()
	if a.Redacts != events.RedactNothing {
		t.redacted++
	}
	switch a.Kind {
	case events.EventRemoved:
		if a.Redacts == events.RedactAll {
			t.forget(id)
			return
		}
		t.step(id, second, gone)
	case events.EventListed, events.EventRevised, events.DayChanged:
		if a.Card == nil || a.Tombstone {
			return
		}
		t.step(id, second, lookOf(a.Card))
		// The domain takes old places back, so an event has one place in all moments: the last.
		if slot, known := t.slots[id]; known {
			t.places[slot] = placeOf(a.Card.Place)
		}
	}
}

// step notes how an event looks from a second on, unless it looked so before. What happens after
// the window is not on the tape, nor are events beyond the most that it takes; both are counted.
func (t *tape) step(id [16]byte, second uint32, to look) {
	slot, known := t.slots[id]
	switch {
	case second > t.window.span, known && t.looks[slot] == to:
		return
	case !known && (to == gone || len(t.places) >= maxEvents):
		return
	case !known:
		slot = uint32(len(t.places))
		t.slots[id] = slot
		t.places, t.looks = append(t.places, nowhere), append(t.looks, to)
	}
	t.looks[slot] = to
	t.steps = append(t.steps, step{slot, second, to})
}

// forget takes an event out of every moment. Its slot stays empty.
func (t *tape) forget(id [16]byte) {
	slot, known := t.slots[id]
	if !known {
		return
	}
	delete(t.slots, id)
	t.places[slot] = nowhere
	t.steps = slices.DeleteFunc(t.steps, func(s step) bool { return s.slot == slot })
}

// copied is numbers that go on apart from c.
func copied(c events.Counts) events.Counts {
	if c.Tallies = maps.Clone(c.Tallies); c.Tallies == nil {
		c.Tallies = map[events.Scope]events.Tally{}
	}
	return c
}
