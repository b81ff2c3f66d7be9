package eventstest

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/microgalleries/actionday/events"
)

// The size of the random search: a country of events, asked in many ways.
const (
	foundEvents  = 200
	foundQueries = 80
	foundHosts   = 3
)

func findTests() map[string]func(*stage) {
	return map[string]func(*stage){
		"random queries page to the end":      findRandomly,
		"every order is kept":                 findInOrder,
		"a cursor goes on where it stands":    findFromCursor,
		"listed ones only unless asked":       findByReview,
		"a box crosses the antimeridian":      findAcrossAntimeridian,
		"a country is near nobody":            findNothingAtTheMiddleOfACountry,
		"a cursor of another list is refused": findWithWrongCursor,
		"nothing found is an empty page":      findNothing,
	}
}

// world fills the store with random events of two editions and three hosts, many of them at equal
// times, and gives them as they are stored.
func (s *stage) world(random *rand.Rand) (all []events.Event) {
	s.Helper()
	rehearsal := Edition(s.ids, func(e *events.Edition) { e.Mode = events.RehearsalMode })
	s.ok(s.store.SaveEdition(s.ctx, &rehearsal))
	hosts := []events.Host{s.host}
	for len(hosts) < foundHosts {
		h := Host(s.ids)
		s.ok(s.store.SaveHost(s.ctx, &h))
		hosts = append(hosts, h)
	}
	var changes []events.Change
	for range foundEvents {
		edition := s.edition
		if random.IntN(5) == 0 {
			edition = rehearsal
		}
		w := randomWhereabouts(random)
		e := Event(s.ids, edition, pick(random, hosts), Placed(edition, w), randomly(random))
		at := Morning().Add(time.Duration(random.IntN(60)) * time.Minute)
		changes = append(changes, events.Change{Event: &e, Whereabouts: &w, At: at})
	}
	for batch := range slices.Chunk(changes, 40) {
		s.save(batch...)
	}
	for _, change := range changes {
		all = append(all, s.event(change.Event.ID))
	}
	return all
}

// randomly gives an event random public facts; the hours are few, so that many keys are equal.
func randomly(random *rand.Rand) func(*events.Event) {
	return func(e *events.Event) {
		e.Review = events.Listed
		if random.IntN(10) == 0 {
			e.Review = pick(random, []events.ReviewState{events.Submitted, events.Withdrawn, events.Draft})
		}
		e.ListedAt = Morning().Add(time.Duration(random.IntN(20)) * time.Hour)
		e.Day = pick(random, allDayStates())
		e.Way = pick(random, []events.Way{events.OwnWork, events.Blueprint, events.Digital})
		e.Themes = slices.DeleteFunc(slices.Clone(themes()), func(string) bool { return random.IntN(2) == 0 })
		e.Language = pick(random, append(languages(), ""))
		e.Access = slices.DeleteFunc(accessFacts(), func(events.AccessFact) bool { return random.IntN(3) == 0 })
		e.Title = pick(random, titles()) + " " + pick(random, titles())
	}
}

func themes() []string {
	return []string{"crossing-boundaries", "points-of-no-return", "emergent-futures"}
}

func languages() []string { return []string{"pt", "pt-BR", "zh-Hans", "es-419", "en"} }

func accessFacts() []events.AccessFact {
	return []events.AccessFact{events.Wheelchair, events.Captions, events.Toilets}
}

func titles() []string { return []string{"river", "wall", "bird", "lantern", "tide"} }

func allDayStates() []events.DayState {
	return slices.Concat(events.Upcoming.DayStates(), events.Now.DayStates(), events.Over.DayStates(),
		events.Off.DayStates())
}

func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }

// randomWhereabouts lie anywhere, often by the antimeridian, at any precision and sometimes
// without a pin.
func randomWhereabouts(random *rand.Rand) events.Whereabouts {
	town := pick(random, Towns())
	latitude, longitude := random.Float64()*180-90, random.Float64()*360-180
	switch random.IntN(3) {
	case 0:
		longitude = wrap(180 + random.Float64()*10 - 5)
	case 1:
		latitude, longitude = town.Latitude+random.Float64()/2, town.Longitude+random.Float64()/2
	}
	w := Whereabouts(In(town), At(latitude, longitude), Shown(pick(random, precisions())))
	w.Start = events.LocalTime(random.IntN(8) * 180)
	w.End = w.Start + 60
	if random.IntN(12) == 0 {
		w.Latitude, w.Longitude = nil, nil
	}
	return w
}

func wrap(longitude float64) float64 {
	if longitude > 180 {
		return longitude - 360
	}
	return longitude
}

func precisions() []events.Precision {
	return []events.Precision{
		events.ExactPrecision, events.ExactPrecision, events.AreaPrecision, events.CityPrecision,
		events.CountryPrecision, events.HiddenPrecision,
	}
}

