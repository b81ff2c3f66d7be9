package events_test

import (
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

func TestLiveOnlyAroundTheLocalDay(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.listed()
	starts, ends := s.edition.Date.In(mustZone(t, "Asia/Kathmandu"))
	live := events.DayChange{State: events.Live}
	for _, closed := range []time.Time{
		starts.Add(-events.DayGrace - time.Second), ends.Add(events.DayGrace),
	} {
		s.clock.Set(closed)
		_, err := s.SetDay(t.Context(), s.host, "", e.ID, live)
		wantProblem(t, err, events.NotOpen, "state")
	}
	for _, open := range []time.Time{starts.Add(-events.DayGrace), ends.Add(events.DayGrace - time.Second)} {
		s.clock.Set(open)
		got, err := s.SetDay(t.Context(), s.host, "", e.ID, live)
		if err != nil || got.Day != events.Live || got.DayBy != events.ByHost {
			t.Errorf("at %s: %s by %s, %v", open, got.Day, got.DayBy, err)
		}
	}
}

func TestRescueStatesNeedWhatVisitorsNeed(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.listed()
	set := func(d events.DayChange) error {
		_, err := s.SetDay(t.Context(), s.host, "", e.ID, d)
		return err
	}
	wantProblem(t, set(events.DayChange{State: events.Cancelled}), events.Required, "reason")
	wantProblem(t, set(events.DayChange{State: events.Postponed, Reason: "storm"}), events.Required, "postponedTo")
	wantProblem(t, set(events.DayChange{State: events.WentDigital}), events.Required, "onlineUrl")
	wantProblem(t, set(events.DayChange{State: events.Documented}), events.Invalid, "state")
	wantProblem(t, set(events.DayChange{}), events.Required, "state")
	later := s.edition.Date.AddDays(7)
	if err := set(events.DayChange{State: events.Postponed, Reason: "storm", PostponedTo: &later}); err != nil {
		t.Error(err)
	}
	if err := set(events.DayChange{State: events.Cancelled, Reason: "storm"}); err != nil {
		t.Error(err)
	}
	got, err := s.Event(t.Context(), events.Actor{}, e.ID)
	if err != nil || got.Day != events.Cancelled || !got.PostponedTo.IsZero() || got.DayReason != "storm" {
		t.Errorf("the event is %s to %s because %q, %v", got.Day, got.PostponedTo, got.DayReason, err)
	}
}

func TestTheClockStartsAndEndsWhatHostsDidNot(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.listed()
	tick := func(at time.Time, want events.DayState, by events.DayBy) {
		t.Helper()
		s.clock.Set(at)
		if _, err := s.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		got, err := s.Event(t.Context(), events.Actor{}, e.ID)
		if err != nil || got.Day != want || got.DayBy != by {
			t.Errorf("at %s it is %s by %s, %v; want %s by %s", at, got.Day, got.DayBy, err, want, by)
		}
	}
	tick(e.Schedule.StartsAt.Add(-time.Second), events.Planned, events.ByHost)
	tick(e.Schedule.StartsAt, events.Live, events.ByClock)
	tick(e.Schedule.EndsAt.Add(-time.Second), events.Live, events.ByClock)
	tick(e.Schedule.EndsAt, events.Done, events.ByClock)
	if n, err := s.Tick(t.Context()); n != 0 || err != nil {
		t.Errorf("a second tick changed %d, %v", n, err)
	}
}

// An event that its host keeps live past its end is not ended under the host's feet.
func TestTheClockLeavesTheHostTime(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.listed()
	s.clock.Set(e.Schedule.EndsAt.Add(time.Minute))
	if _, err := s.SetDay(t.Context(), s.host, "", e.ID, events.DayChange{State: events.Live}); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Tick(t.Context()); n != 0 || err != nil {
		t.Errorf("the clock ended it at once: %d, %v", n, err)
	}
	s.clock.Set(e.Schedule.EndsAt.Add(events.DayGrace))
	if n, err := s.Tick(t.Context()); n != 1 || err != nil {
		t.Errorf("the clock never ends it: %d, %v", n, err)
	}
}
