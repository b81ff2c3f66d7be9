package eventstest

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/microgalleries/actionday/events"
)

// predicate tells whether an event belongs to what was asked for, by brute force.
type predicate func(events.Event) bool

// condition adds one random condition to a filter and gives what it means.
type condition func(random *rand.Rand, f *events.Filter, all []events.Event) predicate

// conditions lists a condition for each field of a Filter.
func conditions() []condition {
	return []condition{
		ofEdition, ofHost, ofCountries, ofPhases, ofWays, ofThemes, ofLanguages, ofAccess, ofText, ofBox, ofNear,
		ofUpdate,
	}
}

// randomQuery joins up to three conditions.
func randomQuery(random *rand.Rand, all []events.Event) (events.Query, predicate) {
	orders := []events.Order{events.ByStart, events.ByListed, events.ByUpdated, events.ByDue}
	q := events.Query{Order: pick(random, orders), First: 1 + random.IntN(40)}
	wanted := []predicate{events.Event.IsPublic}
	if random.IntN(5) == 0 {
		q.Reviews = []events.ReviewState{events.Submitted, events.Listed}
		wanted[0] = func(e events.Event) bool { return slices.Contains(q.Reviews, e.Review) }
	}
	list := conditions()
	random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	for _, condition := range list[:random.IntN(4)] {
		wanted = append(wanted, condition(random, &q.Filter, all))
	}
	if q.Filter.Near != nil && random.IntN(2) == 0 {
		q.Order = events.ByDistance
	}
	return q, func(e events.Event) bool {
		return !slices.ContainsFunc(wanted, func(p predicate) bool { return !p(e) })
	}
}

func ofEdition(random *rand.Rand, f *events.Filter, all []events.Event) predicate {
	f.EditionID = pick(random, all).EditionID
	return func(e events.Event) bool { return e.EditionID == f.EditionID }
}

func ofHost(random *rand.Rand, f *events.Filter, all []events.Event) predicate {
	f.HostID = pick(random, all).HostID
	return func(e events.Event) bool { return e.HostID == f.HostID }
}

func ofCountries(random *rand.Rand, f *events.Filter, _ []events.Event) predicate {
	f.Countries = []string{pick(random, Towns()).Country, pick(random, Towns()).Country, "XX"}
	return func(e events.Event) bool { return slices.Contains(f.Countries, e.Place.Country) }
}

func ofPhases(random *rand.Rand, f *events.Filter, _ []events.Event) predicate {
	phases := []events.Phase{events.Upcoming, events.Now, events.Over, events.Off}
	f.Phases = []events.Phase{pick(random, phases), pick(random, phases)}
	return func(e events.Event) bool { return slices.Contains(f.Phases, e.Day.Phase()) }
}

func ofWays(random *rand.Rand, f *events.Filter, _ []events.Event) predicate {
	f.Ways = []events.Way{pick(random, []events.Way{events.OwnWork, events.Blueprint}), events.Digital}
	return func(e events.Event) bool { return slices.Contains(f.Ways, e.Way) }
}

func ofThemes(random *rand.Rand, f *events.Filter, _ []events.Event) predicate {
	f.Themes = []string{pick(random, themes()), pick(random, themes())}
	return func(e events.Event) bool {
		return slices.Contains(e.Themes, f.Themes[0]) || slices.Contains(e.Themes, f.Themes[1])
	}
}

// ofLanguages asks for a language with all its varieties, and for one variety, in any case.
func ofLanguages(random *rand.Rand, f *events.Filter, _ []events.Event) predicate {
	base := pick(random, languages())[:2]
	f.Languages = []string{strings.ToUpper(base), "zh-hans"}
	return func(e events.Event) bool {
		return e.Language == base || strings.HasPrefix(e.Language, base+"-") || strings.HasPrefix(e.Language, "zh-Hans")
	}
}

func ofAccess(random *rand.Rand, f *events.Filter, _ []events.Event) predicate {
	f.Access = []events.AccessFact{pick(random, accessFacts()), pick(random, accessFacts())}
	return func(e events.Event) bool {
		return slices.Contains(e.Access, f.Access[0]) && slices.Contains(e.Access, f.Access[1])
	}
}

func ofText(random *rand.Rand, f *events.Filter, _ []events.Event) predicate {
	a, b := pick(random, titles()), pick(random, titles())
	f.Text = strings.ToUpper(a[:3]) + ", " + b
	return func(e events.Event) bool { return strings.Contains(e.Title, a) && strings.Contains(e.Title, b) }
}

// ofBox often crosses the antimeridian, and never ends on a point.
func ofBox(random *rand.Rand, f *events.Filter, _ []events.Event) predicate {
	south := random.Float64()*150 - 90
	box := events.Box{
		West: random.Float64()*360 - 180, South: south, North: south + random.Float64()*(90-south),
		East: random.Float64()*360 - 180,
	}
	if random.IntN(2) == 0 {
		box.West, box.East = 170+random.Float64()*10, -180+random.Float64()*10
	}
	f.Box = &box
	return func(e events.Event) bool {
		if !isAnywhere(e) || *e.Place.Latitude < box.South || *e.Place.Latitude > box.North {
			return false
		}
		fromWest := math.Mod(*e.Place.Longitude-box.West+720, 360)
		return fromWest <= math.Mod(box.East-box.West+720, 360)
	}
}

