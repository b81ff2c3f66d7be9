package pages

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"golang.org/x/net/html"
)

// mostShell is how many bytes the map page may weigh, by brotli, before its map: everything that it
// names itself, but for pictures.
const mostShell = 8_000

// The page is there at once on a bad network: it is small, with its style in it, and names one script.
func TestShellIsSmall(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "ar"} {
		h := newHouse(t)
		b := h.anybody()
		b.lang = lang
		a := b.open("/")
		sizes := map[string]int{"the page": weigh(t, a.Body.Bytes())}
		for _, address := range a.blocking() {
			sizes[address] = weigh(t, b.open(address).Body.Bytes())
		}
		sum := 0
		for _, size := range sizes {
			sum += size
		}
		t.Logf("%s: page_shell_kb %.2f: %v", lang, float64(sum)/1000, sizes)
		if sum > mostShell || len(sizes) != 2 {
			t.Errorf("%s: the shell has %d bytes in %d files", lang, sum, len(sizes))
		}
	}
}

// blocking are the files that a page names for itself: sheets, scripts and whatever is to be fetched
// beside them.
func (a *answer) blocking() (addresses []string) {
	for _, link := range a.all("link") {
		if !slices.Contains([]string{"canonical", "alternate", "icon", "apple-touch-icon", "manifest"}, attribute(link, "rel")) {
			addresses = append(addresses, attribute(link, "href"))
		}
	}
	for _, script := range a.all("script") {
		if address := attribute(script, "src"); address != "" {
			addresses = append(addresses, address)
		}
	}
	return addresses
}

// The first paint waits for nothing but the page: its style is in it and brings no others, and so is
// the one script that must run before. The other one is a module and imports nothing before it runs.
func TestFirstPaintWaitsForNothing(t *testing.T) {
	t.Parallel()
	b := newHouse(t).anybody()
	a := b.open("/")
	for _, script := range a.all("script") {
		code := written(script)
		if address := attribute(script, "src"); address != "" {
			code = b.open(address).Body.String()
			if attribute(script, "type") != "module" {
				t.Errorf("the page waits for %s", address)
			}
		} else if len(code) > 400 {
			t.Errorf("%d bytes run before the page is painted: %s", len(code), code)
		}
		if strings.HasPrefix(code, "import") || strings.Contains(code, ";import\"") || strings.Contains(code, " from\"") {
			t.Errorf("a script imports before it runs: %s", code)
		}
	}
	if sheets := a.all("link", "rel", "stylesheet"); len(sheets) != 0 {
		t.Errorf("the page waits for %d sheets", len(sheets))
	}
	style := written(a.all("style")[0])
	for _, more := range []string{"@import", "url(", "@font-face"} {
		if strings.Contains(style, more) {
			t.Errorf("the style brings more by %s", more)
		}
	}
	if rest := attribute(a.all("div", "id", "day")[0], "data-sheet"); rest == "" || !strings.Contains(a.Body.String(), `<noscript><link rel="stylesheet" href="`+rest+`">`) {
		t.Error("without scripts the page has half of its style")
	}
	if list := b.open("/?panel=list"); len(list.all("link", "rel", "stylesheet")) != 1 {
		t.Error("a page that opens with its list lacks its style")
	}
}

// The picture is asked for before the page is read, in the theme that it is shown in.
func TestPictureIsAskedForFirst(t *testing.T) {
	t.Parallel()
	b := newHouse(t).anybody()
	b.lang = "ar"
	a := b.open("/")
	links := strings.Join(a.Header().Values("Link"), "\n")
	for theme, address := range map[string]string{
		"light": attribute(a.all("img", "width", "1200")[0], "src"), "dark": attribute(a.all("source")[0], "srcset"),
	} {
		if !strings.Contains(links, "<"+address+">; rel=preload; as=image;") || !strings.Contains(address, "lang=ar&only=map&theme="+theme) {
			t.Errorf("the page shows %s and asks first for %s", address, links)
		}
	}
}

// What is written into a page is used only if the policy knows its hash, and nothing else there is.
func TestPolicyKnowsWhatIsWrittenIntoPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, target := range []string{"/", "/screen", "/about/data", "/nowhere"} {
		a := h.anybody().get(target)
		directives := map[string]string{}
		for directive := range strings.SplitSeq(a.Header().Get("Content-Security-Policy"), "; ") {
			name, sources, _ := strings.Cut(directive, " ")
			directives[name] = sources
		}
		for element, directive := range map[string]string{"script": "script-src", "style": "style-src"} {
			for _, part := range a.all(element) {
				if code := written(part); code != "" && !strings.Contains(directives[directive], hashSource(code)) {
					t.Errorf("%s: %s is refused: %.80s", target, element, code)
				}
			}
			if s := directives[directive]; !strings.HasPrefix(s, "'self' 'sha256-") || strings.Count(s, " ") != 1 {
				t.Errorf("%s: %s allows %s", target, directive, s)
			}
		}
	}
}

// written is what stands in a script or style element itself.
func written(n *html.Node) string {
	if n.FirstChild == nil {
		return ""
	}
	return n.FirstChild.Data
}

// weigh is how many bytes brotli makes of a text, as the built files are packed.
func weigh(t *testing.T, text []byte) int {
	t.Helper()
	var small bytes.Buffer
	w := brotli.NewWriterLevel(&small, brotli.BestCompression)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return small.Len()
}

// Public pages are packed on their way; what is one person's alone is not, because its size would
// tell of it.
func TestPublicPagesArePacked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for target, want := range map[string]string{"/": "gzip", "/about/data": "gzip", "/embed": "gzip", "/host/register": ""} {
		r := newRequest(http.MethodGet, target)
		r.Header.Set("Accept-Encoding", "gzip, deflate, br")
		a := h.signedIn("ana@example.org", h.host().ID).do(r)
		if got := a.Header().Get("Content-Encoding"); a.Code != http.StatusOK || got != want {
			t.Errorf("%s = %d, packed by %q", target, a.Code, got)
		}
		if want != "" && !strings.Contains(strings.Join(a.Header().Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%s does not vary by encoding: %v", target, a.Header())
		}
	}
}
