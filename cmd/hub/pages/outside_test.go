package pages

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// outsidePages opens what is seen of the day beside its own page.
func outsidePages(t *testing.T, lang string) map[string]*answer {
	t.Helper()
	h := newHouse(t)
	host := h.host()
	h.add(host, eventstest.Whereabouts(), titled("Birds", "birds-1"), listed, eventstest.OnDay(events.Live, events.ByHost))
	h.add(host, eventstest.Whereabouts(), titled("<b>Paper & River</b>", "paper-1"), listed)
	who := h.anybody()
	who.lang = lang
	empty := newHouse(t).anybody()
	empty.lang = lang
	return map[string]*answer{
		"screen": who.open("/screen"), "screen without events": empty.open("/screen"), "screen before any day": emptyHouse(t).anybody().open("/screen"),
		"embed": who.open("/embed"), "embed of a country": who.open("/embed?country=NP"), "embed of an event": who.open("/embed?event=birds-1"),
		"embed of a host": who.open("/embed?host=" + host.ID.String()), "embed of an area": who.open("/embed?area=80,20,90,30&look=dark"),
		"embed without events": empty.open("/embed?country=BR"), "wrong embed": who.get("/embed?country=12"),
		"embed before any day": emptyHouse(t).anybody().get("/embed"),
	}
}

func TestPagesOutsideCanBeUsedByEverybody(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "ar"} {
		for name, a := range outsidePages(t, lang) {
			t.Run(lang+" "+name, func(t *testing.T) {
				t.Parallel()
				lint(t, a)
				for _, debris := range []string{"[map.", "[embed.", "[screen.", "[outside.", "%!", "<no value>", "ZgotmplZ", "0001-01-01", "<b>Paper"} {
					if strings.Contains(a.Body.String(), debris) {
						t.Errorf("it holds %q", debris)
					}
				}
				refuseScripts(t, name, a)
			})
		}
	}
}

func TestScreenLeadsToTheMap(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add(h.host(), eventstest.Whereabouts(), titled("Birds", "birds-1"), listed, eventstest.OnDay(events.Live, events.ByHost))
	a := h.anybody().open("/screen")
	wantText(t, a.text(), "Join the map", "hub.example", "Live now", "0 on site, 0 online, events: 0 of 1")
	if got := len(a.all("button")) + len(a.all("form")) + len(a.all("input")); got > 0 {
		t.Errorf("the screen has %d controls", got)
	}
	page := a.all("div", "id", "screen")[0]
	if build := strings.TrimSpace(h.anybody().open("/screen/build").Body.String()); build == "" || attribute(page, "data-build") != build {
		t.Errorf("the page is of build %q, the hub of %q", attribute(page, "data-build"), build)
	}
	if got := a.Header().Get("X-Robots-Tag"); got != "noindex" {
		t.Errorf("robots: %q", got)
	}
}

// A wall that is set up before the day is announced waits for it by itself: its script is that of the
// screen, which asks again.
func TestScreenWaitsForTheDay(t *testing.T) {
	t.Parallel()
	h := emptyHouse(t)
	a := h.anybody().open("/screen?lang=fr")
	wantText(t, a.text(), "Aucune journée n’est encore annoncée.", "hub.example")
	if script := a.all("script", "type", "module"); len(script) != 1 || !strings.HasPrefix(attribute(script[0], "src"), "/assets/screen-") {
		t.Error("nothing asks again")
	}
	h.edition = eventstest.Edition(h.ids)
	if err := h.store.SaveEdition(t.Context(), &h.edition); err != nil {
		t.Fatal(err)
	}
	if days := h.anybody().open("/screen?lang=fr").all("div", "id", "screen"); len(days) != 1 {
		t.Error("the day does not come")
	}
}

// What is largest on the screen follows the day: a countdown, what is live, all that there was.
func TestScreenSaysLargestWhatCountsNow(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	largest := func(at time.Time) string {
		h.clock.Set(at)
		return attribute(h.anybody().open("/screen").all("div", "id", "screen")[0], "data-hero")
	}
	opens, closes := h.edition.OpensAt(), h.edition.ClosesAt()
	noon := opens.Add(26 * time.Hour)
	quiet := []string{largest(opens.Add(-50 * time.Hour)), largest(noon)}
	h.add(h.host(), eventstest.Whereabouts(), titled("Birds", "birds-1"), listed, eventstest.OnDay(events.Live, events.ByHost))
	if got := append(quiet, largest(noon), largest(closes)); !slices.Equal(got, []string{"countdown", "all", "live", "all"}) {
		t.Errorf("the largest is %q", got)
	}
}

// The code's squares are those of the library, inside a light frame of four units.
func TestCodeHasItsQuietZone(t *testing.T) {
	t.Parallel()
	code, err := newQRCode("https://hub.example/")
	if err != nil {
		t.Fatal(err)
	}
	if code.Edge != 21+2*quiet || !strings.HasPrefix(code.Path, "M4 4h7v1h-7z") {
		t.Errorf("%d units, %.40s", code.Edge, code.Path)
	}
	if _, err := newQRCode(strings.Repeat("x", 5000)); err == nil {
		t.Error("five thousand characters fit into a code")
	}
}

func TestServiceWorkerKnowsItsBuild(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a := h.anybody().open("/sw.js")
	script := a.Body.String()
	wantText(t, script, `const BUILD={"version":"`, "/assets/map-", "/assets/page-", "/assets/chunk-", "You are offline", "أنت غير متصل")
	wantNone(t, script, "/assets/globe-", "/assets/worker-", "/host", "[offline.")
	if got := a.Header().Get("Cache-Control"); got != "no-cache" {
		t.Errorf("Cache-Control = %q", got)
	}
	if got := a.Header().Get("Content-Type"); got != "text/javascript; charset=utf-8" {
		t.Errorf("Content-Type = %q", got)
	}
}

func TestHomeScreenIcons(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for lang, dir := range map[string]string{"en": "ltr", "ar": "rtl", "xx": "ltr"} {
		a := h.anybody().open("/manifest.webmanifest?lang=" + lang)
		wantText(t, a.Body.String(), `"dir":"`+dir+`"`, `"sizes":"512x512"`, `"start_url":"/"`)
		if a.Header().Get("Set-Cookie") != "" || a.Header().Get("Content-Type") != "application/manifest+json" {
			t.Errorf("%s: %v", lang, a.Header())
		}
	}
	for _, icon := range []string{"icon-192.png", "icon-512.png", "icon-180.png"} {
		built, err := openAssets()
		if err != nil {
			t.Fatal(err)
		}
		if a := h.anybody().open(built.url(icon)); a.Header().Get("Content-Type") != "image/png" || !strings.HasPrefix(a.Body.String(), "\x89PNG") {
			t.Errorf("%s: %v", icon, a.Header())
		}
	}
}
