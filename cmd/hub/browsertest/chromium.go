// Package browsertest opens Chromium for the tests of the hub's pages, and looks with axe for what in
// a page keeps people out. Nothing but tests imports it.
package browsertest

import (
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Patience is how long Chromium may take to start on a machine under load.
const Patience = 60 * time.Second

// program finds Chromium; tests that need it fail without it, because what nobody has looked at is not
// known to work.
func program(t testing.TB) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	t.Fatalf("no Chromium on this machine (%s): `make chromium` installs it", strings.Join(names, ", "))
	return ""
}

// Options are those of a browser without a window and with an empty profile, that asks nobody but the
// pages which tests open.
func Options(t testing.TB) []chromedp.ExecAllocatorOption {
	t.Helper()
	return []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(program(t)), chromedp.NoSandbox, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("headless", "new"), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("enable-unsafe-swiftshader", true), chromedp.Flag("disable-dev-shm-usage", true),
		// A page in the back is as alive as the one in front: a test looks at several at once, and so do
		// others in the same browser.
		chromedp.Flag("disable-background-timer-throttling", true), chromedp.Flag("disable-renderer-backgrounding", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true),
		chromedp.WindowSize(1280, 900), chromedp.WSURLReadTimeout(Patience),
	}
}

// Start opens a Chromium and shuts it when the test ends. The context is its life: chromedp.NewContext
// makes pages of it.
func Start(t testing.TB) context.Context {
	t.Helper()
	allocator, end := chromedp.NewExecAllocator(context.Background(), Options(t)...)
	t.Cleanup(end)
	ctx, shut := chromedp.NewContext(allocator)
	t.Cleanup(shut)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return ctx
}
