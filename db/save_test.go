package db_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// statements counts what is sent to the database.
type statements struct{ n atomic.Int64 }

func (s *statements) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

func (s *statements) AfterQuery(context.Context, *bun.QueryEvent) { s.n.Add(1) }

// texts keeps the last statement.
type texts struct{ last string }

func (s *texts) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }
func (s *texts) AfterQuery(_ context.Context, e *bun.QueryEvent)                    { s.last = e.Query }

// An import of many events, each with a host of its own, costs a handful of statements.
func TestManyChangesTakeFewStatements(t *testing.T) {
	t.Parallel()
	const imported, most = 500, 12
	w := newWorld(t, open(t))
	var changes []events.Change
	for i := range imported {
		host := eventstest.Host(w.ids)
		change := w.listing(func(e *events.Event) {
			e.HostID, e.Source = host.ID, events.Source{Name: "partner", ID: fmt.Sprint(i)}
		})
		change.Host = &host
		change.Receipt = &events.Receipt{Scope: "system", Key: fmt.Sprint(i), Act: "import", At: change.At}
		changes = append(changes, change)
	}
	var sent statements
	w.Watch(&sent)
	w.ok(w.SaveEvents(t.Context(), changes...))
	if n := sent.n.Load(); n > most {
		t.Errorf("%d new events took %d statements, want at most %d", imported, n, most)
	}
	for i := range changes { // the partner's second run changes every title
		changes[i].Event.Title += " again"
		changes[i].Host, changes[i].Receipt = nil, nil
	}
	sent.n.Store(0)
	w.ok(w.SaveEvents(t.Context(), changes...))
	if n := sent.n.Load(); n > most {
		t.Errorf("%d changed events took %d statements, want at most %d", imported, n, most)
	}
	n, err := w.CountEvents(t.Context(), events.Query{Filter: events.Filter{Text: "birds again"}})
	w.ok(err)
	if moved := len(w.drain()); n != imported || moved != 2*imported {
		t.Errorf("%d events and %d activities are stored, want %d and %d", n, moved, imported, 2*imported)
	}
}

// The same event and host may come several times in one save; each change builds on the one before.
func TestChangesOfOneEventInOneSave(t *testing.T) {
	t.Parallel()
	w := newWorld(t, open(t))
	first := w.listing()
	first.Host = &w.host
	e := first.Event
	second := events.Change{Event: e, Host: &w.host, At: first.At.Add(1), News: []events.Activity{
		eventstest.News(w.ids, events.EventRevised, *e, w.host, first.At),
	}}
	w.ok(w.SaveEvents(t.Context(), first, second))
	if e.Version != 2 || w.host.Version != 3 {
		t.Errorf("after two changes the event has version %d and the host %d, want 2 and 3", e.Version, w.host.Version)
	}
	got, err := w.Event(t.Context(), e.ID)
	w.ok(err)
	if moved := w.drain(); got.Version != 2 || len(moved) != 2 || moved[1].Kind != events.EventRevised {
		t.Errorf("stored version %d with news %+v", got.Version, moved)
	}
}

// What a save that failed has touched in the caller's objects is as before.
func TestAFailedSaveLeavesTheCallersObjects(t *testing.T) {
	t.Parallel()
	w := newWorld(t, open(t))
	good, bad := w.listing(), w.listing()
	host := eventstest.Host(w.ids)
	good.Host, bad.Event.Slug = &host, good.Event.Slug
	wantGood, wantHost := *good.Event, host
	err := w.SaveEvents(t.Context(), good, bad)
	problems, other := events.ProblemsIn(err)
	if other != nil || len(problems) != 1 || problems[0].Code != events.Conflict || problems[0].Field != "slug" {
		t.Errorf("two events under one slug: %v", err)
	}
	if good.Event.Version != wantGood.Version || !good.Event.UpdatedAt.Equal(wantGood.UpdatedAt) {
		t.Errorf("the good event came back as version %d", good.Event.Version)
	}
	if host.Version != wantHost.Version {
		t.Errorf("the host came back as version %d", host.Version)
	}
}

