package pages

import (
	"net/url"
	"strings"
	"testing"
)

// A long address is read once, not once a language and parameter. It runs alone, because it counts what
// the process asks memory for.
func TestALongAddressIsReadOnce(t *testing.T) {
	words, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	s := &site{words: words}
	query := strings.TrimSuffix(strings.Repeat("x%20=%20&", 1500), "&")
	once := testing.AllocsPerRun(3, func() { _, _ = url.ParseQuery(query) })
	for _, target := range []string{"/", "/about/data"} {
		r := newRequest("GET", target+"?"+query)
		if got := testing.AllocsPerRun(3, func() { s.languageLinks(r, "en") }); got > 2*once {
			t.Errorf("%s: its links take %.0f pieces of memory, its query %.0f", target, got, once)
		}
	}
}
