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
