package main

import (
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/microgalleries/actionday/db/dbtest"
)

// The networks that the page is measured on; bytes a second, milliseconds.
func slowNetwork() network.Conditions {
	return network.Conditions{Latency: 150, DownloadThroughput: 1.6e6 / 8, UploadThroughput: 750e3 / 8}
}

func fairNetwork() network.Conditions {
	return network.Conditions{Latency: 40, DownloadThroughput: 9e6 / 8, UploadThroughput: 9e6 / 8}
}

// watchPaints notes when the largest thing was painted and when the map was drawn, in milliseconds
// from the beginning of the visit.
const watchPaints = watchShifts + `
	new PerformanceObserver((all) => { for (const e of all.getEntries()) window.largestAt = e.startTime; }).observe({ type: "largest-contentful-paint", buffered: true });
	new MutationObserver(() => { if (!window.drawnAt && document.querySelector("[data-drawn]")) window.drawnAt = performance.now(); })
		.observe(document, { subtree: true, attributes: true, attributeFilter: ["data-drawn"] });`

// BenchmarkFirstPaint measures the first visit to a day with 100,000 events, in a browser that has
// kept nothing: on slow 4G when the largest thing of the page is painted and how much the page moves
// by itself, and at 9 Mbit/s when the points are on the map. The map is the flat one; without a
// graphics card it is drawn by the processor, which is most of the time of the points.
func BenchmarkFirstPaint(b *testing.B) {
	address := dbtest.New(b)
	crowdedDay(b, address, 100_000)
	child := inChild(b, address)
	visitors := startBrowser(b)
	visit := func(on network.Conditions) *tab {
		p := visitors.open(&house{hub: &hub{site: child.site}})
		slowly := network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{&on}}
		if _, err := chromedp.Call(p.ctx, network.EmulateNetworkConditionsByRule, slowly); err != nil {
			b.Fatal(err)
		}
		p.before(watchPaints)
		p.visit(mapPage)
		p.until(`window.drawnAt > 0`)
		return p
	}
	visit(network.Conditions{DownloadThroughput: -1, UploadThroughput: -1}).visitBlank() // so that the hub has loaded its map
	var largest, moved, points float64
	for b.Loop() {
		slow := visit(slowNetwork())
		largest += read[float64](slow, "window.largestAt")
		moved += read[float64](slow, `shifts.reduce((sum, [value]) => sum + value, 0)`)
		slow.visitBlank() // nobody else draws meanwhile
		fair := visit(fairNetwork())
		points += read[float64](fair, "window.drawnAt")
		fair.visitBlank()
	}
	b.ReportMetric(largest/float64(b.N), "page_lcp_ms")
	b.ReportMetric(moved/float64(b.N), "page_cls")
	b.ReportMetric(points/float64(b.N), "page_points_ms")
}

// visitBlank leaves the page, and the map with it.
func (p *tab) visitBlank() {
	p.t.Helper()
	p.do("leave the page", chromedp.Navigate("about:blank"))
}
