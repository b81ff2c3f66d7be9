package events_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

// acts draws a history of a few events: listed, changed, counted, removed, listed again, and at
// times told wrongly, twice or too late.
func acts(t *rapid.T) []events.Activity {
	ids := []events.ID{}
	for i := range 4 {
		ids = append(ids, events.NewID(events.EventPrefix, [16]byte{byte(i)}))
	}
	one := rapid.Custom(func(t *rapid.T) events.Activity {
		a := events.Activity{
			EventID: rapid.SampledFrom(ids).Draw(t, "event"),
			Kind: rapid.SampledFrom([]events.ActivityKind{
				events.EventListed, events.EventRevised, events.DayChanged, events.CheckedIn, events.CheckedIn,
				events.Cheered, events.EventRemoved, events.EditionChanged,
			}).Draw(t, "kind"),
		}
		switch a.Kind {
		case events.CheckedIn, events.Cheered:
			a.Count = rapid.Int64Range(1, 50).Draw(t, "count")
		case events.EventListed, events.EventRevised, events.DayChanged:
			a.Card = card(t)
		}
		return a
	})
	list := rapid.SliceOfN(one, 0, 60).Draw(t, "acts")
	for i := range list {
		list[i].Seq, list[i].At = int64(i)+1, utcSecond(i)
	}
	return list
}

func utcSecond(n int) time.Time { return time.Date(2026, 12, 12, 0, 0, n, 0, time.UTC) }

func card(t *rapid.T) *events.EventCard {
	themes := []string{"a", "b", "c"}
	return &events.EventCard{
		Way:      rapid.SampledFrom([]events.Way{events.OwnWork, events.Blueprint, events.Digital}).Draw(t, "way"),
		Themes:   rapid.SliceOfN(rapid.SampledFrom(themes), 0, 3).Draw(t, "themes"), // also one twice
		Place:    events.Place{Country: rapid.SampledFrom([]string{"", "NP", "KE"}).Draw(t, "country")},
		Day:      rapid.SampledFrom(everyDayState()).Draw(t, "day"),
		Declared: rapid.Int64Range(0, 60).Draw(t, "declared"),
	}
}

func everyDayState() []events.DayState {
	return []events.DayState{
		events.Planned, events.Confirmed, events.Live, events.Done, events.Documented, events.Postponed,
		events.Moved, events.WentDigital, events.Cancelled,
	}
}

// fold runs a log through Fold and Counts.Apply as the sequencer does.
func fold(log []events.Activity) (map[events.ID]events.Standing, events.Counts) {
	standings := map[events.ID]events.Standing{}
	var counts events.Counts
	for _, a := range log {
		if a.Kind != events.EditionChanged {
			standings[a.EventID], a.Deltas = events.Fold(standings[a.EventID], a)
		}
		counts.Apply(a)
	}
	return standings, counts
}

// tally counts final standings from scratch, in another way than deltas do.
func tally(standings map[events.ID]events.Standing) map[events.Scope]events.Tally {
	tallies := map[events.Scope]events.Tally{}
	for _, s := range standings {
		if !s.Listed {
			continue
		}
		scopes := []events.Scope{{Kind: events.WorldScope}, {Kind: events.WayScope, Key: string(s.Way)}}
		if s.Country != "" {
			scopes = append(scopes, events.Scope{Kind: events.CountryScope, Key: s.Country})
		}
		for _, theme := range slices.Compact(slices.Sorted(slices.Values(s.Themes))) {
			scopes = append(scopes, events.Scope{Kind: events.ThemeScope, Key: theme})
		}
		for _, scope := range scopes {
			tallies[scope] = plus(tallies[scope], s)
		}
	}
	return tallies
}

func plus(t events.Tally, s events.Standing) events.Tally {
	t.Events++
	switch s.Day {
	case events.Live:
		t.Live++
	case events.Done, events.Documented:
		t.Done++
	case events.Postponed, events.Cancelled:
		t.Off++
	}
	t.CheckIns, t.Cheers, t.Declared = t.CheckIns+s.CheckIns, t.Cheers+s.Cheers, t.Declared+s.Declared
	t.CheckInEvents += positive(s.CheckIns)
	t.CheerEvents += positive(s.Cheers)
	t.DeclaredEvents += positive(s.Declared)
	reached := s.CheckIns + s.Cheers
	if s.Declared > reached {
		reached = s.Declared
	}
	t.Reached += reached
	t.ReachedEvents += positive(reached)
	return t
}

