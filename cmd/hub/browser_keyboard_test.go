package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/microgalleries/actionday/cmd/hub/browsertest"
)

// A focus is where the keyboard is on the map page.
type focus struct {
	Part  string // of the page
	What  string
	Fault string // why somebody who looks for it does not see it
}

// parts of the map page from its top to its end.
var parts = []string{".skip", ".site-head", ".day-head", ".tabs", ".wave", ".world", ".panel", ".line", ".site-foot"}

// focus looks where the keyboard is: the ring must be there, in the window, and nothing over it.
func (p *tab) focus() focus {
	p.t.Helper()
	at, err := chromedp.Run(p.ctx, chromedp.Evaluate[focus](fmt.Sprintf(`(async (parts) => {
		await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
		const e = document.activeElement;
		if (!e || e === document.body) return { Part: "", What: "", Fault: "" };
		const box = e.getBoundingClientRect(), style = getComputedStyle(e);
		let [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
		let [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
		for (let room = e.parentElement; room && room !== document.body; room = room.parentElement) {
			if (getComputedStyle(room).overflow === "visible") continue;
			const edge = room.getBoundingClientRect(); // what scrolls shows a part of what it holds
			[left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
			[top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
		}
		const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
		let fault = "";
		if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) fault = "has no ring";
		else if (right - left < 8 || bottom - top < 8) fault = "lies outside the window: " + JSON.stringify(box);
		else if (!hit || !e.contains(hit)) fault = "at " + JSON.stringify(box) + " is under " + hit?.outerHTML.slice(0, 90);
		return { Part: parts.find((part) => e.closest(part)) ?? "", What: e.outerHTML.slice(0, 120), Fault: fault };
	})(%s)`, `["`+strings.Join(parts, `","`)+`"]`), chromedp.EvalAwaitPromise))
	if err != nil {
		p.fail("look where the focus is", err)
	}
	return at
}

// Tab leads through the whole map page from its top to its end, and one always sees where one is.
func TestTabLeadsThroughTheMapPage(t *testing.T) {
	t.Parallel()
	h, event := livelyDay(t)
	b := startBrowser(t)
	for name, look := range map[string]browsertest.Look{
		"&lang=en": {Width: 1280, Height: 800, Still: true}, "&panel=list&lang=en": {Width: 1280, Height: 800, Still: true},
		"&panel=list&as=table&lang=fr": {Width: 1280, Height: 800, Still: true, Zoom: 2},
		"&lang=ar":                     {Width: 390, Height: 700, Still: true}, "&panel=list&lang=ar": {Width: 390, Height: 700, Still: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := b.open(h)
			p.t = t
			p.takes(look)
			p.visit(mapPage + name)
			p.isLive()
			p.until(drawn)
			h.anybody().takesPart("cheer", event.text("approveEvent.event.id"), device(len(name)))
			p.until(`document.querySelectorAll("[data-feed] li").length > 0`)
			stops, at := 0, 0
			seen := []string{}
			for ; stops < 150; stops++ {
				p.types(kb.Tab)
				f := p.focus()
				if f.Part == "" && f.What == "" {
					break // past the end
				}
				if f.Fault != "" {
					t.Errorf("at the stop %d %s %s", stops, f.What, f.Fault)
				}
				now := slices.Index(parts, f.Part)
				if now < at {
					t.Errorf("after %s comes %s: %s", parts[at], f.Part, f.What)
				}
				at = max(at, now)
				if !slices.Contains(seen, f.Part) {
					seen = append(seen, f.Part)
				}
			}
			want := slices.DeleteFunc(slices.Clone(parts), func(part string) bool {
				// The words of the wave hold nothing to press; beside the list a narrow window shows no map.
				return part == ".wave" || part == ".world" && (look.Width < 400 || look.Zoom == 2) && strings.Contains(name, "panel=list")
			})
			if !slices.Equal(seen, want) {
				t.Errorf("Tab leads to %q, want %q", seen, want)
			}
			t.Logf("%d stops", stops)
			p.checkFaults()
		})
	}
}

