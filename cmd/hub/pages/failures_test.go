package pages

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// brokenCounts is a store whose counters cannot be had.
type brokenCounts struct{ *eventstest.Store }

func (brokenCounts) Counts(context.Context, events.ID) (events.Counts, error) {
	return events.Counts{}, errors.New("counters: connection refused to secret-host:6379")
}

// brokenEvents is a store that cannot find events.
type brokenEvents struct{ *eventstest.Store }

func (brokenEvents) EventByName(context.Context, string) (events.Event, error) {
	return events.Event{}, errors.New("db: dial tcp secret-host:5432: password=hunter2")
}

func (brokenEvents) FindEvents(context.Context, events.Query) (events.EventPage, error) {
	panic("secret-host is out of its mind")
}

func TestFailuresHavePagesOfTheirOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, c := range []struct {
		method, target string
		status         int
		allow, says    string
	}{
		{"GET", "/nowhere", http.StatusNotFound, "", "Nothing here"},
		{"GET", "/e/", http.StatusNotFound, "", "Nothing here"},
		{"GET", "/e/a/b", http.StatusNotFound, "", "Nothing here"},
		{"GET", "/assets/nothing.js", http.StatusNotFound, "", "Nothing here"},
		{"GET", "/assets/../doc.go", http.StatusNotFound, "", "Nothing here"},
		{"PUT", "/", http.StatusMethodNotAllowed, "GET, HEAD", "does not work this way"},
		{"DELETE", "/sign-in", http.StatusMethodNotAllowed, "GET, HEAD, POST", "does not work this way"},
		{"GET", "/sign-out", http.StatusMethodNotAllowed, "POST", "does not work this way"},
		{"GET", "/steward/events/evt_1", http.StatusMethodNotAllowed, "POST", "does not work this way"},
	} {
		a := h.anybody().do(httptest.NewRequest(c.method, c.target, nil))
		if a.Code != c.status {
			t.Errorf("%s %s = %d, want %d", c.method, c.target, a.Code, c.status)
			continue
		}
		if got := a.Header().Get("Allow"); got != c.allow {
			t.Errorf("%s %s: Allow = %q, want %q", c.method, c.target, got, c.allow)
		}
		wantText(t, a.text(), c.says)
	}
}

func TestAFailureTellsANumberAndNothingElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.build(brokenEvents{h.store})
	for _, target := range []string{"/e/anything", "/"} {
		a := h.anybody().get(target)
		if a.Code != http.StatusInternalServerError {
			t.Fatalf("%s = %d", target, a.Code)
		}
		wantNone(t, a.Body.String(), "secret-host", "hunter2", "goroutine")
		request := a.Header().Get("X-Request-Id")
		wantText(t, a.text(), "our fault", request)
		wantText(t, h.log.String(), request, "secret-host")
		if a.Header().Get("Cache-Control") != noStore {
			t.Errorf("%s may be kept", target)
		}
	}
}

func TestFormsAreBounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.signedIn("ana@example.org", events.ID{})
	large := url.Values{"email": {strings.Repeat("a", smallForm)}}
	if got := h.anybody().post("/sign-in", large).Code; got != http.StatusRequestEntityTooLarge {
		t.Errorf("a large sign-in = %d", got)
	}
	endless := httptest.NewRequest(http.MethodPost, "/host/register", io.LimitReader(zeros{}, 64<<20))
	endless.Header.Set("Content-Type", formMedia)
	if got := host.do(endless).Code; got != http.StatusRequestEntityTooLarge {
		t.Errorf("an endless registration = %d", got)
	}
	story := url.Values{"story": {strings.Repeat("𓀀", events.MaxStory)}, "title": {"Long"}}
	if got := host.post("/host/register", story).Code; got != http.StatusUnprocessableEntity {
		t.Errorf("the longest story = %d, want to be read", got)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func TestOnlyFormsArePosted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, kind := range []string{"application/json", "text/plain", "multipart/form-data; boundary=x", "rubbish;;"} {
		r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(`{"email":"ana@example.org"}`))
		r.Header.Set("Content-Type", kind)
		if got := h.anybody().do(r).Code; got != http.StatusBadRequest {
			t.Errorf("a post of %s = %d", kind, got)
		}
	}
}

func TestTooOften(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.refuse = "sign-in"
	a := h.anybody().post("/sign-in", url.Values{"email": {"ana@example.org"}})
	if a.Code != http.StatusTooManyRequests || a.Header().Get("Retry-After") != "7" {
		t.Errorf("too often = %d, Retry-After %q", a.Code, a.Header().Get("Retry-After"))
	}
	wantText(t, a.text(), "A little slower")
}

func TestHeadersOfSafety(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	hashes := regexp.MustCompile(`'sha256-[0-9A-Za-z+/]{43}='`)
	for _, target := range []string{"/", "/nowhere", "/assets/nothing", "/robots.txt", "/sign-in"} {
		header := h.anybody().get(target).Header()
		for name, want := range map[string]string{
			"Content-Security-Policy":      "default-src 'none'; script-src 'self' '#'; worker-src 'self'; style-src 'self' '#'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "strict-origin-when-cross-origin",
			"Permissions-Policy":           "geolocation=(self), camera=(self), microphone=(), payment=()",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
			"X-Frame-Options":              "DENY",
			"Strict-Transport-Security":    "",
		} {
			if got := hashes.ReplaceAllString(header.Get(name), "'#'"); got != want {
				t.Errorf("%s: %s = %q, want %q", target, name, got, want)
			}
		}
	}
	w := httptest.NewRecorder()
	secured(http.NotFoundHandler(), "", true).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if got := w.Header().Get("Strict-Transport-Security"); got != "max-age=63072000; includeSubDomains" {
		t.Errorf("over https: %q", got)
	}
}
