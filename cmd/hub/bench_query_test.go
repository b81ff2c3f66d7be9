package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// What is asked, of how many.
const (
	queriedEvents = 10_000
	queriedPage   = 50
	queriesInTurn = 40
	queryTurns    = 5 // of each kind
)

const queriedFields = `query ($edition: ID!, $after: String) {
	events(editionId: $edition, first: 50, after: $after) {
		pageInfo { hasNextPage endCursor }
		nodes { id path title language way day dayBy allDay startsAt endsAt host { displayName }
			place { latitude longitude locality country } } } }`

// The answer's shape, for the handler that is written by hand and for holding the two together.
type (
	queriedList struct {
		PageInfo queriedInfo    `json:"pageInfo"`
		Nodes    []queriedEvent `json:"nodes"`
	}
	queriedInfo struct {
		HasNextPage bool   `json:"hasNextPage"`
		EndCursor   string `json:"endCursor"`
	}
	queriedEvent struct {
		ID       events.ID       `json:"id"`
		Path     string          `json:"path"`
		Title    string          `json:"title"`
		Language string          `json:"language"`
		Way      events.Way      `json:"way"`
		Day      events.DayState `json:"day"`
		DayBy    events.DayBy    `json:"dayBy"`
		AllDay   bool            `json:"allDay"`
		StartsAt time.Time       `json:"startsAt"`
		EndsAt   time.Time       `json:"endsAt"`
		Host     queriedHost     `json:"host"`
		Place    queriedPlace    `json:"place"`
	}
	queriedHost struct {
		DisplayName string `json:"displayName"`
	}
	queriedPlace struct {
		Latitude  *float64 `json:"latitude"`
		Longitude *float64 `json:"longitude"`
		Locality  string   `json:"locality"`
		Country   string   `json:"country"`
	}
)

// BenchmarkEventsQuery measures pages of fifty events with their hosts, by all callers that the
// database takes at once: by GraphQL through everything that a request goes through in a hub, by a
// handler that is written for this one list, and by the store alone, in turns.
func BenchmarkEventsQuery(b *testing.B) {
	address := dbtest.New(b)
	s := newStage(b, address)
	s.fill(queriedEvents, eventstest.Listed(eventstest.Morning()))
	s.drain()
	q := &queried{stage: s, hub: idleHub(b, address)}
	q.handler = q.routed()
	q.cursors = q.allCursors()
	q.same()
	turn := func() (whole, plain, store time.Duration) {
		return q.turn(func(cursor string) { q.graphQL(cursor) }),
			q.turn(func(cursor string) { q.plain(cursor) }),
			q.turn(func(cursor string) { q.page(b.Context(), cursor) })
	}
	turn() // so that connections stand and caches are filled
	var whole, plain, store time.Duration
	for b.Loop() {
		for range queryTurns {
			byGraphQL, byHand, alone := turn()
			whole, plain, store = whole+byGraphQL, plain+byHand, store+alone
		}
	}
	b.ReportMetric(float64(b.N)*queryTurns*queriesInTurn/whole.Seconds(), "events_query_per_s")
	b.ReportMetric(float64(store)/float64(whole), "events_query_vs_store")
	b.ReportMetric(float64(plain)/float64(whole), "events_query_vs_plain_json")
}

type queried struct {
	*stage
	hub     *hub
	handler http.Handler
	cursors []string
	asked   atomic.Uint64
}

// idleHub is a hub with all its parts and without its workers, so that nothing else goes on.
func idleHub(b *testing.B, databaseURL string) *hub {
	b.Helper()
	h := &hub{
		settings: settings{DatabaseURL: databaseURL}, log: slog.New(slog.DiscardHandler),
		serve: serveCommand{Site: "http://hub.test", TrustedProxies: []string{"192.0.2.0/24"}},
	}
	h.workers = &workers{log: h.log}
	var err error
	if h.all, err = startServices(b.Context(), h.settings, h.log); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := h.all.stop(); err != nil {
			b.Error(err)
		}
	})
	if err := h.build(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = h.store.Close() })
	return h
}

func (q *queried) routed() http.Handler {
	handler, err := q.hub.routes(q.Context())
	q.ok(err)
	return handler
}

