package tiles

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

// A story writes an edition's log, one activity after the other.
type story struct{ log []events.Activity }

func (s *story) tells(kind events.ActivityKind, of events.ID, card *events.EventCard) {
	s.log = append(s.log, events.Activity{
		Seq: int64(len(s.log)) + 1, Epoch: 7, EditionID: edition(), Kind: kind, EventID: of, Card: card,
	})
}

func (s *story) lists(c events.EventCard)     { s.tells(events.EventListed, c.ID, &c) }
func (s *story) revises(c events.EventCard)   { s.tells(events.EventRevised, c.ID, &c) }
func (s *story) removes(c events.EventCard)   { s.tells(events.EventRemoved, c.ID, nil) }
func (s *story) cheersFor(c events.EventCard) { s.tells(events.Cheered, c.ID, &c) }

func (s *story) days(c events.EventCard, day events.DayState) {
	c.Day = day
	s.tells(events.DayChanged, c.ID, &c)
}

func apply(t fataler, x *Index, batch ...events.Activity) {
	t.Helper()
	if err := x.Apply(context.Background(), batch); err != nil {
		t.Fatalf("apply: %v", err)
	}
}

// shown is what a reader sees of the events: id and phase of each, by the deepest tile of each.
func shown(t fataler, x *Index, cards ...events.EventCard) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, c := range cards {
		k, _ := keyAt(*c.Place.Latitude, *c.Place.Longitude)
		for _, f := range draw(t, x, MaxZoom, int(k.x()>>(keyZoom-MaxZoom)), int(k.y()>>(keyZoom-MaxZoom))) {
			all[f.Props["id"]] = f.Props["phase"]
		}
	}
	return all
}

func TestMapFollowsAnEventThroughItsDay(t *testing.T) {
	t.Parallel()
	wall, choir := card(1, 27.7, 85.3), card(2, -1.28, 36.82)
	x, s := New(edition()), story{}
	id := wall.ID.String()
	see := func(step string, want map[string]string) {
		t.Helper()
		apply(t, x, s.log...) // all of it again: what is known is skipped
		if diff := cmp.Diff(want, shown(t, x, wall, choir)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step, diff)
		}
		if x.Seq() != int64(len(s.log)) {
			t.Errorf("%s: map is at %d, want %d", step, x.Seq(), len(s.log))
		}
	}
	see("nothing yet", map[string]string{})
	s.lists(wall)
	see("listed", map[string]string{id: "UPCOMING"})
	s.lists(choir)
	s.days(wall, events.Live)
	see("live", map[string]string{id: "LIVE", choir.ID.String(): "UPCOMING"})
	s.cheersFor(wall)
	s.tells(events.EditionChanged, events.ID{}, nil)
	see("cheers change nothing", map[string]string{id: "LIVE", choir.ID.String(): "UPCOMING"})
	s.days(wall, events.Done)
	s.days(choir, events.Cancelled)
	see("over", map[string]string{id: "OVER", choir.ID.String(): "OFF"})
	s.removes(wall)
	see("withdrawn", map[string]string{choir.ID.String(): "OFF"})
	s.removes(wall)
	see("withdrawn twice", map[string]string{choir.ID.String(): "OFF"})
}

func TestMovedEventLeavesItsOldPlace(t *testing.T) {
	t.Parallel()
	before, after := card(1, 27.7, 85.3), card(1, 52.5, 13.4)
	x, s := New(edition()), story{}
	s.lists(before)
	s.days(after, events.Moved)
	apply(t, x, s.log...)
	if x.Len() != 1 || len(shown(t, x, before)) != 0 || len(shown(t, x, after)) != 1 {
		t.Errorf("%d events; old place shows %v, new place %v", x.Len(), shown(t, x, before), shown(t, x, after))
	}
}

func TestWhatIsNotPublicIsNotDrawn(t *testing.T) {
	t.Parallel()
	hidden := card(1, 27.7, 85.3)
	hidden.Place.Precision = events.HiddenPrecision
	unplaced := card(1, 27.7, 85.3)
	unplaced.Place.Latitude = nil
	swapped := card(1, 151.2, -33.9)
	nowhere := card(1, math.NaN(), 0)
	for name, c := range map[string]events.EventCard{
		"hidden": hidden, "without a point": unplaced, "not on the earth": swapped, "not a number": nowhere,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if x := loaded(t, c); x.Len() != 0 {
				t.Errorf("loaded %d events", x.Len())
			}
			x, s := New(edition()), story{}
			s.lists(card(1, 27.7, 85.3))
			s.revises(c)
			apply(t, x, s.log[0])
			if x.Len() != 1 {
				t.Fatal("the event was not there before")
			}
			apply(t, x, s.log[1])
			if x.Len() != 0 || x.Seq() != 2 {
				t.Errorf("after its revision %d events at %d, want none at 2", x.Len(), x.Seq())
			}
		})
	}
}