func positive(n int64) int64 {
	if n > 0 {
		return 1
	}
	return 0
}

func nonZero(tallies map[events.Scope]events.Tally) map[events.Scope]events.Tally {
	kept := map[events.Scope]events.Tally{}
	for scope, tally := range tallies {
		if tally != (events.Tally{}) {
			kept[scope] = tally
		}
	}
	return kept
}

func TestDeltasAddUpToTheStandings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		log := acts(t)
		standings, counts := fold(log)
		if diff := cmp.Diff(tally(standings), nonZero(counts.Tallies)); diff != "" {
			t.Fatalf("numbers by standings and by deltas (-want +got):\n%s", diff)
		}
		if counts.AsOfSeq != int64(len(log)) {
			t.Errorf("counts are as of %d, want %d", counts.AsOfSeq, len(log))
		}
	})
}

// However the acts of different events interleave, the numbers at the end are the same.
func TestOrderAmongEventsDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		log := acts(t)
		_, want := fold(log)
		var mixed []events.Activity
		queues := map[events.ID][]events.Activity{}
		for _, a := range log {
			queues[a.EventID] = append(queues[a.EventID], a)
		}
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		for len(mixed) < len(log) {
			id := log[random.IntN(len(log))].EventID
			if queue := queues[id]; len(queue) > 0 {
				queue[0].Seq = int64(len(mixed)) + 1
				mixed, queues[id] = append(mixed, queue[0]), queue[1:]
			}
		}
		_, got := fold(mixed)
		if diff := cmp.Diff(nonZero(want.Tallies), nonZero(got.Tallies)); diff != "" {
			t.Fatalf("in another order (-want +got):\n%s", diff)
		}
	})
}

func TestDeltasAreNeverZeroAndInOneOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		standings := map[events.ID]events.Standing{}
		for _, a := range acts(t) {
			before := standings[a.EventID]
			after, deltas := events.Fold(before, a)
			_, again := events.Fold(before, a)
			if diff := cmp.Diff(deltas, again); diff != "" {
				t.Fatalf("the same fold gave other deltas:\n%s", diff)
			}
			seen := map[events.Delta]bool{}
			for _, d := range deltas {
				by := d.By
				d.By = 0
				if by == 0 || seen[d] {
					t.Fatalf("delta %+v is zero or comes twice", d)
				}
				seen[d] = true
			}
			standings[a.EventID] = after
		}
	})
}

func listed(change func(*events.EventCard)) events.Activity {
	card := &events.EventCard{
		Way: events.OwnWork, Themes: []string{"a"}, Place: events.Place{Country: "NP"}, Day: events.Planned,
	}
	if change != nil {
		change(card)
	}
	return events.Activity{Kind: events.EventListed, Card: card}
}

func world(log ...events.Activity) events.Tally {
	for i := range log {
		log[i].Seq = int64(i) + 1
	}
	_, counts := fold(log)
	return counts.World()
}

func TestRemovedAndListedAgainCountsAsBefore(t *testing.T) {
	t.Parallel()
	log := []events.Activity{
		listed(func(c *events.EventCard) { c.Declared = 5 }),
		{Kind: events.CheckedIn, Count: 3},
		{Kind: events.Cheered, Count: 4},
	}
	before := world(slices.Clone(log)...)
	removed := append(slices.Clone(log), events.Activity{Kind: events.EventRemoved})
	if got := world(slices.Clone(removed)...); got != (events.Tally{}) {
		t.Errorf("removed, it still counts %+v", got)
	}
	late := append(slices.Clone(removed), events.Activity{Kind: events.CheckedIn, Count: 1})
	if got := world(slices.Clone(late)...); got != (events.Tally{}) {
		t.Errorf("a check-in that came late counts for a removed event: %+v", got)
	}
	again := append(slices.Clone(removed), log[0])
	if got := world(again...); got != before {
		t.Errorf("listed again it counts %+v, want %+v", got, before)
	}
	twice := append(slices.Clone(removed), events.Activity{Kind: events.EventRemoved})
	if got := world(twice...); got != (events.Tally{}) {
		t.Errorf("removed twice it counts %+v", got)
	}
}

