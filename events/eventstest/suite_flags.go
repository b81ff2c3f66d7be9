package eventstest

import (
	"sync"
	"time"

	"github.com/microgalleries/actionday/events"
)

func flagTests() map[string]func(*stage) {
	return map[string]func(*stage){
		"flags of one event and kind add up":      flagsAddUp,
		"flags are found by edition and event":    flagsFound,
		"a change clears one flag with its audit": flagsCleared,
		"many hubs raise one flag":                flagsAtOnce,
		"check-ins are told apart by proof":       proofsApart,
		"the first proof of a device stands":      proofsFirst,
		"a printed generation is kept":            generationKept,
	}
}

func (s *stage) flag(e events.Event, kind events.FlagKind, minute int, count int64) events.Flag {
	at := s.clock.Now().Add(time.Duration(minute) * time.Minute)
	return events.Flag{EventID: e.ID, Kind: kind, FirstAt: at, LastAt: at, Count: count}
}

func (s *stage) flags(edition, event events.ID, limit int) []events.Flag {
	s.Helper()
	list, err := s.store.Flags(s.ctx, edition, event, limit)
	s.ok(err)
	return list
}

func flagsAddUp(s *stage) {
	e := s.list()
	s.ok(s.store.RaiseFlags(s.ctx, nil))
	s.ok(s.store.RaiseFlags(s.ctx, []events.Flag{
		s.flag(e, events.ManyAtOneEvent, 5, 10), s.flag(e, events.ManyFromOneNetwork, 5, 1), s.flag(e, events.ManyAtOneEvent, 3, 20),
	}))
	s.ok(s.store.RaiseFlags(s.ctx, []events.Flag{s.flag(e, events.ManyAtOneEvent, 9, 4)}))
	want := s.flag(e, events.ManyAtOneEvent, 3, 34)
	want.LastAt = s.flag(e, "", 9, 0).LastAt
	s.same("flags", []events.Flag{want, s.flag(e, events.ManyFromOneNetwork, 5, 1)}, s.flags(events.ID{}, e.ID, 10))
}

func flagsFound(s *stage) {
	a, b := s.list(), s.list()
	other := Edition(s.ids)
	other.Slug = "another-day"
	s.ok(s.store.SaveEdition(s.ctx, &other))
	elsewhere := Event(s.ids, other, s.host, Listed(s.clock.Now()))
	s.save(events.Change{Event: &elsewhere})
	first, second, third := s.flag(a, events.ManyAtOneEvent, 3, 1), s.flag(b, events.ManyAtOneEvent, 2, 1), s.flag(elsewhere, events.ManyAtOneEvent, 1, 1)
	s.ok(s.store.RaiseFlags(s.ctx, []events.Flag{third, first, second}))
	s.same("flags of the edition", []events.Flag{first, second}, s.flags(s.edition.ID, events.ID{}, 10))
	s.same("flags of all", []events.Flag{first, second, third}, s.flags(events.ID{}, events.ID{}, 10))
	s.same("a page", []events.Flag{first}, s.flags(events.ID{}, events.ID{}, 1))
	s.same("flags of one event", []events.Flag{second}, s.flags(s.edition.ID, b.ID, 10))
	s.same("flags of an event of another edition", []events.Flag(nil), s.flags(s.edition.ID, elsewhere.ID, 10))
}

func flagsCleared(s *stage) {
	e := s.list()
	one, other := s.flag(e, events.ManyAtOneEvent, 2, 1), s.flag(e, events.ManyFromOneNetwork, 1, 1)
	s.ok(s.store.RaiseFlags(s.ctx, []events.Flag{one, other}))
	stale := e
	stale.Version--
	err := s.store.SaveEvents(s.ctx, events.Change{Event: &stale, Clears: one.Kind, At: s.clock.Now()})
	s.problem("a stale change", err, events.Conflict)
	s.same("flags after a change that failed", []events.Flag{one, other}, s.flags(events.ID{}, e.ID, 10))
	for range 2 { // the second finds nothing to clear, which is no failure
		s.save(events.Change{Event: &e, Clears: one.Kind, Audit: events.AuditEntry{Act: "clearFlag"}})
		s.same("flags after one was cleared", []events.Flag{other}, s.flags(events.ID{}, e.ID, 10))
	}
	s.ok(s.store.RaiseFlags(s.ctx, []events.Flag{one}))
	s.same("flags once it is raised again", []events.Flag{one, other}, s.flags(events.ID{}, e.ID, 10))
}

func flagsAtOnce(s *stage) {
	a, b := s.list(), s.list()
	var hubs sync.WaitGroup
	for hub := range 6 {
		hubs.Go(func() {
			flags := []events.Flag{s.flag(a, events.ManyAtOneEvent, 1, 1), s.flag(b, events.ManyAtOneEvent, 1, 1)}
			if hub%2 == 0 {
				flags[0], flags[1] = flags[1], flags[0] // locks must not cross
			}
			if err := s.store.RaiseFlags(s.ctx, flags); err != nil {
				s.Error(err)
			}
		})
	}
	hubs.Wait()
	for _, e := range []events.Event{a, b} {
		s.same("flag", []events.Flag{s.flag(e, events.ManyAtOneEvent, 1, 6)}, s.flags(events.ID{}, e.ID, 10))
	}
}

func (s *stage) proven(e events.Event, proof events.Proof, device int) events.Attendance {
	a := s.attendance(e, events.CheckIn, device)
	a.Proof = proof
	return a
}

func (s *stage) proofs(e events.Event, want events.CheckInProofs) {
	s.Helper()
	got, err := s.store.CheckInProofs(s.ctx, e.ID)
	s.ok(err)
	s.same("proofs", want, got)
}

func proofsApart(s *stage) {
	a, b := s.list(), s.list()
	s.attend(
		s.proven(a, events.RotatingProof, 1), s.proven(a, events.PrintedProof, 2), s.proven(a, events.RotatingProof, 3),
		s.proven(b, events.PrintedProof, 1), s.attendance(a, events.Cheer, 1),
	)
	s.proofs(a, events.CheckInProofs{Rotating: 2, Printed: 1})
	s.proofs(b, events.CheckInProofs{Printed: 1})
	s.proofs(s.list(), events.CheckInProofs{})
}

func proofsFirst(s *stage) {
	e := s.list()
	s.attend(s.proven(e, events.PrintedProof, 1), s.proven(e, events.RotatingProof, 1))
	got := s.attend(s.proven(e, events.RotatingProof, 1))
	s.same("outcome", []events.Outcome{events.AlreadyCounted}, got)
	s.proofs(e, events.CheckInProofs{Printed: 1})
}

func generationKept(s *stage) {
	e := s.draft()
	s.save(events.Change{Event: &e})
	if got := s.event(e.ID).PrintedGeneration; got != 0 {
		s.Errorf("a new event has generation %d", got)
	}
	e.PrintedGeneration = 7
	s.save(events.Change{Event: &e})
	if got := s.event(e.ID).PrintedGeneration; got != 7 {
		s.Errorf("generation 7 came back as %d", got)
	}
}
