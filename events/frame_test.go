package events_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

func eventNo(n int) events.ID {
	return events.NewID(events.EventPrefix, [16]byte{byte(n), byte(n >> 8)})
}

// news is an activity of an event with a point.
func news(seq int64, kind events.ActivityKind, event int, latitude float64) events.Activity {
	a := events.Activity{Seq: seq, Kind: kind, EventID: eventNo(event), At: utcSecond(int(seq))}
	if kind == events.EventRemoved {
		a.Redacts, a.Tombstone = events.RedactAll, true
		return a
	}
	a.Card = &events.EventCard{ID: a.EventID, Title: fmt.Sprint("Wall ", event), Place: pointAt(latitude, 10, events.ExactPrecision)}
	return a
}

// framed is a log as frames that end at cuts.
func framed(area *events.Area, log []events.Activity, cuts ...int) (all []events.Frame) {
	l, from := events.NewLedger(events.Counts{}), 0
	for _, cut := range append(cuts, len(log)) {
		f := events.NewFraming(area)
		for _, a := range log[from:cut] {
			l.Apply(a)
			f.Add(a)
		}
		all = append(all, f.Frame(events.Position{Epoch: 1, Seq: int64(from)}, events.Position{Epoch: 1, Seq: int64(cut)}, l))
		from = cut
	}
	return all
}

// However a log is cut and whatever the area, everything is told or counted once, the newest is
// shown, and whatever was taken back is told.
func TestFramesTellOrCountEverythingOnce(t *testing.T) {
	t.Parallel()
	north := &events.Area{Zoom: 1, X: 1}
	rapid.Check(t, func(t *rapid.T) {
		kinds := []events.ActivityKind{events.EventListed, events.CheckedIn, events.CheckedIn, events.EventRemoved, events.EditionChanged}
		var log []events.Activity
		for i := range rapid.IntRange(0, 200).Draw(t, "length") {
			a := news(int64(i)+1, rapid.SampledFrom(kinds).Draw(t, "kind"), rapid.IntRange(0, 5).Draw(t, "event"), rapid.Float64Range(-80, 80).Draw(t, "latitude"))
			if a.Kind == events.EditionChanged {
				a.EventID, a.Card = events.ID{}, nil
			}
			for j := range log {
				if a.Redacts != events.RedactNothing && log[j].EventID == a.EventID {
					log[j] = log[j].Redact(a)
				}
			}
			log = append(log, a)
		}
		cuts := rapid.SliceOfN(rapid.IntRange(0, len(log)), 0, 5).Draw(t, "cuts")
		slices.Sort(cuts)
		for _, area := range []*events.Area{nil, north} {
			var told int64
			for _, f := range framed(area, log, cuts...) {
				told += int64(len(f.Activities)) + f.Omitted
				checkFrame(t, area, log[f.From.Seq:f.Position.Seq], f)
			}
			if want := int64(len(of(area, log))); told != want {
				t.Fatalf("%d told or counted, want %d", told, want)
			}
		}
	})
}

// of is what of a log is of an area.
func of(area *events.Area, log []events.Activity) []events.Activity {
	return slices.DeleteFunc(slices.Clone(log), func(a events.Activity) bool {
		return area != nil && (a.Card == nil || !area.Holds(a.Card.Place))
	})
}

func checkFrame(t *rapid.T, area *events.Area, span []events.Activity, f events.Frame) {
	mine := of(area, span)
	if most := max(0, len(mine)-events.MaxFrameActivities); len(f.Activities) != len(mine)-most || len(mine) > 0 && f.Activities[0].Seq != mine[most].Seq {
		t.Fatalf("%d activities of %d", len(f.Activities), len(mine))
	}
	for _, a := range span {
		if (a.Kind == events.EventRemoved || a.Tombstone) && !slices.Contains(slices.Concat(f.Removed, f.Relocated), a.EventID) {
			t.Fatalf("activity %d: the frame does not take %s back", a.Seq, a.EventID)
		}
	}
	for _, id := range f.Removed {
		last := span[lastOf(span, id)]
		if last.Card != nil {
			t.Fatalf("%s is told to be removed and was public again", id)
		}
	}
}

