package db_test

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/microgalleries/actionday/db"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// world is a store with one open edition and one host, and short ways to make things happen.
type world struct {
	testing.TB
	*db.Store
	ids     *eventstest.IDs
	edition events.Edition
	host    events.Host
}

func newWorld(t testing.TB, store *db.Store) *world {
	t.Helper()
	ids := eventstest.NewIDs(7)
	w := &world{
		TB: t, Store: store, ids: ids, edition: eventstest.Edition(ids), host: eventstest.Host(ids),
	}
	w.ok(store.SaveEdition(t.Context(), &w.edition))
	w.ok(store.SaveHost(t.Context(), &w.host))
	return w
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// listing is the change that lists a new event, with exact whereabouts.
func (w *world) listing(options ...func(*events.Event)) events.Change {
	listed := append([]func(*events.Event){eventstest.Listed(eventstest.Morning())}, options...)
	e := eventstest.Event(w.ids, w.edition, w.host, listed...)
	where := eventstest.Whereabouts()
	news := eventstest.News(w.ids, events.EventListed, e, w.host, eventstest.Morning())
	return events.Change{
		Event: &e, Whereabouts: &where, News: []events.Activity{news}, At: eventstest.Morning(),
		Audit: events.AuditEntry{Act: "register"},
	}
}

func (w *world) list(options ...func(*events.Event)) events.Event {
	w.Helper()
	change := w.listing(options...)
	w.ok(w.SaveEvents(w.Context(), change))
	return *change.Event
}

// tell saves an event again with news of a kind.
func (w *world) tell(e *events.Event, kind events.ActivityKind) error {
	news := eventstest.News(w.ids, kind, *e, w.host, eventstest.Morning())
	return w.SaveEvents(w.Context(), events.Change{
		Event: e, News: []events.Activity{news}, At: eventstest.Morning(),
		Audit: events.AuditEntry{Act: "revise"},
	})
}

func (w *world) attendance(e events.Event, kind events.AttendanceKind, device int) events.Attendance {
	return events.Attendance{
		ID: w.ids.New(events.AttendPrefix), EventID: e.ID, Kind: kind, At: eventstest.Morning(),
		Device: sha256.Sum256(fmt.Append(nil, "device ", device)),
	}
}

// checkIn counts devices at an event.
func (w *world) checkIn(e events.Event, devices int) {
	w.Helper()
	var batch []events.Attendance
	for device := range devices {
		batch = append(batch, w.attendance(e, events.CheckIn, device))
	}
	_, err := w.Attend(w.Context(), batch, w.ids.UUID)
	w.ok(err)
}

// drain sequences until nothing waits and gives all that moved.
func (w *world) drain() (all []events.Activity) {
	w.Helper()
	for {
		moved, err := w.Sequence(w.Context(), 500)
		w.ok(err)
		if len(moved) == 0 {
			return all
		}
		all = append(all, moved...)
	}
}

// log reads the whole log.
func (w *world) log() (all []events.Activity) {
	w.Helper()
	for {
		page, err := w.Changes(w.Context(), w.edition.ID, int64(len(all)), db.MaxChanges)
		w.ok(err)
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
	}
}

// found lists the titles that a query finds.
func (w *world) found(f events.Filter) (titles []string) {
	w.Helper()
	page, err := w.FindEvents(w.Context(), events.Query{Filter: f, First: events.MaxPage})
	w.ok(err)
	for _, e := range page.Events {
		titles = append(titles, e.Title)
	}
	return titles
}
