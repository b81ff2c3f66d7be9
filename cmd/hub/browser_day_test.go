package main

import (
	"fmt"
	"path"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/microgalleries/actionday/events"
)

// mapPage is the flat map, which software can draw in time.
const mapPage = "/?projection=mercator"

// The main job from end to end: a host registers on a phone, a steward lists it, and whoever has the
// page open sees it, is counted for it, and sees it go when the host takes it back.
func TestADayInTheBrowser(t *testing.T) {
	t.Parallel()
	h, b := startHub(t, alone(t), serveCommand{}), startBrowser(t)
	h.today()
	visitor := b.open(h)
	visitor.visit(mapPage)
	visitor.isLive()
	visitor.watchesFor("A wall of birds")

	host := b.open(h)
	host.do("take a phone", chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	host.signsIn("host@example.org")
	event := host.registersByForm("A wall of birds", true)
	host.readsReview("SUBMITTED")
	if read[bool](visitor, `window.seenAt > 0`) {
		t.Error("the event shows before anybody has looked at it")
	}

	steward := b.open(h)
	link, err := h.service.InviteLink(t.Context(), "steward@example.org", time.Hour, events.OrganizerRole)
	if err != nil {
		t.Fatal(err)
	}
	steward.uses(link)
	steward.visit("/steward")
	steward.press(fmt.Sprintf(`[id="%s"] button[value="approve"]`, event))
	visitor.until(`window.seenAt > 0`)
	visitor.until(`document.querySelector('[data-count="events"]').textContent === "1"`)
	steward.until(`location.pathname === "/steward"`)
	seen := time.UnixMilli(int64(read[float64](visitor, "window.seenAt")))
	t.Logf("approval_to_open_page_ms %d", seen.Sub(steward.redirectedBy(t, "/steward/events/"+event)).Milliseconds())

	trustHost(t, h, event)
	visitor.watchesFor("Letters to the river")
	host.registersByForm("Letters to the river", false)
	host.readsReview("LISTED") // nobody had to look at a trusted host's
	visitor.until(`window.seenAt > 0`)

	cheersOnTheCard(t, b, h, visitor, "A wall of birds")
	crowd := 0
	eventually(t, "rings open on the map where people cheer", func() bool {
		crowd++
		h.anybody().takesPart("cheer", event, device(crowd))
		return read[bool](visitor, `window.rings > 0`)
	})
	withdrawsByForm(host, event)
	visitor.until(`!document.querySelector("[data-feed]").textContent.includes("A wall of birds")`)
	visitor.until(`document.querySelector('[data-count="events"]').textContent === "1"`)
	for _, p := range []*tab{visitor, host, steward} {
		p.checkFaults()
	}
}

// isLive waits until the page's streams stand.
func (p *tab) isLive() {
	p.t.Helper()
	p.until(`!!document.querySelector("[data-stream=connected]")`)
}

// watchesFor notes the moment in which the feed shows a title, and counts the rings on the map.
func (p *tab) watchesFor(title string) {
	p.t.Helper()
	p.do("watch the feed", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
		window.seenAt = window.rings = 0;
		new MutationObserver((all) => { for (const m of all) for (const n of m.addedNodes) if (n.matches?.(".pulse")) window.rings++; })
			.observe(document.querySelector("#map"), { childList: true, subtree: true });
		const feed = document.querySelector("[data-feed]");
		new MutationObserver(() => { if (!window.seenAt && feed.textContent.includes(%q)) window.seenAt = Date.now(); })
			.observe(feed, { childList: true, subtree: true, characterData: true });
	})()`, title)))
}

// redirectedBy is when the answer to a form came.
func (p *tab) redirectedBy(t *testing.T, path string) time.Time {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	at, ok := p.answered[path]
	if !ok {
		t.Errorf("%s was never answered: %v", path, p.answered)
	}
	return at
}

// registersByForm fills the form in and gives the new event's id.
func (p *tab) registersByForm(title string, newHost bool) (id string) {
	p.t.Helper()
	p.visit("/host/register")
	if newHost {
		p.write(`[name="host.displayName"]`, "Studio Patan")
	}
	p.write(`[name="title"]`, title)
	p.press(`label[for="way-OWN_WORK"]`)
	p.choose(`[name="place.country"]`, "NP")
	p.write(`[name="place.locality"]`, "Lalitpur")
	p.write(`[name="place.latitude"]`, "27.672813")
	p.write(`[name="place.longitude"]`, "85.325147")
	p.choose(`[name="place.zone"]`, "Asia/Kathmandu")
	p.press(`label[for="allDay"]`)
	p.press(`form[action="/host/register"] button.big`)
	p.until(`location.pathname.startsWith("/host/events/")`)
	p.sees("[data-review]")
	return path.Base(p.path())
}

// trustHost makes the host of an event a trusted one, as organizers do.
func trustHost(t *testing.T, h *house, event string) {
	t.Helper()
	id, err := events.ParseID(event)
	if err != nil {
		t.Fatal(err)
	}
	e, err := h.store.Event(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	host, err := h.store.Host(t.Context(), e.HostID)
	if err != nil {
		t.Fatal(err)
	}
	host.Trust = events.TrustedTrust
	if err := h.store.SaveHost(t.Context(), &host); err != nil {
		t.Fatal(err)
	}
}

// cheersOnTheCard opens the event from the feed and cheers; another open page counts it.
func cheersOnTheCard(t *testing.T, b *browser, h *house, p *tab, title string) {
	t.Helper()
	other := b.open(h)
	other.visit(mapPage)
	other.isLive()
	p.do("open the card", chromedp.Click(fmt.Sprintf(`//ol[@data-feed]//button[contains(., %q)]`, title)))
	p.until(`document.querySelector("#card").open && document.querySelector("#card-title").textContent === "` + title + `"`)
	p.press("#card [data-cheer]")
	p.until(`document.querySelector("#card [data-cheer]").getAttribute("aria-disabled") === "true" && !!document.querySelector('[data-card="said"]').textContent`)
	other.until(`document.querySelector('[data-count="cheers"]').textContent === "1"`)
	p.press("#card .card-close")
	p.until(`!document.querySelector("#card").open`)
	other.checkFaults()
}

func withdrawsByForm(p *tab, event string) {
	p.t.Helper()
	p.visit("/host/events/" + event)
	p.press(`.panic a.danger`)
	p.until(`location.pathname.endsWith("/withdraw")`)
	p.press(`form button.danger`)
	p.until(`!location.pathname.endsWith("/withdraw")`)
	p.readsReview("WITHDRAWN")
}

// readsReview waits until the host's page of an event says how far the stewards are.
func (p *tab) readsReview(state string) {
	p.t.Helper()
	p.until(`document.querySelector("[data-review]")?.dataset.review === "` + state + `"`)
}
