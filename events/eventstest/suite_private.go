package eventstest

import (
	"encoding/json"
	"strings"

	"github.com/microgalleries/actionday/events"
)

func privacyTests() map[string]func(*stage) {
	return map[string]func(*stage){
		"whereabouts come back to those who may ask":  whereaboutsRoundTrip,
		"whereabouts stay as they are when not given": whereaboutsStay,
		"no reader of the public side can tell them":  whereaboutsStayPrivate,
		"search does not find what is not shown":      searchKeepsSecrets,
	}
}

// The canaries stand in the private side only.
const (
	canaryAddress  = "canary lane"
	canaryLocality = "canaryville"
)

// canaryPoint lies near Kathmandu; its digits occur nowhere else.
func canaryPoint() (latitude, longitude float64) { return 27.712345678, 85.318765432 }

func canary(precision events.Precision) events.Whereabouts {
	return Whereabouts(At(canaryPoint()), Shown(precision), func(w *events.Whereabouts) {
		w.Address = canaryAddress
		if precision == events.CountryPrecision || precision == events.HiddenPrecision {
			w.Locality = canaryLocality
		}
	})
}

func whereaboutsRoundTrip(s *stage) {
	e, want := s.draft(), canary(events.AreaPrecision)
	want.CountryGuessed, want.AllDay = true, true
	s.save(events.Change{Event: &e, Whereabouts: &want})
	got, err := s.store.Whereabouts(s.ctx, e.ID)
	s.ok(err)
	s.same("whereabouts", want, got)

	want = Whereabouts(Shown(events.HiddenPrecision), Between(23*60+59, 0))
	s.save(events.Change{Event: &e, Whereabouts: &want})
	got, err = s.store.Whereabouts(s.ctx, e.ID)
	s.ok(err)
	s.same("changed whereabouts", want, got)
}

func whereaboutsStay(s *stage) {
	e, want := s.draft(), canary(events.CityPrecision)
	s.save(events.Change{Event: &e, Whereabouts: &want})
	e.Title = "Another title"
	s.save(events.Change{Event: &e})
	got, err := s.store.Whereabouts(s.ctx, e.ID)
	s.ok(err)
	s.same("whereabouts", want, got)
}

func whereaboutsStayPrivate(s *stage) {
	hiding := []events.Precision{
		events.AreaPrecision, events.CityPrecision, events.CountryPrecision, events.HiddenPrecision,
	}
	for _, precision := range hiding {
		w := canary(precision)
		e := s.draft(Listed(s.clock.Now()), Placed(s.edition, w))
		s.save(events.Change{Event: &e, Whereabouts: &w, News: []events.Activity{s.news(events.EventListed, e)}})
		byID := s.event(e.ID)
		s.keepsSecret("event", byID)
	}
	s.keepsSecret("sequenced activities", s.drain())
	s.keepsSecret("log", s.changes(s.edition.ID))
	page, err := s.store.FindEvents(s.ctx, events.Query{First: 50})
	s.ok(err)
	if len(page.Events) != len(hiding) {
		s.Errorf("%d events found, want %d", len(page.Events), len(hiding))
	}
	s.keepsSecret("page", page)
	cards, _, err := s.store.Cards(s.ctx, s.edition.ID)
	s.ok(err)
	if len(cards) != len(hiding)-1 {
		s.Errorf("%d cards on the map, want %d: all but the hidden one", len(cards), len(hiding)-1)
	}
	s.keepsSecret("cards", cards)
}

func (s *stage) keepsSecret(what string, object any) {
	s.Helper()
	raw, err := json.Marshal(object)
	s.ok(err)
	for _, secret := range []string{canaryAddress, canaryLocality, "27.7123", "85.3187"} {
		if strings.Contains(string(raw), secret) {
			s.Errorf("%s tells %q: %s", what, secret, raw)
		}
	}
}

func searchKeepsSecrets(s *stage) {
	w := canary(events.HiddenPrecision)
	e := s.draft(Listed(s.clock.Now()), Placed(s.edition, w))
	s.save(events.Change{Event: &e, Whereabouts: &w})
	latitude, longitude := canaryPoint()
	for what, filter := range map[string]events.Filter{
		"its town":    {Text: canaryLocality},
		"its street":  {Text: "canary"},
		"its country": {Countries: []string{w.Country}},
		"a box":       {Box: &events.Box{West: 85, South: 27, East: 86, North: 28}},
		"the earth":   {Box: &events.Box{West: -180, South: -90, East: 180, North: 90}},
		"its point":   {Near: &events.Near{Latitude: latitude, Longitude: longitude, WithinKm: 20_000}},
	} {
		n, err := s.store.CountEvents(s.ctx, events.Query{Filter: filter})
		s.ok(err)
		if n != 0 {
			s.Errorf("a hidden event was found by %s", what)
		}
	}
	n, err := s.store.CountEvents(s.ctx, events.Query{})
	s.ok(err)
	if n != 1 {
		s.Errorf("%d events in all, want 1: hidden ones count", n)
	}
}
