package eventstest

import (
	"math/rand/v2"

	"github.com/microgalleries/actionday/events"
)

func logTests() map[string]func(*stage) {
	return map[string]func(*stage){
		"is empty at first":                        logIsEmpty,
		"news are numbered and folded":             newsAreNumbered,
		"keeps activities as they were told":       logRoundTrip,
		"each edition has its own numbers":         editionsAreNumberedApart,
		"a batch is no longer than its limit":      sequenceLimit,
		"pages by position":                        changesPage,
		"rows know the position of their change":   rowsKnowTheirPosition,
		"stays dense under writers and sequencers": logUnderStorm,
		"a theme named twice counts once":          themeNamedTwice,
		"counts are the sum of all deltas":         countsAreTheSum,
	}
}

func logIsEmpty(s *stage) {
	head, err := s.store.Head(s.ctx, s.edition.ID)
	s.ok(err)
	if head.Seq != 0 {
		s.Errorf("head of an empty log is %v", head)
	}
	if list := s.changes(s.edition.ID); len(list) != 0 {
		s.Errorf("an empty log has %d activities", len(list))
	}
	if moved := s.drain(); len(moved) != 0 {
		s.Errorf("%d activities moved although nothing waited", len(moved))
	}
	s.countsAgree(s.edition.ID, events.Counts{})
}

// countsAgree checks that Counts, Recount and the wanted counts are the same but for tallies that
// are all zero, and gives them.
func (s *stage) countsAgree(edition events.ID, want events.Counts) {
	s.Helper()
	counts, err := s.store.Counts(s.ctx, edition)
	s.ok(err)
	recount, err := s.store.Recount(s.ctx, edition)
	s.ok(err)
	s.same("counts", withoutZeros(want), withoutZeros(counts))
	s.same("recount", withoutZeros(want), withoutZeros(recount))
}

func withoutZeros(c events.Counts) events.Counts {
	tallies := map[events.Scope]events.Tally{}
	for scope, tally := range c.Tallies {
		if tally != (events.Tally{}) {
			tallies[scope] = tally
		}
	}
	c.Tallies = tallies
	return c
}

// replayed folds a log from its beginning, from deltas alone.
func replayed(log []events.Activity) (c events.Counts) {
	for _, a := range log {
		c.Apply(a)
	}
	return c
}

func newsAreNumbered(s *stage) {
	e := s.list()
	s.change(&e, events.DayChanged, events.RedactNothing, OnDay(events.Live, events.ByHost))
	s.attend(s.attendance(e, events.CheckIn, 1))
	moved := s.drain()
	kinds := []events.ActivityKind{events.EventListed, events.DayChanged, events.CheckedIn}
	if len(moved) != len(kinds) {
		s.Fatalf("%d activities moved, want %d", len(moved), len(kinds))
	}
	var standing events.Standing
	for i, a := range moved {
		var deltas []events.Delta
		standing, deltas = events.Fold(standing, a)
		s.same("deltas of activity", deltas, a.Deltas)
		if a.Seq != int64(i)+1 || a.Kind != kinds[i] || a.Epoch != moved[0].Epoch {
			s.Errorf("activity %d is %s with position %v", i+1, a.Kind, a.Position())
		}
	}
	head, err := s.store.Head(s.ctx, s.edition.ID)
	s.ok(err)
	s.same("head", moved[2].Position(), head)
	s.same("log", moved, s.changes(s.edition.ID))
	s.countsAgree(s.edition.ID, replayed(moved))
	if again := s.drain(); len(again) != 0 {
		s.Errorf("%d activities moved twice", len(again))
	}
}

func logRoundTrip(s *stage) {
	e := s.full()
	news := s.news(events.EventListed, e)
	change := s.editionNews()
	s.save(events.Change{Event: &e, News: []events.Activity{news}})
	s.ok(s.store.SaveEdition(s.ctx, &s.edition, change))
	for _, from := range [][]events.Activity{s.drain(), s.changes(s.edition.ID)} {
		if len(from) != 2 {
			s.Fatalf("%d activities, want 2", len(from))
		}
		for i, want := range []events.Activity{news, change} {
			got := from[i]
			want.Seq, want.Epoch, want.Deltas = got.Seq, got.Epoch, got.Deltas
			s.same("activity", want, got)
		}
		if len(from[1].Deltas) != 0 {
			s.Errorf("news of the edition changed numbers: %+v", from[1].Deltas)
		}
	}
}

