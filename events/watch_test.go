package events_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// flagging is a store that tells of flags and can refuse them.
type flagging struct {
	events.Store
	raised  chan []events.Flag
	failing error
}

func (f *flagging) RaiseFlags(ctx context.Context, flags []events.Flag) error {
	if f.failing != nil {
		f.raised <- nil
		return f.failing
	}
	err := f.Store.RaiseFlags(ctx, flags)
	f.raised <- flags
	return err
}

func (s *stage) flagging(meter events.Meter) (*events.Service, *flagging) {
	store := &flagging{Store: s.store, raised: make(chan []events.Flag, 1000)}
	parts := s.parts(store)
	parts.Meter = meter
	return events.New(parts), store
}

// visitor is the device of the i-th person.
func visitor(i int) string { return fmt.Sprintf("%s-%d", deviceToken, i) }

// checkInAll lets n people come at once, counted from a first one.
func (s *stage) checkInAll(hub *events.Service, e events.Event, from, n int, network func(int) string) {
	s.t.Helper()
	code := s.codes(e).Printed.Code
	var crowd sync.WaitGroup
	for i := from; i < from+n; i++ {
		crowd.Go(func() {
			arrival := events.Arrival{Code: code, Device: visitor(i), Network: network(i)}
			if _, outcome, err := hub.CheckIn(context.WithoutCancel(s.t.Context()), "", arrival); err != nil || outcome != events.Fresh {
				s.t.Errorf("person %d: %s, %v", i, outcome, err)
			}
		})
	}
	crowd.Wait()
}

func oneNetwork(int) string { return "192.0.2.7/32" }

// until waits for flags that add up to a number and gives them as they are stored.
func (f *flagging) until(t *testing.T, kind events.FlagKind, n int64) []events.Flag {
	t.Helper()
	patience, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		list, err := f.Flags(t.Context(), events.ID{}, events.ID{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, flag := range list {
			if flag.Kind == kind && flag.Count >= n {
				return list
			}
		}
		select {
		case <-f.raised:
		case <-patience.Done():
			t.Fatal("no flag came")
		}
	}
}

// A square shares one address: all its people count, and one flag tells of them.
func TestAThousandFromOneAddressAllCountAndRaiseOneFlag(t *testing.T) {
	t.Parallel()
	s, e := open(t)
	hub, store := s.flagging(&eventstest.Meter{})
	s.checkInAll(hub, e, 0, 1000, oneNetwork)
	got := store.until(t, events.ManyFromOneNetwork, 700)
	want := events.Flag{EventID: e.ID, Kind: events.ManyFromOneNetwork, FirstAt: s.clock.Now(), LastAt: s.clock.Now(), Count: 1000 - events.NetworkPace}
	if len(got) != 1 || got[0] != want {
		t.Errorf("flags %+v, want %+v", got, want)
	}
	proofs, err := hub.CheckInProofs(t.Context(), s.steward, e.ID)
	if err != nil || proofs.Printed != 1000 {
		t.Errorf("counted %+v, %v", proofs, err)
	}
}

func TestAnEventIsFlaggedByWhatItsHostExpects(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ expected, pace int }{{0, 1000}, {40, 1000}, {250, 1250}} {
		s := newStage(t)
		e := s.registered(func(r *events.Registration) { r.ExpectedPeople = c.expected })
		e, err := s.Approve(t.Context(), s.steward, "", e.ID)
		if err != nil {
			t.Fatal(err)
		}
		s.clock.Set(e.Schedule.StartsAt)
		hub, store := s.flagging(&eventstest.Meter{})
		s.checkInAll(hub, e, 0, c.pace+1, func(i int) string { return fmt.Sprintf("network %d", i/200) })
		got := store.until(t, events.ManyAtOneEvent, 1)
		if len(got) != 1 || got[0].Count != 1 {
			t.Errorf("%d expected, %d came: flags %+v", c.expected, c.pace+1, got)
		}
	}
}