func TestEmptiedActivityShowsNothing(t *testing.T) {
	t.Parallel()
	x, s := New(edition()), story{}
	s.lists(card(1, 27.7, 85.3))
	s.tells(events.EventRevised, eventID(2), nil)
	s.log[0].Tombstone = true // even were its payload left in by mistake
	s.log[1].Tombstone = true
	apply(t, x, s.log...)
	if x.Len() != 0 || x.Seq() != 2 {
		t.Errorf("%d events at %d, want none at 2", x.Len(), x.Seq())
	}
}

func TestApplyTellsWhatItMisses(t *testing.T) {
	t.Parallel()
	x, s := New(edition()), story{}
	for n := range 6 {
		s.lists(card(n, float64(n), 0))
	}
	apply(t, x, s.log[:2]...)
	for name, batch := range map[string][]events.Activity{
		"a hole before": s.log[3:5],
		"a hole within": {s.log[2], s.log[4]},
		"only the last": s.log[5:],
	} {
		if err := x.Apply(t.Context(), batch); !errors.Is(err, ErrGap) {
			t.Errorf("%s: error %v, want ErrGap", name, err)
		}
		if x.Seq() != 2 || x.Len() != 2 {
			t.Errorf("%s changed the map: %d events at %d", name, x.Len(), x.Seq())
		}
	}
	apply(t, x, s.log...)
	if x.Seq() != 6 || x.Len() != 6 {
		t.Errorf("%d events at %d after the whole log, want 6 at 6", x.Len(), x.Seq())
	}
}

func TestNewEpochAsksForASnapshot(t *testing.T) {
	t.Parallel()
	x, s := New(edition()), story{}
	s.lists(card(1, 1, 1))
	apply(t, x, s.log...)
	restored := s.log[0]
	restored.Epoch, restored.Seq = 8, 2
	lost := events.Activity{Kind: events.SnapshotRequired, EditionID: edition(), Epoch: 7, Seq: 2}
	for _, a := range []events.Activity{restored, lost} {
		if err := x.Apply(t.Context(), []events.Activity{a}); !errors.Is(err, ErrSnapshotRequired) {
			t.Errorf("%s: error %v, want ErrSnapshotRequired", a.Kind, err)
		}
	}
	at := events.Position{Epoch: 8, Seq: 1}
	if err := x.Load(at, []events.EventCard{card(2, 2, 2)}); err != nil {
		t.Fatal(err)
	}
	if x.Position() != at || x.Len() != 1 {
		t.Errorf("after loading %d events at %s", x.Len(), x.Position())
	}
	apply(t, x, restored)
	if x.Seq() != 2 || x.Len() != 2 {
		t.Errorf("after the new epoch's news %d events at %d, want 2 at 2", x.Len(), x.Seq())
	}
}

func TestOtherEditionsAreNotOnThisMap(t *testing.T) {
	t.Parallel()
	x, s := New(edition()), story{}
	s.lists(card(1, 1, 1))
	s.lists(card(2, 2, 2))
	s.log[1].EditionID = events.NewID(events.EditionPrefix, [16]byte{15: 2})
	apply(t, x, s.log...)
	if x.Len() != 1 || x.Seq() != 1 {
		t.Errorf("%d events at %d, want 1 at 1", x.Len(), x.Seq())
	}
}

func TestApplyEndsWithItsContext(t *testing.T) {
	t.Parallel()
	x, s := New(edition()), story{}
	s.lists(card(1, 1, 1))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := x.Apply(ctx, s.log); !errors.Is(err, context.Canceled) || x.Len() != 0 {
		t.Errorf("error %v, %d events", err, x.Len())
	}
}

// The log of a day, told in any batches, in any order within them and with repeats, gives the map
// that is loaded from the cards at its end.
func TestApplyEqualsLoadingTheEnd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s, now := anyStory(rt)
		x := New(edition())
		for told := 0; told < len(s.log); {
			upTo := told + rapid.IntRange(1, len(s.log)-told).Draw(rt, "batch")
			again := rapid.IntRange(0, told).Draw(rt, "again from")
			batch := rapid.Permutation(s.log[again:upTo]).Draw(rt, "order")
			apply(rt, x, batch...)
			told = upTo
		}
		rebuilt := New(edition())
		if err := rebuilt.Load(x.Position(), now); err != nil {
			rt.Fatal(err)
		}
		same(rt, rebuilt.now.Load(), x.now.Load())
		if len(x.homes) != x.Len() {
			rt.Fatalf("%d homes for %d events", len(x.homes), x.Len())
		}
	})
}

