package pages

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// everyPage opens each kind of page once, as the person it is for.
func everyPage(t *testing.T, lang string) map[string]*answer {
	t.Helper()
	h := newHouse(t)
	ana, e := h.hosting(eventstest.Whereabouts(), titled("Birds", "birds-1"), listed, eventstest.OnDay(events.Live, events.ByHost))
	waiting := h.add(h.host(), eventstest.Whereabouts(), titled("Waiting Birds", "waiting-1"), inReview(events.Submitted))
	h.letters = []events.Mail{{To: "ana@example.org", Subject: "Your link", Text: "See https://hub.example/x", At: h.clock.Now()}}
	anybody, fresh, steward := h.anybody(), h.signedIn("new@example.org", events.ID{}), h.steward()
	for _, b := range []*browser{ana, anybody, fresh, steward} {
		b.lang = lang
	}
	codes := h.codes(e)
	planned := h.add(h.host(), eventstest.Whereabouts(), titled("Planned Birds", "planned-1"), listed)
	early := anybody.open("/c/" + h.codes(planned).Printed.Code)
	h.clock.Set(e.Schedule.StartsAt)
	scanned, late := anybody.open("/c/"+codes.Printed.Code), anybody.get("/c/"+codes.Rotating.Code)
	counted := anybody.follow(anybody.post("/c/"+codes.Printed.Code, url.Values{}))
	h.clock.Set(eventstest.Morning())
	flag := events.Flag{EventID: e.ID, Kind: events.ManyAtOneEvent, FirstAt: h.clock.Now(), LastAt: h.clock.Now(), Count: 3}
	if err := h.store.RaiseFlags(t.Context(), []events.Flag{flag}); err != nil {
		t.Fatal(err)
	}
	return map[string]*answer{
		"map": anybody.open("/"), "event": anybody.open("/e/birds-1"), "about": anybody.open("/about/data"),
		"secret": anybody.open("/e/" + waiting.LinkKey), "sign-in": anybody.open("/sign-in"), "sent": anybody.open("/sign-in?sent=1"),
		"landing": anybody.open("/sign-in/abc"), "dead link": anybody.post("/sign-in/abc", nil),
		"wrong address": anybody.post("/sign-in", url.Values{"email": {"x"}}), "mailbox": anybody.open("/dev/mailbox"),
		"missing": anybody.get("/nowhere"), "forbidden": ana.get("/steward"), "hosts": ana.open("/host"), "no events": fresh.open("/host"),
		"register": fresh.open("/host/register"), "register again": fresh.post("/host/register", url.Values{"title": {"x"}}),
		"own": ana.open(ownPath(e)), "own again": ana.post(ownPath(e), url.Values{"title": {""}}),
		"day again": ana.post(ownPath(e)+"/day", url.Values{"state": {"POSTPONED"}}), "withdraw": ana.open(ownPath(e) + "/withdraw"),
		"screen": ana.open(ownPath(e) + "/code"), "poster": ana.open(ownPath(e) + "/poster"),
		"scanned": scanned, "scanned early": early, "scanned late": late, "scanned rubbish": anybody.get("/c/rubbish"), "counted": counted,
		"queue": steward.open("/steward"), "steward's event": steward.open("/e/birds-1"),
		"before any day": emptyHouse(t).anybody().open("/"),
	}
}

// Every page, in a language from each side, holds what people who cannot see or point need.
func TestPagesCanBeUsedByEverybody(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "ar"} {
		for name, a := range everyPage(t, lang) {
			t.Run(lang+" "+name, func(t *testing.T) { lint(t, a) })
		}
	}
}

func lint(t *testing.T, a *answer) {
	t.Helper()
	root := a.all("html")[0]
	if attribute(root, "lang") == "" || attribute(root, "dir") == "" {
		t.Error("the page does not say its language and direction")
	}
	if titles := a.all("title"); len(titles) == 0 || textNode(titles[0]) == "" || strings.HasPrefix(textNode(titles[0]), "[") {
		t.Error("no title")
	}
	if n := len(a.all("h1")); n != 1 {
		t.Errorf("%d h1", n)
	}
	if len(a.all("main", "id", "main")) != 1 || len(a.all("a", "href", "#main")) != 1 {
		t.Error("no way past the head")
	}
	if len(a.all("meta", "name", "viewport")) != 1 {
		t.Error("a phone would show a wide page")
	}
	lintIDs(t, a)
	lintHeadings(t, a)
	for n := range a.root.Descendants() {
		if n.Type == html.ElementNode {
			lintElement(t, a, n)
		}
	}
}

