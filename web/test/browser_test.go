// Package test runs the tests of the pages' scripts in the browser that they are for. The tests
// themselves are the TypeScript files beside this one.
package test

import (
	"context"
	"html"
	"os"
	"os/exec"
	"path/filepath"
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
	results := resultsIn(run(t, bundle(t, "all.ts"), "--disable-gpu", "--virtual-time-budget=30000"))
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

// run opens a page with the script and returns what has become of it.
func run(t testing.TB, script []byte, flags ...string) string {
	t.Helper()
	folder := t.TempDir()
	page := filepath.Join(folder, "tests.html")
	if err := os.WriteFile(filepath.Join(folder, "tests.js"), script, 0o644); err != nil {
		t.Fatal(err)
	}
	text := `<!doctype html><html lang="en"><meta charset="utf-8"><body><script src="tests.js"></script></body></html>`
	if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	flags = append(flags, "--headless", "--no-sandbox",
		"--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--lang=en-US", "--user-data-dir="+filepath.Join(folder, "profile"),
		"--dump-dom", "file://"+page)
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