// Who was counted before, cheers, and events within the pace raise nothing.
func TestNothingOddRaisesNoFlag(t *testing.T) {
	t.Parallel()
	s, e := open(t)
	hub, store := s.flagging(&eventstest.Meter{})
	s.checkInAll(hub, e, 0, events.NetworkPace, oneNetwork)
	code := s.codes(e).Printed.Code
	for range 5 {
		arrival := events.Arrival{Code: code, Device: visitor(0), Network: oneNetwork(0)}
		if _, outcome, err := hub.CheckIn(t.Context(), "", arrival); err != nil || outcome != events.AlreadyCounted {
			t.Fatal(outcome, err)
		}
	}
	if _, _, err := hub.Cheer(t.Context(), "", e.ID, deviceToken); err != nil {
		t.Fatal(err)
	}
	s.checkInAll(hub, e, 500, 1, func(int) string { return "198.51.100.1/32" }) // from elsewhere
	s.checkInAll(hub, e, 501, 1, func(int) string { return "" })                // from nowhere known
	other := s.listed()
	s.checkInAll(hub, other, 0, 1, oneNetwork) // at another event
	s.checkInAll(hub, e, 502, 2, oneNetwork)   // these two are too many
	if got := store.until(t, events.ManyFromOneNetwork, 2); len(got) != 1 || got[0].Count != 2 || got[0].EventID != e.ID {
		t.Errorf("flags %+v", got)
	}
}

// A store that cannot take flags, and a meter that is slow, keep nobody from being counted.
func TestFlagsHoldNobodyUp(t *testing.T) {
	t.Parallel()
	s, e := open(t)
	meter := &stuckMeter{let: make(chan struct{})}
	hub, store := s.flagging(meter)
	store.failing = errors.New("the disk is full")
	s.checkInAll(hub, e, 0, 20, oneNetwork) // while the meter is stuck
	close(meter.let)
	<-store.raised
	s.checkInAll(hub, e, 20, 1, func(int) string { return "another" })
	proofs, err := hub.CheckInProofs(t.Context(), s.steward, e.ID)
	if err != nil || proofs.Printed != 21 {
		t.Errorf("counted %+v, %v", proofs, err)
	}
}

type stuckMeter struct{ let chan struct{} }

func (m *stuckMeter) Over(_ context.Context, _ string, _ events.Pace, n int) int {
	<-m.let
	return n
}

func TestStewardsSeeAndClearFlags(t *testing.T) {
	t.Parallel()
	s, e := open(t)
	at := s.clock.Now()
	flag := events.Flag{EventID: e.ID, Kind: events.ManyFromOneNetwork, FirstAt: at, LastAt: at.Add(time.Hour), Count: 7}
	if err := s.store.RaiseFlags(t.Context(), []events.Flag{flag}); err != nil {
		t.Fatal(err)
	}
	seen, err := s.Flags(t.Context(), s.steward, s.edition.ID, events.ID{}, 10)
	if err != nil || len(seen) != 1 || seen[0].Flag != flag || seen[0].Event.ID != e.ID {
		t.Fatalf("flags %+v, %v", seen, err)
	}
	if _, err := s.Flags(t.Context(), s.host, s.edition.ID, e.ID, 10); !errors.Is(err, events.ErrNotAllowed) {
		t.Errorf("the host sees flags: %v", err)
	}
	if _, err := s.Flags(t.Context(), events.Actor{}, s.edition.ID, e.ID, 10); !errors.Is(err, events.ErrNotSignedIn) {
		t.Errorf("anybody sees flags: %v", err)
	}
	_, err = s.Flags(t.Context(), s.steward, s.edition.ID, e.ID, events.MaxFlags+1)
	wantProblem(t, err, events.OutOfRange, "first")
	if _, err := s.ClearFlag(t.Context(), s.host, "", e.ID, flag.Kind); !errors.Is(err, events.ErrNotAllowed) {
		t.Errorf("the host clears flags: %v", err)
	}
	_, err = s.ClearFlag(t.Context(), s.steward, "", e.ID, "OTHER")
	wantProblem(t, err, events.Invalid, "kind")
	if _, err := s.ClearFlag(t.Context(), s.steward, "", e.ID, flag.Kind); err != nil {
		t.Fatal(err)
	}
	if seen, err := s.Flags(t.Context(), s.steward, s.edition.ID, events.ID{}, 10); err != nil || len(seen) != 0 {
		t.Errorf("after it was cleared: %+v, %v", seen, err)
	}
	audit := s.store.Audit()
	last := audit[len(audit)-1]
	if last != (events.AuditEntry{By: s.steward.AccountID, Act: "clearFlag", Reason: string(flag.Kind)}) {
		t.Errorf("the audit says %+v", last)
	}
}
