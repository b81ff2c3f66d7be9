package pages

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/cmd/hub/pages/poster"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
	"github.com/microgalleries/actionday/graph/auth"
)

const hubAddress = "https://hub.example"

// house is a whole hub in memory with its pages.
type house struct {
	t       *testing.T
	hub     *events.Service
	store   *eventstest.Store
	clock   *eventstest.Clock
	ids     *eventstest.IDs
	edition events.Edition
	handler http.Handler
	log     *lockedBuffer
	letters []events.Mail
	refuse  string // an act that is done too often
	spots   []poster.Spot
}

// lockedBuffer is a log that a test may read.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newHouse opens a hub with one open edition, on the first of December 2026.
func newHouse(t *testing.T, options ...func(*events.Edition)) *house {
	t.Helper()
	h := emptyHouse(t)
	h.edition = eventstest.Edition(h.ids, options...)
	if err := h.store.SaveEdition(t.Context(), &h.edition); err != nil {
		t.Fatal(err)
	}
	return h
}

// emptyHouse is a hub for which no day is announced yet.
func emptyHouse(t *testing.T) *house {
	t.Helper()
	h := &house{
		t: t, store: eventstest.NewStore(), clock: eventstest.NewClock(eventstest.Morning()),
		ids: eventstest.NewIDs(1), log: &lockedBuffer{},
	}
	h.build(h.store)
	return h
}

// build makes the hub over a store, which may be one that fails.
func (h *house) build(store events.Store) {
	h.t.Helper()
	h.hub = events.New(events.Parts{
		Store: store, Atlas: eventstest.Atlas{}, Now: h.clock.Now, NewID: h.ids.UUID,
		Random: rand.Reader, Site: func() string { return hubAddress },
		CodeKey: eventstest.CodeKey(), Meter: &eventstest.Meter{},
	})
	who := auth.New(h.hub, auth.Options{})
	h.t.Cleanup(who.Close)
	past, _ := store.(events.Replayer)
	handler, err := New(Parts{
		Hub: h.hub, Counts: store, Replay: past, Log: slog.New(slog.NewJSONHandler(h.log, nil)),
		Site: func() string { return hubAddress }, Atlas: testAtlas(),
		Letters: func() []events.Mail { return h.letters },
		Spots:   func(events.ID, int) []poster.Spot { return h.spots },
		Allow:   func(_ *http.Request, act string) (int, bool) { return 7, act != h.refuse },
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.handler = who.Middleware(handler)
}

// testAtlas knows the towns of eventstest.
func testAtlas() Atlas {
	known := eventstest.Towns()
	return Atlas{
		CountryName: func(code, lang string) string {
			if code == "NP" && lang == "ar" {
				return "نيبال"
			}
			return map[string]string{"NP": "Nepal", "BR": "Brazil"}[code]
		},
		Countries: func(string) []Country { return []Country{{"BR", "Brazil"}, {"NP", "Nepal"}} },
		Towns: func(query, country string, limit int) (found []Town) {
			for _, town := range known {
				fits := strings.HasPrefix(strings.ToLower(town.Name), strings.ToLower(query))
				if query != "" && fits && (country == "" || country == town.Country) && len(found) < limit {
					found = append(found, Town{town.Name, town.Country, town.Latitude, town.Longitude})
				}
			}
			return found
		},
		ZoneAt: eventstest.Atlas{}.ZoneAt,
		Zones:  func() []string { return []string{"America/Sao_Paulo", "Asia/Kathmandu", "Asia/Tehran"} },
	}
}

// settle moves what happened into the public log, as the sequencer does.
func (h *house) settle() {
	h.t.Helper()
	for {
		moved, err := h.store.Sequence(h.t.Context(), 100)
		if err != nil {
			h.t.Fatal(err)
		}
		if len(moved) == 0 {
			return
		}
	}
}

// add stores an event of the host with its private side.
func (h *house) add(host events.Host, where events.Whereabouts, options ...func(*events.Event)) events.Event {
	h.t.Helper()
	options = append([]func(*events.Event){eventstest.Placed(h.edition, where)}, options...)
	e := eventstest.Event(h.ids, h.edition, host, options...)
	change := events.Change{Event: &e, Whereabouts: &where, At: h.clock.Now()}
	if e.IsPublic() {
		change.News = []events.Activity{eventstest.News(h.ids, events.EventListed, e, host, h.clock.Now())}
	}
	if err := h.store.SaveEvents(h.t.Context(), change); err != nil {
		h.t.Fatal(err)
	}
	h.settle()
	return e
}

// attend counts n devices for the event while it lasts.
func (h *house) attend(e events.Event, kind events.AttendanceKind, n int) {
	h.t.Helper()
	before := h.clock.Now()
	h.clock.Set(e.Schedule.StartsAt)
	for range n {
		var err error
		if kind == events.CheckIn {
			_, _, err = h.hub.CheckIn(h.t.Context(), "", events.Arrival{Code: h.codes(e).Rotating.Code, Device: rand.Text()})
		} else {
			_, _, err = h.hub.Cheer(h.t.Context(), "", e.ID, rand.Text())
		}
		if err != nil {
			h.t.Fatal(err)
		}
	}
	h.clock.Set(before)
	h.settle()
}

// codes are what the host of an event can show now.
func (h *house) codes(e events.Event) events.CheckInCodes {
	h.t.Helper()
	codes, err := h.hub.CheckInCodes(h.t.Context(), events.Actor{System: true}, e.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return codes
}

// host stores a host.
func (h *house) host(options ...func(*events.Host)) events.Host {
	h.t.Helper()
	host := eventstest.Host(h.ids, options...)
	if err := h.store.SaveHost(h.t.Context(), &host); err != nil {
		h.t.Fatal(err)
	}
	return host
}

// titled gives an event a title and the slug that would come with it.
func titled(title, slug string) func(*events.Event) {
	return func(e *events.Event) { e.Title, e.Slug = title, slug }
}

func listed(e *events.Event) { eventstest.Listed(eventstest.Morning())(e) }

func inReview(state events.ReviewState) func(*events.Event) {
	return func(e *events.Event) { e.Review = state }
}

func sprint(format string, args ...any) string { return fmt.Sprintf(format, args...) }

func newRequest(method, target string) *http.Request { return httptest.NewRequest(method, target, nil) }

func parsed(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func newAnswer() *answer { return &answer{ResponseRecorder: httptest.NewRecorder()} }
