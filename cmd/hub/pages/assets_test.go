package pages

import (
	"encoding/xml"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// shelf is a site with a few made-up built files.
func shelf() *site {
	return &site{assets: assets{manifest: map[string]string{"page.css": "page-MNV6SPVI.css"}, files: fstest.MapFS{
		"page-MNV6SPVI.css":           {Data: []byte("plain")},
		"page-MNV6SPVI.css.br":        {Data: []byte("by brotli")},
		"page-MNV6SPVI.css.gz":        {Data: []byte("by gzip")},
		"basemap/world-b5ed9557.json": {Data: []byte("{}")},
		"NOTICE.txt":                  {Data: []byte("notice")},
		"NOTICE.txt.gz":               {Data: []byte("packed notice")},
		"worker-IRED4XRG.js":          {Data: []byte("work")},
	}}}
}

func (s *site) fetch(t *testing.T, name string, header ...string) *answer {
	t.Helper()
	r := newRequest(http.MethodGet, "/assets/"+name)
	r.SetPathValue("path", name)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	a := newAnswer()
	if err := s.asset(a, r); err != nil {
		a.WriteHeader(http.StatusNotFound)
	}
	return a
}

func TestBuiltFilesAreKeptForGood(t *testing.T) {
	t.Parallel()
	s := shelf()
	for name, want := range map[string][2]string{
		"page-MNV6SPVI.css":           {"text/css; charset=utf-8", immutable},
		"worker-IRED4XRG.js":          {"text/javascript; charset=utf-8", immutable},
		"basemap/world-b5ed9557.json": {"application/json", immutable},
		"NOTICE.txt":                  {"text/plain; charset=utf-8", publicLong},
	} {
		header := s.fetch(t, name).Header()
		if header.Get("Content-Type") != want[0] || header.Get("Cache-Control") != want[1] {
			t.Errorf("%s: %v", name, header)
		}
	}
	for _, name := range []string{"", ".", "..", "../doc.go", "basemap", "/etc/passwd", "page-MNV6SPVI.css.br", "page-MNV6SPVI.css.gz", "nothing.js"} {
		if got := s.fetch(t, name).Code; got != http.StatusNotFound {
			t.Errorf("%q = %d", name, got)
		}
	}
}

func TestBrowsersGetWhatTheyCanUnpack(t *testing.T) {
	t.Parallel()
	s := shelf()
	for accepted, want := range map[string][2]string{
		"":                         {"", "plain"},
		"br":                       {"br", "by brotli"},
		"gzip, deflate, br, zstd":  {"br", "by brotli"},
		"gzip":                     {"gzip", "by gzip"},
		"br;q=0, gzip;q=0.5":       {"gzip", "by gzip"},
		"br; q=0.000, gzip; q=0.0": {"", "plain"},
		"identity":                 {"", "plain"},
		"GZIP":                     {"gzip", "by gzip"},
		"vibration":                {"", "plain"},
	} {
		a := s.fetch(t, "page-MNV6SPVI.css", "Accept-Encoding", accepted)
		if a.Header().Get("Content-Encoding") != want[0] || a.Body.String() != want[1] {
			t.Errorf("%q: %q %q", accepted, a.Header().Get("Content-Encoding"), a.Body)
		}
		if a.Header().Get("Vary") != "Accept-Encoding" || a.Header().Get("Content-Type") != "text/css; charset=utf-8" {
			t.Errorf("%q: %v", accepted, a.Header())
		}
	}
}

// What the pages ask for must be built; a page whose style sheet is missing is a broken page.
func TestPagesFindTheirBuiltFiles(t *testing.T) {
	t.Parallel()
	built, err := openAssets()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"page.css", "page.js", "theme.js", "register.js", "shell.css", "boot.js", "map.css", "map.js", "screen.css", "screen.js", "embed.css", "embed.js", "offline.js", "icon-192.png", "basemap/poster.json"} {
		if built.url(name) == "" {
			t.Errorf("%s was not built", name)
		}
	}
	h := newHouse(t)
	for _, a := range []*answer{h.anybody().open("/"), h.signedIn("ana@example.org", events.ID{}).open("/host/register")} {
		found := 0
		for _, n := range append(a.all("link", "rel", "stylesheet"), a.all("script")...) {
			target := attribute(n, "href") + attribute(n, "src")
			if target == "" {
				continue // it stands in the page
			}
			found++
			if file := h.anybody().open(target); file.Header().Get("Cache-Control") != immutable {
				t.Errorf("%s: %v", target, file.Header())
			}
		}
		if found == 0 {
			t.Error("the page loads no files")
		}
	}
}

func TestCrawlersFindListedEvents(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.host()
	for i := range events.MaxPage + 5 {
		h.add(host, eventstest.Whereabouts(), titled("Birds", sprint("birds-%d", i)), listed)
	}
	h.add(host, eventstest.Whereabouts(), titled("طيور", "طيور-1"), listed)
	h.add(host, eventstest.Whereabouts(), titled("Quiet", "quiet-1"), inReview(events.LinkOnly))
	var sitemap struct {
		URLs []sitemapURL `xml:"url"`
	}
	a := h.anybody().open("/sitemap.xml")
	if err := xml.Unmarshal(a.Body.Bytes(), &sitemap); err != nil {
		t.Fatal(err)
	}
	if len(sitemap.URLs) != events.MaxPage+5+1+2 {
		t.Errorf("%d addresses", len(sitemap.URLs))
	}
	for _, u := range sitemap.URLs {
		h.anybody().open(strings.TrimPrefix(u.Location, hubAddress))
	}
	wantNone(t, a.Body.String(), "quiet-1", "طيور")
	robots := h.anybody().open("/robots.txt")
	wantText(t, robots.Body.String(), "Sitemap: "+hubAddress+"/sitemap.xml", "Disallow: /host\n", "Disallow: /steward\n")
}
