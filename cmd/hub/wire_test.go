package main

import (
	"cmp"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// wire is the way between browsers and a hub, and counts what comes over it.
type wire struct {
	*httptest.Server
	mu    sync.Mutex
	bytes map[string]int // heads and bodies of answers, by path
}

func newWire(t testing.TB, site string) *wire {
	t.Helper()
	target, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{bytes: map[string]int{}}
	w.Server = httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			keepHost(r)
		},
		FlushInterval: -1,                         // streams
		ErrorLog:      log.New(io.Discard, "", 0), // a browser that leaves ends its streams
		ModifyResponse: func(r *http.Response) error {
			head, err := httputil.DumpResponse(r, false)
			w.count(r.Request.URL.Path, len(head))
			r.Body = weighed{r.Body, func(n int) { w.count(r.Request.URL.Path, n) }}
			return err
		},
	})
	t.Cleanup(w.Close)
	return w
}

func (w *wire) count(path string, n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bytes[path] += n
}

// total is how many bytes came, and of what, the largest first.
func (w *wire) total() (sum int, parts string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var paths []string
	for path := range w.bytes {
		paths = append(paths, path)
	}
	slices.SortFunc(paths, func(a, b string) int { return cmp.Compare(w.bytes[b], w.bytes[a]) })
	var list strings.Builder
	for _, path := range paths {
		sum += w.bytes[path]
		fmt.Fprintf(&list, "\n%7d %s", w.bytes[path], path)
	}
	return sum, list.String()
}

// of is how many bytes came from below a path.
func (w *wire) of(prefix string) (sum int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for path, n := range w.bytes {
		if strings.HasPrefix(path, prefix) {
			sum += n
		}
	}
	return sum
}

type weighed struct {
	io.ReadCloser
	count func(n int)
}

func (r weighed) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.count(n)
	return n, err
}
