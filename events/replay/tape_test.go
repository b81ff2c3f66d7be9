package replay

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

// story draws what happens to a few events before, in and after the window: listed, changed, moved
// or made coarser (which takes old places back), counted, withdrawn, listed again; by clocks that
// differ a little.
func story(t *rapid.T) []events.Activity {
	one := rapid.Custom(func(t *rapid.T) events.Activity {
		a := events.Activity{
			EventID: eventID(rapid.IntRange(1, 5).Draw(t, "event")),
			Kind: rapid.SampledFrom([]events.ActivityKind{
				events.EventListed, events.EventRevised, events.DayChanged, events.DayChanged, events.CheckedIn,
				events.Cheered, events.EventRemoved,
			}).Draw(t, "kind"),
		}
		switch a.Kind {
		case events.EventRemoved:
			a.Tombstone, a.Redacts = true, events.RedactAll
		case events.CheckedIn, events.Cheered:
			a.Count = rapid.Int64Range(1, 50).Draw(t, "count")
		default:
			a.Card = drawnCard(t)
		}
		return a
	})
	list := rapid.SliceOfN(one, 0, 60).Draw(t, "acts")
	seconds := rapid.Float64Range(-100, 0).Draw(t, "begin")
	places := map[events.ID]events.Place{}
	for i := range list {
		seconds += rapid.Float64Range(0, 1).Draw(t, "later")*rapid.SampledFrom([]float64{1, 200, 20_000}).Draw(t, "pace") - 0.3
		a := &list[i]
		a.At = at(seconds)
		if a.Card != nil { // as the domain does it: a place that changes takes the old one back
			old, known := places[a.EventID]
			if known && !cmp.Equal(old, a.Card.Place) {
				a.Redacts = events.RedactPlace
			}
			places[a.EventID] = a.Card.Place
		}
	}
	return list
}

func drawnCard(t *rapid.T) *events.EventCard {
	days := []events.DayState{
		events.Planned, events.Confirmed, events.Live, events.Done, events.Documented, events.Postponed, events.Cancelled,
	}
	c := card(rapid.SampledFrom([]float64{-90, 1.25, 48}).Draw(t, "latitude"), rapid.SampledFrom([]float64{-180, 85.3, 180}).Draw(t, "longitude"),
		rapid.SampledFrom(days).Draw(t, "day"))
	c.Way = rapid.SampledFrom([]events.Way{events.OwnWork, events.Blueprint, events.Digital}).Draw(t, "way")
	c.Declared = rapid.Int64Range(0, 20).Draw(t, "declared")
	switch rapid.IntRange(0, 5).Draw(t, "precision") {
	case 0:
		c.Place = events.Place{Precision: events.HiddenPrecision, Country: "KE"}
	case 1:
		c.Place.Precision = events.AreaPrecision
	}
	return c
}

func taped(t interface{ Fatal(...any) }, log []events.Activity) *tape {
	wound := newTape(edition(), 7)
	for _, a := range log {
		if err := wound.add(a); err != nil {
			t.Fatal(err)
		}
	}
	return wound
}

// Whatever happens: at every whole second the file shows the map that the log tells of, which is what
// was live then, less what was taken back since; and every minute has the numbers that were live.
func TestEveryMomentIsAsItWas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := newBook()
		wound := taped(t, b.write(story(t)...))
		v, err := read(wound.file())
		if err != nil {
			t.Fatal(err)
		}
		for second := range moments(b, uint32(v.until)) {
			n := b.until(at(float64(second)))
			if diff := cmp.Diff(b.dots(n), v.dots(second), cmp.AllowUnexported(dot{})); diff != "" {
				t.Fatalf("at second %d, after %d activities (log, file):\n%s", second, n, diff)
			}
		}
		for minute, row := range v.minutes {
			if want := rowOf(b.counts[b.until(at(float64(minute)*60))]); row != want {
				t.Fatalf("minute %d: %v, want %v", minute, row, want)
			}
		}
		if last := uint64(len(v.minutes)-1) * 60; last < v.until {
			t.Errorf("the minutes end at %d, but the file tells until %d", last, v.until)
		}
	})
}

// moments are the seconds around everything that happens.
func moments(b *book, until uint32) map[uint32]bool {
	all := map[uint32]bool{0: true, until: true}
	for _, a := range b.all {
		second := window{opens(), until}.second(a.At)
		for _, s := range []uint32{second - 1, second, second + 1} {
			if s <= until {
				all[s] = true
			}
		}
	}
	return all
}

// A tape that saw things taken back is the one that is read from the log afterwards, to the byte.
func TestTakingBackLeavesNoTrace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := newBook()
		var told []events.Activity
		for _, a := range story(t) { // each as it was when it was new
			told = append(told, b.write(a)...)
		}
		if grown, reread := taped(t, told).file(), taped(t, b.all).file(); !bytes.Equal(grown, reread) {
			t.Fatalf("grown %x\nreread %x", grown, reread)
		}
	})
}

func TestWithdrawnIsInNoMoment(t *testing.T) {
	t.Parallel()
	b := newBook()
	wound := taped(t, b.write(
		events.Activity{Kind: events.EventListed, EventID: eventID(1), At: at(-5), Card: card(27.7, 85.3, events.Planned)},
		events.Activity{Kind: events.EventListed, EventID: eventID(2), At: at(-5), Card: card(10, 20, events.Planned)},
		events.Activity{Kind: events.DayChanged, EventID: eventID(1), At: at(30), Card: card(27.7, 85.3, events.Live)},
		events.Activity{Kind: events.EventRemoved, EventID: eventID(1), At: at(90), Tombstone: true, Redacts: events.RedactAll},
	))
	v, err := read(wound.file())
	if err != nil {
		t.Fatal(err)
	}
	if len(v.points) != 1 || v.points[0].at != placeOf(card(10, 20, events.Planned).Place) {
		t.Errorf("the file's points: %+v", v.points)
	}
	if got := []int64{v.minutes[0][0], v.minutes[1][0], v.minutes[2][0]}; !cmp.Equal(got, []int64{2, 2, 1}) {
		t.Errorf("events by the minute: %v; what was counted stays counted", got)
	}
	if got := wound.steps; len(got) != 1 {
		t.Errorf("the tape still has %+v", got)
	}
}

