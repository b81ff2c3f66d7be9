package pages

import (
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph/auth"
)

const (
	nextCookie = "hub-next"
	nextLasts  = time.Hour
	maxToken   = 200 // characters of a sign-in link's token
)

// signInView is the page that asks for an address, and the one that says that a link was sent.
type signInView struct {
	*page
	Form    form
	Next    string
	Sent    bool
	Mailbox bool // mails go to the page for developers
	Path    string
	Problem string
}

// signInPage asks for the address. Whoever is signed in is let through.
func (s *site) signInPage(w http.ResponseWriter, r *http.Request) error {
	v := s.signInView(w, r, "signIn.title")
	v.Next = safeNext(r.URL.Query().Get("next"))
	v.Sent = r.URL.Query().Get("sent") != ""
	if v.SignedIn && !v.Sent {
		return seeOther(w, r, afterSignIn(v.Next, auth.Actor(r.Context())))
	}
	return s.render(w, r, http.StatusOK, "signin", v)
}

func (s *site) signInView(w http.ResponseWriter, r *http.Request, title string) signInView {
	v := signInView{page: s.page(w, r, title), Mailbox: s.Letters != nil, Path: r.URL.Path}
	v.NoIndex, v.private, v.Section = true, true, "sign-in"
	v.Form = form{tongue: v.tongue, values: url.Values{}}
	return v
}

// requestSignIn sends a link. The answer is the same for every address, known or not.
func (s *site) requestSignIn(w http.ResponseWriter, r *http.Request) error {
	if err := s.allow(r, "sign-in"); err != nil {
		return err
	}
	values, err := readForm(w, r, smallForm)
	if err != nil {
		return err
	}
	next := safeNext(values.Get("next"))
	err = s.Hub.RequestSignIn(r.Context(), values.Get("email"), auth.Browser(r.Context()))
	ps, other := events.ProblemsIn(err)
	if other != nil {
		return other
	}
	if len(ps) > 0 {
		v := s.signInView(w, r, "signIn.title")
		v.Form.values, v.Form.problems, v.Next = values, ps, next
		return s.render(w, r, http.StatusUnprocessableEntity, "signin", v)
	}
	if next != "" {
		http.SetCookie(w, s.cookie(nextCookie, next, nextLasts))
	}
	return seeOther(w, r, "/sign-in?sent=1")
}

// signInLinkPage is where a mail's link leads. Programs that look at links before people do must
// not use them up, so nothing happens here until a button is pressed.
func (s *site) signInLinkPage(w http.ResponseWriter, r *http.Request) error {
	v := s.signInView(w, r, "signIn.landing.title")
	return s.renderLink(w, r, http.StatusOK, v)
}

// renderLink draws a page whose address is a secret: no other site may learn where one came from.
func (s *site) renderLink(w http.ResponseWriter, r *http.Request, status int, v signInView) error {
	w.Header().Set("Referrer-Policy", "no-referrer")
	return s.render(w, r, status, "signin_link", v)
}

// signIn uses the link up, opens a session and goes where the person was going.
func (s *site) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := s.allow(r, "sign-in"); err != nil {
		return err
	}
	if _, err := readForm(w, r, smallForm); err != nil {
		return err
	}
	token := r.PathValue("token")
	if len(token) > maxToken {
		return events.ErrNotFound
	}
	account, session, err := s.Hub.SignIn(r.Context(), token, auth.KnownBrowser(r.Context()))
	ps, other := events.ProblemsIn(err)
	if other != nil {
		return other
	}
	if len(ps) > 0 {
		v := s.signInView(w, r, "signIn.failed.title")
		v.Problem = v.page.Problem(ps[0])
		return s.renderLink(w, r, http.StatusGone, v)
	}
	auth.SetSession(r.Context(), session)
	next := safeNext(s.cookieValue(r, nextCookie))
	http.SetCookie(w, s.cookie(nextCookie, "", -time.Second))
	w.Header().Set("Referrer-Policy", "no-referrer")
	return seeOther(w, r, afterSignIn(next, events.Actor{AccountID: account.ID, Roles: account.Roles}))
}

// afterSignIn is where somebody goes who was going nowhere special.
func afterSignIn(next string, who events.Actor) string {
	switch {
	case next != "":
		return next
	case who.Moderates():
		return "/steward"
	}
	return "/host"
}

// signOut ends the session everywhere.
func (s *site) signOut(w http.ResponseWriter, r *http.Request) error {
	if _, err := readForm(w, r, smallForm); err != nil {
		return err
	}
	if token := auth.Session(r.Context()); token != "" {
		if err := s.Hub.SignOut(r.Context(), token); err != nil {
			return err
		}
		auth.ClearSession(r.Context())
	}
	return seeOther(w, r, "/")
}

// safeNext is the path if it is one of the pages that somebody may be sent on to, and else "".
// Only whole paths of our own match, so neither "//evil" nor "/\evil" does.
func safeNext(next string) string {
	own := regexp.MustCompile(`^/(|host|host/register|host/events/evt_[0-9a-v]{26}(/withdraw)?|steward|about/data)$`)
	if own.MatchString(next) {
		return next
	}
	return ""
}