func editionsAreNumberedApart(s *stage) {
	other := Edition(s.ids)
	s.ok(s.store.SaveEdition(s.ctx, &other))
	for range 3 {
		s.list()
		e := Event(s.ids, other, s.host, Listed(s.clock.Now()))
		s.save(events.Change{Event: &e, News: []events.Activity{s.news(events.EventListed, e)}})
	}
	last := map[events.ID]int64{}
	for _, a := range s.drain() {
		if last[a.EditionID]++; a.Seq != last[a.EditionID] {
			s.Errorf("activity of edition %s has number %d, want %d", a.EditionID, a.Seq, last[a.EditionID])
		}
	}
	for _, edition := range []events.ID{s.edition.ID, other.ID} {
		log := s.changes(edition)
		if len(log) != 3 {
			s.Errorf("log of edition %s has %d activities, want 3", edition, len(log))
		}
		s.countsAgree(edition, replayed(log))
	}
}

func sequenceLimit(s *stage) {
	for range 7 {
		s.list()
	}
	var sizes []int
	for range 4 {
		moved, err := s.store.Sequence(s.ctx, 3)
		s.ok(err)
		sizes = append(sizes, len(moved))
	}
	s.same("sizes of batches", []int{3, 3, 1, 0}, sizes)
}

func changesPage(s *stage) {
	for range 7 {
		s.list()
	}
	s.drain()
	for _, page := range []struct {
		after int64
		limit int
		want  []int64
	}{
		{0, 3, []int64{1, 2, 3}},
		{3, 3, []int64{4, 5, 6}},
		{6, 3, []int64{7}},
		{7, 3, nil},
		{99, 3, nil},
		{0, 100, []int64{1, 2, 3, 4, 5, 6, 7}},
	} {
		list, err := s.store.Changes(s.ctx, s.edition.ID, page.after, page.limit)
		s.ok(err)
		s.same("numbers after a position", page.want, seqs(list))
	}
}

func seqs(list []events.Activity) (numbers []int64) {
	for _, a := range list {
		numbers = append(numbers, a.Seq)
	}
	return numbers
}

func rowsKnowTheirPosition(s *stage) {
	first, second := s.list(), s.list()
	s.drain()
	s.change(&first, events.EventRevised, events.RedactNothing, Titled("Renamed"))
	s.ok(s.store.SaveEdition(s.ctx, &s.edition, s.editionNews()))
	s.drain()
	if got := s.event(first.ID).Seq; got != 3 {
		s.Errorf("event that changed last at position 3 says %d", got)
	}
	if got := s.event(second.ID).Seq; got != 2 {
		s.Errorf("event that changed last at position 2 says %d", got)
	}
	edition, err := s.store.Edition(s.ctx, s.edition.ID)
	s.ok(err)
	if edition.Seq != 4 {
		s.Errorf("edition that changed last at position 4 says %d", edition.Seq)
	}
}

func countsAreTheSum(s *stage) {
	news := s.storm(s.edition, rand.New(rand.NewPCG(5, 5)))
	moved := s.drain()
	if int64(len(moved)) != news {
		s.Errorf("%d activities moved, %d were written", len(moved), news)
	}
	s.countsAgree(s.edition.ID, replayed(moved))
	s.countsAgree(s.edition.ID, replayed(s.changes(s.edition.ID)))
}

func themeNamedTwice(s *stage) {
	twice := func(e *events.Event) { e.Themes = []string{"emergent-futures", "a", "emergent-futures"} }
	first, second := s.list(twice), s.list(twice)
	s.attend(s.attendance(first, events.CheckIn, 1))
	s.withdraw(&second)
	s.drain()
	log := s.changes(s.edition.ID)
	s.countsAgree(s.edition.ID, replayed(log))
	theme := events.Scope{Kind: events.ThemeScope, Key: "emergent-futures"}
	if got := replayed(log).Tallies[theme]; got.Events != 1 || got.CheckIns != 1 {
		s.Errorf("the theme counts %+v, want one event with one check-in", got)
	}
}
