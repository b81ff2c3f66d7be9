package eventstest

import (
	"time"

	"github.com/microgalleries/actionday/events"
)

func editionTests() map[string]func(*stage) {
	return map[string]func(*stage){
		"comes back as it was saved":           editionRoundTrip,
		"a stale version is a conflict":        editionConflict,
		"a failed save leaves no news":         editionConflictHasNoNews,
		"are listed with the latest first":     editionsInOrder,
		"one that is not there is not found":   editionMissing,
		"what comes out is not what is stored": editionIsCopied,
	}
}

func editionRoundTrip(s *stage) {
	opens := s.clock.Now()
	want := Edition(s.ids, func(e *events.Edition) {
		e.Title, e.Attribution = "Día Mundial – विश्व दिवस – اليوم العالمي", "Open data of the world, \"CC BY\""
		e.RegistrationOpensAt, e.RegistrationClosesAt = opens, opens.Add(240*time.Hour)
		e.ProgrammeAt, e.Mode, e.Stage = opens.Add(time.Hour), events.RehearsalMode, events.AnnouncedStage
	})
	s.ok(s.store.SaveEdition(s.ctx, &want))
	if want.Version != 1 {
		s.Errorf("version after the first save = %d, want 1", want.Version)
	}
	got, err := s.store.Edition(s.ctx, want.ID)
	s.ok(err)
	s.same("edition by id", want, got)
	got, err = s.store.EditionBySlug(s.ctx, want.Slug)
	s.ok(err)
	s.same("edition by slug", want, got)

	want.Title, want.Themes, want.RegistrationOpensAt = "Another title", want.Themes[:1], time.Time{}
	s.ok(s.store.SaveEdition(s.ctx, &want))
	got, err = s.store.Edition(s.ctx, want.ID)
	s.ok(err)
	s.same("edition after the second save", want, got)
	if got.Version != 2 {
		s.Errorf("version after the second save = %d, want 2", got.Version)
	}
}

func editionConflict(s *stage) {
	mine, theirs := s.edition, s.edition
	mine.Title, theirs.Title = "Mine", "Theirs"
	s.ok(s.store.SaveEdition(s.ctx, &theirs))
	s.problem("save of a stale edition", s.store.SaveEdition(s.ctx, &mine), events.Conflict)
	got, err := s.store.Edition(s.ctx, s.edition.ID)
	s.ok(err)
	s.same("edition after the conflict", theirs, got)

	ahead := theirs
	ahead.Version += 5
	s.problem("save of a version from the future", s.store.SaveEdition(s.ctx, &ahead), events.Conflict)
}

func editionConflictHasNoNews(s *stage) {
	stale := s.edition
	s.ok(s.store.SaveEdition(s.ctx, &s.edition))
	err := s.store.SaveEdition(s.ctx, &stale, s.editionNews())
	s.problem("save of a stale edition", err, events.Conflict)
	if moved := s.drain(); len(moved) != 0 {
		s.Errorf("a save that failed left %d activities in the outbox", len(moved))
	}
}

func (s *stage) editionNews() events.Activity {
	return events.Activity{
		ID: s.ids.New(events.ActivityPrefix), EditionID: s.edition.ID, Kind: events.EditionChanged,
		At: s.clock.Now(),
	}
}

func editionsInOrder(s *stage) {
	want := []events.ID{s.edition.ID}
	for _, days := range []int{-400, -30, 300} {
		e := Edition(s.ids, func(e *events.Edition) { e.Date = e.Date.AddDays(days) })
		s.ok(s.store.SaveEdition(s.ctx, &e))
		if days > 0 {
			want = append([]events.ID{e.ID}, want...)
		}
	}
	list, err := s.store.Editions(s.ctx)
	s.ok(err)
	if len(list) != 4 {
		s.Fatalf("%d editions listed, want 4", len(list))
	}
	for i := range list[1:] {
		if list[i].Date.Before(list[i+1].Date) {
			s.Errorf("edition of %v stands before that of %v", list[i].Date, list[i+1].Date)
		}
	}
	s.same("the two latest editions", want, []events.ID{list[0].ID, list[1].ID})
}

func editionMissing(s *stage) {
	_, err := s.store.Edition(s.ctx, s.ids.New(events.EditionPrefix))
	s.notFound("edition by an unknown id", err)
	_, err = s.store.EditionBySlug(s.ctx, "no-such-day")
	s.notFound("edition by an unknown slug", err)
}

func editionIsCopied(s *stage) {
	got, err := s.store.Edition(s.ctx, s.edition.ID)
	s.ok(err)
	got.Themes[0].Title, got.Languages[0] = "scribbled over", "xx"
	again, err := s.store.Edition(s.ctx, s.edition.ID)
	s.ok(err)
	s.same("edition after somebody wrote into what came out", s.edition, again)
}

func hostTests() map[string]func(*stage) {
	return map[string]func(*stage){
		"comes back as it was saved":             hostRoundTrip,
		"a stale version is a conflict":          hostConflict,
		"found by id, unknown ones are left out": hostsByID,
	}
}

func hostRoundTrip(s *stage) {
	want := Host(s.ids, func(h *events.Host) {
		h.DisplayName, h.Kind, h.Trust = "أصدقاء الجدار", events.GroupHost, events.TrustedTrust
		h.Links, h.Languages, h.Country, h.Pseudonymous = nil, []string{"ar"}, "", false
	})
	s.ok(s.store.SaveHost(s.ctx, &want))
	want.Bio = "Since 2019.\nEvery \"wall\" is ours; 'quotes' too."
	s.ok(s.store.SaveHost(s.ctx, &want))
	got, err := s.store.Host(s.ctx, want.ID)
	s.ok(err)
	s.same("host", want, got)
	if got.Version != 2 {
		s.Errorf("version after two saves = %d, want 2", got.Version)
	}
}

func hostConflict(s *stage) {
	mine, theirs := s.host, s.host
	mine.DisplayName, theirs.DisplayName = "Mine", "Theirs"
	s.ok(s.store.SaveHost(s.ctx, &theirs))
	s.problem("save of a stale host", s.store.SaveHost(s.ctx, &mine), events.Conflict)
	got, err := s.store.Host(s.ctx, s.host.ID)
	s.ok(err)
	s.same("host after the conflict", theirs, got)
}

func hostsByID(s *stage) {
	other, unknown := Host(s.ids), s.ids.New(events.HostPrefix)
	s.ok(s.store.SaveHost(s.ctx, &other))
	list, err := s.store.Hosts(s.ctx, []events.ID{other.ID, unknown, s.host.ID})
	s.ok(err)
	got := map[events.ID]events.Host{}
	for _, h := range list {
		got[h.ID] = h
	}
	s.same("hosts", map[events.ID]events.Host{s.host.ID: s.host, other.ID: other}, got)
	if len(list) != 2 {
		s.Errorf("%d hosts came back, want 2", len(list))
	}
	none, err := s.store.Hosts(s.ctx, nil)
	s.ok(err)
	if len(none) != 0 {
		s.Errorf("no ids found %d hosts", len(none))
	}
	_, err = s.store.Host(s.ctx, unknown)
	s.notFound("host by an unknown id", err)
}
