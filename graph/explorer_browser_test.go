package graph_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/microgalleries/actionday/cmd/hub/browsertest"
	"github.com/microgalleries/actionday/graph"
	"github.com/microgalleries/actionday/graph/auth"
)

// browser starts a Chromium of the test's own, with an empty profile.
func browser(t *testing.T) context.Context {
	t.Helper()
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	for _, flag := range strings.Fields("no-sandbox disable-quic no-first-run disable-background-networking " +
		"disable-component-update disable-sync enable-unsafe-swiftshader") {
		options = append(options, chromedp.Flag(flag, true))
	}
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), append(options, chromedp.WindowSize(1280, 800))...)
	t.Cleanup(cancel)
	ctx, stop := chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("this test needs Chromium (on Debian: apt-get install chromium): %v", err)
	}
	return ctx
}

// watchViolations notes in the page what its content security policy stops, and its errors.
const watchViolations = `window.violations = [];
document.addEventListener("securitypolicyviolation", (e) =>
	window.violations.push(e.violatedDirective + " " + e.blockedURI + " " + e.sourceFile + ":" + e.lineNumber));
window.addEventListener("error", (e) => window.violations.push("error " + e.message));`

func TestTheExplorerInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org")
	ana.listed("Wall of birds")
	address := h.withExplorer()

	ctx := browser(t)
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		limited, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		if err := chromedp.Do(limited, steps...); err != nil {
			keepPicture(t, ctx, "explorer-failed.png")
			t.Fatal(err)
		}
	}
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument,
		page.AddScriptToEvaluateOnNewDocumentParams{Source: watchViolations}); err != nil {
		t.Fatal(err)
	}
	do(
		chromedp.Navigate(address),
		chromedp.WaitVisible(".graphiql-execute-button"),
		chromedp.Click(".graphiql-execute-button"),
		chromedp.WaitVisible(menuItem("Day")), chromedp.Click(menuItem("Day")),
		answers("Wall of birds"), answers("CC-BY-4.0"),
		chromedp.Click(`button[aria-label="Show Documentation Explorer"]`),
		shows(".graphiql-doc-explorer", "Query"),
	)
	keepPicture(t, ctx, "explorer-query.png")
	do(
		chromedp.Click(".graphiql-execute-button"),
		chromedp.WaitVisible(menuItem("Watch")), chromedp.Click(menuItem("Watch")),
		chromedp.WaitVisible(`button[aria-label^="Stop query"]`),
	)
	ana.listed("Wall of cranes")
	do(answers("Wall of cranes"))
	keepPicture(t, ctx, "explorer-subscription.png")
	do(
		chromedp.Click(`button[aria-label="Open settings dialog"]`), shows(".graphiql-dialog", "Theme"),
		chromedp.KeyEvent(kb.Escape), chromedp.WaitNotPresent(".graphiql-dialog"),
	)
	violations, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`window.violations`))
	if err != nil {
		t.Fatal(err)
	}
	if len(violations) > 0 {
		t.Errorf("the page breaks its content security policy:\n%s", strings.Join(violations, "\n"))
	}
}

// withExplorer serves the house's API with the explorer beside it, as a hub does.
func (h *house) withExplorer() (address string) {
	h.t.Helper()
	explorer, err := graph.Explorer()
	if err != nil {
		h.t.Fatal(err)
	}
	visits := auth.New(h.service, auth.Options{})
	mux := http.NewServeMux()
	mux.Handle(graph.Endpoint, visits.Middleware(h.handler))
	mux.Handle("/explorer/", explorer)
	server := httptest.NewServer(mux)
	h.t.Cleanup(func() {
		h.handler.Close()
		server.Close()
		visits.Close()
	})
	return server.URL + "/explorer/"
}

func menuItem(name string) string { return `//*[@role="menuitem"][normalize-space()="` + name + `"]` }

// shows waits until an element shows a text.
func shows(selector, text string) chromedp.Action[chromedp.Void] {
	return chromedp.Poll[chromedp.Void](`document.querySelector("` + selector + `")?.innerText.includes("` + text + `")`)
}

// answers waits until the pane of answers holds a text; its editor draws only what is in view.
func answers(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Poll[chromedp.Void](
		`document.querySelector(".result-window .CodeMirror")?.CodeMirror.getValue().includes("` + text + `")`)
}

// keepPicture keeps a picture of the page in the folder that TEST_SCREENSHOTS names, if it does.
func keepPicture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	folder := os.Getenv("TEST_SCREENSHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name), picture, 0o644)
	}
	if err != nil {
		t.Error(err)
	}
}

// The explorer's own rooms keep nobody out, by day and by night; in GraphiQL's, what we cannot reach is
// named.
func TestAxeFindsNothingOfOursInTheExplorer(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	address := h.withExplorer()
	ctx := browser(t)
	for _, look := range []browsertest.Look{{Width: 1280, Height: 900, Still: true}, {Width: 1280, Height: 900, Still: true, Dark: true}} {
		if err := look.Take(ctx); err != nil {
			t.Fatal(err)
		}
		limited, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		if err := chromedp.Do(limited, chromedp.Navigate(address), chromedp.WaitVisible(".graphiql-execute-button")); err != nil {
			t.Fatal(err)
		}
		found, err := browsertest.Findings(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			f.Parts = slices.DeleteFunc(f.Parts, func(part string) bool { return isOfGraphiQL(f.Rule, part) })
			if len(f.Parts) > 0 {
				t.Errorf("dark %t: %s", look.Dark, f)
			}
		}
	}
}

// isOfGraphiQL tells what is GraphiQL's own: its colors, the hidden text fields and the scrolling of its
// editor, CodeMirror, and that it has no heading.
func isOfGraphiQL(rule, part string) bool {
	switch rule {
	case "color-contrast", "page-has-heading-one":
		return true
	case "label":
		return strings.Contains(part, "CodeMirror") || strings.HasPrefix(part, `textarea[readonly=""]`)
	}
	return strings.Contains(part, "CodeMirror")
}
