package pages

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

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
