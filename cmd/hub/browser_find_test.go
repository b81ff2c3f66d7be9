package main

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/microgalleries/actionday/events"
)

// Somebody searches for a country in Devanagari and for a town by the keyboard alone, opens a card,
// and hands the address on: who opens it sees the same list and the same card.
func TestAPlaceIsFoundAndItsViewShared(t *testing.T) {
	t.Parallel()
	h, b := startHub(t, settings{}, serveCommand{}), startBrowser(t)
	edition := h.today()
	event := h.signedIn("host@example.org").registers(edition, "A wall of birds").text("registerEvent.event.id")
	h.signedIn("steward@example.org", events.StewardRole).approves(event)

	p := b.open(h)
	p.visit(mapPage + "&panel=list")
	p.isLive()
	p.write("#find-q", "नेपाल")
	p.until(`document.querySelector("#find-q").getAttribute("aria-expanded") === "true"`)
	p.types(kb.ArrowDown)
	p.until(`document.getElementById(document.querySelector("#find-q").getAttribute("aria-activedescendant"))?.textContent === "Nepal"`)
	p.types(kb.Enter)
	p.until(`new URLSearchParams(location.search).get("country") === "NP" && document.querySelectorAll("[data-rows] li").length === 1`)
	if chips := read[string](p, `document.querySelector("[data-chips]").innerText`); chips == "" {
		t.Error("no chip tells of the country")
	}
	p.press("[data-clear]")
	p.until(`!new URLSearchParams(location.search).has("country")`)

	p.write("#find-q", "Londres")
	p.types(kb.Enter) // without looking at what is proposed
	p.until(`[...document.querySelectorAll("[data-named] a")].map((a) => a.textContent).join("; ") === "Events near Londres, United Kingdom; Events near Londres, Argentina"`)
	p.press("[data-named] a")
	p.until(`location.search.includes("near=51.5") && document.querySelector("#find-q").value === "" && !document.querySelector("[data-named]")`)

	p.write("#find-q", "kathmand")
	p.until(`document.querySelector("[data-places] [role=option]")?.textContent === "Kathmandu, Nepal"`)
	p.types(kb.ArrowDown)
	p.types(kb.Enter)
	p.until(`location.search.includes("near=27.7") && document.querySelector("[data-rows] .km") !== null`)
	p.do("go to the row", chromedp.Evaluate[chromedp.Void](`document.querySelector("[data-rows] a").focus()`))
	p.types(kb.Enter)
	p.until(`document.querySelector("#card").open && document.querySelector("#card-title").textContent === "A wall of birds"`)
	p.until(`new URLSearchParams(location.search).get("event") !== null`)

	other := b.open(h)
	other.visit(read[string](p, `location.pathname + location.search`))
	other.until(`document.querySelector("#card").open && document.querySelector("#card-title").textContent === "A wall of birds"`)
	other.until(`document.querySelectorAll("[data-rows] li").length === 1 && document.querySelector("[data-rows] .km") !== null`)

	p.do("go back", chromedp.Evaluate[chromedp.Void](`history.back()`))
	p.until(`!document.querySelector("#card").open && !location.search.includes("event=") && location.search.includes("near=")`)
	for _, somebody := range []*tab{p, other} {
		somebody.until(`document.querySelector("[data-chips]").innerText.includes("Kathmandu, Nepal")`)
	}
	p.press(`[data-as-to="table"]`)
	p.until(`document.querySelectorAll("[data-table-rows] tr").length === 1 && location.search.includes("as=table")`)
	for _, somebody := range []*tab{p, other} {
		somebody.checkFaults()
	}
}

// types presses a key where the focus is.
func (p *tab) types(key string) {
	p.t.Helper()
	p.do("press a key", chromedp.KeyEvent(key))
}
