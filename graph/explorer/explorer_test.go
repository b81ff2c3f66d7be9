package explorer_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/graph/explorer"
)

func serve(t *testing.T, method, path string, headers ...string) *http.Response {
	t.Helper()
	handler, err := explorer.Handler("/graphql")
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, response *http.Response) string {
	t.Helper()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestThePageAndItsFiles(t *testing.T) {
	t.Parallel()
	response := serve(t, "GET", "/explorer/")
	page := body(t, response)
	if response.StatusCode != 200 || !strings.Contains(page, `data-endpoint="/graphql"`) || response.Header.Get("Cache-Control") != "no-cache" {
		t.Fatalf("%d %v %s", response.StatusCode, response.Header, page)
	}
	files := regexp.MustCompile(`(?:src|href)="([^":]+)"`).FindAllStringSubmatch(page, -1)
	if len(files) != 3 {
		t.Fatalf("the page names %v", files)
	}
	for _, file := range files {
		f := serve(t, "GET", "/explorer/"+file[1])
		if f.StatusCode != 200 || !strings.Contains(f.Header.Get("Cache-Control"), "immutable") || len(body(t, f)) < 10_000 {
			t.Errorf("%s: %d %v", file[1], f.StatusCode, f.Header)
		}
	}
	if missing := serve(t, "GET", "/explorer/explorer.js"); missing.StatusCode != http.StatusNotFound {
		t.Errorf("a file without its hash: %d", missing.StatusCode)
	}
}

func TestNothingComesFromElsewhere(t *testing.T) {
	t.Parallel()
	response := serve(t, "GET", "/explorer/")
	policy := response.Header.Get("Content-Security-Policy")
	for _, bad := range []string{"unsafe", "http:", "https:", "*"} {
		if strings.Contains(policy, bad) {
			t.Errorf("the policy allows %s: %s", bad, policy)
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(body(t, response), "http") {
		t.Errorf("policy %s", policy)
	}
}

func TestFilesTravelCompressed(t *testing.T) {
	t.Parallel()
	plain := body(t, serve(t, "GET", "/explorer/"))
	response := serve(t, "GET", "/explorer/", "Accept-Encoding", "br, gzip")
	z, err := gzip.NewReader(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(z)
	if err != nil || string(unpacked) != plain || response.Header.Get("Content-Encoding") != "gzip" || response.Header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("%v %v", err, response.Header)
	}
}

func TestTheLicencesOfOthersAreTold(t *testing.T) {
	t.Parallel()
	page := body(t, serve(t, "GET", "/explorer/"))
	name := regexp.MustCompile(`NOTICE-[0-9a-f]+\.txt`).FindString(page)
	notice := body(t, serve(t, "GET", "/explorer/"+name))
	for _, work := range []string{"\ngraphiql\n", "\nreact\n", "\nreact-dom\n", "\ngraphql\n", "\ncodemirror\n", "GraphQL Contributors", "Facebook, Inc", "Marijn Haverbeke"} {
		if !strings.Contains(notice, work) {
			t.Errorf("no word of %q", strings.TrimSpace(work))
		}
	}
}
