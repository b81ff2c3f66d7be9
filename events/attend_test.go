package events_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

const deviceToken = "a-device-with-a-long-token"

// codes are what the host of an event can show now.
func (s *stage) codes(e events.Event) events.CheckInCodes {
	s.t.Helper()
	codes, err := s.CheckInCodes(context.Background(), events.Actor{System: true}, e.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return codes
}

// arrival is a device that has scanned the host's screen.
func (s *stage) arrival(e events.Event, device string) events.Arrival {
	s.t.Helper()
	return events.Arrival{Code: s.codes(e).Rotating.Code, Device: device, Network: "192.0.2.7/32"}
}

// attend takes part in one of the two ways.
func (s *stage) attend(kind events.AttendanceKind, key string, e events.Event, device string) (events.Outcome, error) {
	s.t.Helper()
	if kind == events.Cheer {
		_, outcome, err := s.Cheer(context.Background(), key, e.ID, device)
		return outcome, err
	}
	_, outcome, err := s.CheckIn(context.Background(), key, s.arrival(e, device))
	return outcome, err
}

func TestADeviceCountsOncePerEventAndWay(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.listed()
	s.clock.Set(e.Schedule.StartsAt)
	for _, kind := range []events.AttendanceKind{events.CheckIn, events.Cheer} {
		for i, want := range []events.Outcome{events.Fresh, events.AlreadyCounted, events.AlreadyCounted} {
			got, err := s.attend(kind, "", e, deviceToken)
			if err != nil || got != want {
				t.Errorf("%s number %d: %s, %v; want %s", kind, i+1, got, err, want)
			}
		}
	}
	s.log()
	counts, err := s.store.Counts(t.Context(), s.edition.ID)
	world := counts.World()
	if err != nil || world.CheckIns != 1 || world.Cheers != 1 || world.CheckInEvents != 1 || world.Reached != 2 {
		t.Errorf("counts = %+v, %v", world, err)
	}
}

func TestARepeatUnderTheSameKeyIsFreshAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.listed()
	s.clock.Set(e.Schedule.StartsAt)
	for range 2 {
		got, err := s.attend(events.CheckIn, "tap-1", e, deviceToken)
		if err != nil || got != events.Fresh {
			t.Errorf("outcome %s, %v; the first answer was FRESH", got, err)
		}
	}
	if got, _ := s.attend(events.CheckIn, "tap-2", e, deviceToken); got != events.AlreadyCounted {
		t.Errorf("another tap of the same device is %s", got)
	}
}

func TestWhenPeopleCanBeCounted(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.listed()
	opens, closes := s.edition.Date.Window()
	for _, c := range []struct {
		name string
		kind events.AttendanceKind
		at   time.Time
		open bool
	}{
		{"check-in long before", events.CheckIn, e.Schedule.StartsAt.Add(-events.DayGrace - time.Second), false},
		{"check-in shortly before", events.CheckIn, e.Schedule.StartsAt.Add(-events.DayGrace), true},
		{"check-in shortly after", events.CheckIn, e.Schedule.EndsAt.Add(events.DayGrace), true},
		{"check-in long after", events.CheckIn, e.Schedule.EndsAt.Add(events.DayGrace + time.Second), false},
		{"cheer before the date", events.Cheer, opens.Add(-time.Second), false},
		{"cheer during the date elsewhere", events.Cheer, opens, true},
		{"cheer after the date", events.Cheer, closes.Add(time.Second), false},
	} {
		s.clock.Set(c.at)
		_, err := s.attend(c.kind, "", e, deviceToken+c.name)
		field := map[events.AttendanceKind]string{events.CheckIn: "code", events.Cheer: "eventId"}[c.kind]
		if c.open && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if !c.open {
			wantProblem(t, err, events.NotOpen, field)
		}
	}
}

