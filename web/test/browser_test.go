// Package test runs the tests of the pages' scripts in the browser that they are for. The tests
// themselves are the TypeScript files beside this one.
package test

import (
	"context"
	"html"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/evanw/esbuild/pkg/api"
)

// patience is how long the browser may take to start and run all tests.
const patience = 2 * time.Minute

func TestScripts(t *testing.T) {
	t.Parallel()
	results := resultsIn(run(t, bundle(t, "all.ts"), "--disable-gpu"))
	ran := 0
	for _, line := range results {
		name, failed := strings.CutPrefix(line, "FAIL ")
		if !failed && !strings.HasPrefix(line, "ok ") {
			continue
		}
		ran++
		t.Run(strings.TrimPrefix(name, "ok "), func(t *testing.T) {
			if failed {
				t.Error(name)
			}
		})
	}
	if ran == 0 {
		t.Fatalf("no test has run: %q", results)
	}
}

// BenchmarkReplayFrame has the browser measure what a frame of a replay costs the page.
func BenchmarkReplayFrame(b *testing.B) {
	script := bundle(b, "frame.bench.ts")
	for b.Loop() {
		for _, line := range resultsIn(run(b, script, "--enable-unsafe-swiftshader")) {
			name, value, _ := strings.Cut(line, " ")
			ms, err := strconv.ParseFloat(value, 64)
			if err != nil {
				b.Fatalf("the browser measured nothing: %q", line)
			}
			b.ReportMetric(ms, name)
		}
	}
}

func bundle(t testing.TB, entry string) []byte {
	t.Helper()
	built := api.Build(api.BuildOptions{
		EntryPoints: []string{entry}, Bundle: true, Format: api.FormatIIFE, Target: api.ES2022,
		// The map's engine is loaded late by the pages, and never here; the tests need no npm.
		External: []string{"maplibre-gl"},
		Loader:   map[string]api.Loader{".css": api.LoaderText},
	})
	if len(built.Errors) > 0 {
		t.Fatalf("the tests cannot be built: %+v", built.Errors)
	}
	return built.OutputFiles[0].Contents
}

// page runs the tests. It is not loaded, and the browser waits, until they have let go of the picture.
const page = `<!doctype html><html lang="en"><meta charset="utf-8"><body><img id="held" src="/held" alt=""><script src="/tests.js"></script></body></html>`

// serve gives a browser the page, at an address whose history it can write.
func serve(t testing.TB, script []byte) string {
	t.Helper()
	give := func(kind string, content []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(content)
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", give("text/html; charset=utf-8", []byte(page)))
	mux.HandleFunc("/tests.js", give("text/javascript; charset=utf-8", script))
	mux.HandleFunc("/held", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// run opens a page with the script and returns what has become of it.
func run(t testing.TB, script []byte, flags ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	flags = append(flags, "--headless", "--no-sandbox",
		"--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--lang=en-US", "--user-data-dir="+t.TempDir(),
		"--dump-dom", serve(t, script))
	cmd := exec.CommandContext(ctx, browser(t), flags...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("run the browser: %v", err)
	}
	return string(out)
}

func browser(t testing.TB) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	t.Fatalf("none of %v is on PATH: install Chromium, such as by apt-get install chromium", names)
	return ""
}

func resultsIn(page string) []string {
	found := regexp.MustCompile(`(?s)<pre id="results">(.*?)</pre>`).FindStringSubmatch(page)
	if found == nil {
		return []string{page}
	}
	return strings.Split(html.UnescapeString(found[1]), "\n")
}
