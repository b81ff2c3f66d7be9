package eventstest

import (
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/microgalleries/actionday/events"
)

// The size of the storm that the sequencers stand in.
const (
	stormWriters    = 4
	stormSequencers = 3
	stormActs       = 30 // by each writer
	stormBatch      = 7
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
		{0, 3, []int64{1, 2, 3}}, {3, 3, []int64{4, 5, 6}}, {6, 3, []int64{7}}, {7, 3, nil},
		{99, 3, nil}, {0, 100, []int64{1, 2, 3, 4, 5, 6, 7}},
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

// Writers of two editions and several sequencers work at once; whatever came in between, each log
// is dense, no activity is lost or moved twice, and the numbers add up.
func logUnderStorm(s *stage) {
	editions := []events.Edition{s.edition, Edition(s.ids)}
	s.ok(s.store.SaveEdition(s.ctx, &editions[1]))
	var writers, sequencers sync.WaitGroup
	var written atomic.Int64
	for w := range stormWriters {
		writers.Go(func() { written.Add(s.storm(editions[w%2], rand.New(rand.NewPCG(1, uint64(w))))) })
	}
	done := make(chan struct{})
	moved := make(chan []events.Activity, stormSequencers)
	for range stormSequencers {
		sequencers.Go(func() { moved <- s.sequenceUntil(done) })
	}
	writers.Wait()
	close(done)
	sequencers.Wait()
	close(moved)
	all := s.drain()
	for part := range moved {
		all = append(all, part...)
	}
	if int64(len(all)) != written.Load() {
		s.Errorf("%d activities were sequenced, %d were written", len(all), written.Load())
	}
	s.densePerEdition(editions, all)
}

func (s *stage) densePerEdition(editions []events.Edition, moved []events.Activity) {
	s.Helper()
	for _, edition := range editions {
		var own []events.Activity
		for _, a := range moved {
			if a.EditionID == edition.ID {
				own = append(own, a)
			}
		}
		slices.SortFunc(own, func(a, b events.Activity) int { return int(a.Seq - b.Seq) })
		log := s.changes(edition.ID)
		for i, a := range log {
			if a.Seq != int64(i)+1 {
				s.Fatalf("activity %d of the log has number %d", i+1, a.Seq)
			}
		}
		s.same("numbers that sequencers gave", seqs(log), seqs(own))
		s.countsAgree(edition.ID, replayed(log))
	}
}

// storm stores events of its own, changes them in many ways and tells how many news it made.
func (s *stage) storm(edition events.Edition, random *rand.Rand) (news int64) {
	var own []events.Event
	save := func(e *events.Event, kind events.ActivityKind) {
		change := events.Change{Event: e, At: s.clock.Now(), News: []events.Activity{s.news(kind, *e)}}
		if err := s.store.SaveEvents(s.ctx, change); err != nil {
			s.Error(err)
		}
		news++
	}
	for act := range stormActs {
		if act < 4 {
			own = append(own, Event(s.ids, edition, s.host, Listed(s.clock.Now())))
			save(&own[act], events.EventListed)
			continue
		}
		e := &own[random.IntN(len(own))]
		switch choice := random.IntN(5); {
		case !e.IsPublic():
			e.Review = events.Listed
			save(e, events.EventListed)
		case choice == 0:
			e.Review = events.Hidden
			save(e, events.EventRemoved)
		case choice < 3:
			randomly(random)(e)
			e.Review, e.DeclaredPeople = events.Listed, random.IntN(9)
			save(e, events.DayChanged)
		default:
			outcomes, err := s.store.Attend(s.ctx, []events.Attendance{
				s.attendance(*e, pick(random, []events.AttendanceKind{events.CheckIn, events.Cheer}), random.IntN(6)),
			}, s.ids.UUID)
			if err != nil {
				s.Error(err)
			} else if outcomes[0] == events.Fresh {
				news++
			}
		}
	}
	return news
}

// sequenceUntil is one hub's sequencer: it goes on until done and gives what it moved.
func (s *stage) sequenceUntil(done <-chan struct{}) (all []events.Activity) {
	for {
		moved, err := s.store.Sequence(s.ctx, stormBatch)
		if err != nil {
			s.Error(err)
			return all
		}
		all = append(all, moved...)
		select {
		case <-done:
			return all
		default:
		}
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
