package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/microgalleries/actionday/cmd/hub/browsertest"
	"github.com/microgalleries/actionday/events"
)

// takes sets somebody's window, theme and wish for stillness.
func (p *tab) takes(look browsertest.Look) {
	p.t.Helper()
	if err := look.Take(p.ctx); err != nil {
		p.fail("take another look", err)
	}
}

// keepsNobodyOut fails for what axe finds in the page as it stands, by day and by night, and for a page
// that is wider than its window.
func (p *tab) keepsNobodyOut(state string, look browsertest.Look) {
	p.t.Helper()
	p.takes(look)
	more, what, err := browsertest.Sideways(p.ctx)
	if err != nil {
		p.fail("measure", err)
	}
	if more > 0 {
		p.t.Errorf("%s is %d pixels too wide: %s", state, more, what)
	}
	// At the end of the page the day's line, which sticks to a phone's window, lies over nothing.
	p.do("scroll to the end", chromedp.Evaluate[chromedp.Void](`scrollTo(0, document.documentElement.scrollHeight)`))
	found, err := browsertest.Findings(p.ctx)
	if err != nil {
		p.fail("look at "+state, err)
	}
	other := look
	other.Dark = !look.Dark
	p.takes(other)
	colors, err := browsertest.Findings(p.ctx, browsertest.Contrast)
	if err != nil {
		p.fail("look at "+state, err)
	}
	p.takes(look)
	for _, f := range append(found, colors...) {
		p.t.Errorf("%s (%s, %d pixels): %s", state, read[string](p, "document.documentElement.lang"), look.Width, f)
	}
}

