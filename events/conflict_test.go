package events_test

import (
	"context"
	"testing"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// meddler is a store in which somebody else is always a little faster, so many times.
type meddler struct {
	*eventstest.Store
	times int
}

func (m *meddler) SaveEvents(ctx context.Context, changes ...events.Change) error {
	if e := changes[0].Event; m.times > 0 && e.Version > 0 {
		m.times--
		theirs, err := m.Event(ctx, e.ID)
		if err != nil {
			return err
		}
		theirs.Summary += "!"
		if err := m.Store.SaveEvents(ctx, events.Change{Event: &theirs, At: eventstest.Morning()}); err != nil {
			return err
		}
	}
	return m.Store.SaveEvents(ctx, changes...)
}

// A host who presses a button in the moment in which the clock starts the event is not told to load
// it again: the host said nothing about a version.
func TestAnActIsDecidedAnewWhenSomebodyWasFaster(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.listed()
	store := &meddler{Store: s.store, times: 2}
	hub := events.New(s.parts(store))
	done, err := hub.SetDay(t.Context(), s.host, "key", e.ID, events.DayChange{State: events.Cancelled, Reason: "Rain."})
	if err != nil || done.Day != events.Cancelled || done.Summary != e.Summary+"!!" {
		t.Errorf("%+v, %v", done, err)
	}
	store.times = 3
	_, err = hub.Withdraw(t.Context(), s.host, "", e.ID, "")
	if ps, _ := events.ProblemsIn(err); len(ps) != 1 || ps[0].Code != events.Conflict {
		t.Errorf("it was tried for ever: %v", err)
	}
	stale := e.Version
	_, err = hub.Revise(t.Context(), s.host, "", e.ID, events.Revision{Version: &stale})
	if ps, _ := events.ProblemsIn(err); len(ps) != 1 || ps[0].Code != events.Conflict {
		t.Errorf("a stale version was taken: %v", err)
	}
}