// ofNear looks from any point, as far as just before or behind some event.
func ofNear(random *rand.Rand, f *events.Filter, all []events.Event) predicate {
	near := events.Near{
		Latitude: random.Float64()*180 - 90, Longitude: wrap(175 + random.Float64()*10), WithinKm: 5000,
	}
	if border := pick(random, all); border.Place.IsMapped() {
		near.WithinKm = kmFrom(near, border) + float64(random.IntN(3)-1)/10
	}
	onBorder := func(e events.Event) bool {
		return e.Place.IsMapped() && math.Abs(kmFrom(near, e)-near.WithinKm) < 10*kmTolerance
	}
	for slices.ContainsFunc(all, onBorder) {
		near.WithinKm += 100 * kmTolerance
	}
	f.Near = &near
	return func(e events.Event) bool { return isAnywhere(e) && kmFrom(near, e) < near.WithinKm }
}

// ofUpdate asks for half a minute, when nothing was updated.
func ofUpdate(random *rand.Rand, f *events.Filter, _ []events.Event) predicate {
	f.UpdatedSince = Morning().Add(time.Duration(random.IntN(60))*time.Minute + 30*time.Second)
	return func(e events.Event) bool { return e.UpdatedAt.After(f.UpdatedSince) }
}

func findByReview(s *stage) {
	states := []events.ReviewState{
		events.Draft, events.Submitted, events.NeedsInfo, events.LinkOnly, events.Listed, events.Rejected,
		events.Hidden, events.Withdrawn,
	}
	for _, state := range states {
		e := s.draft(func(e *events.Event) { e.Review = state })
		s.save(events.Change{Event: &e})
	}
	for _, e := range s.pages(events.Query{First: 10}) {
		if e.Review != events.Listed {
			s.Errorf("the public found an event that is %s", e.Review)
		}
	}
	for _, state := range states {
		found := s.pages(events.Query{First: 10, Reviews: []events.ReviewState{state}})
		if len(found) != 1 || found[0].Review != state {
			s.Errorf("%d events that are %s, want 1", len(found), state)
		}
	}
}

func findAcrossAntimeridian(s *stage) {
	for _, longitude := range []float64{-179.9, 179.9, 178.2, -160, 0, 160} {
		w := Whereabouts(At(-17, longitude))
		s.list(Placed(s.edition, w))
	}
	for _, box := range []struct {
		events.Box
		want int
	}{
		{events.Box{West: 177, South: -20, East: -179, North: -10}, 3},
		{events.Box{West: 179, South: -20, East: -170, North: -10}, 2},
		{events.Box{West: -179, South: -20, East: 177, North: -10}, 3},
		{events.Box{West: 177, South: -10, East: -179, North: 10}, 0},
		{events.Box{West: -180, South: -90, East: 180, North: 90}, 6},
	} {
		if found := s.pages(events.Query{First: 4, Filter: events.Filter{Box: &box.Box}}); len(found) != box.want {
			s.Errorf("box %+v holds %d events, want %d", box.Box, len(found), box.want)
		}
	}
	near := &events.Near{Latitude: -17, Longitude: 179.95, WithinKm: 25}
	found := s.pages(events.Query{First: 4, Order: events.ByDistance, Filter: events.Filter{Near: near}})
	if len(found) != 2 || *found[0].Place.Longitude != 179.9 || *found[1].Place.Longitude != -179.9 {
		s.Errorf("near the antimeridian %d events were found, want its two neighbors, the nearer first", len(found))
	}
}

// The middle of a country may be its largest town, and nobody there is near what is somewhere in the
// country.
func findNothingAtTheMiddleOfACountry(s *stage) {
	hidden := s.list(Placed(s.edition, Whereabouts(Shown(events.CountryPrecision))))
	latitude, longitude := *hidden.Place.Latitude, *hidden.Place.Longitude
	there := s.list(Placed(s.edition, Whereabouts(At(latitude, longitude), Shown(events.ExactPrecision))))
	box := events.Box{West: longitude - 1, South: latitude - 1, East: longitude + 1, North: latitude + 1}
	for what, q := range map[string]events.Query{
		"in a box":    {First: 9, Filter: events.Filter{Box: &box}},
		"in a circle": {First: 9, Order: events.ByDistance, Filter: events.Filter{Near: &events.Near{Latitude: latitude, Longitude: longitude, WithinKm: 20_100}}},
	} {
		s.same("found "+what, []events.ID{there.ID}, ids(s.pages(q)))
		n, err := s.store.CountEvents(s.ctx, q)
		s.ok(err)
		if n != 1 {
			s.Errorf("%s %d events are counted, want 1", what, n)
		}
	}
}

func findWithWrongCursor(s *stage) {
	s.list()
	page, err := s.store.FindEvents(s.ctx, events.Query{Order: events.ByStart, First: 1})
	s.ok(err)
	for what, q := range map[string]events.Query{
		"cursor of another order": {Order: events.ByListed, First: 1, After: page.Cursors[0]},
		"junk for a cursor":       {Order: events.ByStart, First: 1, After: "'; drop table events; --"},
	} {
		_, err := s.store.FindEvents(s.ctx, q)
		s.problem(what, err, events.Invalid)
	}
}

func findNothing(s *stage) {
	q := events.Query{First: 10, Filter: events.Filter{Countries: []string{"XX"}}}
	page, err := s.store.FindEvents(s.ctx, q)
	s.ok(err)
	if len(page.Events) != 0 || len(page.Cursors) != 0 || page.HasNext {
		s.Errorf("a page of nothing has %d events, next page: %v", len(page.Events), page.HasNext)
	}
	n, err := s.store.CountEvents(s.ctx, q)
	s.ok(err)
	if n != 0 {
		s.Errorf("count of nothing is %d", n)
	}
}
