package eventstest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/microgalleries/actionday/events"
)

func attendTests() map[string]func(*stage) {
	return map[string]func(*stage){
		"a device counts once per event and kind":   attendOnce,
		"a repeat under its key is fresh again":     attendAgain,
		"one activity per event and kind":           attendNews,
		"events that are not listed are unknown":    attendUnlisted,
		"many at once count each device once":       attendAtOnce,
		"numbers outlive another save of the event": attendAndSave,
		"an empty batch is nothing":                 attendNothing,
		"counts carry the card of their event":      attendCards,
	}
}

func (s *stage) attendance(e events.Event, kind events.AttendanceKind, device int) events.Attendance {
	return events.Attendance{
		ID: s.ids.New(events.AttendPrefix), EventID: e.ID, Kind: kind,
		Device: hash(fmt.Sprintf("device %d", device)), At: s.clock.Now(),
	}
}

func (s *stage) attend(all ...events.Attendance) []events.Outcome {
	s.Helper()
	outcomes, err := s.store.Attend(s.ctx, all, s.ids.UUID)
	s.ok(err)
	if len(outcomes) != len(all) {
		s.Fatalf("%d outcomes for %d attendances", len(outcomes), len(all))
	}
	return outcomes
}

func attendOnce(s *stage) {
	a, b := s.list(), s.list()
	got := s.attend(
		s.attendance(a, events.CheckIn, 1), s.attendance(a, events.CheckIn, 1),
		s.attendance(a, events.Cheer, 1), s.attendance(b, events.CheckIn, 1),
		s.attendance(a, events.CheckIn, 2),
	)
	s.same("outcomes of a batch", []events.Outcome{
		events.Fresh, events.AlreadyCounted, events.Fresh, events.Fresh, events.Fresh,
	}, got)
	got = s.attend(
		s.attendance(a, events.CheckIn, 2), s.attendance(a, events.Cheer, 2),
		s.attendance(b, events.CheckIn, 1), s.attendance(b, events.CheckIn, 3),
	)
	s.same("outcomes of the next batch", []events.Outcome{
		events.AlreadyCounted, events.Fresh, events.AlreadyCounted, events.Fresh,
	}, got)
	s.drain()
	s.attended(a, 2, 2)
	s.attended(b, 2, 0)
}

func (s *stage) attended(e events.Event, checkIns, cheers int64) {
	s.Helper()
	got := s.event(e.ID)
	if got.CheckIns != checkIns || got.Cheers != cheers {
		s.Errorf("event has %d check-ins and %d cheers, want %d and %d", got.CheckIns, got.Cheers, checkIns, cheers)
	}
	page, err := s.store.EventsByID(s.ctx, []events.ID{e.ID})
	s.ok(err)
	s.same("event in a list", []events.Event{got}, page)
}

// A phone that lost the first answer asks again with the same key, in the same batch or later.
func attendAgain(s *stage) {
	e := s.list()
	keyed := func(device int, key string) events.Attendance {
		a := s.attendance(e, events.CheckIn, device)
		a.Key = hash(key)
		return a
	}
	got := s.attend(keyed(1, "first"), keyed(1, "first"), keyed(2, "second"), keyed(1, "other"))
	s.same("outcomes of a batch", []events.Outcome{
		events.Fresh, events.Fresh, events.Fresh, events.AlreadyCounted,
	}, got)
	got = s.attend(keyed(1, "first"), keyed(2, "first"), s.attendance(e, events.CheckIn, 2), keyed(2, "second"))
	s.same("outcomes of the next batch", []events.Outcome{
		events.Fresh, events.AlreadyCounted, events.AlreadyCounted, events.Fresh,
	}, got)
	s.attend(s.attendance(e, events.Cheer, 3))
	got = s.attend(s.attendance(e, events.Cheer, 3))
	s.same("outcome of a repeat without a key", []events.Outcome{events.AlreadyCounted}, got)
	told := int64(0)
	for _, n := range s.drain() {
		told += n.Count
	}
	if told != 3 {
		s.Errorf("the log tells of %d people, want 3", told)
	}
	s.attended(e, 2, 1)
}

func attendNews(s *stage) {
	a, b := s.list(), s.list()
	s.drain()
	at := s.clock.Advance(time.Hour)
	s.attend(
		s.attendance(a, events.CheckIn, 1), s.attendance(b, events.Cheer, 1),
		s.attendance(a, events.CheckIn, 2), s.attendance(a, events.Cheer, 2),
		s.attendance(a, events.CheckIn, 2), s.attendance(a, events.CheckIn, 3),
	)
	type count struct {
		event events.ID
		kind  events.ActivityKind
	}
	got := map[count]int64{}
	ids := map[events.ID]bool{}
	for _, n := range s.drain() {
		got[count{n.EventID, n.Kind}] += n.Count
		ids[n.ID] = true
		if n.EditionID != s.edition.ID || !n.At.Equal(at) || n.ID.Prefix() != events.ActivityPrefix {
			s.Errorf("activity of an attendance: %+v", n)
		}
	}
	s.same("counts in the log", map[count]int64{
		{a.ID, events.CheckedIn}: 3, {a.ID, events.Cheered}: 1, {b.ID, events.Cheered}: 1,
	}, got)
	if len(ids) != 3 {
		s.Errorf("%d activities, want one for each event and kind: 3", len(ids))
	}
	s.attend(s.attendance(a, events.CheckIn, 1), s.attendance(b, events.Cheer, 1))
	if moved := s.drain(); len(moved) != 0 {
		s.Errorf("devices that were counted before made %d activities", len(moved))
	}
}

