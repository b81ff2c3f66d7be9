package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

// before runs a script in every page that is opened from now on, before the page's own.
func (p *tab) before(script string) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
		p.t.Fatal(err)
	}
}

// noWebGL is a browser that cannot draw the map.
const noWebGL = `HTMLCanvasElement.prototype.getContext = () => null; window.OffscreenCanvas = undefined;`

// watchShifts sums up how much the page moves by itself (the layout instability of web vitals), and
// names the largest thing that was painted.
const watchShifts = `window.shifts = []; window.largest = "";
	new PerformanceObserver((all) => { for (const e of all.getEntries()) if (!e.hadRecentInput)
		shifts.push([e.value, e.sources.map((s) => s.node?.className || s.node?.nodeName).join()]); }).observe({ type: "layout-shift", buffered: true });
	new PerformanceObserver((all) => { for (const e of all.getEntries()) largest = e.element?.outerHTML.slice(0, 80) ?? ""; }).observe({ type: "largest-contentful-paint", buffered: true });`

// Without WebGL the hub's picture stands in the map's place, and nothing moves.
func TestPictureStandsWhereThereIsNoMap(t *testing.T) {
	t.Parallel()
	h, _ := dayWith(t, "A wall of birds")
	p := startBrowser(t).open(h)
	p.before(noWebGL)
	p.before(watchShifts)
	for _, size := range [][2]int64{{1280, 760}, {390, 844}, {320, 640}} {
		p.do("take another window", chromedp.EmulateViewport(size[0], size[1]))
		p.visit("/")
		p.isLive()
		p.until(`document.querySelector("#day").dataset.map === "none"`)
		p.until(`(() => { const i = document.querySelector("[data-poster] img"); return i.complete && i.naturalWidth === 1200 && i.checkVisibility() && i.clientHeight > 100 })()`)
		p.sees("[data-no-map]")
		if wide := read[int](p, `document.documentElement.scrollWidth`); int64(wide) > size[0] {
			t.Errorf("at %d pixels the page is %d wide", size[0], wide)
		}
		if moved := read[float64](p, `shifts.reduce((sum, [value]) => sum + value, 0)`); moved > 0.005 { // which tools show as 0.00
			t.Errorf("at %v the page moves by %.3f: %s", size, moved, read[string](p, `JSON.stringify(shifts)`))
		}
		t.Logf("at %v the largest thing is %s", size, read[string](p, "largest"))
	}
}

// The picture makes room for the map, and gives it up without moving anything.
func TestPictureMakesRoomForTheMap(t *testing.T) {
	t.Parallel()
	h, _ := dayWith(t, "A wall of birds")
	p := startBrowser(t).open(h)
	p.before(watchShifts)
	p.visit(mapPage)
	p.until(`document.querySelector("#day").dataset.drawn === "yes" && getComputedStyle(document.querySelector("[data-poster]")).visibility === "hidden"`)
	if moved := read[float64](p, `shifts.reduce((sum, [value]) => sum + value, 0)`); moved > 0.005 { // which tools show as 0.00
		t.Errorf("the page moves by %.3f: %s", moved, read[string](p, `JSON.stringify(shifts)`))
	}
	p.checkFaults()
}

// Without a script the picture is there, too.
func TestPictureWithoutScripts(t *testing.T) {
	t.Parallel()
	h, _ := dayWith(t, "A wall of birds")
	p := startBrowser(t).open(h)
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"/", "/embed", "/screen"} {
		p.visit(target)
		p.sees("picture img")
	}
	p.checkRequests()
}