// anyStory draws a log and the cards that are on the map at its end.
func anyStory(t *rapid.T) (s story, now []events.EventCard) {
	listed := map[events.ID]events.EventCard{}
	for range rapid.IntRange(1, 60).Draw(t, "activities") {
		n := rapid.IntRange(0, 15).Draw(t, "event")
		c := anyCard(n).Draw(t, "card")
		c.Title = strings.Repeat(c.Title, rapid.IntRange(0, 3).Draw(t, "title"))
		old, isListed := listed[c.ID]
		switch act := rapid.SampledFrom([]string{"list", "remove", "day", "hide", "cheer"}).Draw(t, "act"); {
		case act == "remove":
			s.removes(c)
			delete(listed, c.ID)
		case act == "cheer":
			s.cheersFor(c)
		case act == "day" && isListed:
			s.days(old, c.Day)
			old.Day = c.Day
			listed[c.ID] = old
		case act == "hide":
			c.Place.Precision = events.HiddenPrecision
			s.revises(c)
			delete(listed, c.ID)
		default:
			s.lists(c)
			listed[c.ID] = c
		}
	}
	for _, c := range listed {
		now = append(now, c)
	}
	return s, now
}

func same(t *rapid.T, want, got *snapshot) {
	t.Helper()
	texts := func(s *snapshot) (all []string) {
		for _, offset := range s.texts {
			title, slug := s.shelf.at(offset)
			all = append(all, string(title)+"/"+string(slug))
		}
		return all
	}
	if !slices.Equal(want.keys, got.keys) || !slices.Equal(want.ids, got.ids) ||
		!slices.Equal(want.marks, got.marks) || !slices.Equal(want.sums, got.sums) ||
		!slices.Equal(texts(want), texts(got)) || want.position != got.position {
		t.Fatalf("merged snapshot %+v\ndiffers from a rebuilt one %+v", got, want)
	}
}

// A batch in which nobody comes, goes or moves takes a shorter way to the same map.
func TestRestyledEventsEqualLoadingTheEnd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		cards := anyCards(30).Draw(rt, "cards")
		x, s := loaded(t, cards...), story{log: make([]events.Activity, 10)}
		keys := x.now.Load().keys
		for i := range cards {
			if rapid.Bool().Draw(rt, "changes") {
				looks := anyCard(i).Draw(rt, "looks")
				cards[i].Way, cards[i].Day, cards[i].Title = looks.Way, looks.Day, "Wall of "+string(looks.Day)
				s.revises(cards[i])
			}
		}
		apply(rt, x, s.log[10:]...)
		rebuilt := New(edition())
		if err := rebuilt.Load(x.Position(), cards); err != nil {
			rt.Fatal(err)
		}
		same(rt, rebuilt.now.Load(), x.now.Load())
		if len(keys) > 0 && &keys[0] != &x.now.Load().keys[0] {
			rt.Fatal("keys were copied though nothing moved")
		}
	})
}

func TestLoadTakesTheLastOfTwoCardsOfAnEvent(t *testing.T) {
	t.Parallel()
	x := loaded(t, card(1, 10, 10), card(2, 20, 20), card(1, 30, 30))
	if got := shown(t, x, card(1, 10, 10), card(1, 30, 30)); x.Len() != 2 || len(got) != 1 {
		t.Errorf("%d events, event 1 shows as %v", x.Len(), got)
	}
}

func TestTextsOfTheGoneAreSwept(t *testing.T) {
	t.Parallel()
	x, s := New(edition()), story{}
	const crowd, rounds = 500, 12
	for round := range rounds {
		for n := range crowd {
			c := card(n, float64(n%80), float64(n%170))
			c.Title = strings.Repeat(string(rune('a'+round)), maxTitle)
			s.lists(c)
		}
		apply(t, x, s.log[round*crowd:]...)
	}
	now := x.now.Load()
	if one := crowd * (maxTitle + 20); len(now.shelf.bytes) > 2*one+2*sweepFrom {
		t.Errorf("shelf holds %d bytes for about %d bytes of text", len(now.shelf.bytes), one)
	}
	for i, offset := range now.texts {
		if title, _ := now.shelf.at(offset); string(title) != strings.Repeat("l", maxTitle) {
			t.Fatalf("title of point %d is %q", i, title)
		}
	}
}

func TestMapRefusesMoreEventsThanItCanHold(t *testing.T) {
	t.Parallel()
	// Offsets of a shelf are 32 bits: at the limit, twice all texts must fit into them.
	if longest := uint64(maxTitle + maxSlug + 2); 2*longest*maxPoints > math.MaxUint32 {
		t.Errorf("%d events may need %d bytes of texts", maxPoints, 2*longest*maxPoints)
	}
	if maxPoints < 5_000_000 {
		t.Errorf("the map takes only %d events", maxPoints)
	}
}
