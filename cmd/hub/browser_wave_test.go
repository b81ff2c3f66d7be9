package main

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/microgalleries/actionday/events"
)

// hubAt opens a hub whose clock is set, with the third edition: 12 December 2025.
func hubAt(t *testing.T, now string) *house {
	t.Helper()
	h := startHub(t, settings{}, serveCommand{Now: now})
	_, err := h.service.NewEdition(t.Context(), events.Actor{System: true}, events.Edition{
		Slug: "day-2025", Title: "Global Day of Creative Action", GraceDays: 14,
		Date:    events.LocalDate{Year: 2025, Month: time.December, Day: 12},
		Licence: "CC-BY-4.0", Languages: []string{"en"}, Mode: events.LiveMode, Stage: events.OpenStage,
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// livesIn gives somebody a device that is set to a time zone.
func (b *browser) livesIn(h *house, zone string) *tab {
	b.t.Helper()
	p := b.open(h)
	params := emulation.SetTimezoneOverrideParams{TimezoneID: zone}
	if _, err := chromedp.Call(p.ctx, emulation.SetTimezoneOverride, params); err != nil {
		b.t.Fatal(err)
	}
	return p
}

// reads waits for words on the page, which keep parts apart by marks of direction that nobody sees.
func (p *tab) reads(selector, pattern string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`/%s/.test((document.querySelector(%q)?.textContent ?? "").replaceAll(/[\u2068\u2069]/g, ""))`, pattern, selector))
}

// pointsAt moves the mouse to a place on the flat map of the first view.
func (p *tab) pointsAt(longitude, latitude float64) {
	p.t.Helper()
	x, y := p.placeOf(longitude, latitude)
	p.do("point at the map", chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
}

// placeOf is where a place is on the flat map of the first view, in pixels of the window.
func (p *tab) placeOf(longitude, latitude float64) (x, y float64) {
	p.t.Helper()
	at := read[[]float64](p, fmt.Sprintf(`(() => {
		const box = document.querySelector("#map").getBoundingClientRect();
		const north = (degrees) => Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360)) / (2 * Math.PI);
		return [box.x + box.width / 2 + (%[1]f - 10) / 360 * box.width,
			box.y + box.height / 2 - (north(%[2]f) - north(22)) * box.width];
	})()`, longitude, latitude))
	return at[0], at[1]
}

// brightnessOf is how bright the flat map is at places, from 0 to 255 each.
func (p *tab) brightnessOf(places [][2]float64) (values []int) {
	p.t.Helper()
	shot, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.fail("take a picture", err)
	}
	seen, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, place := range places {
		x, y := p.placeOf(place[0], place[1])
		values = append(values, int(color.GrayModel.Convert(seen.At(int(x), int(y))).(color.Gray).Y))
	}
	return values
}

const (
	here  = "[data-wave-here]"
	there = "[data-wave-there]"
	// drawn is when the map can tell what is under a pointer.
	drawn = `document.querySelector("#day").dataset.map === "ready"`
)

// On the third edition, at 10:20 UTC: the first islands have had the day, others wait for it.
func TestTheWaveIsToldHereAndThere(t *testing.T) {
	t.Parallel()
	h, b := hubAt(t, "2025-12-12T10:20:00Z"), startBrowser(t)
	for zone, want := range map[string]string{
		"Asia/Kathmandu":  `^Here \(Asia\/Kath?mandu\) it ends in 7 hr`,
		"Pacific/Chatham": "Chatham\\) it is over$", "Pacific/Marquesas": "Marquesas\\) it ends in 23 hr",
		"Pacific/Pago_Pago": "Pago Pago\\) it begins in (40|3\\d) min",
	} {
		p := b.livesIn(h, zone)
		p.visit(mapPage)
		p.reads(here, want)
		p.checkFaults()
	}
	p := b.open(h)
	p.visit(mapPage)
	p.reads("[data-wave-now]", `UTC-10:00 to UTC\+13:00`)
	p.until(drawn)
	for _, place := range []struct {
		longitude, latitude float64
		want                string
	}{
		{78, 23, `UTC\+05:30\) it is 15:[2-5]\d: ends in 8 hr`},   // India, half an hour off
		{54, 32, `UTC\+03:30\) it is 13:5\d: ends in 10 hr`},      // Iran
		{134, -25, `UTC\+09:30\) it is 19:5\d: ends in 4 hr`},     // the middle of Australia
		{-30, 0, `UTC-02:00\) it is 08:[2-5]\d: ends in 15 hr`},   // at sea, by the meridian
		{-150, 65, `UTC-09:00\) it is 01:[2-5]\d: ends in 22 hr`}, // Alaska
	} {
		shown := fmt.Sprintf(`/%s/.test(document.querySelector(%q).textContent.replaceAll(/[\u2068\u2069]/g, ""))`, place.want, there)
		eventually(t, "the map tells of "+place.want, func() bool {
			p.pointsAt(place.longitude+0.01, place.latitude) // tiles may still be on their way
			p.pointsAt(place.longitude, place.latitude)
			return read[bool](p, shown)
		})
	}
	p.do("go to the map", chromedp.Focus(chromedp.CSS("#map canvas")), chromedp.KeyEvent(kb.ArrowRight))
	p.reads(there, `it is \d\d:\d\d: ends in`)
	if spoken := read[bool](p, `!!document.querySelector("[data-wave-box] [aria-live], [data-wave-box] [role=status]")`); spoken {
		t.Error("words that change by the minute are spoken")
	}
	p.checkFaults()
}

// Night and date are on the map where they are on earth: the sun is down at 50 N and up at 45 S of the
// same zone of the sea, and the date has begun ten hours west of Greenwich but not eleven.
func TestNightAndDateAreDrawn(t *testing.T) {
	t.Parallel()
	h := hubAt(t, "2025-12-12T10:20:00Z")
	p := startBrowser(t).open(h)
	p.visit(mapPage)
	p.until(`!!document.querySelector("[data-drawn]")`)
	const lit, dark, begun, waiting = 0, 1, 2, 3
	places := [][2]float64{lit: {-47, -45}, dark: {-47, 50}, begun: {-152, 5}, waiting: {-163, 5}}
	var seen []int
	eventually(t, "night and date are on the map", func() bool {
		seen = p.brightnessOf(places)
		return seen[lit] > seen[dark]+8 && seen[begun]+4 < seen[waiting]
	})
	t.Logf("brightness %v", seen)
	p.checkFaults()
}

// The countdown runs out while the page is open, and the page goes on to the day.
func TestTheDayBeginsOnAnOpenPage(t *testing.T) {
	t.Parallel()
	h := hubAt(t, "2025-12-11T09:59:35Z")
	p := startBrowser(t).open(h)
	p.visit(mapPage)
	p.reads("[data-wave-box]", `first island in|UTC\+14:00 to UTC\+14:00`)
	p.reads("[data-wave-now]", `UTC\+14:00 to UTC\+14:00`)
	p.checkFaults()
}

// In a replay the box tells of the moment, not of now, and of now again when the replay ends.
func TestTheWaveOfAReplayedMoment(t *testing.T) {
	t.Parallel()
	h := hubAt(t, "2025-12-12T10:20:00Z")
	p := startBrowser(t).livesIn(h, "Asia/Kathmandu")
	p.visit("/?projection=mercator&at=2025-12-11T20:00Z")
	p.reads("[data-wave-then]:not([hidden])", `it was this date from UTC\+04:00 to UTC\+14:00`)
	p.reads(here, `^Here \(Asia\/Kath?mandu\) it was to end 22 hr 15 min later$`)
	if read[bool](p, `document.querySelector("[data-wave-words]").checkVisibility()`) {
		t.Error("the box tells of now, too")
	}
	p.do("reach the slider", chromedp.Focus(chromedp.CSS("[data-moment]")), chromedp.KeyEvent(kb.Home))
	p.reads("[data-wave-then]:not([hidden])", `from UTC\+14:00 to UTC\+14:00`)
	p.reads(here, `it was to begin 8 hr 15 min later$`)
	p.press("[data-replay-end]")
	p.reads("[data-wave-words]:not([hidden])", `It is this date now from UTC-10:00 to UTC\+13:00`)
	p.reads(here, `it ends in 7 hr`)
	if read[bool](p, `document.querySelector("[data-wave-then]").checkVisibility()`) {
		t.Error("the box still tells of the moment")
	}
	p.checkFaults()
}

// Before and after, without a script: the same words as with one.
func TestBeforeAndAfterWithoutScripts(t *testing.T) {
	t.Parallel()
	for now, want := range map[string]string{
		"2025-12-10T08:00:00Z": "1 day 2 hours|1 day 1 hour", "2025-12-13T12:00:00Z": "The day has gone round the globe",
	} {
		h := hubAt(t, now)
		p := startBrowser(t).open(h)
		if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
			t.Fatal(err)
		}
		p.visit("/")
		p.sees("[data-wave-box]")
		p.reads("[data-wave-box]", want)
		p.checkRequests()
	}
}