// A visitor whose hub is gone sees the list as it was, and that it is an old one. Somebody's own
// pages are not kept.
func TestListWithoutAConnection(t *testing.T) {
	t.Parallel()
	h, _ := dayAt(t, alone(t), "A wall of birds")
	p := startBrowser(t).open(h)
	p.signsIn("somebody@example.org")
	p.visit("/host")
	p.sees("main h1")
	p.press(`form[action="/sign-out"] button`)
	p.until(`location.pathname === "/"`)
	p.visit(mapPage + "&lang=fr")
	// A page that opens while the worker takes over is not claimed by it; the next one is.
	p.until(`(navigator.serviceWorker.ready.then((all) => { window.isReady = all.active.state === "activated" }), window.isReady === true)`)
	p.visit(mapPage)
	p.until(`navigator.serviceWorker.controller !== null`)
	p.isLive()
	p.until(`(caches.match(location.href).then((found) => { window.isKept = !!found }), window.isKept === true)`)
	p.do("look what is kept", chromedp.Evaluate[chromedp.Void](`void (async () => { const all = [];
		for (const name of await caches.keys()) for (const r of await (await caches.open(name)).keys()) all.push(new URL(r.url).pathname);
		window.kept = all.join(" ") })()`))
	p.until(`!!window.kept`)
	if paths := read[string](p, "kept"); regexp.MustCompile("/(host|sign-in|graphql|dev|tiles|steward)").MatchString(paths) || !strings.Contains(paths, "/assets/") {
		t.Errorf("the browser keeps %s", paths)
	}
	h.stop()
	p.do("load it again", chromedp.Evaluate[chromedp.Void](`location.reload()`)) // past the browser's own cache
	p.sees("[data-offline]")
	p.until(`document.querySelector("[data-rows]").textContent.includes("A wall of birds")`)
	p.until(`document.documentElement.lang === "fr" && document.querySelector("[data-offline]").textContent.includes("Page gardée")`)
	if at := read[string](p, `document.querySelector("[data-offline] time").dateTime`); at == "" {
		t.Error("the page does not say since when")
	}
	p.do("open what was never seen", chromedp.Navigate(p.site+"/about/data"))
	p.until(`document.querySelector("main [data-offline] h1") !== null`)
}

// cutRows counts the lines of news that are seen in part.
const cutRows = `(() => { const room = document.querySelector("[data-news]").getBoundingClientRect();
	return [...document.querySelectorAll("[data-news] li:not([hidden])")].map((li) => li.getBoundingClientRect())
		.filter((row) => row.left < room.right - 1 && row.bottom > room.bottom + 1).length })()`

// The big screen goes to what is live, counts, forgets what is taken back, and does not grow.
func TestBigScreen(t *testing.T) {
	t.Parallel()
	h, event := dayWith(t, "A wall of birds")
	id := event.text("approveEvent.event.id")
	p := startBrowser(t).open(h)
	p.do("take a wall", chromedp.EmulateViewport(1920, 1080))
	p.visit("/screen?projection=mercator")
	p.until(`document.querySelector("#screen").dataset.drawn === "yes"`)
	p.until(`document.querySelector("[data-stop-title]").textContent === "A wall of birds"`)
	const (
		nodes = `[...document.querySelectorAll("body *:not(.pulse, .pulse *, [data-news] *)")].map((e) => e.nodeName + "." + e.className).join("\n")`
		rings = `document.querySelectorAll(".pulse, .pulse *").length`
		pool  = 40 * 2 // rings of the map are used again, forty of two elements
		news  = `document.querySelectorAll("[data-news] *").length`
		lines = 6 * 6 // a few lines of news, each with a title and a note of three parts
	)
	h.anybody().takesPart("cheer", id, device(0))
	p.until(`document.querySelector('[data-count="people"]').textContent === "1"`)
	before := read[string](p, nodes)
	for n := range 60 {
		h.anybody().takesPart("cheer", id, device(n+1))
	}
	p.until(`document.querySelector('[data-count="people"]').textContent === "61"`)
	if diff := cmp.Diff(strings.Split(before, "\n"), strings.Split(read[string](p, nodes), "\n")); diff != "" {
		t.Errorf("the screen has other elements: %s", diff)
	}
	if open := read[int](p, rings); open > pool {
		t.Errorf("%d elements of rings are on the screen", open)
	}
	if n := read[int](p, news); n > lines {
		t.Errorf("the news have %d elements", n)
	}
	if tall := read[int](p, `document.documentElement.scrollHeight`); tall > 1080 {
		t.Errorf("the screen is %d high", tall)
	}
	p.until(`(([map]) => map.left === 0 && map.top === 0 && Math.abs(map.right - 1920) < 2 && Math.abs(map.bottom - 1080) < 2)([...document.querySelectorAll("#map canvas")].map((c) => c.getBoundingClientRect()))`)
	if mark := read[string](p, `getComputedStyle(document.querySelector("[data-news] li:not([hidden])"), "::before").backgroundColor`); mark == "rgba(0, 0, 0, 0)" {
		t.Error("a line of news lacks the mark of its way")
	}
	if cut := read[int](p, cutRows); cut > 0 {
		t.Errorf("%d lines of news are cut", cut)
	}
	p.until(`document.querySelector("#screen").dataset.hero === "live"`)
	h.signedIn("host@example.org").must(`mutation ($id: ID!) { withdrawEvent(eventId: $id) { problems { message } } }`, "id", id)
	p.until(`!document.body.innerText.includes("A wall of birds")`)
	p.until(`document.querySelector('[data-count="events"]').textContent === "0"`)
	p.until(`document.querySelector("#screen").dataset.hero === "all"`)
	p.checkFaults()
}

