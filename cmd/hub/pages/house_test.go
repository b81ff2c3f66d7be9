package pages

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

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
	})
	who := auth.New(h.hub, auth.Options{})
	h.t.Cleanup(who.Close)
	handler, err := New(Parts{
		Hub: h.hub, Counts: store, Log: slog.New(slog.NewJSONHandler(h.log, nil)),
		Site: func() string { return hubAddress }, Atlas: testAtlas(),
		Letters: func() []events.Mail { return h.letters },
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
		if _, _, err := h.hub.Attend(h.t.Context(), kind, "", e.ID, rand.Text()); err != nil {
			h.t.Fatal(err)
		}
	}
	h.clock.Set(before)
	h.settle()
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

// browser is somebody with a browser that keeps cookies and follows nothing by itself.
type browser struct {
	h       *house
	cookies map[string]string
	lang    string
}

func (h *house) anybody() *browser { return &browser{h: h, cookies: map[string]string{}, lang: "en"} }

// signedIn is somebody whose session belongs to an account with the host and roles.
func (h *house) signedIn(email string, host events.ID, roles ...events.Role) *browser {
	h.t.Helper()
	token := rand.Text() + rand.Text()
	err := h.store.SaveSignInLink(h.t.Context(), events.SignInLink{
		TokenHash: sha256.Sum256([]byte(token)), Email: email, Roles: roles, ExpiresAt: h.clock.Now().Add(time.Hour),
	}, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	account, session, err := h.hub.SignIn(context.Background(), token, "")
	if err != nil {
		h.t.Fatal(err)
	}
	if !host.IsZero() {
		h.own(account, host)
	}
	b := h.anybody()
	b.cookies["hub"] = session
	return b
}

// own makes the account the owner of the host.
func (h *house) own(account events.Account, id events.ID) {
	h.t.Helper()
	host, err := h.store.Host(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	e := eventstest.Event(h.ids, h.edition, host)
	where := eventstest.Whereabouts()
	err = h.store.SaveEvents(h.t.Context(), events.Change{
		Event: &e, Whereabouts: &where, Host: &host, AccountID: account.ID, At: h.clock.Now(),
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) steward() *browser {
	return h.signedIn("steward@example.org", events.ID{}, events.StewardRole)
}

// answer is what came back, read as HTML.
type answer struct {
	*httptest.ResponseRecorder
	root *html.Node
}

func (b *browser) do(r *http.Request) *answer {
	b.h.t.Helper()
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	if r.Header.Get("Accept-Language") == "" {
		r.Header.Set("Accept-Language", b.lang)
	}
	w := httptest.NewRecorder()
	b.h.handler.ServeHTTP(w, r)
	for _, cookie := range w.Result().Cookies() {
		b.cookies[cookie.Name] = cookie.Value
		if cookie.MaxAge < 0 {
			delete(b.cookies, cookie.Name)
		}
	}
	root, err := html.Parse(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		b.h.t.Fatal(err)
	}
	return &answer{w, root}
}

func (b *browser) get(target string) *answer {
	b.h.t.Helper()
	target, _, _ = strings.Cut(target, "#") // browsers keep it to themselves
	return b.do(httptest.NewRequest(http.MethodGet, target, nil))
}

// open gets a page and insists that it is there.
func (b *browser) open(target string) *answer {
	b.h.t.Helper()
	a := b.get(target)
	if a.Code != http.StatusOK {
		b.h.t.Fatalf("GET %s = %d %s", target, a.Code, a.Body)
	}
	return a
}

func (b *browser) post(target string, values url.Values) *answer {
	b.h.t.Helper()
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", formMedia)
	return b.do(r)
}

// follow goes where an act sent the browser.
func (b *browser) follow(a *answer) *answer {
	b.h.t.Helper()
	if a.Code != http.StatusSeeOther {
		b.h.t.Fatalf("answered %d instead of going on: %s", a.Code, a.Body)
	}
	return b.open(a.Header().Get("Location"))
}

// all finds elements by name and, if wanted, by attributes given as pairs.
func (a *answer) all(name string, pairs ...string) (found []*html.Node) {
	for n := range a.root.Descendants() {
		if n.Type != html.ElementNode || n.Data != name {
			continue
		}
		fits := true
		for i := 0; i+1 < len(pairs); i += 2 {
			fits = fits && attribute(n, pairs[i]) == pairs[i+1]
		}
		if fits {
			found = append(found, n)
		}
	}
	return found
}

func attribute(n *html.Node, name string) string {
	for _, at := range n.Attr {
		if at.Key == name {
			return at.Val
		}
	}
	return ""
}

func hasAttribute(n *html.Node, name string) bool {
	for _, at := range n.Attr {
		if at.Key == name {
			return true
		}
	}
	return false
}

// textOf is what a reader sees of an element, in one line.
func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// text is what a reader sees of the whole page, scripts left out.
func (a *answer) text() string {
	for _, body := range a.all("main") {
		return textOf(body)
	}
	return ""
}

// fields is what a browser would send of the form with this action, without pressing a named
// button.
func (a *answer) fields(action string) url.Values {
	values := url.Values{}
	for _, form := range a.all("form", "action", action) {
		for n := range form.Descendants() {
			collect(values, n)
		}
		return values
	}
	return nil
}

func collect(values url.Values, n *html.Node) {
	name := attribute(n, "name")
	switch {
	case n.Type != html.ElementNode || name == "":
	case n.Data == "textarea":
		values.Add(name, strings.TrimPrefix(textNode(n), "\n"))
	case n.Data == "select":
		for option := range n.Descendants() {
			if option.Data == "option" && hasAttribute(option, "selected") {
				value := attribute(option, "value")
				if !hasAttribute(option, "value") {
					value = textNode(option)
				}
				values.Add(name, value)
			}
		}
	case n.Data != "input":
	case attribute(n, "type") == "radio" || attribute(n, "type") == "checkbox":
		if hasAttribute(n, "checked") {
			values.Add(name, attribute(n, "value"))
		}
	default:
		values.Add(name, attribute(n, "value"))
	}
}

func textNode(n *html.Node) string {
	if n.FirstChild == nil {
		return ""
	}
	return n.FirstChild.Data
}

func wantText(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in: %.2000s", want, text)
		}
	}
}

func wantNone(t *testing.T, text string, unwanted ...string) {
	t.Helper()
	for _, word := range unwanted {
		if strings.Contains(text, word) {
			t.Errorf("%q is in: %.600s", word, text)
		}
	}
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

// byID finds an element, or nil.
func byID(a *answer, id string) *html.Node {
	for n := range a.root.Descendants() {
		if n.Type == html.ElementNode && attribute(n, "id") == id {
			return n
		}
	}
	return nil
}

func newAnswer() *answer { return &answer{ResponseRecorder: httptest.NewRecorder()} }
