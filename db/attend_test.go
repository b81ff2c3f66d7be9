package db_test

import (
	"slices"
	"testing"

	"github.com/microgalleries/actionday/events"
)

// A crowd costs one statement, and one more if somebody repeats themselves under a key.
func TestACrowdTakesOneStatement(t *testing.T) {
	t.Parallel()
	w := newWorld(t, open(t))
	a, b := w.list(), w.list()
	var crowd []events.Attendance
	for device := range 300 {
		one := w.attendance(a, events.CheckIn, device)
		one.Key = one.Device
		crowd = append(crowd, one, w.attendance(b, events.Cheer, device))
	}
	var sent statements
	w.Watch(&sent)
	for round, c := range []struct {
		want       events.Outcome // of those without a key
		statements int64
	}{{events.Fresh, 1}, {events.AlreadyCounted, 2}} {
		sent.n.Store(0)
		outcomes, err := w.Attend(t.Context(), crowd, w.ids.UUID)
		w.ok(err)
		for i := 0; i < len(outcomes); i += 2 {
			if outcomes[i] != events.Fresh || outcomes[i+1] != c.want {
				t.Fatalf("round %d: pair %d is %s", round, i/2, outcomes[i:i+2])
			}
		}
		if n := sent.n.Load(); n != c.statements {
			t.Errorf("round %d took %d statements, want %d", round, n, c.statements)
		}
	}
	var told []int64
	for _, activity := range w.drain() {
		if activity.Count > 0 {
			told = append(told, activity.Count)
		}
	}
	if !slices.Equal(told, []int64{300, 300}) {
		t.Errorf("the log tells of %d people, want 300 at each event, once", told)
	}
}

// The key that counts is that of the attendance that was counted.
func TestARepeatIsKnownByItsKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, open(t))
	e := w.list()
	with := func(device int, key byte) events.Attendance {
		a := w.attendance(e, events.CheckIn, device)
		a.Key = [32]byte{key}
		return a
	}
	for _, round := range []struct {
		name  string
		batch []events.Attendance
		want  []events.Outcome
	}{
		{
			"first",
			[]events.Attendance{with(1, 7), with(1, 7), with(1, 8), with(1, 0)},
			[]events.Outcome{events.Fresh, events.Fresh, events.AlreadyCounted, events.AlreadyCounted},
		},
		{
			"again",
			[]events.Attendance{with(1, 0), with(1, 8), with(1, 7)},
			[]events.Outcome{events.AlreadyCounted, events.AlreadyCounted, events.Fresh},
		},
		{
			"never had a key",
			[]events.Attendance{with(2, 0), with(2, 7)},
			[]events.Outcome{events.Fresh, events.AlreadyCounted},
		},
	} {
		got, err := w.Attend(t.Context(), round.batch, w.ids.UUID)
		w.ok(err)
		if !slices.Equal(got, round.want) {
			t.Errorf("%s: outcomes %s, want %s", round.name, got, round.want)
		}
	}
	w.drain()
	stored, err := w.Event(t.Context(), e.ID)
	w.ok(err)
	if stored.CheckIns != 2 {
		t.Errorf("%d check-ins were counted, want one for each device", stored.CheckIns)
	}
}
