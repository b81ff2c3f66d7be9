package main

import (
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A host shows the code on a screen; a phone reads it, opens its address and is counted. A second
// phone has scripts turned off.
func TestAPhoneScansTheHostsScreen(t *testing.T) {
	t.Parallel()
	h, event := dayWith(t, "A wall of birds")
	b := startBrowser(t)
	id := event.text("approveEvent.event.id")
	link, err := h.service.InviteLink(t.Context(), "host@example.org", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	screen := b.open(h)
	screen.uses(link)
	screen.visit("/host/events/" + id)
	screen.press(`#codes a[href$="/code"]`)
	screen.sees(`svg.qr path`)
	address := "/C/" + h.code(id) // what the drawing says, see the tests of pages

	phone, plain := b.open(h), b.open(h)
	if _, err := chromedp.Call(plain.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*tab{phone, plain} {
		p.visit(address)
		p.press(`main form button`)
		p.sees(`.notice.good[role="status"]`)
		p.visit(address)
		p.press(`main form button`)
		p.sees(`.notice:not(.good)[role="status"]`) // counted before
	}
	eventually(t, "two people are counted", func() bool {
		return h.anybody().must("{ counts { world { checkIns { value } } } }").number("counts.world.checkIns.value") == 2
	})
	screen.visit("/host/events/" + id)
	screen.until(`document.querySelector("#codes").textContent.includes("2 by the screen")`)
	screen.visit("/host/events/" + id + "/poster")
	screen.sees(`article.poster svg.qr`)
	phone.checkFaults()
	plain.checkRequests()
	screen.checkFaults()
}
