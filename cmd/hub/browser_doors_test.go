package main

import (
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/microgalleries/actionday/events"
)

// dayWith opens a hub whose day has one listed event.
func dayWith(t *testing.T, title string) (h *house, event reply) {
	t.Helper()
	return dayAt(t, settings{}, title)
}

func dayAt(t *testing.T, s settings, title string) (h *house, event reply) {
	t.Helper()
	h = startHub(t, s, serveCommand{})
	edition := h.today()
	id := h.signedIn("host@example.org").registers(edition, title, map[string]any{"summary": "Paint what comes."}).text("registerEvent.event.id")
	event = h.signedIn("steward@example.org", events.StewardRole).approves(id)
	eventually(t, "the event counts", func() bool { return h.anybody().counts(edition).number("counts.world.events") == 1 })
	return h, event
}

// Every page, for everybody: no error, no violation of the policy, and nothing asked of anybody but
// the hub.
func TestPagesAreQuiet(t *testing.T) {
	t.Parallel()
	h, event := dayWith(t, "A wall of birds")
	b := startBrowser(t)
	link, err := h.service.InviteLink(t.Context(), "organizer@example.org", time.Hour, events.OrganizerRole)
	if err != nil {
		t.Fatal(err)
	}
	organizer := b.open(h)
	organizer.uses(link)
	for name, p := range map[string]*tab{"anybody": b.open(h), "an organizer": organizer} {
		for door, settled := range map[string]string{
			mapPage:                               `!!document.querySelector("[data-stream=connected]") && !!document.querySelector("#map canvas")`,
			"/?q=wall&projection=mercator":        `!!document.querySelector("[data-stream=connected]") && document.querySelectorAll("[data-rows] li").length === 1`,
			event.text("approveEvent.event.path"): `document.querySelector("h1").textContent.includes("A wall of birds")`,
			"/host/register":                      `!!document.querySelector("main form")`,
			"/steward":                            `!!document.querySelector("main h1")`,
			"/graphiql/":                          `document.body.textContent.length > 100 && !!document.querySelector("button")`,
			"/about/data":                         `!!document.querySelector("main h1")`,
			"/sign-in":                            `!!document.querySelector("main")`,
		} {
			p.visit(door)
			p.until(settled)
		}
		t.Log(name, "has asked", p.requests(), "times")
		p.checkFaults()
	}
}

// Without scripts the list, its filters and the forms do their work.
func TestPagesWorkWithoutScripts(t *testing.T) {
	t.Parallel()
	h, event := dayAt(t, alone(t), "A wall of birds")
	p := startBrowser(t).open(h)
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	p.visit("/")
	p.sees(`[data-rows] a[href="` + event.text("approveEvent.event.path") + `"]`)
	p.write(`[name="q"]`, "nothing like it")
	p.press(`[data-filters] button[type="submit"]`)
	p.sees(`[data-list-empty]`)
	p.visit("/?q=birds")
	p.press(`[data-rows] a`)
	p.sees(`form[action$="/cheer"]`)
	p.press(`form[action$="/cheer"] button`)
	p.sees(`#cheer [role="status"]`)
	p.signsIn("another-host@example.org")
	id := p.registersByForm("Letters to the river", true)
	withdrawsByForm(p, id)
	p.checkRequests() // that scripts are not loaded is no fault here
}

// By keyboard alone: the order of things, a card opened and closed, and focus back where it was.
func TestPagesWorkByKeyboard(t *testing.T) {
	t.Parallel()
	h, _ := dayWith(t, "A wall of birds")
	p := startBrowser(t).open(h)
	p.visit("/?q=wall&projection=mercator")
	p.isLive()
	const focused = `(() => { const e = document.activeElement;
		return e.matches(".skip") ? "skip" : e.matches("[name=q]") ? "search" : e.closest("[data-rows]") ? "row" : e.tagName })()`
	var order []string
	for range 60 {
		p.do("press Tab", chromedp.KeyEvent(kb.Tab))
		if at := read[string](p, focused); !slices.Contains(order, at) {
			order = append(order, at)
		}
		if slices.Contains(order, "row") {
			break
		}
	}
	skip, search, row := slices.Index(order, "skip"), slices.Index(order, "search"), slices.Index(order, "row")
	if skip != 0 || search < skip || row < search {
		t.Fatalf("Tab goes to %q", order)
	}
	p.do("press Enter", chromedp.KeyEvent(kb.Enter))
	p.until(`document.querySelector("#card").open && document.querySelector("#card-title").textContent === "A wall of birds"`)
	if !read[bool](p, `document.querySelector("#card").contains(document.activeElement)`) {
		t.Error("the card opens without the focus")
	}
	p.do("press Escape", chromedp.KeyEvent(kb.Escape))
	p.until(`!document.querySelector("#card").open`)
	if at := read[string](p, focused); at != "row" {
		t.Errorf("after the card the focus is on %s", at)
	}
	p.checkFaults()
}