func lastOf(span []events.Activity, id events.ID) int {
	for i := range slices.Backward(span) {
		if span[i].EventID == id {
			return i
		}
	}
	return -1
}

func TestWhatAFrameTakesBack(t *testing.T) {
	t.Parallel()
	moved := news(2, events.EventRevised, 1, -50)
	moved.Redacts = events.RedactPlace
	south := &events.Area{Zoom: 1, X: 1, Y: 1}
	for _, c := range []struct {
		name      string
		area      *events.Area
		log       []events.Activity
		shown     int
		removed   []events.ID
		relocated []events.ID
	}{
		{"nothing", nil, []events.Activity{news(1, events.EventListed, 1, 50)}, 1, nil, nil},
		{"an event", nil, []events.Activity{news(1, events.EventListed, 2, 50), news(2, events.EventRemoved, 1, 0)}, 2, []events.ID{eventNo(1)}, nil},
		{"an event of elsewhere", south, []events.Activity{news(1, events.EventListed, 2, 50), news(2, events.EventRemoved, 1, 0)}, 0, []events.ID{eventNo(1)}, nil},
		{"an event that comes back", nil, []events.Activity{news(1, events.EventRemoved, 1, 0), news(2, events.EventListed, 1, 50)}, 2, nil, []events.ID{eventNo(1)}},
		{"a place", nil, []events.Activity{news(1, events.EventListed, 1, 50), moved}, 2, nil, []events.ID{eventNo(1)}},
		{"a place, to where it is now", south, []events.Activity{news(1, events.EventListed, 2, 50), moved}, 1, nil, []events.ID{eventNo(1)}},
		{"a place, then the event", nil, []events.Activity{moved, news(3, events.EventRemoved, 1, 0)}, 2, []events.ID{eventNo(1)}, nil},
	} {
		f := framed(c.area, c.log)[0]
		if len(f.Activities) != c.shown || !slices.Equal(f.Removed, c.removed) || !slices.Equal(f.Relocated, c.relocated) || f.SnapshotRequired {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
}

// Even what was read before it was taken back is not in the frame that tells so.
func TestAFrameDoesNotShowWhatItTakesBack(t *testing.T) {
	t.Parallel()
	f := framed(nil, []events.Activity{news(1, events.EventListed, 1, 50), news(2, events.EventListed, 2, 50), news(3, events.EventRemoved, 1, 0)})[0]
	if f.Activities[0].Card != nil || !f.Activities[0].Tombstone || f.Activities[1].Card == nil {
		t.Errorf("got %+v", f.Activities)
	}
	moved := news(2, events.EventRevised, 1, 60)
	moved.Redacts = events.RedactPlace
	f = framed(nil, []events.Activity{news(1, events.EventListed, 1, 50), moved})[0]
	if latitude := *f.Activities[0].Card.Place.Latitude; latitude != 60 {
		t.Errorf("the old place is told: %v", latitude)
	}
}

func TestAFrameNeverLeavesOutWhatIsTakenBack(t *testing.T) {
	t.Parallel()
	var log []events.Activity
	for i := range events.MaxFrameTakenBack + 1 {
		log = append(log, news(int64(i)+1, events.EventRemoved, i, 0))
	}
	if f := framed(nil, log[:events.MaxFrameTakenBack])[0]; f.SnapshotRequired || len(f.Removed) != events.MaxFrameTakenBack {
		t.Errorf("as many as there can be: %d, snapshot required %t", len(f.Removed), f.SnapshotRequired)
	}
	f := framed(nil, log)[0]
	if !f.SnapshotRequired || !f.Counts.Whole || len(f.Activities)+len(f.Removed) > 0 || f.Position.Seq != int64(len(log)) {
		t.Errorf("one more: %+v", f)
	}
}
