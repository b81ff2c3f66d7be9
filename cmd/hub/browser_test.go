package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/microgalleries/actionday/cmd/hub/browsertest"
)

// browser is a Chromium without a window, in which a test opens pages.
type browser struct {
	t   testing.TB
	ctx context.Context // the browser's life
}

// theBrowser is the one Chromium of all tests, which the first of them starts. What a test opens in it
// has a profile of its own, and goes with the test.
var theBrowser struct {
	once sync.Once
	ctx  context.Context // its life
	shut func()
	err  error
}

func startBrowser(t testing.TB) *browser {
	t.Helper()
	options := browsertest.Options(t)
	theBrowser.once.Do(func() {
		allocator, end := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, shut := chromedp.NewContext(allocator)
		theBrowser.ctx, theBrowser.shut = ctx, func() { shut(); end() }
		theBrowser.err = chromedp.Do(ctx)
	})
	if theBrowser.err != nil {
		t.Fatalf("start Chromium: %v", theBrowser.err)
	}
	return &browser{t, theBrowser.ctx}
}

// withBrowser shuts the browser when all tests have run.
type withBrowser struct{ *testing.M }

func (w withBrowser) Run() int {
	defer func() {
		if theBrowser.shut != nil {
			theBrowser.shut()
		}
	}()
	return w.M.Run()
}

// tab is one page that somebody has open. Everybody has a profile of their own.
type tab struct {
	t    testing.TB
	ctx  context.Context // its life
	site string
	witness
}

// witness remembers what a page did that a test asks about later.
type witness struct {
	mu       sync.Mutex
	asked    []string // the addresses of all requests
	faults   []string // errors in the console, exceptions, violations of the policy
	byID     map[network.RequestID]string
	answered map[string]time.Time // when a redirection came, by the path that gave it
}

// open gives somebody a profile with one empty page.
func (b *browser) open(h *house) *tab {
	b.t.Helper()
	ctx, shut := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	b.t.Cleanup(shut)
	p := &tab{t: b.t, ctx: ctx, site: h.site, witness: witness{answered: map[string]time.Time{}, byID: map[network.RequestID]string{}}}
	_, network := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	_, log := chromedp.Call(ctx, log.Enable, cdp.Empty{})
	// The person at this page looks at nothing else, whatever else is open.
	_, focus := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	if err := errors.Join(network, log, focus, chromedp.Listen(ctx, p.notice)); err != nil {
		b.t.Fatalf("open a tab: %v", err)
	}
	return p
}

// requests is how many requests the page has sent so far; its streams go on.
func (w *witness) requests() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.asked)
}

func (w *witness) notice(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.asked = append(w.asked, e.Request.URL)
		w.byID[e.RequestID] = e.Request.URL
		if from := e.RedirectResponse; from != nil {
			if at, err := url.Parse(from.URL); err == nil {
				w.answered[at.Path] = time.UnixMicro(int64(e.WallTime.Float64() * 1e6))
			}
		}
	case *network.EventLoadingFailed:
		if e.BlockedReason != "" {
			w.faults = append(w.faults, fmt.Sprintf("blocked: %s %s", e.BlockedReason, w.byID[e.RequestID]))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			w.faults = append(w.faults, fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			w.faults = append(w.faults, "console: "+argumentsOf(e))
		}
	case *runtime.EventExceptionThrown:
		thrown := "exception: " + e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			thrown += " " + e.ExceptionDetails.Exception.Description
		}
		w.faults = append(w.faults, thrown)
	}
}

func argumentsOf(e *runtime.EventConsoleAPICalled) string {
	var all []string
	for _, argument := range e.Args {
		all = append(all, string(argument.Value)+argument.Description)
	}
	return strings.Join(all, " ")
}

// checkFaults fails the test for what went wrong in the page, and for what checkRequests finds.
func (p *tab) checkFaults() {
	p.t.Helper()
	p.checkRequests()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, fault := range p.faults {
		p.t.Errorf("in the page: %s", fault)
	}
}

// checkRequests fails the test for requests that went to anybody but the page's hub.
func (p *tab) checkRequests() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	own, err := url.Parse(p.site)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, address := range p.asked {
		at, err := url.Parse(address)
		if err != nil || at.Host != own.Host && !slices.Contains([]string{"data", "blob", "about", "chrome"}, at.Scheme) {
			p.t.Errorf("a page of %s asked %s", own.Host, address)
		}
	}
	if len(p.asked) == 0 {
		p.t.Error("the page asked for nothing: is anybody listening?")
	}
}

// do runs steps in the page and fails the test if one does not come about.
func (p *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.fail(what, err)
	}
}

// fail ends the test and tells where the page was.
func (p *tab) fail(what string, reason error) {
	p.t.Helper()
	text, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`location.href + "\n" + document.activeElement?.outerHTML.slice(0, 300) +
		"\n" + (document.querySelector("dialog[open]") ?? document.body)?.innerText.slice(0, 1500)`))
	p.t.Fatalf("%s: %v\nat %s %v\n%q", what, reason, text, err, p.faults)
}

func (p *tab) visit(path string) {
	p.t.Helper()
	p.do("visit "+path, chromedp.Navigate(p.site+path))
}

// press clicks what a person sees.
func (p *tab) press(selector string) {
	p.t.Helper()
	p.do("press "+selector, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

func (p *tab) write(selector, text string) {
	p.t.Helper()
	p.do("write into "+selector, chromedp.SendKeys(chromedp.CSS(selector), text, chromedp.NodeVisible))
}

func (p *tab) choose(selector, value string) {
	p.t.Helper()
	p.do("choose "+value+" of "+selector, chromedp.SetValue(chromedp.CSS(selector), value))
}

func (p *tab) sees(selector string) {
	p.t.Helper()
	p.do("see "+selector, chromedp.WaitVisible(chromedp.CSS(selector)))
}

// until waits for a condition in JavaScript, across the pages that come on the way.
func (p *tab) until(condition string) {
	p.t.Helper()
	deadline := time.Now().Add(patience)
	breath := time.NewTicker(20 * time.Millisecond)
	defer breath.Stop()
	for {
		holds, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](condition))
		if holds && err == nil {
			return
		}
		if time.Now().After(deadline) {
			p.fail("wait for "+condition, err)
		}
		<-breath.C
	}
}

// read evaluates an expression.
func read[T any](p *tab, expression string) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		p.fail("read "+expression, err)
	}
	return value
}

// path is where the page is.
func (p *tab) path() string {
	p.t.Helper()
	return read[string](p, "location.pathname")
}

// uses opens a link as it stands in a mail, and presses the button there.
func (p *tab) uses(link string) {
	p.t.Helper()
	p.do("open the link", chromedp.Navigate(link))
	p.press(`main form button`)
	p.until(`!location.pathname.startsWith("/sign-in")`)
}

// signsIn goes the way of everybody: the address, the mail, its link, the button.
func (p *tab) signsIn(address string) {
	p.t.Helper()
	p.visit("/sign-in")
	p.write(`input[name="email"]`, address)
	p.press(`form[action="/sign-in"] button`)
	p.until(`location.search.includes("sent")`)
	eventually(p.t, "the mail arrives", func() bool {
		p.visit("/dev/mailbox")
		return read[bool](p, `!!document.querySelector(".letter a")`)
	})
	p.uses(read[string](p, fmt.Sprintf(`[...document.querySelectorAll(".letter")].find((l) => l.textContent.includes(%q)).querySelector("a").href`, address)))
}