func TestAttendRefuses(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	waiting := s.registered()
	_, err := s.attend(events.Cheer, "", waiting, deviceToken)
	wantProblem(t, err, events.NotFound, "eventId")
	_, err = s.attend(events.CheckIn, "", waiting, deviceToken)
	wantProblem(t, err, events.NotFound, "code")
	cancelled := s.listed()
	if _, err := s.SetDay(t.Context(), s.host, "", cancelled.ID, events.DayChange{State: events.Cancelled, Reason: "storm"}); err != nil {
		t.Fatal(err)
	}
	s.clock.Set(cancelled.Schedule.StartsAt)
	_, err = s.attend(events.Cheer, "", cancelled, deviceToken)
	wantProblem(t, err, events.NotOpen, "eventId")
	open := s.listed()
	s.clock.Set(open.Schedule.StartsAt)
	_, err = s.attend(events.Cheer, "", open, "short")
	wantProblem(t, err, events.Invalid, "device")
	_, err = s.attend(events.CheckIn, strings.Repeat("k", 201), open, deviceToken)
	wantProblem(t, err, events.TooLong, "clientMutationId")
}

// A crowd is gathered into few statements; each person gets the own answer and is counted once.
func TestACrowdIsGathered(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.listed()
	s.clock.Set(e.Schedule.StartsAt)
	const people = 400
	outcomes := make(chan events.Outcome, 2*people)
	var crowd sync.WaitGroup
	for i := range 2 * people { // everybody taps twice
		crowd.Go(func() {
			outcome, err := s.attend(events.CheckIn, "", e, fmt.Sprintf("%s-%d", deviceToken, i%people))
			if err != nil {
				t.Error(err)
			}
			outcomes <- outcome
		})
	}
	crowd.Wait()
	close(outcomes)
	fresh := 0
	for outcome := range outcomes {
		if outcome == events.Fresh {
			fresh++
		}
	}
	news := s.log()
	total, groups := int64(0), 0
	for _, a := range news {
		if a.Kind == events.CheckedIn {
			total, groups = total+a.Count, groups+1
		}
	}
	if fresh != people || total != people {
		t.Errorf("%d fresh answers, %d counted; want %d of both", fresh, total, people)
	}
	if groups >= people {
		t.Errorf("%d activities for %d people: nothing was gathered", groups, people)
	}
}

func TestAFailedGroupTellsEverybody(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.listed()
	s.clock.Set(e.Schedule.StartsAt)
	broken := events.New(s.parts(brokenStore{s.store}))
	if _, _, err := broken.CheckIn(t.Context(), "", s.arrival(e, deviceToken)); !errors.Is(err, errBroken) {
		t.Errorf("error = %v", err)
	}
}

var errBroken = errors.New("the disk is full")

type brokenStore struct{ events.Store }

func (brokenStore) Attend(context.Context, []events.Attendance, func() [16]byte) ([]events.Outcome, error) {
	return nil, errBroken
}

// What the hub remembers of an event for a moment never lets people be counted at one that is gone.
func TestAWithdrawnEventCountsNobodyAtOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.listed()
	s.clock.Set(e.Schedule.StartsAt)
	if _, err := s.attend(events.CheckIn, "", e, deviceToken); err != nil {
		t.Fatal(err)
	}
	code := s.arrival(e, deviceToken+"2")
	if _, err := s.Withdraw(t.Context(), s.host, "", e.ID, ""); err != nil {
		t.Fatal(err)
	}
	_, _, err := s.CheckIn(t.Context(), "", code)
	wantProblem(t, err, events.NotFound, "code")
}

// A crowd at one event does not read it one by one, and a change is noticed within a second.
func TestACrowdReadsItsEventOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.listed()
	s.clock.Set(e.Schedule.StartsAt)
	counted := &countingStore{Store: s.store}
	hub := events.New(s.parts(counted))
	for i := range 20 {
		if _, _, err := hub.CheckIn(t.Context(), "", s.arrival(e, fmt.Sprintf("%s-%d", deviceToken, i))); err != nil {
			t.Fatal(err)
		}
	}
	if counted.reads != 1 {
		t.Errorf("20 people read the event %d times", counted.reads)
	}
	if _, err := s.SetDay(t.Context(), s.host, "", e.ID, events.DayChange{State: events.Cancelled, Reason: "storm"}); err != nil {
		t.Fatal(err)
	}
	s.clock.Advance(time.Second)
	_, _, err := hub.CheckIn(t.Context(), "", s.arrival(e, deviceToken))
	wantProblem(t, err, events.NotOpen, "code")
}

type countingStore struct {
	events.Store
	reads int
}

func (c *countingStore) Event(ctx context.Context, id events.ID) (events.Event, error) {
	c.reads++
	return c.Store.Event(ctx, id)
}
