package browsertest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

const bad = `<!doctype html><html lang="en"><title>Bad</title><main><h1>Bad</h1>
<p style="color:#999;background:#fff">Too pale to be read by many.</p><img src="data:,"><div style="width:2000px">Wide</div></main></html>`

// What is wrong with a page is found, whatever its policy says about scripts of others.
func TestAxeFinds(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(bad))
	}))
	t.Cleanup(server.Close)
	ctx := Start(t)
	if err := (Look{Width: 400, Height: 400}).Take(ctx); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(server.URL)); err != nil {
		t.Fatal(err)
	}
	found, err := Findings(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, f := range found {
		rules = append(rules, f.Rule)
	}
	if got := strings.Join(rules, " "); got != "color-contrast image-alt" {
		t.Errorf("axe finds %q", got)
	}
	if found, err = Findings(ctx, Contrast); err != nil || len(found) != 1 || !strings.Contains(found[0].String(), "p: ") {
		t.Errorf("of the contrast axe finds %v, %v", found, err)
	}
	if more, what, err := Sideways(ctx); err != nil || more < 1000 || !strings.Contains(what, "div") {
		t.Errorf("it is %d pixels too wide by %q: %v", more, what, err)
	}
}
