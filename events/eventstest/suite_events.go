package eventstest

import (
	"sync"
	"time"

	"github.com/microgalleries/actionday/events"
)

func eventTests() map[string]func(*stage) {
	return map[string]func(*stage){
		"comes back as it was saved":                 eventRoundTrip,
		"an empty one comes back, too":               emptyEventRoundTrip,
		"a stale version is a conflict":              eventConflict,
		"of many writers of one version one wins":    oneWriterWins,
		"slugs are unique":                           slugsAreUnique,
		"changes are stored all or none":             allOrNone,
		"a change brings its host and account along": changeWithHost,
		"found by ids, name and source":              eventsByNames,
		"what is not there is not found":             eventMissing,
	}
}

// full is an event with every field set that a caller may set.
func (s *stage) full() events.Event {
	at := s.clock.Now()
	return s.draft(Listed(at), OnDay(events.Postponed, events.BySteward), func(e *events.Event) {
		e.Title, e.Summary = "Mural «सगरमाथा» 🌊 عند الفجر", "Two\nlines; 'quotes' and \\ strokes"
		e.OnlineURL, e.RSVPURL = "https://example.org/live", "https://example.org/rsvp"
		e.Themes = []string{"emergent-futures", "points-of-no-return"}
		e.RainPlan, e.DeclaredPeople, e.Way = "Under the arcade.", 61, events.Blueprint
		e.ReviewReason, e.DayReason = "Fine.", "The rain."
		e.PostponedTo = s.edition.Date.AddDays(3)
		e.Source = events.Source{Name: "opendataday", ID: "2026-17", URL: "https://example.org/17"}
		e.LiveAt, e.DoneAt = at.Add(time.Hour), at.Add(2*time.Hour)
	})
}

func eventRoundTrip(s *stage) {
	want, w := s.full(), Whereabouts()
	at := s.clock.Advance(time.Minute)
	s.save(events.Change{Event: &want, Whereabouts: &w, At: at})
	if want.Version != 1 || !want.UpdatedAt.Equal(at) {
		s.Errorf("after the save version %d at %v, want 1 at %v", want.Version, want.UpdatedAt, at)
	}
	s.same("event", want, s.event(want.ID))

	want.Title, want.Media, want.PostponedTo = "Shorter", nil, events.LocalDate{}
	want.Source, want.LiveAt, want.Place = events.Source{}, time.Time{}, events.Place{
		Precision: events.HiddenPrecision,
	}
	at = s.clock.Advance(time.Minute)
	s.save(events.Change{Event: &want, At: at})
	got := s.event(want.ID)
	s.same("event after the second save", want, got)
	if got.Version != 2 || !got.UpdatedAt.Equal(at) {
		s.Errorf("second save gave version %d at %v, want 2 at %v", got.Version, got.UpdatedAt, at)
	}
}

func emptyEventRoundTrip(s *stage) {
	bare := s.draft()
	want := events.Event{
		ID: bare.ID, EditionID: s.edition.ID, HostID: s.host.ID, Slug: bare.Slug, LinkKey: bare.LinkKey,
		Way: events.Digital, Place: events.Place{Precision: events.HiddenPrecision},
		Schedule: bare.Schedule, Review: events.Draft, Day: events.Planned, DayBy: events.ByHost,
		CreatedAt: s.clock.Now(),
	}
	w := Whereabouts(Shown(events.HiddenPrecision), func(w *events.Whereabouts) {
		w.Latitude, w.Longitude, w.Address, w.Locality, w.Country = nil, nil, "", "", ""
	})
	s.save(events.Change{Event: &want, Whereabouts: &w})
	s.same("event", want, s.event(want.ID))
	got, err := s.store.Whereabouts(s.ctx, want.ID)
	s.ok(err)
	s.same("whereabouts without a pin", w, got)
}

func eventConflict(s *stage) {
	e := s.list()
	s.drain()
	mine, theirs := s.event(e.ID), s.event(e.ID)
	theirs.Title = "Theirs"
	s.save(events.Change{Event: &theirs})
	w := Whereabouts(At(1, 2))
	mine.Title = "Mine"
	err := s.store.SaveEvents(s.ctx, events.Change{
		Event: &mine, Whereabouts: &w, At: s.clock.Now(),
		News: []events.Activity{s.news(events.EventRevised, mine)},
	})
	s.problem("save of a stale event", err, events.Conflict)
	s.same("event after the conflict", theirs, s.event(e.ID))
	kept, err := s.store.Whereabouts(s.ctx, e.ID)
	s.ok(err)
	s.same("whereabouts after the conflict", Whereabouts(), kept)
	if moved := s.drain(); len(moved) != 0 {
		s.Errorf("a save that failed left %d activities in the outbox", len(moved))
	}
	unknown := s.draft(func(e *events.Event) { e.Version = 3 })
	if s.store.SaveEvents(s.ctx, events.Change{Event: &unknown, At: s.clock.Now()}) == nil {
		s.Error("an event that was never stored could be saved as version 4")
	}
}

func oneWriterWins(s *stage) {
	const writers = 8
	e := s.list()
	var wait sync.WaitGroup
	results := make(chan error, writers)
	for range writers {
		wait.Go(func() {
			mine := e
			mine.DeclaredPeople = 7
			results <- s.store.SaveEvents(s.ctx, events.Change{Event: &mine, At: s.clock.Now()})
		})
	}
	wait.Wait()
	close(results)
	won := 0
	for err := range results {
		if err == nil {
			won++
			continue
		}
		s.problem("writer that came too late", err, events.Conflict)
	}
	if got := s.event(e.ID).Version; won != 1 || got != e.Version+1 {
		s.Errorf("%d writers won and the version is %d, want 1 and %d", won, got, e.Version+1)
	}
}

