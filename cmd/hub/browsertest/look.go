package browsertest

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Look is how somebody has set their device.
type Look struct {
	Dark, Still   bool // the system's theme, and whether nothing should move
	Width, Height int64
	Zoom          float64 // of the browser: 2 shows half as much at twice the size
}

// Take sets the page's device, without loading the page again. The person at this page looks at nothing
// else, whatever else is open.
func (l Look) Take(ctx context.Context) error {
	zoom := max(l.Zoom, 1)
	theme, motion := "light", "no-preference"
	if l.Dark {
		theme = "dark"
	}
	if l.Still {
		motion = "reduce"
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: motion},
	}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
		return fmt.Errorf("browsertest: set the theme: %w", err)
	}
	focus := emulation.SetFocusEmulationEnabledParams{Enabled: true}
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, focus); err != nil {
		return fmt.Errorf("browsertest: look at the page: %w", err)
	}
	size := chromedp.EmulateViewport(int64(float64(l.Width)/zoom), int64(float64(l.Height)/zoom), chromedp.EmulateScale(zoom))
	if err := chromedp.Do(ctx, size); err != nil {
		return fmt.Errorf("browsertest: set the window: %w", err)
	}
	return nil
}

// Sideways tells how much wider a page is than its window, in pixels, and what sticks out.
func Sideways(ctx context.Context) (pixels int, what string, err error) {
	type wide struct {
		Pixels int
		What   string
	}
	w, err := chromedp.Run(ctx, chromedp.Evaluate[wide](`(() => {
		const page = document.scrollingElement, out = [];
		for (const e of document.body.querySelectorAll("*")) {
			const box = e.getBoundingClientRect();
			if (box.width > 0 && (box.right > page.clientWidth + 1 || box.left < -1)) out.push(e.tagName.toLowerCase() + "." + e.className + " " + Math.round(box.left) + " to " + Math.round(box.right));
		}
		return { Pixels: page.scrollWidth - page.clientWidth, What: out.slice(0, 8).join("; ") };
	})()`))
	if err != nil {
		return 0, "", fmt.Errorf("browsertest: measure the page: %w", err)
	}
	return w.Pixels, w.What, nil
}

// Before runs a script in every page that is opened from now on, before the page's own.
func Before(ctx context.Context, script string) error {
	params := page.AddScriptToEvaluateOnNewDocumentParams{Source: script}
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, params); err != nil {
		return fmt.Errorf("browsertest: bring a script into pages: %w", err)
	}
	return nil
}