// What the keyboard opens, Escape closes, and the focus is where it was.
func TestEscapeClosesWhatIsOpen(t *testing.T) {
	t.Parallel()
	h, event := livelyDay(t)
	p := startBrowser(t).open(h)
	p.visit(mapPage)
	p.isLive()
	h.anybody().takesPart("cheer", event.text("approveEvent.event.id"), device(1))
	goTo := func(selector string) {
		t.Helper()
		p.until(fmt.Sprintf(`!!document.querySelector(%q)`, selector))
		p.do("go to "+selector, chromedp.Focus(chromedp.CSS(selector)), chromedp.Evaluate[chromedp.Void](`window.wentTo = document.activeElement`))
	}
	for opener, opened := range map[string]string{
		"[data-feed] button": `document.querySelector("#card").open`, ".coverage > summary": `document.querySelector(".coverage").open`,
	} {
		goTo(opener)
		p.types(kb.Enter)
		p.until(opened)
		p.types(kb.Escape)
		p.until(`!` + opened)
		p.until(`document.activeElement === window.wentTo && wentTo.isConnected`)
	}
	p.clicks("[data-panel-to=list]")
	p.write("#find-q", "kathmand")
	p.until(`document.querySelector("#find-q").getAttribute("aria-expanded") === "true"`)
	p.types(kb.Escape)
	p.until(`document.querySelector("#find-q").getAttribute("aria-expanded") === "false" && document.activeElement.id === "find-q"`)
	p.checkFaults()
}

// watchMotion notes every animation of the page that lasts, by its name or by what it changes.
const watchMotion = `window.motion = new Set();
	for (const kind of ["animationstart", "transitionrun"]) addEventListener(kind, () => {
		for (const a of document.getAnimations()) {
			const { duration, iterations } = a.effect.getComputedTiming();
			if (duration * Math.max(1, iterations) > 1) motion.add(a.animationName ?? a.transitionProperty ?? "script");
		}
	}, true);
	const animate = Element.prototype.animate;
	Element.prototype.animate = function (...all) { motion.add("script"); return animate.apply(this, all); };`

// Who wants no motion gets none: a ring stands for a moment and is gone, and nothing else lasts.
func TestNothingMovesForWhoWantsStillness(t *testing.T) {
	t.Parallel()
	h, event := livelyDay(t)
	b := startBrowser(t)
	crowd := 0
	for _, still := range []bool{true, false} {
		p := b.open(h)
		p.takes(browsertest.Look{Width: 1280, Height: 900, Still: still})
		p.before(watchMotion)
		p.visit(mapPage)
		p.isLive()
		p.until(drawn)
		eventually(t, "a ring opens", func() bool {
			crowd++
			h.anybody().takesPart("cheer", event.text("approveEvent.event.id"), device(crowd))
			return read[bool](p, `motion.has("stand") || motion.has("pulse")`)
		})
		p.clicks("[data-feed] button")
		p.until(`document.querySelector("#card").dataset.phase === "ready"`)
		p.types(kb.Escape)
		zoomed := read[float64](p, `performance.now()`)
		p.clicks("[data-zoom='1']")
		p.until(fmt.Sprintf(`performance.now() > %f`, zoomed))
		p.clicks("[data-panel-to=list]")
		p.clicks("[data-play]")
		p.until(`document.querySelector(".day.is-replay [data-moment]")?.valueAsNumber < 1000`)
		moved := read[[]string](p, `[...motion].sort()`)
		if still && !slices.Equal(moved, []string{"stand"}) {
			t.Errorf("the page has moved by %q", moved)
		}
		if !still && !(slices.Contains(moved, "pulse") && len(moved) > 1) {
			t.Errorf("for others it moves by %q alone: is anybody watching?", moved)
		}
		p.checkFaults()
	}
}
