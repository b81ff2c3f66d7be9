package pages

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/microgalleries/actionday/cmd/hub/browsertest"
	"github.com/microgalleries/actionday/events"
)

// looks are the ways to look at every page, of which each shows another side: a desk at twice the
// size by day, and a phone by night from right to left. The tests of the hub look at the map on a desk.
func looks() map[string]browsertest.Look {
	return map[string]browsertest.Look{"en": {Width: 1280, Height: 900, Still: true, Zoom: 2}, "ar": phone()}
}

func phone() browsertest.Look {
	return browsertest.Look{Width: 390, Height: 844, Still: true, Dark: true}
}

// rehearsals are the pages of a hub that says it is not serious.
func rehearsals(t *testing.T, lang string) map[string]*answer {
	t.Helper()
	who := newHouse(t, func(e *events.Edition) { e.Mode = events.RehearsalMode }).anybody()
	who.lang = lang
	return map[string]*answer{
		"rehearsal": who.open("/"), "about a rehearsal": who.open("/about/data"), "screen of a rehearsal": who.open("/screen"),
	}
}

// showcase serves pages that were answered already, each under an address of its own and with its own
// headers; what they load comes from the hub itself.
func showcase(t *testing.T, pages map[string]*answer) (address func(name string) string) {
	t.Helper()
	rest := newHouse(t).handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := pages[r.URL.Query().Get("page")]
		if r.URL.Path != "/showcase" || a == nil {
			rest.ServeHTTP(w, r)
			return
		}
		maps.Copy(w.Header(), a.Header())
		w.WriteHeader(a.Code)
		_, _ = w.Write(a.Body.Bytes())
	}))
	t.Cleanup(server.Close)
	return func(name string) string { return server.URL + "/showcase?page=" + url.QueryEscape(name) }
}

// noWebGL is a browser that cannot draw the map: the tests of the hub look at the map itself.
const noWebGL = `HTMLCanvasElement.prototype.getContext = () => null; window.OffscreenCanvas = undefined;`

// Nothing in any page keeps anybody out who cannot see it well, in either theme and direction, on a
// phone and at 200 %; and none is ever wider than its window.
func TestAxeFindsNothing(t *testing.T) {
	t.Parallel()
	chromium := browsertest.Start(t)
	for lang, look := range looks() {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			all := everyPage(t, lang)
			for name, a := range outsidePages(t, lang) {
				all["outside: "+name] = a
			}
			maps.Copy(all, rehearsals(t, lang))
			address := showcase(t, all)
			ctx, shut := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
			t.Cleanup(shut)
			if err := browsertest.Before(ctx, noWebGL); err != nil {
				t.Fatal(err)
			}
			for name := range all {
				if err := chromedp.Do(ctx, chromedp.Navigate(address(name))); err != nil {
					t.Fatalf("open %s: %v", name, err)
				}
				inspect(t, ctx, name, look)
				fits(t, ctx, name, browsertest.Look{Width: 1280, Height: 900, Still: true})
				fits(t, ctx, name, phone())
				fits(t, ctx, name, browsertest.Look{Width: 320, Height: 640, Still: true})
			}
		})
	}
}

// inspect reports what axe finds when somebody looks so, with some rules or all.
func inspect(t *testing.T, ctx context.Context, name string, look browsertest.Look, rules ...string) {
	t.Helper()
	fits(t, ctx, name, look)
	found, err := browsertest.Findings(ctx, rules...)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, f := range found {
		t.Errorf("%s at %+v: %s", name, look, f)
	}
}

// fits takes the look and fails if the page has to be moved sideways in it.
func fits(t *testing.T, ctx context.Context, name string, look browsertest.Look) {
	t.Helper()
	if err := look.Take(ctx); err != nil {
		t.Fatal(err)
	}
	more, what, err := browsertest.Sideways(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if more > 0 {
		t.Errorf("%s is %d pixels too wide at %+v: %s", name, more, look, what)
	}
}

// Without scripts the map page is its list. Scripts are allowed once it has been read, for axe.
func TestAxeFindsNothingWithoutScripts(t *testing.T) {
	t.Parallel()
	h, _ := embedded(t)
	server := httptest.NewServer(h.handler)
	t.Cleanup(server.Close)
	chromium := browsertest.Start(t)
	for lang, look := range looks() {
		ctx, shut := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
		t.Cleanup(shut)
		scripts := func(off bool) {
			t.Helper()
			if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: off}); err != nil {
				t.Fatal(err)
			}
		}
		for _, target := range []string{"/?", "/?country=BR&", "/?as=table&", "/?q=nothing&near=27.7,85.3&"} {
			scripts(true)
			if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+target+"lang="+lang)); err != nil {
				t.Fatalf("open %s: %v", target, err)
			}
			scripts(false)
			if ran, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.documentElement.classList.contains("js")`)); err != nil || ran {
				t.Fatalf("a script of the page ran: %v", err)
			}
			inspect(t, ctx, target, look)
		}
	}
}
