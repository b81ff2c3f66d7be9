package main

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/microgalleries/actionday/cmd/hub/browsertest"
)

// A glance is what somebody with a phone sees of the map page before they scroll, in pixels.
type glance struct {
	Head, Map, MapHeight, Feed, Line float64 // the head's height, where the others begin
	Wide                             bool    // more than the window shows
}

// onPhone gives somebody a phone, whose scrollbars take no room.
func (p *tab) onPhone(look browsertest.Look) {
	p.t.Helper()
	p.takes(look)
	if _, err := chromedp.Call(p.ctx, emulation.SetScrollbarsHidden, emulation.SetScrollbarsHiddenParams{Hidden: true}); err != nil {
		p.fail("hide the scrollbars", err)
	}
}

func (p *tab) glance() glance {
	p.t.Helper()
	return read[glance](p, `(() => {
		const box = (what) => document.querySelector(what).getBoundingClientRect();
		return { Head: box(".site-head").height, Map: box(".world").top, MapHeight: box(".world").height, Feed: box("[data-feed] li").top,
			Line: Math.min(box(".line").top, innerHeight), Wide: document.documentElement.scrollWidth > innerWidth };
	})()`)
}

// Who opens the map on a phone sees the map and what happens, upright or on its side, in any script,
// and nothing moves until they are there.
func TestAPhoneShowsTheMapAndWhatHappens(t *testing.T) {
	t.Parallel()
	h, event := livelyDay(t)
	b := startBrowser(t)
	for lang, look := range map[string]browsertest.Look{
		"en": {Width: 390, Height: 844}, "ar": {Width: 390, Height: 844, Dark: true}, "hi": {Width: 390, Height: 844},
		"id": {Width: 360, Height: 640}, "zh-Hans": {Width: 844, Height: 390},
	} {
		p := b.open(h)
		p.onPhone(look)
		p.before(watchShifts)
		p.visit(mapPage + "&lang=" + lang)
		p.isLive()
		p.until(drawn)
		p.until(`!document.querySelector("[data-wave-here]").hidden`)
		if moved := read[float64](p, `shifts.reduce((sum, [value]) => sum + value, 0)`); moved > 0.005 { // which tools show as 0.00
			t.Errorf("%s: the page moves by %.3f: %s", lang, moved, read[string](p, `JSON.stringify(shifts)`))
		}
		h.anybody().takesPart("cheer", event.text("approveEvent.event.id"), device(int(look.Height)+len(lang)))
		p.until(`document.querySelectorAll("[data-feed] li").length > 0`)
		v := p.glance()
		t.Logf("%s: %+v", lang, v)
		if v.Map > 260 || v.MapHeight < 180 || v.Feed > v.Line-30 || v.Wide {
			t.Errorf("%s, %d by %d: %+v", lang, look.Width, look.Height, v)
		}
		p.checkFaults()
	}
}

// On the narrowest phones the head is one row, and what the marks mean waits behind a button.
func TestTheMarksAreExplainedOnAPhone(t *testing.T) {
	t.Parallel()
	h, event := livelyDay(t)
	p := startBrowser(t).open(h)
	p.onPhone(browsertest.Look{Width: 320, Height: 568})
	p.visit(mapPage + "&lang=en")
	p.isLive()
	p.until(drawn)
	h.anybody().takesPart("cheer", event.text("approveEvent.event.id"), device(1))
	p.until(`document.querySelectorAll("[data-feed] li").length > 0`)
	if v := p.glance(); v.Head > 50 || v.Map > 260 || v.Wide {
		t.Errorf("%+v", v)
	}
	shown := `document.querySelector(".legend").checkVisibility()`
	p.until(`!` + shown)
	p.do("go to the button", chromedp.Focus(chromedp.CSS(".legend-fold > summary")))
	p.types(kb.Enter)
	p.until(shown)
	if !read[bool](p, `(() => { const [all, map] = [".legend", ".world"].map((what) => document.querySelector(what).getBoundingClientRect());
		return all.top >= map.top && all.bottom <= map.bottom && all.left >= map.left && all.right <= map.right })()`) {
		t.Error("the map is too small for what the marks mean")
	}
	p.types(kb.Escape)
	p.until(`!` + shown + ` && document.activeElement.closest(".legend-fold") !== null`)
	p.takes(browsertest.Look{Width: 1280, Height: 800})
	p.until(shown + ` && !document.querySelector(".legend-fold").checkVisibility()`)
	p.checkFaults()
}