// Writers that save the same events in opposite orders do not lock each other out.
func TestCrossingWritersDoNotDeadlock(t *testing.T) {
	t.Parallel()
	const writers, rounds = 6, 10
	w := newWorld(t, open(t))
	all := make([]events.Event, 8)
	for i := range all {
		all[i] = w.list()
	}
	var wait sync.WaitGroup
	for writer := range writers {
		wait.Go(func() {
			for range rounds {
				mine := slices.Clone(all)
				if writer%2 == 0 {
					slices.Reverse(mine)
				}
				var changes []events.Change
				for i := range mine {
					stored, err := w.Event(t.Context(), mine[i].ID)
					if err != nil {
						t.Error(err)
						return
					}
					changes = append(changes, events.Change{Event: &stored, At: eventstest.Morning()})
				}
				err := w.SaveEvents(t.Context(), changes...)
				if problems, other := events.ProblemsIn(err); other != nil || len(problems) > 1 {
					t.Error(err) // a conflict is fine, waiting for each other is not
				}
			}
		})
	}
	wait.Wait()
}

// A name that a host has taken on finds the events that were stored under the old one.
func TestARenamedHostIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, open(t))
	e := w.list()
	w.host.DisplayName = "Zugvögel"
	w.ok(w.SaveHost(t.Context(), &w.host))
	if got := w.found(events.Filter{Text: "zugvogel"}); len(got) != 1 {
		t.Errorf("the new name finds %q", got)
	}
	if got := w.found(events.Filter{Text: "sparrow"}); len(got) != 0 {
		t.Errorf("the old name finds %q", got)
	}
	got, err := w.Event(t.Context(), e.ID)
	w.ok(err)
	if got.Version != e.Version || !got.UpdatedAt.Equal(e.UpdatedAt) {
		t.Errorf("the host's new name changed the event to version %d", got.Version)
	}
}

// A withdrawal empties at once what still waits to be told, however long the queue is.
func TestAWithdrawalEmptiesWhatWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, open(t))
	e, other := w.list(), w.list()
	w.ok(w.tell(&e, events.DayChanged))
	e.Review = events.Withdrawn
	removal := eventstest.News(w.ids, events.EventRemoved, e, w.host, eventstest.Morning())
	w.ok(w.SaveEvents(t.Context(), events.Change{
		Event: &e, News: []events.Activity{removal}, At: eventstest.Morning(),
	}))
	for { // one at a time: no activity is in one batch with the removal
		moved, err := w.Sequence(t.Context(), 1)
		w.ok(err)
		if len(moved) == 0 {
			break
		}
		if a := moved[0]; a.EventID == e.ID && (a.Card != nil || !a.Tombstone) {
			t.Errorf("activity %d tells of an event that was withdrawn before: %+v", a.Seq, a.Card)
		} else if a.EventID == other.ID && a.Card == nil {
			t.Error("the other event's activity was emptied, too")
		}
	}
	var replayed events.Counts
	for _, a := range w.log() {
		replayed.Apply(a)
	}
	w.sameCounts(replayed)
}

func TestAuditIsKept(t *testing.T) {
	t.Parallel()
	address := dbtest.New(t)
	w := newWorld(t, openAt(t, address))
	change := w.listing()
	change.Audit = events.AuditEntry{By: w.ids.New(events.AccountPrefix), Act: "approve", Reason: "Lovely."}
	w.ok(w.SaveEvents(t.Context(), change))
	w.ok(w.tell(change.Event, events.EventRevised))
	got := query(t, address, `
		select act || ', ' || reason || case when account_id is null then ' by the hub' else '' end
		from private.audit order by id`)
	if want := []string{"approve, Lovely.", "revise,  by the hub"}; !slices.Equal(got, want) {
		t.Errorf("the audit says %q, want %q", got, want)
	}
}