// clicks presses without a pointer, which something that sticks to the window's edge could be under.
func (p *tab) clicks(selector string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`!!document.querySelector(%q)`, selector))
	p.do("click "+selector, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.querySelector(%q).click()`, selector)))
}

// livelyDay is a hub whose day has what the map can show: something live, something called off, cheers.
func livelyDay(t *testing.T) (h *house, event reply) {
	t.Helper()
	h, event = dayWith(t, "A wall of birds")
	h.signedIn("host@example.org").must(`mutation ($id: ID!) { setEventDay(eventId: $id, day: {state: LIVE}) `+answered+` }`, "id", event.text("approveEvent.event.id"))
	edition, err := h.service.EditionBySlug(t.Context(), events.Actor{}, "today")
	if err != nil {
		t.Fatal(err)
	}
	off := h.signedIn("other@example.org").registers(edition, "Letters to the river", spread(1)).text("registerEvent.event.id")
	h.signedIn("steward@example.org", events.StewardRole).approves(off)
	h.signedIn("other@example.org").must(`mutation ($id: ID!) { setEventDay(eventId: $id, day: {state: CANCELLED, reason: "Rain."}) `+answered+` }`, "id", off)
	eventually(t, "both count", func() bool { return h.anybody().counts(edition).number("counts.world.off") == 1 })
	return h, event
}

// Whatever is open on the map page, nobody is kept out, on a desk and on a phone from right to left.
func TestAxeFindsNothingOnTheMap(t *testing.T) {
	t.Parallel()
	h, event := livelyDay(t)
	b := startBrowser(t)
	for lang, look := range map[string]browsertest.Look{
		"en": {Width: 1280, Height: 900, Still: true}, "ar": {Width: 390, Height: 844, Still: true, Dark: true},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			p := b.open(h)
			p.t = t
			p.takes(look)
			see := func(state, condition string) {
				t.Helper()
				p.until(condition)
				p.keepsNobodyOut(state, look)
			}
			p.visit(mapPage + "&lang=" + lang)
			p.isLive()
			p.until(drawn)
			h.anybody().takesPart("cheer", event.text("approveEvent.event.id"), device(int(look.Width)))
			see("the feed", `document.querySelectorAll("[data-feed] li").length > 0`)
			p.clicks(".coverage > summary")
			see("where the numbers come from", `document.querySelector(".coverage").open`)
			p.clicks(".coverage > summary")
			if look.Width < 400 {
				p.clicks(".legend-fold > summary")
				see("what the marks mean", `document.querySelector(".legend").checkVisibility()`)
			}
			p.clicks("[data-panel-to=list]")
			see("the list", `document.querySelectorAll("[data-rows] li").length === 2`)
			p.clicks(".more-filters > summary")
			see("the filters", `document.querySelector(".more-filters").open`)
			p.clicks(".more-filters > summary")
			p.write("#find-q", "kathmand")
			p.until(`!!document.querySelector("[data-places] [role=option]")`)
			p.types(kb.ArrowDown)
			see("the places", `!!document.querySelector("[data-places] [aria-selected=true]")`)
			p.types(kb.Enter)
			see("near a town", `location.search.includes("near=27.7") && document.querySelector("[data-rows] .km") !== null`)
			p.clicks("[data-as-to=table]")
			see("the table", `document.querySelectorAll("[data-table-rows] tr").length > 0`)
			p.clicks("[data-table-rows] a")
			see("the card", `document.querySelector("#card").open && document.querySelector("#card").dataset.phase === "ready"`)
			p.clicks("#card [data-cheer]")
			see("the card of who has cheered", `document.querySelector("#card [data-cheer]").getAttribute("aria-disabled") === "true" && !!document.querySelector('[data-card="said"]').textContent`)
			p.visit("/?projection=mercator&at=" + time.Now().UTC().Add(-time.Minute).Format(time.RFC3339))
			see("the replay", `!!document.querySelector(".day[data-replay=ready]")`)
			p.visit(event.text("approveEvent.event.path"))
			see("the event", `!!document.querySelector("form[action$='/cheer']")`)
			p.visit("/embed?country=NP&lang=" + lang)
			p.clicks("[data-show-map]")
			see("the box", `document.querySelector("#embed").dataset.map === "ready"`)
			p.visit("/screen?projection=mercator&lang=" + lang)
			h.anybody().takesPart("cheer", event.text("approveEvent.event.id"), device(int(look.Width)+1))
			see("the big screen", `document.querySelector("#screen").dataset.drawn === "yes" && !!document.querySelector("[data-news] li:not([hidden])")`)
			p.checkFaults()
		})
	}
}

// Before the day and after it, in either theme.
func TestAxeFindsNothingBeforeAndAfter(t *testing.T) {
	t.Parallel()
	b := startBrowser(t)
	for state, now := range map[string]string{"the countdown": "2025-12-10T08:00:00Z", "the finished day": "2025-12-13T12:00:00Z"} {
		h := hubAt(t, now)
		p := b.open(h)
		for _, look := range []browsertest.Look{{Width: 1280, Height: 900, Still: true}, {Width: 390, Height: 844, Still: true, Dark: true}} {
			p.takes(look)
			p.visit(mapPage)
			p.until(drawn)
			p.keepsNobodyOut(state, look)
		}
		p.checkFaults()
	}
}

// A page whose hub is gone, and what the browser kept of it.
func TestAxeFindsNothingWithoutAConnection(t *testing.T) {
	t.Parallel()
	h, _ := dayWith(t, "A wall of birds")
	p := startBrowser(t).open(h)
	look := browsertest.Look{Width: 390, Height: 844, Still: true, Dark: true}
	p.takes(look)
	p.visit(mapPage + "&lang=en")
	p.until(`(navigator.serviceWorker.ready.then((all) => { window.isReady = all.active.state === "activated" }), window.isReady === true)`)
	p.visit(mapPage)
	p.until(`navigator.serviceWorker.controller !== null`)
	p.isLive()
	p.until(`(caches.match(location.href).then((found) => { window.isKept = !!found }), window.isKept === true)`)
	h.stop()
	p.until(`!!document.querySelector("[data-stream=offline]")`)
	p.keepsNobodyOut("the map without its hub", look)
	p.do("load it again", chromedp.Evaluate[chromedp.Void](`location.reload()`))
	p.sees("[data-offline]")
	p.keepsNobodyOut("the map as it was kept", look)
	p.do("open what was never seen", chromedp.Navigate(p.site+"/about/data"))
	p.sees("main [data-offline] h1")
	p.keepsNobodyOut("a page that was not kept", look)
}