// allCursors are where the edition's pages begin.
func (q *queried) allCursors() []string {
	cursors := []string{""}
	for {
		page := q.page(q.Context(), cursors[len(cursors)-1])
		if !page.HasNext {
			return cursors
		}
		cursors = append(cursors, page.Cursors[len(page.Cursors)-1])
	}
}

// turn asks for one page after another with as many callers as the hub has connections.
func (q *queried) turn(ask func(cursor string)) time.Duration {
	callers := max(4, 2*runtime.GOMAXPROCS(0))
	var left atomic.Int64
	left.Store(queriesInTurn)
	var all sync.WaitGroup
	start := time.Now()
	for range callers {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				ask(q.cursors[q.asked.Add(1)%uint64(len(q.cursors))])
			}
		})
	}
	all.Wait()
	return time.Since(start)
}

func (q *queried) page(ctx context.Context, cursor string) events.EventPage {
	page, err := q.hub.store.FindEvents(ctx, events.Query{
		Filter: events.Filter{EditionID: q.edition.ID}, First: queriedPage, After: cursor,
	})
	if err != nil || len(page.Events) != queriedPage {
		q.Errorf("%d events: %v", len(page.Events), err)
	}
	return page
}

// graphQL asks as a client that has not asked before: each has an address of its own, so that the
// limits are reckoned and nobody comes to theirs.
func (q *queried) graphQL(cursor string) []byte {
	body := bodyOf(queriedFields, "edition", q.edition.ID.String(), "after", cursor)
	r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Forwarded-For", visitorAddress(q.asked.Load()))
	return q.answer(q.handler, r)
}

// visitorAddress is an address of the n-th visitor, for hubs that believe a proxy.
func visitorAddress(n uint64) string { return fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255) }

func (q *queried) plain(cursor string) []byte {
	return q.answer(http.HandlerFunc(q.list), httptest.NewRequest(http.MethodGet, "/events?after="+cursor, nil))
}

func (q *queried) answer(handler http.Handler, r *http.Request) []byte {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK || bytes.Contains(w.Body.Bytes(), []byte(`"errors"`)) {
		q.Errorf("%d %.500s", w.Code, w.Body)
	}
	return w.Body.Bytes()
}

// list is the handler by hand: the same rows, the same fields, and nothing else.
func (q *queried) list(w http.ResponseWriter, r *http.Request) {
	page := q.page(r.Context(), r.URL.Query().Get("after"))
	names, err := q.names(r.Context(), page.Events)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	list := queriedList{PageInfo: queriedInfo{page.HasNext, page.Cursors[len(page.Cursors)-1]}}
	for _, e := range page.Events {
		list.Nodes = append(list.Nodes, queriedEvent{
			ID: e.ID, Path: e.Path(), Title: e.Title, Language: e.Language, Way: e.Way, Day: e.Day, DayBy: e.DayBy,
			AllDay: e.Schedule.AllDay, StartsAt: e.Schedule.StartsAt, EndsAt: e.Schedule.EndsAt,
			Host:  queriedHost{names[e.HostID]},
			Place: queriedPlace{e.Place.Latitude, e.Place.Longitude, e.Place.Locality, e.Place.Country},
		})
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(list) // a recorder takes everything
}

func (q *queried) names(ctx context.Context, found []events.Event) (map[events.ID]string, error) {
	names := map[events.ID]string{}
	var ids []events.ID
	for _, e := range found {
		if _, known := names[e.HostID]; !known {
			names[e.HostID] = ""
			ids = append(ids, e.HostID)
		}
	}
	hosts, err := q.hub.store.Hosts(ctx, ids)
	for _, host := range hosts {
		names[host.ID] = host.DisplayName
	}
	return names, err
}

// same makes sure that both answer the same.
func (q *queried) same() {
	q.Helper()
	var ours struct{ Data struct{ Events queriedList } }
	var theirs queriedList
	q.ok(json.Unmarshal(q.graphQL(q.cursors[1]), &ours))
	q.ok(json.Unmarshal(q.plain(q.cursors[1]), &theirs))
	if len(theirs.Nodes) != queriedPage || !reflect.DeepEqual(ours.Data.Events, theirs) {
		q.Fatalf("by GraphQL %+v\nby hand %+v", ours.Data.Events, theirs)
	}
}
