package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
	"github.com/microgalleries/actionday/graph"
	"github.com/microgalleries/actionday/graph/auth"
	"github.com/microgalleries/actionday/graph/limits"
)

// house is a whole edge over a store in memory: service, feed, sessions, and a real HTTP server.
type house struct {
	t       testing.TB
	store   *store
	clock   *eventstest.Clock
	ids     *eventstest.IDs
	service *events.Service
	feed    *feed
	handler *graph.Handler
	server  *httptest.Server
	pauses  chan time.Time // what the counts subscription waits for
	log     *logbook

	edition events.Edition
}

// store fails where a test says so and counts what is asked of it.
type store struct {
	*eventstest.Store
	mu       sync.Mutex
	failing  map[string]error
	hostAsks int
}

func (s *store) failure(what string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failing[what]
}

func (s *store) fail(what string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing[what] = err
}

func (s *store) Hosts(ctx context.Context, ids []events.ID) ([]events.Host, error) {
	s.mu.Lock()
	s.hostAsks++
	s.mu.Unlock()
	return s.Store.Hosts(ctx, ids)
}

func (s *store) Attend(ctx context.Context, all []events.Attendance, newID func() [16]byte) ([]events.Outcome, error) {
	if err := s.failure("attend"); err != nil {
		return nil, err
	}
	return s.Store.Attend(ctx, all, newID)
}

func (s *store) FindEvents(ctx context.Context, q events.Query) (events.EventPage, error) {
	if err := s.failure("find"); err != nil {
		return events.EventPage{}, err
	}
	return s.Store.FindEvents(ctx, q)
}

func (s *store) Head(ctx context.Context, edition events.ID) (events.Position, error) {
	if s.failure("head asks for the viewer") != nil {
		_ = auth.Actor(ctx)
	}
	return s.Store.Head(ctx, edition)
}

func (s *store) Counts(ctx context.Context, edition events.ID) (events.Counts, error) {
	if s.failure("counts ask for the viewer") != nil {
		_ = auth.Session(ctx)
	}
	if err := s.failure("counts"); err != nil {
		return events.Counts{}, err
	}
	return s.Store.Counts(ctx, edition)
}

func (s *store) Session(ctx context.Context, token [32]byte, now time.Time) (events.Session, error) {
	if err := s.failure("session"); err != nil {
		return events.Session{}, err
	}
	return s.Store.Session(ctx, token, now)
}

