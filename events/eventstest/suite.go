package eventstest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/microgalleries/actionday/events"
)

// StoreSuite asserts what events.Store promises. open gives an empty store of its own to every
// subtest and cleans it up with the test; subtests run in parallel. Instants in the suite are whole
// microseconds, which every store keeps.
func StoreSuite(t *testing.T, open func(t *testing.T) events.Store) {
	for _, area := range []struct {
		name  string
		tests map[string]func(*stage)
	}{
		{"Editions", editionTests()},
		{"Hosts", hostTests()},
		{"Events", eventTests()},
		{"Receipts", receiptTests()},
		{"Private", privacyTests()},
		{"Find", findTests()},
		{"Text", textTests()},
		{"Due", dueTests()},
		{"Hours", hourTests()},
		{"Attend", attendTests()},
		{"Flags", flagTests()},
		{"Log", logTests()},
		{"Redact", redactTests()},
		{"Cards", cardTests()},
		{"SignIn", signInTests()},
		{"Sessions", sessionTests()},
		{"Mail", mailTests()},
	} {
		for name, test := range area.tests {
			t.Run(area.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				test(newStage(t, open(t)))
			})
		}
	}
}

// stage is where one subtest plays: a store with one open edition and one host.
type stage struct {
	*testing.T
	ctx     context.Context
	store   events.Store
	ids     *IDs
	clock   *Clock
	edition events.Edition
	host    events.Host
}

func newStage(t *testing.T, store events.Store) *stage {
	s := &stage{T: t, ctx: t.Context(), store: store, ids: NewIDs(1), clock: NewClock(Morning())}
	s.edition, s.host = Edition(s.ids), Host(s.ids)
	s.ok(store.SaveEdition(s.ctx, &s.edition))
	s.ok(store.SaveHost(s.ctx, &s.host))
	return s
}

// draft builds an event that is not stored yet.
func (s *stage) draft(options ...func(*events.Event)) events.Event {
	return Event(s.ids, s.edition, s.host, options...)
}

// list builds and stores a listed event with the news of it.
func (s *stage) list(options ...func(*events.Event)) events.Event {
	s.Helper()
	e := s.draft(append([]func(*events.Event){Listed(s.clock.Now())}, options...)...)
	w := Whereabouts()
	s.save(events.Change{Event: &e, Whereabouts: &w, News: []events.Activity{s.news(events.EventListed, e)}})
	return e
}

// change stores another version of an event with the news of it.
func (s *stage) change(
	e *events.Event, kind events.ActivityKind, redacts events.Redaction, change func(*events.Event),
) {
	s.Helper()
	change(e)
	news := s.news(kind, *e)
	news.Redacts = redacts
	s.save(events.Change{Event: e, News: []events.Activity{news}})
}

// withdraw takes an event out of the public eye.
func (s *stage) withdraw(e *events.Event) {
	s.Helper()
	s.change(e, events.EventRemoved, events.RedactAll, func(e *events.Event) {
		e.Review = events.Withdrawn
	})
}

func (s *stage) save(changes ...events.Change) {
	s.Helper()
	for i := range changes {
		if changes[i].At.IsZero() {
			changes[i].At = s.clock.Now()
		}
	}
	s.ok(s.store.SaveEvents(s.ctx, changes...))
}

func (s *stage) news(kind events.ActivityKind, e events.Event) events.Activity {
	return News(s.ids, kind, e, s.host, s.clock.Now())
}

// drain sequences until nothing waits and gives all that moved.
func (s *stage) drain() (all []events.Activity) {
	s.Helper()
	for {
		moved, err := s.store.Sequence(s.ctx, 50)
		s.ok(err)
		if len(moved) == 0 {
			return all
		}
		all = append(all, moved...)
	}
}

func (s *stage) event(id events.ID) events.Event {
	s.Helper()
	e, err := s.store.Event(s.ctx, id)
	s.ok(err)
	return e
}

// changes reads an edition's whole log.
func (s *stage) changes(edition events.ID) (all []events.Activity) {
	s.Helper()
	for {
		page, err := s.store.Changes(s.ctx, edition, int64(len(all)), 30)
		s.ok(err)
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
	}
}

func (s *stage) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *stage) notFound(what string, err error) {
	s.Helper()
	if !errors.Is(err, events.ErrNotFound) {
		s.Errorf("%s: error %v, want %v", what, err, events.ErrNotFound)
	}
}

func (s *stage) problem(what string, err error, code events.ProblemCode) {
	s.Helper()
	problems, other := events.ProblemsIn(err)
	if other != nil || len(problems) == 0 || problems[0].Code != code {
		s.Errorf("%s: error %v, want a %s problem", what, err, code)
		return
	}
	if problems[0].Message == "" {
		s.Errorf("%s: the %s problem has no sentence to show", what, code)
	}
}

func (s *stage) same(what string, want, got any) {
	s.Helper()
	if diff := cmp.Diff(want, got, Compare()...); diff != "" {
		s.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// Compare is how objects of the domain are compared by go-cmp: ids as a whole, instants by the
// moment they mean, an empty list like none.
func Compare() []cmp.Option {
	return []cmp.Option{
		cmp.Comparer(func(a, b events.ID) bool { return a == b }),
		cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
		cmpopts.EquateEmpty(),
	}
}

// hash makes the stored form of a token.
func hash(text string) (h [32]byte) {
	copy(h[:], text)
	return h
}