// In a page of others the box may be framed, shows its map when asked for, and leaves nothing.
func TestEmbedInAPageOfOthers(t *testing.T) {
	t.Parallel()
	h, _ := dayWith(t, "A wall of birds")
	p := startBrowser(t).open(h)
	p.do("open somebody's page", chromedp.Navigate(fmt.Sprintf(`data:text/html,<title>o</title><iframe src="%s/embed?country=NP" onload="document.title+='k'"></iframe>`, p.site)))
	p.until(`document.title === "ok"`)
	p.checkFaults()
	for _, scope := range []string{"?country=NP", "?theme=emergent-futures", "?area=80,20,90,30&look=dark"} {
		p.visit("/embed" + scope)
		p.press("[data-show-map]")
		p.until(`document.querySelector("#embed").dataset.map === "ready" && !!document.querySelector("#map canvas")`)
		if read[string](p, `document.cookie + Object.keys(localStorage).join()`) != "" {
			t.Error("the box keeps something in the browser")
		}
	}
	p.do("take a small phone", chromedp.EmulateViewport(320, 640))
	p.visit("/embed?lang=ar")
	if wide := read[int](p, `document.documentElement.scrollWidth`); wide > 320 {
		t.Errorf("at 320 pixels the box is %d wide", wide)
	}
	p.checkFaults()
}

// What is withdrawn leaves the pages of others, too: its box says that there is nothing to show, and the
// box around it forgets it, with the map open or not.
func TestEmbedsForgetWhatIsWithdrawn(t *testing.T) {
	t.Parallel()
	h, event := dayWith(t, "A wall of birds")
	id := event.text("approveEvent.event.id")
	b := startBrowser(t)
	one, all := b.open(h), b.open(h)
	one.visit("/embed?event=" + event.text("approveEvent.event.slug"))
	all.visit("/embed")
	for _, p := range []*tab{one, all} {
		p.press("[data-show-map]")
		p.until(`document.querySelector("#embed").dataset.map === "ready"`)
		p.sees("[data-zoom='1']")
		p.until(`document.body.innerText.includes("A wall of birds")`)
	}
	h.signedIn("host@example.org").must(`mutation ($id: ID!) { withdrawEvent(eventId: $id) { problems { message } } }`, "id", id)
	for _, p := range []*tab{one, all} {
		p.do("come back to the page", chromedp.Evaluate[chromedp.Void](`void document.dispatchEvent(new Event("visibilitychange"))`))
		p.until(`!document.body.innerText.includes("A wall of birds") && !document.title.includes("birds")`)
	}
	one.sees(".embed [role=alert]")
	one.until(`document.querySelector("#map") === null`)
	all.until(`document.querySelector(".embed img").src.includes("&minute=")`)
	all.sees("#map canvas")
}