// The map that somebody likes better is there when they come back, and in the address they share.
func TestTheShapeOfTheMapSticks(t *testing.T) {
	t.Parallel()
	h, b := hubAt(t, "2025-12-12T10:20:00Z"), startBrowser(t)
	p := b.open(h)
	p.visit(mapPage + "#list")
	p.until(drawn)
	if !read[bool](p, `document.querySelector("[data-projection]").getAttribute("aria-pressed") === "true"`) {
		t.Error("the button does not say that the map is flat")
	}
	p.write(`[name="q"]`, "wall")
	p.until(`location.search.includes("q=wall") && location.search.includes("projection=mercator")`)
	p.press("[data-projection]")
	p.until(`location.search.includes("projection=globe") && location.search.includes("q=wall")`)
	// Software draws a globe so slowly that a mouse would wait for it.
	p.do("bend it flat again", chromedp.Evaluate[chromedp.Void](`document.querySelector("[data-projection]").click()`))
	p.until(`location.search.includes("projection=mercator")`)
	p.visit("/")
	p.until(`document.querySelector(".world").classList.contains("is-flat")`)
	if links := read[string](p, `document.querySelector("a[hreflang=fr]").href`); strings.Contains(links, "projection") {
		t.Errorf("the address has no shape, yet the link to French has: %s", links)
	}
	p.checkFaults()
}
