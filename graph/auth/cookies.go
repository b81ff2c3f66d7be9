package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"time"

	"github.com/microgalleries/actionday/events"
)

const (
	// browserLasts is how long the nonce is kept: well past the life of a sign-in link.
	browserLasts = 24 * time.Hour
	// maxCookie is how many characters of a cookie are taken for one of ours.
	maxCookie = 128
)

// SetSession gives the visitor a session: by the cookie of the answer, and for the rest of this
// visit. It must be called before the answer's head is written.
func SetSession(ctx context.Context, token string) {
	v := visitOf(ctx)
	if v == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.token = token
	http.SetCookie(v.w, v.auth.cookie(v.auth.sessionCookie(), token, events.SessionLasts))
}

// ClearSession takes the session from the visitor and out of this hub's memory. Ending it in the
// store is the caller's part, beforehand.
func ClearSession(ctx context.Context) {
	v := visitOf(ctx)
	if v == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.auth.sessions.Invalidate(sha256.Sum256([]byte(v.token)))
	v.token = ""
	http.SetCookie(v.w, v.auth.cookie(v.auth.sessionCookie(), "", -1))
}

// Browser is the nonce that this browser is known by. One without a nonce gets one by a cookie of
// the answer, so call it only when somebody asks for a sign-in link: nobody else needs a cookie.
func Browser(ctx context.Context) string {
	v := visitOf(ctx)
	if v == nil {
		return ""
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.browser == "" {
		v.browser = rand.Text()
		http.SetCookie(v.w, v.auth.cookie(v.auth.browserCookie(), v.browser, browserLasts))
	}
	return v.browser
}

// KnownBrowser is the nonce that this browser is known by, "" if it has none: for using a link up.
func KnownBrowser(ctx context.Context) string {
	v := visitOf(ctx)
	if v == nil {
		return ""
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.browser
}

func (a *Auth) sessionCookie() string { return a.prefix() + "hub" }
func (a *Auth) browserCookie() string { return a.prefix() + "hub-browser" }

func (a *Auth) prefix() string {
	if a.options.Secure {
		return "__Host-"
	}
	return ""
}

// cookie has no Domain, so it goes to this very host only. Lax lets a link in a mail open the page
// with the cookie and still keeps it out of other sites' posts.
func (a *Auth) cookie(name, value string, lasts time.Duration) *http.Cookie {
	age := int(lasts.Seconds())
	if lasts < 0 {
		age = -1 // at once
	}
	return &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: age,
		Secure: a.options.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

func cookieValue(r *http.Request, name string) string {
	cookie, err := r.Cookie(name)
	if err != nil || len(cookie.Value) > maxCookie {
		return ""
	}
	return cookie.Value
}
