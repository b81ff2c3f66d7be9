package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// streamsBreak lets a test take a page's streams away: those that are open are cut, and new ones
// lead nowhere, as behind a proxy that does not let them pass.
const streamsBreak = `window.streams = [];
	window.EventSource = class extends EventSource {
		constructor(address) { super(window.noStreams ? "/nowhere" : address); streams.push(this); }
	};
	window.cutStreams = () => { window.noStreams = true; for (const s of streams.splice(0)) s.dispatchEvent(new Event("error")); };
	window.mendStreams = () => { window.noStreams = false; window.dispatchEvent(new Event("online")); };`

// A page that one hub serves shows what happens at another. Without its stream it says so and asks by
// itself, and when streams pass again it goes on where it was: nothing is missing, nothing shown twice.
func TestAnOpenPageFollowsTheOtherHub(t *testing.T) {
	t.Parallel()
	both := newPair(t)
	visitor := startBrowser(t).open(both.b)
	visitor.before(streamsBreak)
	visitor.visit(mapPage)
	visitor.isLive()
	event := both.lists("A wall of birds")
	visitor.until(inFeed("A wall of birds"))
	cheered := 0
	cheers := func() {
		cheered++
		both.a.anybody().takesPart("cheer", event, device(cheered))
	}
	cheers()
	visitor.until(cheersInFeed(1))

	visitor.do("cut the streams", chromedp.Evaluate[chromedp.Void]("cutStreams()"))
	cheers()
	both.lists("Paper boats")
	visitor.until(`!!document.querySelector("[data-stream=polling]")`)
	visitor.until(inFeed("Paper boats"))
	visitor.until(cheersInFeed(2))

	cheers()
	both.lists("Letters to the river")
	visitor.do("let streams pass", chromedp.Evaluate[chromedp.Void]("mendStreams()"))
	visitor.isLive()
	visitor.until(inFeed("Letters to the river"))
	visitor.until(cheersInFeed(3))
	visitor.until(`document.querySelector('[data-count="events"]').textContent === "3" && document.querySelector('[data-count="cheers"]').textContent === "3"`)
	visitor.checkRequests()
}

func inFeed(title string) string {
	return fmt.Sprintf(`document.querySelector("[data-feed]").textContent.includes(%q)`, title)
}

// cheersInFeed is that the feed has counted n cheers at one event. It adds up what it is told, so
// that one told twice would show.
func cheersInFeed(n int) string {
	return fmt.Sprintf(`[...document.querySelectorAll("[data-feed] .feed-note")].some((e) => e.textContent.includes("Cheered%s"))`, map[int]string{1: " ·", 2: " ×2", 3: " ×3"}[n])
}
