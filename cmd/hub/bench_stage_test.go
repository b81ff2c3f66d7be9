package main

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"github.com/microgalleries/actionday/db"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// stage is a database with an edition and hosts, filled by a benchmark's own hand. The edition is a
// year ahead, so that no hub's clock starts an event in the middle of a measurement.
type stage struct {
	*testing.B
	store   *db.Store
	ids     *eventstest.IDs
	edition events.Edition
	hosts   []events.Host
	devices uint64
}

// Sizes of what a stage is filled with.
const (
	stageHosts = 100 // so that a page of events has hosts that differ
	stageBatch = 500 // events in one transaction
)

func newStage(b *testing.B, databaseURL string) *stage {
	b.Helper()
	store, err := db.Open(b.Context(), databaseURL, db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	if err := store.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	ids := eventstest.NewIDs(11)
	ahead := time.Now().AddDate(1, 0, 0)
	s := &stage{B: b, store: store, ids: ids, edition: eventstest.Edition(ids, func(e *events.Edition) {
		e.Date = events.LocalDate{Year: ahead.Year(), Month: ahead.Month(), Day: ahead.Day()}
	})}
	s.ok(store.SaveEdition(b.Context(), &s.edition))
	for range stageHosts {
		host := eventstest.Host(ids)
		s.ok(store.SaveHost(b.Context(), &host))
		s.hosts = append(s.hosts, host)
	}
	return s
}

func (s *stage) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// fill stores n events over many towns, hours and hosts, each with the same changes.
func (s *stage) fill(n int, options ...func(*events.Event)) []events.Event {
	s.Helper()
	changes := make([]events.Change, n)
	for i := range changes {
		changes[i] = s.change(i, options)
	}
	for batch := range slices.Chunk(changes, stageBatch) {
		s.ok(s.store.SaveEvents(s.Context(), batch...))
	}
	all := make([]events.Event, n)
	for i, change := range changes {
		all[i] = *change.Event
	}
	return all
}

func (s *stage) change(i int, options []func(*events.Event)) events.Change {
	towns := eventstest.Towns()
	start := events.LocalTime(i * 7919 % (20 * 60))
	where := eventstest.Whereabouts(eventstest.In(towns[i%len(towns)]), eventstest.Between(start, start+120))
	host := s.hosts[i*31%len(s.hosts)]
	e := eventstest.Event(s.ids, s.edition, host, append(slices.Clone(options), eventstest.Placed(s.edition, where))...)
	c := events.Change{Event: &e, Whereabouts: &where, At: eventstest.Morning(), Audit: events.AuditEntry{Act: "register"}}
	if e.IsPublic() {
		c.News = []events.Activity{eventstest.News(s.ids, events.EventListed, e, host, eventstest.Morning())}
	}
	return c
}

// drain moves all news into the log and gives its head.
func (s *stage) drain() events.Position {
	s.Helper()
	for {
		moved, err := s.store.Sequence(s.Context(), stageBatch)
		s.ok(err)
		if len(moved) == 0 {
			break
		}
	}
	head, err := s.store.Head(s.Context(), s.edition.ID)
	s.ok(err)
	return head
}

// attendance is a check-in of a device that nobody has seen.
func (s *stage) attendance(e events.Event) events.Attendance {
	s.devices++
	return events.Attendance{
		ID: s.ids.New(events.AttendPrefix), EventID: e.ID, Kind: events.CheckIn, At: time.Now().UTC(),
		Device: sha256.Sum256(binary.BigEndian.AppendUint64(nil, s.devices)),
	}
}

// checkIn counts one person at each of some events in one commit, which makes as many activities.
func (s *stage) checkIn(at []events.Event) {
	s.Helper()
	var batch []events.Attendance
	for _, e := range at {
		batch = append(batch, s.attendance(e))
	}
	_, err := s.store.Attend(s.Context(), batch, s.ids.UUID)
	s.ok(err)
}

// quantile is the q-th part of times that need not be sorted, by the nearest rank.
func quantile(times []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