func attendUnlisted(s *stage) {
	listed, gone := s.list(), s.list()
	waiting := s.draft(func(e *events.Event) { e.Review = events.Submitted })
	s.save(events.Change{Event: &waiting})
	s.withdraw(&gone)
	s.drain()
	unknown := events.Event{ID: s.ids.New(events.EventPrefix)}
	got := s.attend(
		s.attendance(waiting, events.CheckIn, 1), s.attendance(gone, events.Cheer, 1),
		s.attendance(unknown, events.CheckIn, 1), s.attendance(listed, events.CheckIn, 1),
	)
	s.same("outcomes", []events.Outcome{
		events.UnknownEvent, events.UnknownEvent, events.UnknownEvent, events.Fresh,
	}, got)
	if moved := s.drain(); len(moved) != 1 || moved[0].EventID != listed.ID {
		s.Errorf("%d activities, want the one of the listed event", len(moved))
	}
	waiting.Review = events.Listed
	s.save(events.Change{Event: &waiting, News: []events.Activity{s.news(events.EventListed, waiting)}})
	got = s.attend(s.attendance(waiting, events.CheckIn, 1))
	s.same("outcome once it is listed", []events.Outcome{events.Fresh}, got)
}

func attendAtOnce(s *stage) {
	const crowds, devices = 6, 20
	a, b := s.list(), s.list()
	var wait sync.WaitGroup
	var fresh atomic.Int64
	for crowd := range crowds {
		wait.Go(func() {
			var batch []events.Attendance
			for device := range devices {
				if crowd%2 == 0 {
					device = devices - 1 - device // the other way round: locks must not cross
				}
				batch = append(batch, s.attendance(a, events.CheckIn, device), s.attendance(b, events.Cheer, device))
			}
			outcomes, err := s.store.Attend(s.ctx, batch, s.ids.UUID)
			if err != nil {
				s.Error(err)
			}
			for _, outcome := range outcomes {
				if outcome == events.Fresh {
					fresh.Add(1)
				}
			}
		})
	}
	wait.Wait()
	var told int64
	for _, n := range s.drain() {
		told += n.Count
	}
	if fresh.Load() != 2*devices || told != 2*devices {
		s.Errorf("%d fresh, %d in the log, want %d each", fresh.Load(), told, 2*devices)
	}
	s.attended(a, devices, 0)
	s.attended(b, 0, devices)
}

func attendAndSave(s *stage) {
	e := s.list()
	s.attend(s.attendance(e, events.CheckIn, 1), s.attendance(e, events.Cheer, 1))
	s.drain()
	mine := s.event(e.ID)
	s.attend(s.attendance(e, events.CheckIn, 2))
	mine.Title, mine.CheckIns, mine.Cheers = "Renamed", 0, 0
	s.save(events.Change{Event: &mine})
	s.drain()
	s.attended(e, 2, 1)
}

func attendNothing(s *stage) {
	s.attend()
	if moved := s.drain(); len(moved) != 0 {
		s.Errorf("an empty batch made %d activities", len(moved))
	}
}

// attendCards: a count can be drawn without asking again, and shows no more of the event than the
// event itself does by then.
func attendCards(s *stage) {
	e := s.list()
	s.attend(s.attendance(e, events.CheckIn, 1), s.attendance(e, events.Cheer, 1))
	hidden := Whereabouts(Shown(events.HiddenPrecision))
	current, err := s.store.Event(s.ctx, e.ID)
	s.ok(err)
	Placed(s.edition, hidden)(&current)
	s.save(events.Change{Event: &current, Whereabouts: &hidden}) // its own news come later
	gone := s.list()
	s.attend(s.attendance(gone, events.Cheer, 2))
	current, err = s.store.Event(s.ctx, gone.ID)
	s.ok(err)
	current.Review = events.Withdrawn
	s.save(events.Change{Event: &current})
	counted := 0
	for _, a := range s.drain() {
		if a.Kind != events.CheckedIn && a.Kind != events.Cheered {
			continue
		}
		counted++
		switch {
		case a.EventID == gone.ID && a.Card != nil:
			s.Errorf("the cheer for a withdrawn event shows %+v", a.Card)
		case a.EventID == e.ID && (a.Card == nil || a.Card.Title != e.Title):
			s.Errorf("the count cannot be drawn: %+v", a.Card)
		case a.EventID == e.ID && a.Card.Place.IsMapped():
			s.Errorf("the count shows the place that the host has hidden: %+v", a.Card.Place)
		}
	}
	if counted != 3 {
		s.Errorf("%d counts in the log, want 3", counted)
	}
}
