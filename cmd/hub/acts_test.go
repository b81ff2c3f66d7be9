package main

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"

	"github.com/microgalleries/actionday/events"
)

const answered = "{ event { id slug path title review version } problems { code field message } }"

// registration is what a host sends: an event that lasts the whole day.
func registration(edition events.ID, title string, changes ...map[string]any) map[string]any {
	r := map[string]any{
		"editionId": edition.String(), "way": "OWN_WORK", "title": title, "allDay": true, "zone": "UTC",
		"host":  map[string]any{"displayName": "Studio Patan"},
		"place": map[string]any{"precision": "EXACT", "latitude": 27.672813, "longitude": 85.325147, "locality": "Lalitpur", "country": "NP"},
	}
	for _, change := range changes {
		for name, value := range change {
			r[name] = value
		}
	}
	return r
}

// registers hands an event in and gives it as answered.
func (p *person) registers(edition events.Edition, title string, changes ...map[string]any) reply {
	p.t.Helper()
	return p.must(`mutation ($r: RegisterEventInput!) { registerEvent(registration: $r) `+answered+` }`,
		"r", registration(edition.ID, title, changes...))
}

// approves lists an event.
func (p *person) approves(id string) reply {
	p.t.Helper()
	return p.must(`mutation ($id: ID!) { approveEvent(eventId: $id) `+answered+` }`, "id", id)
}

// takesPart counts a device by checkIn or cheer and gives the outcome.
func (p *person) takesPart(act, event, device string) string {
	p.t.Helper()
	if act == "checkIn" {
		return p.scans(p.code(event), device).text("checkIn.outcome")
	}
	r := p.must(`mutation ($id: ID!, $device: String!) { cheer(eventId: $id, device: $device) { outcome problems { code message } } }`,
		"id", event, "device", device)
	return r.text("cheer.outcome")
}

// scans checks a device in by a code.
func (p *person) scans(code, device string) reply {
	p.t.Helper()
	return p.must(`mutation ($code: String!, $device: String!) { checkIn(code: $code, device: $device) { outcome problems { code message } } }`,
		"code", code, "device", device)
}

// code is what the host of an event shows on a screen.
func (h *house) code(event string) string {
	h.t.Helper()
	id, err := events.ParseID(event)
	if err != nil {
		h.t.Fatal(err)
	}
	codes, err := h.service.CheckInCodes(h.t.Context(), events.Actor{System: true}, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return codes.Rotating.Code
}

// device is the token of the n-th phone.
func device(n int) string { return fmt.Sprintf("device-of-a-passer-by-%04d", n) }

const tallies = `{ asOfSeq countries
	world { events live done off checkIns { value reported } cheers { value reported } declared { value } reached { value } }
	byCountry { country tally { events checkIns { value } } } byWay { way tally { events cheers { value } } } }`

// counts are an edition's numbers as a hub tells them.
func (p *person) counts(edition events.Edition) reply {
	p.t.Helper()
	return p.must(`query ($id: ID!) { counts(editionId: $id) `+tallies+` }`, "id", edition.ID.String())
}

// titles lists the titles of the events that a hub finds.
func (p *person) titles(edition events.Edition) []string {
	p.t.Helper()
	r := p.must(`query ($id: ID!) { events(editionId: $id, first: 100) { nodes { title } } }`, "id", edition.ID.String())
	var titles []string
	nodes, _ := r.get("events.nodes").([]any)
	for _, node := range nodes {
		titles = append(titles, node.(map[string]any)["title"].(string))
	}
	return titles
}

// tile gets the features of the map's tile that holds a point.
func (p *person) tile(edition events.Edition, zoom maptile.Zoom, latitude, longitude float64) []*geojson.Feature {
	p.t.Helper()
	at := maptile.At(orb.Point{longitude, latitude}, zoom)
	a := p.get(fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt", edition.Slug, at.Z, at.X, at.Y))
	if a.status != 200 {
		p.t.Fatalf("tile %v: %d %s", at, a.status, a)
	}
	return features(p.t, at, a.body)
}

func features(t *testing.T, at maptile.Tile, body []byte) (all []*geojson.Feature) {
	t.Helper()
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	layers, err := mvt.Unmarshal(body)
	if err != nil {
		t.Fatalf("tile %v: %v", at, err)
	}
	layers.ProjectToWGS84(at)
	for _, layer := range layers {
		all = append(all, layer.Features...)
	}
	return all
}
