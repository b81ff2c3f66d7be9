package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"math"
	random "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/cmd/hub/pages"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// crowded is the pages of a hub whose map has so many events.
func crowded(t testing.TB, n int) http.Handler {
	t.Helper()
	store, ids, clock := eventstest.NewStore(), eventstest.NewIDs(1), eventstest.NewClock(eventstest.Morning())
	edition := eventstest.Edition(ids)
	if err := store.SaveEdition(t.Context(), &edition); err != nil {
		t.Fatal(err)
	}
	cards := crowdOfCards(n)
	m := newMaps(func(context.Context, events.ID) ([]events.EventCard, events.Position, error) {
		return cards, events.Position{Epoch: 1, Seq: int64(n)}, nil
	})
	if _, err := m.Start(t.Context(), edition.ID); err != nil {
		t.Fatal(err)
	}
	handler, err := pages.New(pages.Parts{
		Hub: events.New(events.Parts{
			Store: store, Atlas: eventstest.Atlas{}, Now: clock.Now, NewID: ids.UUID, Random: rand.Reader,
			Site: func() string { return "https://hub.example" },
		}),
		Counts: store, Log: slog.New(slog.DiscardHandler), Site: func() string { return "https://hub.example" }, Spots: m.spots,
	})
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

// crowdOfCards is a worldwide day: two thousand towns of very different size.
func crowdOfCards(n int) []events.EventCard {
	dice := random.New(random.NewPCG(2019, 921))
	towns := make([][2]float64, 2000)
	for i := range towns {
		towns[i] = [2]float64{math.Max(-55, math.Min(70, dice.NormFloat64()*22+25)), dice.Float64()*360 - 180}
	}
	ways := []events.Way{events.OwnWork, events.OwnWork, events.Blueprint, events.Digital}
	days := []events.DayState{events.Planned, events.Live, events.Done, events.Cancelled}
	cards := make([]events.EventCard, n)
	for i := range cards {
		at := towns[int(float64(len(towns))*math.Pow(dice.Float64(), 3))]
		latitude := math.Max(-89, math.Min(89, at[0]+dice.NormFloat64()*0.5))
		longitude := math.Max(-180, math.Min(180, at[1]+dice.NormFloat64()*0.5))
		cards[i] = events.EventCard{
			ID:    events.NewID(events.EventPrefix, [16]byte{12: byte(i >> 24), 13: byte(i >> 16), 14: byte(i >> 8), 15: byte(i)}),
			Title: fmt.Sprintf("Wall %d", i), Way: ways[dice.IntN(len(ways))], Day: days[dice.IntN(len(days))],
			Place: events.Place{Precision: events.ExactPrecision, Latitude: &latitude, Longitude: &longitude},
		}
	}
	return cards
}

// The picture of a day with 100,000 events is at most 30 kB over the wire.
func TestPictureOfAHundredThousandEvents(t *testing.T) {
	t.Parallel()
	handler := crowded(t, 100_000)
	for _, look := range []string{"", "?only=map", "?theme=dark&lang=ar"} {
		r := httptest.NewRequest(http.MethodGet, "/map.svg"+look, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if _, err := gzip.NewReader(bytes.NewReader(w.Body.Bytes())); err != nil {
			t.Fatal(err)
		}
		t.Logf("poster_kb %.1f %s", float64(w.Body.Len())/1000, look)
		if w.Code != http.StatusOK || w.Body.Len() > 30_000 || w.Body.Len() < 8_000 {
			t.Errorf("/map.svg%s = %d with %d bytes", look, w.Code, w.Body.Len())
		}
	}
}

// marks tells whether the hub's picture shows any event.
func (p *person) marks() bool {
	p.t.Helper()
	return strings.Contains(p.get("/map.svg?only=map").String(), "h0")
}

// What is listed comes into the picture, and what its host takes back is gone from it.
func TestPictureFollowsTheDay(t *testing.T) {
	t.Parallel()
	h := startHub(t, settings{}, serveCommand{})
	edition := h.today()
	host := h.signedIn("host@example.org")
	id := host.registers(edition, "A wall of birds").text("registerEvent.event.id")
	if h.anybody().marks() {
		t.Error("what nobody has looked at is in the picture")
	}
	h.signedIn("steward@example.org", events.StewardRole).approves(id)
	eventually(t, "the event is in the picture", h.anybody().marks)
	host.must(`mutation ($id: ID!) { withdrawEvent(eventId: $id) { problems { message } } }`, "id", id)
	eventually(t, "the picture forgets it", func() bool { return !h.anybody().marks() })
}

// What stands in pages of others looks at no session: not even at one that is good.
func TestOutsideKnowsNoSession(t *testing.T) {
	t.Parallel()
	h := startHub(t, settings{}, serveCommand{})
	h.today()
	steward := h.signedIn("steward@example.org", events.StewardRole)
	for _, target := range []string{"/embed", "/embed?lang=fr", "/embed?country=zzz", "/map.svg", "/manifest.webmanifest", "/sw.js"} {
		mine, theirs := steward.get(target), h.anybody().get(target)
		if mine.header.Get("Set-Cookie") != "" || mine.header.Get("Cache-Control") != theirs.header.Get("Cache-Control") {
			t.Errorf("%s: %v, without a session %v", target, mine.header, theirs.header)
		}
		if strings.HasPrefix(target, "/embed") && mine.String() != theirs.String() {
			t.Errorf("%s is another one for a steward", target)
		}
	}
}