func slugsAreUnique(s *stage) {
	first := s.list(func(e *events.Event) { e.Slug = "golden-repair" })
	second := s.draft(func(e *events.Event) { e.Slug = "golden-repair" })
	err := s.store.SaveEvents(s.ctx, events.Change{Event: &second, At: s.clock.Now()})
	s.problem("new event under a slug that is taken", err, events.Conflict)
	_, err = s.store.Event(s.ctx, second.ID)
	s.notFound("event whose slug was taken", err)

	third := s.list()
	third.Slug = first.Slug
	err = s.store.SaveEvents(s.ctx, events.Change{Event: &third, At: s.clock.Now()})
	s.problem("renaming to a slug that is taken", err, events.Conflict)
}

func allOrNone(s *stage) {
	stored := s.list()
	s.drain()
	stale := stored
	stale.Version = 9
	good, guest := s.draft(), Host(s.ids)
	w := Whereabouts()
	receipt := &events.Receipt{
		Scope: "acc_x", Key: "all-or-none", Act: "register", Answer: []byte(`{}`), At: s.clock.Now(),
	}
	err := s.store.SaveEvents(s.ctx,
		events.Change{
			Event: &good, Whereabouts: &w, Host: &guest, Receipt: receipt, At: s.clock.Now(),
			News: []events.Activity{s.news(events.EventListed, good)},
		},
		events.Change{Event: &stale, At: s.clock.Now()},
	)
	s.problem("two changes of which one is stale", err, events.Conflict)
	_, err = s.store.Event(s.ctx, good.ID)
	s.notFound("event beside a stale one", err)
	_, err = s.store.Whereabouts(s.ctx, good.ID)
	s.notFound("whereabouts beside a stale event", err)
	_, err = s.store.Host(s.ctx, guest.ID)
	s.notFound("host beside a stale event", err)
	_, err = s.store.Receipt(s.ctx, receipt.Scope, receipt.Key)
	s.notFound("receipt beside a stale event", err)
	if moved := s.drain(); len(moved) != 0 {
		s.Errorf("changes that failed left %d activities in the outbox", len(moved))
	}
}

func changeWithHost(s *stage) {
	account := s.signedIn("ana@example.org")
	host := Host(s.ids)
	e, w := Event(s.ids, s.edition, host), Whereabouts()
	s.save(events.Change{Event: &e, Whereabouts: &w, Host: &host, AccountID: account.ID})
	stored, err := s.store.Host(s.ctx, host.ID)
	s.ok(err)
	if stored.Version != 1 || stored.DisplayName != host.DisplayName {
		s.Errorf("host came back as %+v", stored)
	}
	account, err = s.store.Account(s.ctx, account.ID)
	s.ok(err)
	if account.HostID != host.ID {
		s.Errorf("the account's host is %q, want %q", account.HostID, host.ID)
	}
	s.same("roles", []events.Role{events.HostRole}, account.Roles)

	stored.Bio = "Second event."
	second := Event(s.ids, s.edition, stored)
	s.save(events.Change{Event: &second, Whereabouts: &w, Host: &stored, AccountID: account.ID})
	again, err := s.store.Account(s.ctx, account.ID)
	s.ok(err)
	s.same("account after its second event", account, again)
	stored, err = s.store.Host(s.ctx, host.ID)
	s.ok(err)
	if stored.Version != 2 || stored.Bio != "Second event." {
		s.Errorf("changed host came back as %+v", stored)
	}
}

func eventsByNames(s *stage) {
	a := s.list(func(e *events.Event) { e.Source = events.Source{Name: "opendataday", ID: "7"} })
	b := s.draft(func(e *events.Event) { e.Review = events.Rejected })
	s.save(events.Change{Event: &b})
	list, err := s.store.EventsByID(s.ctx, []events.ID{b.ID, s.ids.New(events.EventPrefix), a.ID})
	s.ok(err)
	got := map[events.ID]events.Event{}
	for _, e := range list {
		got[e.ID] = e
	}
	s.same("events by id", map[events.ID]events.Event{a.ID: a, b.ID: b}, got)

	for name, want := range map[string]events.Event{
		a.Slug: a, a.LinkKey: a, b.Slug: b, b.LinkKey: b,
	} {
		e, err := s.store.EventByName(s.ctx, name)
		s.ok(err)
		s.same("event by name", want, e)
	}
	e, err := s.store.EventBySource(s.ctx, s.edition.ID, "opendataday", "7")
	s.ok(err)
	s.same("event by source", a, e)
}

func eventMissing(s *stage) {
	unknown := s.ids.New(events.EventPrefix)
	s.list(func(e *events.Event) { e.Source = events.Source{Name: "opendataday", ID: "7"} })
	_, err := s.store.Event(s.ctx, unknown)
	s.notFound("event by an unknown id", err)
	_, err = s.store.EventByName(s.ctx, "no-such-event")
	s.notFound("event by an unknown name", err)
	_, err = s.store.EventByName(s.ctx, "")
	s.notFound("event by no name", err)
	_, err = s.store.Whereabouts(s.ctx, unknown)
	s.notFound("whereabouts of an unknown event", err)
	for _, source := range [][2]string{{"opendataday", "8"}, {"other", "7"}, {"", ""}} {
		_, err = s.store.EventBySource(s.ctx, s.edition.ID, source[0], source[1])
		s.notFound("event by an unknown source", err)
	}
	_, err = s.store.EventBySource(s.ctx, s.ids.New(events.EditionPrefix), "opendataday", "7")
	s.notFound("event by its source in another edition", err)
	_, err = s.store.Receipt(s.ctx, "acc_x", "no-such-key")
	s.notFound("unknown receipt", err)
}
