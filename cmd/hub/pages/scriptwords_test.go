package pages

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// What only scripts use comes with the page's own words, may be kept for good, and holds parts that
// are as sound as the page.
func TestScriptsGetTheirWordsAndParts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, lang := range []string{"en", "ar", "zh-Hans"} {
		b := h.anybody()
		b.lang = lang
		address := attribute(b.open("/").all("div", "id", "day")[0], "data-words")
		file := b.open(address)
		if !strings.HasPrefix(address, "/words/"+lang+"-") || file.Header().Get("Cache-Control") != immutable {
			t.Errorf("%s: %s %v", lang, address, file.Header())
		}
		var all scripted
		if err := json.Unmarshal(file.Body.Bytes(), &all); err != nil {
			t.Fatal(err)
		}
		if all.Words["connected"] == "" || all.Words["screen.live"] == "" || !strings.Contains(all.Words["find.near_km"], "#") {
			t.Errorf("%s: words are missing: %v", lang, all.Words)
		}
		for name, part := range all.Parts {
			root, err := html.Parse(strings.NewReader(part))
			if err != nil || strings.Contains(part, "[map.") || strings.Contains(part, "[find.") {
				t.Errorf("%s: %s: %v %s", lang, name, err, part)
			}
			a := &answer{file.ResponseRecorder, root}
			buttons := a.all("button")
			for _, button := range buttons {
				if textOf(button) == "" && attribute(button, "aria-label") == "" {
					t.Errorf("%s: %s has a button without a name", lang, name)
				}
			}
			if least := map[string]int{"acts": 1}[name]; len(buttons) < cmp.Or(least, 3) {
				t.Errorf("%s: %s has %d buttons", lang, name, len(buttons))
			}
		}
		for _, used := range []string{"worker", "world", "detail", "cities", "towns", "lights"} {
			if b.open(all.Files[used]).Header().Get("Cache-Control") != immutable {
				t.Errorf("%s is %q", used, all.Files[used])
			}
		}
	}
}

// A page of another build gets the words of this one, but not for good.
func TestWordsOfAnotherBuild(t *testing.T) {
	t.Parallel()
	b := newHouse(t).anybody()
	for name, want := range map[string]int{
		"en-00000000.json": http.StatusOK, "zh-Hans-00000000.json": http.StatusOK,
		"en": http.StatusNotFound, "-": http.StatusNotFound, "xx-00000000.json": http.StatusNotFound, "": http.StatusNotFound,
	} {
		a := b.get("/words/" + name)
		if a.Code != want || want == http.StatusOK && a.Header().Get("Cache-Control") != publicShort {
			t.Errorf("%q = %d %v", name, a.Code, a.Header())
		}
	}
	r := newRequest(http.MethodGet, "/words/en-00000000.json")
	r.Header.Set("Accept-Encoding", "br")
	if a := b.do(r); a.Header().Get("Content-Encoding") != "br" || a.Body.Len() > 4000 {
		t.Errorf("packed it has %d bytes: %v", a.Body.Len(), a.Header())
	}
}