func lintIDs(t *testing.T, a *answer) {
	t.Helper()
	seen := map[string]bool{}
	for n := range a.root.Descendants() {
		if id := attribute(n, "id"); id != "" {
			if seen[id] {
				t.Errorf("two elements are called %s", id)
			}
			seen[id] = true
		}
	}
	for n := range a.root.Descendants() {
		for _, name := range []string{"aria-describedby", "aria-labelledby", "for"} {
			for id := range strings.FieldsSeq(attribute(n, name)) {
				if !seen[id] {
					t.Errorf("<%s %s=%s> points nowhere", n.Data, name, id)
				}
			}
		}
		if href := attribute(n, "href"); n.Data == "a" && strings.HasPrefix(href, "#") && !seen[href[1:]] {
			t.Errorf("a link leads to %s, which is not there", href)
		}
	}
}

func lintHeadings(t *testing.T, a *answer) {
	t.Helper()
	level := 0
	for n := range a.root.Descendants() {
		if n.Type == html.ElementNode && len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			next := int(n.Data[1] - '0')
			if next > level+1 && level > 0 {
				t.Errorf("after h%d comes h%d: %s", level, next, textOf(n))
			}
			level = next
		}
	}
}

func lintElement(t *testing.T, a *answer, n *html.Node) {
	t.Helper()
	switch n.Data {
	case "input", "select", "textarea":
		if attribute(n, "type") != "hidden" && name(a, n) == "" {
			t.Errorf("<%s name=%s> has no label", n.Data, attribute(n, "name"))
		}
	case "button", "a", "summary", "legend", "th":
		if attribute(n, "data-card") == "" && name(a, n) == "" {
			t.Errorf("<%s %v> says nothing", n.Data, n.Attr)
		}
	case "img":
		if !hasAttribute(n, "alt") {
			t.Error("a picture without words")
		}
	case "svg":
		if attribute(n, "aria-hidden") != "true" && attribute(n, "aria-label") == "" {
			t.Error("a drawing that is neither hidden nor named")
		}
	case "form":
		if method := attribute(n, "method"); method != "post" && method != "get" && method != "dialog" {
			t.Errorf("a form by %q", method)
		}
	}
	if hasAttribute(n, "style") || strings.HasPrefix(attribute(n, "tabindex"), "1") {
		t.Errorf("<%s> has a style or a tab order of its own", n.Data)
	}
}

// name is what a screen reader calls an element.
func name(a *answer, n *html.Node) string {
	if label := attribute(n, "aria-label"); label != "" {
		return label
	}
	if id := attribute(n, "id"); id != "" {
		for _, label := range a.all("label", "for", id) {
			return textOf(label)
		}
	}
	if n.Data == "input" || n.Data == "select" || n.Data == "textarea" {
		for p := n.Parent; p != nil; p = p.Parent {
			if p.Data == "label" {
				return textOf(p)
			}
		}
		return ""
	}
	return textOf(n)
}

// No page shows the key of a word, a Go value or a failure of its template.
func TestPagesHoldNoDebris(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "fr"} {
		for where, a := range everyPage(t, lang) {
			body := a.Body.String()
			for _, debris := range []string{"[map.", "[nav.", "[field.", "[hint.", "[day.", "[review.", "[precision.", "%!", "&lt;nil&gt;", "<no value>", "ZgotmplZ", "0001-01-01", "{0}", "{n}"} {
				if strings.Contains(body, debris) {
					t.Errorf("%s in %s holds %q", where, lang, debris)
				}
			}
			refuseScripts(t, where, a)
		}
	}
}

// Pages of one person, and pages with a secret in their address, are nobody else's to keep.
func TestWhoMayKeepAPage(t *testing.T) {
	t.Parallel()
	public := map[string]bool{"map": true, "event": true, "about": true, "before any day": true}
	for where, a := range everyPage(t, "en") {
		want := noStore
		if public[where] {
			want = publicShort
		}
		if got := a.Header().Get("Cache-Control"); got != want {
			t.Errorf("%s: Cache-Control = %q", where, got)
		}
		if noindex := a.Header().Get("X-Robots-Tag") == "noindex"; noindex == public[where] && where != "steward's event" {
			t.Errorf("%s: noindex = %v", where, noindex)
		}
		if a.Code == http.StatusOK && !strings.Contains(a.Header().Get("Vary"), "Cookie") {
			t.Errorf("%s does not vary by cookie", where)
		}
	}
}