func TestReachedIsTheLargerNeverTheSum(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ declared, checkIns, cheers, want int64 }{
		{0, 0, 0, 0}, {40, 0, 0, 40}, {0, 7, 5, 12}, {40, 7, 5, 40}, {10, 7, 5, 12}, {12, 7, 5, 12},
	} {
		got := world(
			listed(func(e *events.EventCard) { e.Declared = c.declared }),
			events.Activity{Kind: events.CheckedIn, Count: c.checkIns},
			events.Activity{Kind: events.Cheered, Count: c.cheers},
		)
		if got.Reached != c.want || got.ReachedEvents != positive(c.want) {
			t.Errorf("%+v: reached %d by %d events", c, got.Reached, got.ReachedEvents)
		}
	}
}

// An event that names a theme twice counts once in it, when it comes and when it goes.
func TestThemeNamedTwiceCountsOnce(t *testing.T) {
	t.Parallel()
	log := []events.Activity{
		listed(func(c *events.EventCard) { c.Themes = []string{"a", "b", "a"} }),
		{Kind: events.CheckedIn, Count: 2},
		{Kind: events.EventRemoved},
	}
	for i := range log {
		log[i].Seq = int64(i) + 1
	}
	theme := events.Scope{Kind: events.ThemeScope, Key: "a"}
	_, counts := fold(log[:2])
	if got := counts.Tallies[theme]; got.Events != 1 || got.CheckIns != 2 {
		t.Errorf("theme counts %+v, want one event and two check-ins", got)
	}
	_, counts = fold(log)
	if got := counts.Tallies[theme]; got != (events.Tally{}) {
		t.Errorf("after it went, its theme still counts %+v", got)
	}
}

func TestApplyTakesEachActivityOnce(t *testing.T) {
	t.Parallel()
	a := listed(nil)
	a.Seq, a.At = 4, utcSecond(4)
	_, a.Deltas = events.Fold(events.Standing{}, a)
	var counts events.Counts
	counts.Apply(a)
	counts.Apply(a)
	old := a
	old.Seq = 3
	counts.Apply(old)
	if counts.World().Events != 1 || counts.AsOfSeq != 4 || !counts.AsOf.Equal(a.At) {
		t.Errorf("told thrice, counts are %+v", counts)
	}
	a.Seq, a.Deltas = 5, []events.Delta{{Scope: events.Scope{Kind: events.WorldScope}, Metric: "no such", By: 1}}
	counts.Apply(a)
	if counts.World().Events != 1 || counts.AsOfSeq != 5 {
		t.Errorf("an unknown metric changed the numbers to %+v", counts)
	}
}

func TestCountsByCountry(t *testing.T) {
	t.Parallel()
	var counts events.Counts
	for i, country := range []string{"NP", "KE", "NP", "", "PH", "KE", "NP"} {
		a := listed(func(c *events.EventCard) { c.Place.Country = country })
		a.Seq = int64(i) + 1
		_, a.Deltas = events.Fold(events.Standing{}, a)
		counts.Apply(a)
	}
	var got []string
	for _, c := range counts.By(events.CountryScope) {
		got = append(got, c.Key)
	}
	if diff := cmp.Diff([]string{"NP", "KE", "PH"}, got); diff != "" || counts.Countries() != 3 {
		t.Errorf("%d countries (-want +got):\n%s", counts.Countries(), diff)
	}
	if counts.World().Events != 7 {
		t.Errorf("the world has %d events: those without a country count there", counts.World().Events)
	}
	if empty := (events.Counts{}); empty.Countries() != 0 || empty.World() != (events.Tally{}) {
		t.Error("empty counts count something")
	}
}

func TestEveryMetricHasASlot(t *testing.T) {
	t.Parallel()
	var tally events.Tally
	for i, metric := range events.Metrics() {
		slot := tally.Slot(metric)
		if slot == nil || *slot != 0 {
			t.Fatalf("metric %s has no slot of its own", metric)
		}
		*slot = int64(i) + 1
	}
	want := events.Tally{
		Events: 1, Live: 2, Done: 3, Off: 4, CheckIns: 5, CheckInEvents: 6, Cheers: 7, CheerEvents: 8,
		Declared: 9, DeclaredEvents: 10, Reached: 11, ReachedEvents: 12,
	}
	if tally != want {
		t.Errorf("slots are %+v, want %+v", tally, want)
	}
	if tally.Slot("nonsense") != nil {
		t.Error("an unknown metric has a slot")
	}
}