func TestMadeCoarserIsCoarseInEveryMoment(t *testing.T) {
	t.Parallel()
	coarse := card(27.5, 85.5, events.Live)
	coarse.Place.Precision = events.AreaPrecision
	hidden := &events.EventCard{Place: events.Place{Precision: events.HiddenPrecision}}
	b := newBook()
	wound := taped(t, b.write(
		events.Activity{Kind: events.EventListed, EventID: eventID(1), At: at(-5), Card: card(27.7, 85.3, events.Planned)},
		events.Activity{Kind: events.EventListed, EventID: eventID(2), At: at(-5), Card: card(1, 2, events.Planned)},
		events.Activity{Kind: events.EventRevised, EventID: eventID(1), At: at(30), Card: coarse, Redacts: events.RedactPlace},
		events.Activity{Kind: events.EventRevised, EventID: eventID(2), At: at(31), Card: hidden, Redacts: events.RedactPlace},
	))
	v, err := read(wound.file())
	if err != nil {
		t.Fatal(err)
	}
	if want := []dot{{placeOf(coarse.Place), ownWork | upcoming}}; !cmp.Equal(v.dots(0), want, cmp.AllowUnexported(dot{})) {
		t.Errorf("at the beginning: %+v", v.dots(0))
	}
}

// What happens after the window is no part of the replay, but what is taken back then is taken back.
func TestAfterTheWindow(t *testing.T) {
	t.Parallel()
	b := newBook()
	after := float64(51 * 3600)
	wound := taped(t, b.write(
		events.Activity{Kind: events.EventListed, EventID: eventID(1), At: at(10), Card: card(1, 1, events.Live)},
		events.Activity{Kind: events.EventListed, EventID: eventID(2), At: at(10), Card: card(2, 2, events.Live)},
		events.Activity{Kind: events.DayChanged, EventID: eventID(1), At: at(after), Card: card(1, 1, events.Documented)},
		events.Activity{Kind: events.EventListed, EventID: eventID(3), At: at(after), Card: card(3, 3, events.Done)},
		events.Activity{Kind: events.EventRemoved, EventID: eventID(2), At: at(after), Tombstone: true, Redacts: events.RedactAll},
	))
	v, err := read(wound.file())
	if err != nil {
		t.Fatal(err)
	}
	want := []dot{{placeOf(card(1, 1, events.Live).Place), ownWork | live}}
	if got := v.dots(uint32(v.span)); !cmp.Equal(got, want, cmp.AllowUnexported(dot{})) {
		t.Errorf("at the end: %+v", got)
	}
	if got := v.minutes[len(v.minutes)-1]; len(v.minutes) != 3001 || got[0] != 2 || got[1] != 2 {
		t.Errorf("%d minutes, the last %v", len(v.minutes), got)
	}
	if v.until != v.span || v.acts[1] != 2 {
		t.Errorf("until %d of %d, acts %v", v.until, v.span, v.acts[:3])
	}
}

func TestAnEmptyLog(t *testing.T) {
	t.Parallel()
	v, err := read(taped(t, nil).file())
	if err != nil || len(v.points) != 0 || v.seq != 0 || len(v.minutes) != 1 || v.span != 50*3600 {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestATapeTakesNothingButTheNext(t *testing.T) {
	t.Parallel()
	wound := newTape(edition(), 7)
	for _, a := range []events.Activity{{Epoch: 7, Seq: 2}, {Epoch: 8, Seq: 1}, {Epoch: 7, Seq: 0}} {
		if wound.add(a) == nil {
			t.Errorf("it took %s", a.Position())
		}
	}
}

func TestMarksStayFew(t *testing.T) {
	t.Parallel()
	b := newBook()
	wound := newTape(edition(), 7)
	wound.spacing = 1
	for i := range 3 * maxMarks {
		news := b.write(events.Activity{Kind: events.EditionChanged, At: at(float64(i))})
		if err := wound.add(news[0]); err != nil {
			t.Fatal(err)
		}
		if len(wound.marks) >= maxMarks {
			t.Fatalf("%d marks", len(wound.marks))
		}
	}
	if wound.spacing != 4 || len(wound.marks) != 3*maxMarks/4 {
		t.Errorf("%d marks, %d apart", len(wound.marks), wound.spacing)
	}
	if got := wound.before(at(101.5)).counts.AsOfSeq; got != 100 {
		t.Errorf("the mark before activity 102 is after %d", got)
	}
	if got := wound.before(at(-1)); got.counts.AsOfSeq != 0 || !got.latest.Equal(time.Time{}) {
		t.Errorf("before everything: %+v", got)
	}
}

// maxFileBytes is what the file of a day with 20,000 events and all their states may weigh.
const maxFileBytes = 180_000

func TestFileIsSmall(t *testing.T) {
	t.Parallel()
	p := &packed{plain: taped(t, day(20_000).all).file()}
	if err := p.compress(); err != nil {
		t.Fatal(err)
	}
	if len(p.gzip) > maxFileBytes {
		t.Errorf("the file weighs %d bytes, at most %d are wanted", len(p.gzip), maxFileBytes)
	}
}