// logbook is a log that can be read while it is written.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func newHouse(t testing.TB, options ...func(*graph.Parts)) *house {
	t.Helper()
	h := &house{
		t: t, store: &store{Store: eventstest.NewStore(), failing: map[string]error{}},
		clock: eventstest.NewClock(eventstest.Morning()), ids: eventstest.NewIDs(1),
		pauses: make(chan time.Time), log: &logbook{},
	}
	h.service = events.New(events.Parts{
		Store: h.store, Atlas: eventstest.Atlas{}, Now: h.clock.Now, NewID: h.ids.UUID,
		Random: &counter{}, Site: func() string { return "https://hub.example" },
		CodeKey: eventstest.CodeKey(), Meter: &eventstest.Meter{},
	})
	h.feed = newFeed(h.store)
	limiter := limits.NewLocal(time.Now)
	t.Cleanup(limiter.Close)
	parts := graph.Parts{
		Service: h.service, Feed: h.feed, Counts: h.store, Truth: h.store, Replay: h.store, Limiter: limiter, CountryName: countryName,
		Log:   slog.New(slog.NewTextHandler(h.log, nil)),
		After: func(time.Duration) <-chan time.Time { return h.pauses },
	}
	for _, option := range options {
		option(&parts)
	}
	h.handler = graph.New(parts)
	visits := auth.New(h.service, auth.Options{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	h.server = httptest.NewServer(visits.Middleware(h.handler))
	t.Cleanup(func() {
		h.handler.Close()
		h.server.Close()
		visits.Close()
	})
	h.edition = h.newEdition()
	return h
}

// code is what the host of an event shows to be scanned.
func (h *house) code(e events.Event) string {
	h.t.Helper()
	codes, err := h.service.CheckInCodes(context.Background(), events.Actor{System: true}, e.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return codes.Rotating.Code
}

// counter is randomness that is never the same twice and the same in every run.
type counter struct {
	mu sync.Mutex
	n  byte
}

func (c *counter) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range p {
		c.n++
		p[i] = c.n * 37
	}
	return len(p), nil
}

func countryName(code, language string) string {
	names := map[string]string{"NP/en": "Nepal", "NP/de": "Nepal", "KE/en": "Kenya", "KE/de": "Kenia", "DE/en": "Germany", "DE/de": "Deutschland"}
	if name, ok := names[code+"/"+language]; ok {
		return name
	}
	return names[code+"/en"]
}

func (h *house) newEdition() events.Edition {
	h.t.Helper()
	ed := eventstest.Edition(h.ids, func(e *events.Edition) { e.Slug = "2026" })
	if err := h.store.SaveEdition(context.Background(), &ed); err != nil {
		h.t.Fatal(err)
	}
	return ed
}

// visitor is somebody with a browser.
type visitor struct {
	*house
	name   string
	cookie string
	header http.Header
	actor  events.Actor
	client *http.Client
}

func (h *house) anonymous() *visitor {
	return &visitor{house: h, name: "anonymous", header: http.Header{}, client: h.server.Client()}
}

// signedIn is somebody who has used an operator's link.
func (h *house) signedIn(email string, roles ...events.Role) *visitor {
	h.t.Helper()
	ctx := context.Background()
	link, err := h.service.InviteLink(ctx, email, time.Hour, roles...)
	if err != nil {
		h.t.Fatal(err)
	}
	_, session, err := h.service.SignIn(ctx, link[strings.LastIndex(link, "/")+1:], "")
	if err != nil {
		h.t.Fatal(err)
	}
	v := h.anonymous()
	v.name, v.cookie = email, "hub="+session
	v.actor, err = h.service.ActorOf(ctx, session)
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

// registered lets a visitor register an event and gives it as stored.
func (v *visitor) registered(title string, options ...func(*events.Registration)) events.Event {
	v.t.Helper()
	latitude, longitude := 27.672813, 85.325147
	at := events.LocalTime(17 * 60)
	r := events.Registration{
		EditionID: v.edition.ID, Host: &events.HostProfile{DisplayName: "Host of " + title}, Way: events.OwnWork,
		Title: title, Summary: "A mural.", Themes: []string{"emergent-futures"}, StartsAt: &at,
		Place: events.PlaceInput{
			Precision: events.AreaPrecision, Latitude: &latitude, Longitude: &longitude,
			Address: "Mangal Bazar 7", Locality: "Lalitpur", Country: "NP",
		},
	}
	for _, option := range options {
		option(&r)
	}
	e, err := v.service.Register(context.Background(), v.actor, "", r)
	if err != nil {
		v.t.Fatal(err)
	}
	v.actor.HostID = e.HostID
	return e
}

// listed is registered and approved, with its news in the log.
func (v *visitor) listed(title string, options ...func(*events.Registration)) events.Event {
	v.t.Helper()
	e := v.registered(title, options...)
	e, err := v.service.Approve(context.Background(), events.Actor{System: true}, "", e.ID)
	if err != nil {
		v.t.Fatal(err)
	}
	v.sequence()
	return e
}

// sequence gives the news that waits its numbers and tells the feed.
func (h *house) sequence() {
	h.t.Helper()
	if _, err := h.store.Sequence(context.Background(), 1000); err != nil {
		h.t.Fatal(err)
	}
	h.feed.wake()
}

// reply is an answer as it came.
type reply struct {
	status int
	header http.Header
	body   []byte

	Data   json.RawMessage
	Errors []struct {
		Message    string
		Path       []any
		Extensions map[string]any
	}
	Extensions map[string]any
}

// code is the code of the first error, "" for none.
func (r reply) code() string {
	if len(r.Errors) == 0 {
		return ""
	}
	code, _ := r.Errors[0].Extensions["code"].(string)
	return code
}

// get reads the data at a path such as "event.title".
func (r reply) get(t testing.TB, path string) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(r.Data, &value); err != nil {
		t.Fatalf("data of %s: %v", r.body, err)
	}
	for _, name := range strings.Split(path, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			t.Fatalf("no %s of %s in %s", name, path, r.body)
		}
		value = object[name]
	}
	return value
}

// ask posts an operation. Variables are given as name, value, name, value.
func (v *visitor) ask(query string, variables ...any) reply {
	v.t.Helper()
	values := map[string]any{}
	for i := 0; i < len(variables); i += 2 {
		values[variables[i].(string)] = variables[i+1]
	}
	body, err := json.Marshal(map[string]any{"query": query, "variables": values})
	if err != nil {
		v.t.Fatal(err)
	}
	return v.post("application/json", bytes.NewReader(body))
}

func (v *visitor) post(contentType string, body io.Reader) reply {
	v.t.Helper()
	request := v.request(http.MethodPost, "", body)
	request.Header.Set("Content-Type", contentType)
	return v.do(request)
}

func (v *visitor) request(method, query string, body io.Reader) *http.Request {
	v.t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, v.server.URL+"/graphql"+query, body)
	if err != nil {
		v.t.Fatal(err)
	}
	for name, values := range v.header {
		request.Header[name] = values
	}
	if v.cookie != "" {
		request.Header.Set("Cookie", v.cookie)
	}
	return request
}

func (v *visitor) do(request *http.Request) reply {
	v.t.Helper()
	response, err := v.client.Do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	r := reply{status: response.StatusCode, header: response.Header, body: body}
	if err := json.Unmarshal(body, &r); err != nil && len(body) > 0 {
		v.t.Fatalf("%s %s: not JSON: %v: %.300s", request.Method, request.URL, err, body)
	}
	return r
}

// must is ask for operations that have to work.
func (v *visitor) must(query string, variables ...any) reply {
	v.t.Helper()
	r := v.ask(query, variables...)
	if r.status != http.StatusOK || len(r.Errors) > 0 {
		v.t.Fatalf("%s asks %.300s: %d %.2000s", v.name, query, r.status, r.body)
	}
	return r
}

// within waits for something of another goroutine and fails when it does not come.
func within[T any](t testing.TB, what string, from <-chan T) T {
	t.Helper()
	select {
	case value, ok := <-from:
		if !ok {
			t.Fatalf("%s: closed", what)
		}
		return value
	case <-time.After(10 * time.Second):
		t.Fatalf("%s: nothing came", what)
	}
	panic("unreachable")
}
