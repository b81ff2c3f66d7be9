package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A page from right to left and one whose words have no spaces: on a phone nothing is wider than the
// screen, what scripts write is in the page's language, and titles stay as their hosts typed them.
func TestPagesInOtherScripts(t *testing.T) {
	t.Parallel()
	h, _ := dayWith(t, "A wall of birds")
	b := startBrowser(t)
	for lang, want := range map[string]struct{ dir, found, countries string }{
		"ar":      {"rtl", "وُجدت فعالية واحدة", "بلدان"},
		"zh-Hans": {"ltr", "找到 1 个活动", "国家和地区"},
	} {
		p := b.open(h)
		phone := emulation.SetDeviceMetricsOverrideParams{Width: 390, Height: 844, DeviceScaleFactor: 1}
		if _, err := chromedp.Call(p.ctx, emulation.SetDeviceMetricsOverride, phone); err != nil {
			t.Fatal(err)
		}
		p.visit("/?q=wall&projection=mercator&lang=" + lang)
		p.until(fmt.Sprintf(`document.documentElement.lang === %q && document.documentElement.dir === %q`, lang, want.dir))
		p.isLive()
		p.press(`[data-filters] button[type="submit"]`)
		p.until(fmt.Sprintf(`document.querySelector("[data-list-status]").textContent === %q`, want.found))
		p.until(fmt.Sprintf(`document.querySelector(".counters").textContent.includes(%q)`, want.countries))
		p.until(`document.querySelector("[data-rows] a[dir=auto]")?.textContent === "A wall of birds"`)
		p.until(`document.documentElement.scrollWidth <= innerWidth`)
		p.visit("/about/data") // the choice lasts
		p.until(fmt.Sprintf(`document.documentElement.lang === %q && document.documentElement.scrollWidth <= innerWidth`, lang))
		p.checkFaults()
	}
}
