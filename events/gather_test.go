package events_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

// slowStore takes a group when it is let, and says that it has got it.
type slowStore struct {
	events.Store
	got chan int
	let chan struct{}
}

func (s *slowStore) Attend(ctx context.Context, all []events.Attendance, newID func() [16]byte) ([]events.Outcome, error) {
	s.got <- len(all)
	<-s.let
	return s.Store.Attend(ctx, all, newID)
}

func (s *stage) slow() (*events.Service, *slowStore) {
	store := &slowStore{Store: s.store, got: make(chan int, 1000), let: make(chan struct{})}
	return events.New(s.parts(store)), store
}

func TestAGroupWaitsAtMostFiveMilliseconds(t *testing.T) {
	t.Parallel()
	if events.GatherFor > 5*time.Millisecond {
		t.Errorf("the first of a group waits %s", events.GatherFor)
	}
}

// What waits is bounded. Whoever finds the queue full is told at once when to try again, and all who
// are in it are counted.
func TestAFullQueueTurnsPeopleAway(t *testing.T) {
	t.Parallel()
	s, e := open(t)
	hub, store := s.slow()
	code := s.codes(e).Printed.Code
	type answer struct {
		outcome events.Outcome
		err     error
	}
	answers := make(chan answer, events.GatherQueue+2)
	come := func(i int) {
		_, outcome, err := hub.CheckIn(context.WithoutCancel(t.Context()), "", events.Arrival{Code: code, Device: visitor(i)})
		answers <- answer{outcome, err}
	}
	go come(0)
	if n := <-store.got; n != 1 { // it is being stored, and the queue is empty
		t.Fatalf("a group of %d", n)
	}
	for i := range events.GatherQueue + 1 {
		go come(i + 1)
	}
	var busy *events.BusyError
	if first := <-answers; !errors.As(first.err, &busy) || busy.RetryAfter < 1 {
		t.Fatalf("with a full queue: %+v", first)
	}
	close(store.let)
	for range events.GatherQueue + 1 {
		if a := <-answers; a.err != nil || a.outcome != events.Fresh {
			t.Fatalf("one who waited: %+v", a)
		}
	}
	if proofs, err := hub.CheckInProofs(t.Context(), s.steward, e.ID); err != nil || proofs.Printed != events.GatherQueue+1 {
		t.Errorf("counted %+v, %v", proofs, err)
	}
}

// People of one group each get their own outcome.
func TestEverybodyInAGroupGetsTheirOwnOutcome(t *testing.T) {
	t.Parallel()
	s, e := open(t)
	gone := s.listed()
	if _, err := s.attend(events.CheckIn, "", e, visitor(1)); err != nil {
		t.Fatal(err)
	}
	hub, store := s.slow()
	for _, known := range []events.Event{e, gone} { // the hub has looked at both a moment ago
		if _, err := hub.Scan(t.Context(), s.codes(known).Printed.Code); err != nil {
			t.Fatal(err)
		}
	}
	var all sync.WaitGroup
	arrive := func(what string, a events.Arrival, check func(events.Outcome, error) bool) {
		all.Go(func() {
			if _, outcome, err := hub.CheckIn(context.WithoutCancel(t.Context()), "", a); !check(outcome, err) {
				t.Errorf("%s: %s, %v", what, outcome, err)
			}
		})
	}
	is := func(want events.Outcome) func(events.Outcome, error) bool {
		return func(got events.Outcome, err error) bool { return got == want && err == nil }
	}
	arrive("the first", s.arrival(e, visitor(9)), is(events.Fresh))
	<-store.got // the others come while it is being stored
	arrive("somebody new", s.arrival(e, visitor(2)), is(events.Fresh))
	arrive("somebody counted before", s.arrival(e, visitor(1)), is(events.AlreadyCounted))
	arrive("somebody at an event that goes meanwhile", s.arrival(gone, visitor(1)), func(outcome events.Outcome, err error) bool {
		ps, other := events.ProblemsIn(err)
		return other == nil && len(ps) == 1 && ps[0].Code == events.NotFound && outcome == events.UnknownEvent
	})
	arrive("somebody without a code", events.Arrival{Code: "V1.RUBBISH", Device: visitor(3)}, func(_ events.Outcome, err error) bool {
		ps, _ := events.ProblemsIn(err)
		return len(ps) == 1 && ps[0].Field == "code"
	})
	if _, err := s.Withdraw(t.Context(), s.host, "", gone.ID, ""); err != nil {
		t.Fatal(err)
	}
	close(store.let)
	all.Wait()
}
