package main

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events"
)

// spot is an event and what nobody but its host and the stewards may know of it.
type spot struct {
	precision           string
	latitude, longitude float64 // where it really is
	id, slug, title     string
	place               *place // what the hub shows
}

type place struct{ latitude, longitude float64 }

// spots are far from one another, and none is near the middle of a cell, a town or a country, so
// that the truth cannot be mistaken for what is shown.
func spots() []*spot {
	return []*spot{
		{precision: "EXACT", latitude: 27.672813, longitude: 85.325147},
		{precision: "AREA", latitude: -1.283217, longitude: 36.817234},
		{precision: "CITY", latitude: -23.561784, longitude: -46.655981},
		{precision: "COUNTRY", latitude: 35.715298, longitude: 51.404343},
		{precision: "HIDDEN", latitude: 31.501734, longitude: 34.466811},
	}
}

// secrets are texts that no reader may find, and what they are.
type secrets struct {
	texts  map[string]string
	places []*spot // whose true coordinates may not be found
}

// nearMiss is how many degrees a number may be off a true coordinate and still betray it: 50 m.
const nearMiss = 0.0005

// hide lists an event of each precision, and others that are not listed at all, with a canary in
// everything that is private.
func (s *secrets) hide(p *pair) []*spot {
	p.t.Helper()
	s.texts = map[string]string{
		"canary": "a canary", "CANARY": "a canary", "Canarytown": "a canary",
		p.host.session: "the host's session", p.steward.session: "the steward's session",
	}
	all := spots()
	for _, at := range all {
		at.title = "Wall of " + strings.ToLower(at.precision)
		s.register(p, at, nil)
		p.steward.must(`mutation ($id: ID!) { requestChanges(eventId: $id, reason: "CANARY-question: where is it?") `+answered+` }`, "id", at.id)
		at.slug = p.steward.approves(at.id).text("approveEvent.event.slug")
		if at.precision != "EXACT" {
			s.places = append(s.places, at)
		}
	}
	for i, act := range []string{
		"", `rejectEvent(eventId: $id, reason: "CANARY-reason: an advertisement")`, `withdrawEvent(eventId: $id, reason: "CANARY-reason: danger")`,
		`requestChanges(eventId: $id, reason: "CANARY-question: which wall?")`,
	} {
		unlisted := &spot{precision: "EXACT", latitude: 10.123456 + float64(i), longitude: 20.654321 + float64(i), title: fmt.Sprintf("CANARY-unlisted-%d", i)}
		s.register(p, unlisted, nil)
		s.places = append(s.places, unlisted)
		if act != "" {
			p.steward.must(`mutation ($id: ID!) { `+act+` `+answered+` }`, "id", unlisted.id)
		}
	}
	for i, how := range []string{"draft", "linkOnly"} {
		unlisted := &spot{precision: "EXACT", latitude: 12.345678 + float64(i), longitude: 23.456789 + float64(i), title: "CANARY-" + how}
		s.register(p, unlisted, map[string]any{how: true})
		s.places = append(s.places, unlisted)
	}
	return all
}

func (s *secrets) register(p *pair, at *spot, more map[string]any) {
	p.t.Helper()
	country := map[string]string{"EXACT": "NP", "AREA": "KE", "CITY": "BR", "COUNTRY": "IR", "HIDDEN": "PS"}
	where := map[string]any{
		"precision": at.precision, "latitude": at.latitude, "longitude": at.longitude,
		"address": "CANARY-address 7", "locality": "Somewhere", "country": country[at.precision],
	}
	if at.precision == "COUNTRY" || at.precision == "HIDDEN" {
		where["locality"] = "Canarytown"
	}
	r := p.host.registers(p.edition, at.title, map[string]any{"place": where, "permission": "CANARY-permission"}, more)
	at.id = r.text("registerEvent.event.id")
	if path := r.text("registerEvent.event.path"); strings.HasPrefix(path, "/e/") {
		s.texts[strings.TrimPrefix(path, "/e/")] = "the link key of " + at.title
	}
}

// foundIn lists the secrets that a text holds.
func (s *secrets) foundIn(text string) (found []string) {
	text = regexp.MustCompile(`\d\d:\d\d:\d\d\.\d+`).ReplaceAllString(text, "") // instants look like degrees
	for secret, what := range s.texts {
		if strings.Contains(text, secret) {
			found = append(found, what+" ("+secret+")")
		}
	}
	for _, digits := range regexp.MustCompile(`-?\d{1,3}\.\d{3,}`).FindAllString(text, -1) {
		number, err := strconv.ParseFloat(digits, 64)
		if err != nil {
			continue
		}
		for _, at := range s.places {
			if math.Abs(number-at.latitude) < nearMiss || math.Abs(number-at.longitude) < nearMiss {
				found = append(found, "where "+at.title+" is ("+digits+")")
			}
		}
	}
	return found
}

// shown looks up what the hub tells of a place.
func (at *spot) shown(p *person) {
	p.t.Helper()
	r := p.must(`query ($id: ID!) { event(id: $id) { place { precision latitude longitude locality country } zone startsAt endsAt } }`, "id", at.id)
	if r.text("event.place.precision") != at.precision {
		p.t.Errorf("%s is shown as %s", at.title, r)
	}
	latitude, mapped := r.get("event.place.latitude").(float64)
	longitude, _ := r.get("event.place.longitude").(float64)
	if at.place = nil; mapped {
		at.place = &place{latitude, longitude}
	}
	switch at.precision {
	case "EXACT":
		if at.place == nil || *at.place != (place{at.latitude, at.longitude}) {
			p.t.Errorf("an exact place is shown as %s", r)
		}
	case "COUNTRY":
		if r.get("event.place.locality") != nil || r.text("event.place.country") != "IR" || r.get("event.zone") != nil {
			p.t.Errorf("a country is shown as %s", r)
		}
	case "HIDDEN":
		if mapped || r.get("event.place.country") != nil || r.get("event.place.locality") != nil || r.get("event.zone") != nil {
			p.t.Errorf("a hidden place is shown as %s", r)
		}
	}
}

// isSomewhere tells whether boxes and circles find it: a country's point is not where it is.
func (at *spot) isSomewhere() bool { return at.place != nil && at.precision != "COUNTRY" }

func (at *spot) km(latitude, longitude float64) float64 {
	return events.DistanceKm(at.latitude, at.longitude, latitude, longitude)
}

// The test's own eyes: they see what they are to look for.
func TestSecretsAreSeen(t *testing.T) {
	t.Parallel()
	s := secrets{texts: map[string]string{"CANARY": "a canary"}, places: spots()[1:]}
	for text, wanted := range map[string]int{
		`{"latitude":-1.2832,"longitude":36.81999}`:  1,
		`<td>51.4043431</td>`:                        1,
		`"startsAt":"2026-12-12T00:00:35.715298Z"`:   0,
		`{"address":"CANARY-address 7, 31.5017"}`:    2,
		`{"latitude":-1.285,"longitude":36.815}`:     0,
		`{"latitude":27.672813,"longitude":85.3251}`: 0,
	} {
		if found := s.foundIn(text); len(found) != wanted {
			t.Errorf("in %s found %q", text, found)
		}
	}
}
