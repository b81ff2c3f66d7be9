package main

import (
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// lets has the browser load scripts of a kind, or not.
func (p *tab) lets(come bool, script string) {
	p.t.Helper()
	blocked := network.SetBlockedURLsParams{URLPatterns: []*network.BlockPattern{{URLPattern: p.site + "/assets/" + script, Block: true}}}
	if come {
		blocked.URLPatterns = []*network.BlockPattern{}
	}
	if _, err := chromedp.Call(p.ctx, network.SetBlockedURLs, blocked); err != nil {
		p.fail("block "+script, err)
	}
}

// A part that does not come when it is wanted is told of, and comes when it is wanted again.
func TestAPartThatDidNotComeIsBroughtAgain(t *testing.T) {
	t.Parallel()
	h, _ := dayWith(t, "A wall of birds")
	p := startBrowser(t).open(h)
	if _, err := chromedp.Call(p.ctx, network.SetBypassServiceWorker, network.SetBypassServiceWorkerParams{Bypass: true}); err != nil {
		t.Fatal(err)
	}
	p.lets(false, "replay-*.js")
	p.visit(mapPage)
	p.isLive()
	p.until(`!document.querySelector("[data-moment]").hidden`)
	p.press("[data-play]")
	p.reads("[data-replay-said]", "cannot be shown")
	p.lets(true, "replay-*.js")
	p.press("[data-play]")
	p.until(`!!document.querySelector(".is-replay [data-play][aria-pressed=true]")`)
	p.checkRequests()
}
