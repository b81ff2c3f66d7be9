package events_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

const deviceToken = "a-device-with-a-long-token"

func TestADeviceCountsOncePerEventAndWay(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.listed()
	s.clock.Set(e.Schedule.StartsAt)
	for _, kind := range []events.AttendanceKind{events.CheckIn, events.Cheer} {
		for i, want := range []events.Outcome{events.Fresh, events.AlreadyCounted, events.AlreadyCounted} {
			_, got, err := s.Attend(t.Context(), kind, "", e.ID, deviceToken)
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
		_, got, err := s.Attend(t.Context(), events.CheckIn, "tap-1", e.ID, deviceToken)
		if err != nil || got != events.Fresh {
			t.Errorf("outcome %s, %v; the first answer was FRESH", got, err)
		}
	}
	if _, got, _ := s.Attend(t.Context(), events.CheckIn, "tap-2", e.ID, deviceToken); got != events.AlreadyCounted {
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
		_, _, err := s.Attend(t.Context(), c.kind, "", e.ID, deviceToken+c.name)
		if c.open && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if !c.open {
			wantProblem(t, err, events.NotOpen, "eventId")
		}
	}
}

func TestAttendRefuses(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	waiting := s.registered()
	_, _, err := s.Attend(t.Context(), events.Cheer, "", waiting.ID, deviceToken)
	wantProblem(t, err, events.NotFound, "eventId")
	_, _, err = s.Attend(t.Context(), events.Cheer, "", waiting.ID, "short")
	wantProblem(t, err, events.Invalid, "device")
	cancelled := s.listed()
	if _, err := s.SetDay(t.Context(), s.host, "", cancelled.ID, events.DayChange{State: events.Cancelled, Reason: "storm"}); err != nil {
		t.Fatal(err)
	}
	s.clock.Set(cancelled.Schedule.StartsAt)
	_, _, err = s.Attend(t.Context(), events.Cheer, "", cancelled.ID, deviceToken)
	wantProblem(t, err, events.NotOpen, "eventId")
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
			_, outcome, err := s.Attend(context.WithoutCancel(t.Context()), events.CheckIn, "", e.ID,
				fmt.Sprintf("%s-%d", deviceToken, i%people))
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
	broken := events.New(events.Parts{
		Store: brokenStore{s.store}, Atlas: nil, Now: s.clock.Now,
		NewID: func() [16]byte { return [16]byte{1} }, Random: nil, Site: nil,
	})
	if _, _, err := broken.Attend(t.Context(), events.CheckIn, "", e.ID, deviceToken); !errors.Is(err, errBroken) {
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
	if _, _, err := s.Attend(t.Context(), events.CheckIn, "", e.ID, deviceToken); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Withdraw(t.Context(), s.host, "", e.ID, ""); err != nil {
		t.Fatal(err)
	}
	_, _, err := s.Attend(t.Context(), events.CheckIn, "", e.ID, deviceToken+"2")
	wantProblem(t, err, events.NotFound, "eventId")
}

// A crowd at one event does not read it one by one, and a change is noticed within a second.
func TestACrowdReadsItsEventOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.listed()
	s.clock.Set(e.Schedule.StartsAt)
	counted := &countingStore{Store: s.store}
	hub := events.New(events.Parts{
		Store: counted, Atlas: nil, Now: s.clock.Now, NewID: func() [16]byte { return [16]byte{1} },
	})
	for i := range 20 {
		if _, _, err := hub.Attend(t.Context(), events.CheckIn, "", e.ID, fmt.Sprintf("%s-%d", deviceToken, i)); err != nil {
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
	_, _, err := hub.Attend(t.Context(), events.CheckIn, "", e.ID, deviceToken)
	wantProblem(t, err, events.NotOpen, "eventId")
}

type countingStore struct {
	events.Store
	reads int
}

func (c *countingStore) Event(ctx context.Context, id events.ID) (events.Event, error) {
	c.reads++
	return c.Store.Event(ctx, id)
}
