package browsertest

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
)

// axe is the program of Deque Systems that knows the rules (MPL 2.0, see axe.NOTICE.txt). It is put
// here by go run ./web/build.
//
//go:embed axe.min.js
var axe string

// Finding is a rule that parts of a page break.
type Finding struct {
	Rule  string   `json:"rule"`
	Help  string   `json:"help"`
	Parts []string `json:"parts"` // each with what is wrong about it
}

func (f Finding) String() string {
	return f.Rule + " (" + f.Help + "):\n  " + strings.Join(f.Parts, "\n  ")
}

// Contrast is the one rule whose answer depends on the theme.
const Contrast = "color-contrast"

// Findings looks at the page that is open: with the rules named, else with all those of WCAG 2.2 A and
// AA and those of good practice.
func Findings(ctx context.Context, rules ...string) ([]Finding, error) {
	only := map[string]any{"type": "rule", "values": rules}
	if len(rules) == 0 {
		only = map[string]any{"type": "tag", "values": []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"}}
	}
	which, err := json.Marshal(map[string]any{"runOnly": only, "preload": false, "resultTypes": []string{"violations"}})
	if err != nil {
		return nil, fmt.Errorf("browsertest: choose rules: %w", err)
	}
	// The page's policy forbids scripts of others; what a debugger evaluates is not the page's.
	there, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`!!window.axe`))
	if err == nil && !there {
		err = chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](axe))
	}
	if err != nil {
		return nil, fmt.Errorf("browsertest: bring axe into the page: %w", err)
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]Finding](`axe.run(document, `+string(which)+`).then((all) => all.violations.map((v) => ({
		rule: v.id, help: v.help, parts: v.nodes.map((n) => n.target.flat(2).join(" ") + ": " + n.failureSummary.replace(/\s+/g, " ")) })))`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		return nil, fmt.Errorf("browsertest: run axe: %w", err)
	}
	return found, nil
}