func findRandomly(s *stage) {
	random := rand.New(rand.NewPCG(2026, 12))
	all := s.world(random)
	met := 0
	for i := range foundQueries {
		q, wanted := randomQuery(random, all)
		var want []events.Event
		for _, e := range all {
			if wanted(e) {
				want = append(want, e)
			}
		}
		got := s.pages(q)
		met += len(want)
		s.same("found events", ids(want), ids(got))
		s.inOrder(q, got)
		n, err := s.store.CountEvents(s.ctx, q)
		s.ok(err)
		if n != int64(len(want)) {
			s.Errorf("count %d, want %d", n, len(want))
		}
		if s.Failed() {
			s.Fatalf("query %d: %+v", i, q)
		}
	}
	if met < foundQueries {
		s.Errorf("the random queries met %d events in all: they test nothing", met)
	}
}

// pages reads a query to its end, page by page.
func (s *stage) pages(q events.Query) (all []events.Event) {
	s.Helper()
	for range foundEvents + 2 {
		page, err := s.store.FindEvents(s.ctx, q)
		s.ok(err)
		if len(page.Events) > q.First || len(page.Cursors) != len(page.Events) {
			s.Fatalf("a page of %d has %d events and %d cursors", q.First, len(page.Events), len(page.Cursors))
		}
		if q.After != "" && len(page.Events) == 0 {
			s.Fatal("the page before said that there is another, and it is empty")
		}
		all = append(all, page.Events...)
		if !page.HasNext {
			return all
		}
		if len(page.Events) != q.First {
			s.Fatalf("a page of %d has %d events and yet a next page", q.First, len(page.Events))
		}
		q.After = page.Cursors[len(page.Cursors)-1]
	}
	s.Fatal("the pages do not end")
	return nil
}

func ids(list []events.Event) (ids []events.ID) {
	for _, e := range sortedByID(list) {
		ids = append(ids, e.ID)
	}
	return ids
}

func sortedByID(list []events.Event) []events.Event {
	return slices.SortedFunc(slices.Values(list), func(a, b events.Event) int {
		left, right := a.ID.UUID(), b.ID.UUID()
		return bytes.Compare(left[:], right[:])
	})
}

// inOrder checks that keys do not go back; what is equal may come in any order.
func (s *stage) inOrder(q events.Query, list []events.Event) {
	s.Helper()
	for i := range list {
		if i > 0 && precedes(q, list[i], list[i-1]) {
			s.Errorf("%s: event %d comes after one that it precedes", q.Order, i)
		}
	}
}

// kmTolerance is what two ways to compute the same distance may differ by.
const kmTolerance = 1e-6

func precedes(q events.Query, a, b events.Event) bool {
	switch q.Order {
	case events.ByListed:
		return a.ListedAt.After(b.ListedAt)
	case events.ByUpdated:
		return a.UpdatedAt.After(b.UpdatedAt)
	case events.ByDistance:
		return kmFrom(*q.Filter.Near, a) < kmFrom(*q.Filter.Near, b)-kmTolerance
	}
	return a.Schedule.StartsAt.Before(b.Schedule.StartsAt)
}

func kmFrom(n events.Near, e events.Event) float64 {
	return events.DistanceKm(n.Latitude, n.Longitude, *e.Place.Latitude, *e.Place.Longitude)
}

func findInOrder(s *stage) {
	random := rand.New(rand.NewPCG(7, 7))
	all := s.world(random)
	everywhere := &events.Near{Latitude: -17, Longitude: 179.5, WithinKm: 20_100}
	for _, order := range []events.Order{
		events.ByStart, events.ByListed, events.ByUpdated, events.ByDistance, events.ByDue,
	} {
		q := events.Query{Order: order, First: 7}
		if order == events.ByDistance {
			q.Filter.Near = everywhere
		}
		got := s.pages(q)
		s.inOrder(q, got)
		want := slices.DeleteFunc(slices.Clone(all), func(e events.Event) bool {
			return !e.IsPublic() || q.Filter.Near != nil && !isAnywhere(e)
		})
		s.same("whole events by "+string(order), sortedByID(want), sortedByID(got))
	}
}

// isAnywhere tells whether boxes and circles can find an event: by a point that is more than its
// country's.
func isAnywhere(e events.Event) bool {
	return e.Place.IsMapped() && e.Place.Precision != events.CountryPrecision
}

func findFromCursor(s *stage) {
	s.world(rand.New(rand.NewPCG(3, 1)))
	for _, order := range []events.Order{events.ByStart, events.ByListed, events.ByUpdated} {
		whole, err := s.store.FindEvents(s.ctx, events.Query{Order: order, First: 30})
		s.ok(err)
		for i, cursor := range whole.Cursors[:12] {
			q := events.Query{Order: order, First: 30, After: cursor}
			rest, err := s.store.FindEvents(s.ctx, q)
			s.ok(err)
			s.same("rest of the page", whole.Events[i+1:], rest.Events[:len(whole.Events)-i-1])
		}
		n, err := s.store.CountEvents(s.ctx, events.Query{Order: order, First: 1, After: whole.Cursors[5]})
		s.ok(err)
		if n <= 30 {
			s.Errorf("a count under a cursor and a page of one is %d, want all", n)
		}
	}
}
