package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// Somebody has a card open when its host calls the event off: the card says so, and so do the rows
// behind it, which the hub wrote before.
func TestTheOpenCardAndTheListFollowTheDay(t *testing.T) {
	t.Parallel()
	h, event := dayWith(t, "A wall of birds")
	id := event.text("approveEvent.event.id")
	p := startBrowser(t).open(h)
	p.visit(mapPage + "&panel=list&lang=en")
	p.isLive()
	p.press("[data-rows] a")
	p.until(`document.querySelector("#card").dataset.phase === "ready" && document.activeElement.textContent === "A wall of birds"`)
	p.do("stay at a button", chromedp.Focus(chromedp.CSS("[data-share]")))
	h.signedIn("host@example.org").must(`mutation ($id: ID!) { setEventDay(eventId: $id, day: {state: CANCELLED, reason: "Rain."}) `+answered+` }`, "id", id)
	p.until(`document.querySelector("[data-rows] [data-id]").dataset.day === "CANCELLED"`)
	p.until(`document.querySelector("[data-card=reason]").textContent === "Rain."`)
	if at := read[string](p, `document.activeElement.outerHTML`); !read[bool](p, `document.activeElement.matches("[data-share]")`) {
		t.Errorf("the focus went to %s", at)
	}
	p.checkFaults()
}

// Who opens a link to a card and closes it is rid of it, whatever comes after.
func TestASharedCardClosesForGood(t *testing.T) {
	t.Parallel()
	h, event := dayWith(t, "A wall of birds")
	slug := event.text("approveEvent.event.slug")
	p := startBrowser(t).open(h)
	p.visit(mapPage + "&panel=list&lang=en&event=" + slug)
	open := `document.querySelector("#card").open && document.querySelector("#card").dataset.phase === "ready"`
	closed := `!document.querySelector("#card").open && !location.search.includes("event=")`
	p.until(open)
	p.press("#card .card-close")
	p.until(closed)
	p.press("[data-rows] a")
	p.until(open + ` && location.search.includes("event=")`)
	p.press("#card .card-close")
	p.until(closed + ` && history.state?.card === undefined`)
	p.press(`[data-panel-to="now"]`)
	p.until(`!location.search.includes("panel=list")`)
	p.do("go back", chromedp.Evaluate[chromedp.Void](`history.back()`))
	p.until(`location.search.includes("panel=list")`)
	if !read[bool](p, closed) {
		t.Error("the card is back")
	}
	p.checkFaults()
}
