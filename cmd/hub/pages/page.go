package pages

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph/auth"
)

//go:embed templates/*.html
var templateFiles embed.FS

// How long answers may be kept.
const (
	noStore     = "private, no-store"
	publicShort = "public, max-age=15"   // pages of the public, which change by the second
	publicLong  = "public, max-age=3600" // robots.txt, the sitemap
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
		tongue: speak, Title: speak.T(titleKey), Site: s.Site(),
		SignedIn: who.IsSignedIn(), Steward: who.Moderates(),
		Languages: s.languageLinks(r, speak.Lang),
	}
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
	var links []languageLink
	for _, lang := range s.words.languages() {
		query := url.Values{}
		for _, kept := range []string{"q", "country", "phase", "way"} {
			if value := r.URL.Query().Get(kept); value != "" && target == "/" {
				query.Set(kept, value)
			}
		}
		query.Set(langParameter, lang)
		links = append(links, languageLink{
			Lang: lang, Name: s.words.own(lang), Current: lang == current,
			URL: (&url.URL{Path: target, RawQuery: query.Encode()}).String(),
		})
	}
	return links
}

// templates is every page in every language: words are looked up by functions of the template, so
// each language has its own. A language is read when it is first spoken.
type templates map[string]func() (map[string]*template.Template, error)

func (s *site) readTemplates() (templates, error) {
	all := templates{}
	for _, lang := range s.words.languages() {
		all[lang] = sync.OnceValues(func() (map[string]*template.Template, error) {
			return readPages(s.functions(s.speak(lang)))
		})
	}
	_, err := all["en"]() // a template that cannot be read is found out at the start
	return all, err
}

// functions is what every template can call.
func (s *site) functions(speak tongue) template.FuncMap {
	return template.FuncMap{
		"t": speak.T, "n": func(key string, n any) string { return speak.N(key, whole(n)) },
		"num": func(n any) string { return speak.Num(whole(n)) }, "has": speak.Has,
		"country": speak.Country, "asset": s.assets.url, "dict": dict, "pin": pin,
	}
}

// pin is a point in degrees, latitude first, to about a meter; "" for none.
func pin(latitude, longitude *float64) string {
	if latitude == nil || longitude == nil {
		return ""
	}
	return fmt.Sprintf("%.5f, %.5f", *latitude, *longitude)
}

func whole(n any) int64 {
	switch v := n.(type) {
	case int:
		return int64(v)
	case int64:
		return v
	}
	return 0
}

// readPages reads every page together with the frame and the shared parts (files named _*).
func readPages(functions template.FuncMap) (map[string]*template.Template, error) {
	shared, err := template.New("").Funcs(functions).ParseFS(templateFiles, "templates/_*.html")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(templateFiles, "templates/[^_]*.html")
	if err != nil {
		return nil, err
	}
	all := map[string]*template.Template{}
	for _, name := range names {
		own, err := shared.Clone()
		if err != nil {
			return nil, err
		}
		if all[strings.TrimSuffix(path.Base(name), ".html")], err = own.ParseFS(templateFiles, name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// dict hands several values to a part of a template: pairs of a name and a value.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict needs pairs, not %d values", len(pairs))
	}
	values := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is not a name", pairs[i])
		}
		values[name] = pairs[i+1]
	}
	return values, nil
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
	var body bytes.Buffer
	if err := t.ExecuteTemplate(&body, "layout", v); err != nil {
		return fmt.Errorf("pages: draw %s: %w", name, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", p.Lang)
	h.Set("Vary", "Accept-Language, Cookie")
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	h.Set("Cache-Control", cacheFor(w, r, status, p))
	if p.NoIndex {
		h.Set("X-Robots-Tag", "noindex")
	}
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return nil
	}
	_, _ = body.WriteTo(w) // the reader left: nothing to mend
	return nil
}

// cacheFor lets others keep only what is the same for everybody.
func cacheFor(w http.ResponseWriter, r *http.Request, status int, p *page) string {
	if p.private || status != http.StatusOK || auth.Session(r.Context()) != "" || w.Header().Get("Set-Cookie") != "" {
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
