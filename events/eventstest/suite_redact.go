package eventstest

import (
	"github.com/microgalleries/actionday/events"
)

func redactTests() map[string]func(*stage) {
	return map[string]func(*stage){
		"a withdrawal empties what was told before": withdrawalEmpties,
		"also within one batch":                     withdrawalEmptiesBatch,
		"what is told after it stays":               relistedStays,
		"a hidden place replaces the place":         placeIsReplaced,
		"nobody else loses anything":                othersKeepTheirs,
	}
}

func withdrawalEmpties(s *stage) {
	e := s.list()
	s.change(&e, events.DayChanged, events.RedactNothing, OnDay(events.Live, events.ByHost))
	s.attend(s.attendance(e, events.Cheer, 1))
	before := s.drain()
	s.withdraw(&e)
	removal := s.drain()
	after := s.changes(s.edition.ID)
	if len(removal) != 1 || len(after) != len(before)+1 {
		s.Fatalf("%d activities in the log, want %d", len(after), len(before)+1)
	}
	for i, a := range after[:len(before)] {
		if a.Card != nil || !a.Tombstone {
			s.Errorf("activity %d still tells of an event that was withdrawn: %+v", a.Seq, a)
		}
		want := before[i]
		want.Card, want.Tombstone = nil, true
		s.same("emptied activity", want, a)
	}
	s.same("removal", removal[0], after[len(before)])
	s.countsAgree(s.edition.ID, replayed(after))
	counts, err := s.store.Counts(s.ctx, s.edition.ID)
	s.ok(err)
	if world := counts.World(); world != (events.Tally{}) {
		s.Errorf("the world still counts %+v", world)
	}
}

// Listed and withdrawn before the sequencer came: what it gives must not tell of the event either,
// for it goes out to everybody.
func withdrawalEmptiesBatch(s *stage) {
	e := s.list()
	s.withdraw(&e)
	for name, list := range map[string][]events.Activity{
		"sequenced": s.drain(), "log": s.changes(s.edition.ID),
	} {
		if len(list) != 2 {
			s.Fatalf("%s: %d activities, want 2", name, len(list))
		}
		for _, a := range list {
			if a.Card != nil || !a.Tombstone {
				s.Errorf("%s: activity %d tells of an event that was withdrawn", name, a.Seq)
			}
		}
	}
	s.countsAgree(s.edition.ID, replayed(s.changes(s.edition.ID)))
}

func relistedStays(s *stage) {
	e := s.list()
	s.attend(s.attendance(e, events.CheckIn, 1))
	s.withdraw(&e)
	s.drain()
	s.change(&e, events.EventListed, events.RedactNothing, Listed(s.clock.Now()))
	s.drain()
	log := s.changes(s.edition.ID)
	for i, a := range log {
		if isLast := i == len(log)-1; (a.Card != nil) != isLast || a.Tombstone == isLast {
			s.Errorf("activity %d: card %v, tombstone %v", a.Seq, a.Card != nil, a.Tombstone)
		}
	}
	s.countsAgree(s.edition.ID, replayed(log))
	counts, err := s.store.Counts(s.ctx, s.edition.ID)
	s.ok(err)
	if world := counts.World(); world.Events != 1 || world.CheckIns != 1 {
		s.Errorf("listed again, the world counts %+v: its check-in must come back with it", world)
	}
}

func placeIsReplaced(s *stage) {
	e := s.list()
	s.change(&e, events.DayChanged, events.RedactNothing, OnDay(events.Live, events.ByHost))
	s.attend(s.attendance(e, events.CheckIn, 1))
	before := s.drain()
	hidden := Whereabouts(Shown(events.HiddenPrecision))
	s.change(&e, events.EventRevised, events.RedactPlace, Placed(s.edition, hidden))
	s.drain()
	after := s.changes(s.edition.ID)
	if len(after) != len(before)+1 {
		s.Fatalf("%d activities in the log, want %d", len(after), len(before)+1)
	}
	for i, a := range after[:len(before)] {
		want := before[i]
		if want.Card != nil {
			card := *want.Card
			card.Place, card.StartsAt, card.EndsAt = e.Place, e.Schedule.StartsAt, e.Schedule.EndsAt
			want.Card = &card
		}
		s.same("activity after its place was hidden", want, a)
	}
	s.countsAgree(s.edition.ID, replayed(after))

	both := s.list()
	s.change(&both, events.EventRevised, events.RedactPlace, Placed(s.edition, hidden))
	for _, a := range s.drain() {
		if a.Card == nil || a.Card.Place.IsMapped() {
			s.Errorf("hidden before it was sequenced: activity %d tells %+v", a.Seq, a.Card)
		}
	}
}

func othersKeepTheirs(s *stage) {
	e, other := s.list(), s.list()
	moved := s.drain()
	s.withdraw(&e)
	s.drain()
	log := s.changes(s.edition.ID)
	if log[1].EventID != other.ID {
		s.Fatal("the other event's activity is not the second")
	}
	s.same("activity of another event", moved[1], log[1])
	got, err := s.store.Event(s.ctx, other.ID)
	s.ok(err)
	other.Seq = got.Seq
	s.same("another event", other, got)
}
