package pages

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/accept"
	"github.com/microgalleries/actionday/graph/auth"
)

// How long answers may be kept.
const (
	noStore = "private, no-store"
	// publicShort is for pages of the public, which change by the second. A CDN answers a crowd from one
	// request a second; it must not be longer, because what a host withdraws has to be gone everywhere in
	// about a second, and browsers keep none, whose second would come on top.
	publicShort = "public, max-age=0, s-maxage=1"
	publicLong  = "public, max-age=3600" // what tells of no event
)

// page is what the frame around every page needs to know. Views embed it.
type page struct {
	tongue
	Title       string
	Description string
	Canonical   string // absolute address, "" for none
	NoIndex     bool
	Rehearsal   bool // the edition is only rehearsed
	SignedIn    bool
	Steward     bool
	Section     string // which link of the frame is this page, "" for none
	Languages   []languageLink
	Name        string // of the template
	Site        string

	private bool // must not be kept by anybody
	chosen  bool // the address names the language
	open    bool // is the same whoever asks: no cookie is looked at
	still   string
}

// languageLink leads to the same page in another language.
type languageLink struct {
	Lang, Name, URL string
	Current         bool
}

func (p *page) base() *page { return p }

// view is what a template is drawn with.
type view interface{ base() *page }

// page starts a page whose title is a word of the catalog.
func (s *site) page(w http.ResponseWriter, r *http.Request, titleKey string) *page {
	who := auth.Actor(r.Context())
	speak := s.tongue(w, r)
	return &page{
		tongue: speak, Title: speak.T(titleKey), Site: s.Site(), still: s.still,
		SignedIn: who.IsSignedIn(), Steward: who.Moderates(),
		Languages: s.languageLinks(r, speak.Lang),
		chosen:    s.words.asked(r) != "",
	}
}

// CanonicalHere is the canonical address of the page in this language: with the language if that is
// how the reader came, else without.
func (p *page) CanonicalHere() string {
	if p.Canonical == "" || !p.chosen {
		return p.Canonical
	}
	return p.Canonical + "?" + langParameter + "=" + p.Lang
}

// Alternates are the same page in every language, for search engines, and the address that leaves
// the choice to the browser.
func (p *page) Alternates() []languageLink {
	if p.Canonical == "" || p.NoIndex {
		return nil
	}
	all := []languageLink{{Lang: "x-default", URL: p.Canonical}}
	for _, link := range p.Languages {
		all = append(all, languageLink{Lang: link.Lang, URL: p.Canonical + "?" + langParameter + "=" + link.Lang})
	}
	return all
}

// languageLinks keeps the reader's place and search and drops what belongs to a single visit.
func (s *site) languageLinks(r *http.Request, current string) []languageLink {
	target := r.URL.Path
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		target = "/"
	}
	if strings.HasPrefix(target, "/sign-in/") {
		target = "/sign-in"
	}
	query := url.Values{}
	if target == "/" {
		query = sharedOf(r.URL.Query())
	}
	var links []languageLink
	for _, lang := range s.words.languages() {
		query.Set(langParameter, lang)
		links = append(links, languageLink{
			Lang: lang, Name: s.words.own(lang), Current: lang == current,
			URL: (&url.URL{Path: target, RawQuery: query.Encode()}).String(),
		})
	}
	return links
}

// sharedOf is what of a query a link to the same view keeps.
func sharedOf(asked url.Values) url.Values {
	query := url.Values{}
	for _, kept := range sharedParameters() {
		for _, value := range asked[kept] {
			if value != "" && len(value) <= maxShared(kept) && len(query[kept]) < events.MaxItems {
				query.Add(kept, value)
			}
		}
	}
	return query
}

// render draws a page into memory first, so that a failure in the middle is still a clean page.
func (s *site) render(w http.ResponseWriter, r *http.Request, status int, name string, v view) error {
	p := v.base()
	p.Name = name
	pages, err := s.templates[p.Lang]()
	if err != nil {
		return fmt.Errorf("pages: read templates: %w", err)
	}
	t := pages[name]
	if t == nil {
		return fmt.Errorf("pages: no template %q", name)
	}
	body := &bytes.Buffer{}
	if err := t.ExecuteTemplate(body, "layout", v); err != nil {
		return fmt.Errorf("pages: draw %s: %w", name, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", p.Lang)
	h.Set("Vary", "Accept-Language, Cookie")
	if p.open {
		h.Set("Vary", "Accept-Language")
	}
	h.Set("Cache-Control", cacheFor(w, r, status, p))
	if p.NoIndex {
		h.Set("X-Robots-Tag", "noindex")
	}
	body, err = packed(w, r, p, body)
	if err != nil {
		return fmt.Errorf("pages: pack %s: %w", name, err)
	}
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return nil
	}
	_, _ = body.WriteTo(w) // the reader left: nothing to mend
	return nil
}

// packed makes a page small for the way. Pages with something of one person's stay as they are: who
// can make somebody's browser ask, and see how much comes back, could guess what is on them.
func packed(w http.ResponseWriter, r *http.Request, p *page, body *bytes.Buffer) (*bytes.Buffer, error) {
	if p.private {
		return body, nil
	}
	w.Header().Add("Vary", "Accept-Encoding")
	if !accept.Encoding(r.Header, "gzip") {
		return body, nil
	}
	small, err := zipped(body.Bytes())
	if err == nil {
		w.Header().Set("Content-Encoding", "gzip")
	}
	return small, err
}

// cacheFor lets others keep only what is the same for everybody.
func cacheFor(w http.ResponseWriter, r *http.Request, status int, p *page) string {
	theirs := auth.Session(r.Context()) != "" || w.Header().Get("Set-Cookie") != ""
	if p.private || theirs || status != http.StatusOK {
		return noStore
	}
	return publicShort
}

// seeOther ends an act by sending the browser to a page, so that reloading repeats nothing.
func seeOther(w http.ResponseWriter, r *http.Request, to string) error {
	w.Header().Set("Cache-Control", noStore)
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// actor is who is asking, for pages that are nobody's but theirs.
func actor(r *http.Request) (events.Actor, error) {
	who, err := auth.Find(r.Context())
	if err == nil && !who.IsSignedIn() {
		err = events.ErrNotSignedIn
	}
	return who, err
}

// eventID reads the id in a page's address; anything else is a page that does not exist.
func eventID(r *http.Request) (events.ID, error) {
	id, err := events.ParseID(r.PathValue("id"))
	if err != nil {
		return events.ID{}, events.ErrNotFound
	}
	return id, nil
}

// cookie makes a cookie of this package: for this host only and out of the reach of scripts.
func (s *site) cookie(name, value string, lasts time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/", MaxAge: max(-1, int(lasts.Seconds())),
		Secure: s.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

func (s *site) cookieName(name string) string {
	if s.Secure {
		return "__Host-" + name
	}
	return name
}

// maxCookie is how many characters of a cookie are taken for one of ours.
const maxCookie = 200

func (s *site) cookieValue(r *http.Request, name string) string {
	cookie, err := r.Cookie(s.cookieName(name))
	if err != nil || len(cookie.Value) > maxCookie {
		return ""
	}
	return cookie.Value
}
