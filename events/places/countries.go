package places

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
)

//go:embed data/countries.gz
var countriesFile []byte

// Country is a country or territory as a form offers it.
type Country struct {
	Code string // ISO 3166-1 alpha-2, or XK for Kosovo
	Name string
}

// countryTable holds the names in every language and the index of all that they may be called.
type countryTable struct {
	matcher language.Matcher
	lists   [][]Country // a language each, in its own order
	names   []map[string]string
	byName  map[string]string // folded name to code
	byCode  map[string]string // two or three small letters to code
	sorted  func() []string   // all folded names in order, for beginnings
	words   *addressWords
}

// CountryName is what a country is called in the language nearest to lang, a BCP 47 tag as
// browsers send it, and in English when there is none. It is "" for a code not in use.
func (a *Atlas) CountryName(code, lang string) string {
	t := a.countries()
	return t.names[t.language(lang)][code]
}

// Countries lists all countries and territories named and ordered as the language nearest to
// lang does. The caller owns the list.
func (a *Atlas) Countries(lang string) []Country {
	t := a.countries()
	return slices.Clone(t.lists[t.language(lang)])
}

// IsCountry tells whether code is an ISO 3166-1 alpha-2 code in use, in capitals, or XK.
func (a *Atlas) IsCountry(code string) bool {
	_, ok := a.countries().names[0][code]
	return ok
}

// language picks the index of the list nearest to a tag; English is the first.
func (t *countryTable) language(tag string) int {
	if len(tag) > maxTag {
		return 0
	}
	_, index := language.MatchStrings(t.matcher, tag)
	return index
}

// maxTag is the longest language tag looked at, in bytes; real ones have at most 35.
const maxTag = 100

// loadCountries reads the file whose form gen/countries.go describes.
func loadCountries() *countryTable {
	t := &countryTable{byCode: map[string]string{}, words: readAddressWords()}
	index := newNameIndex()
	var tags []language.Tag
	for line := range strings.Lines(unzipped(countriesFile)) {
		line = strings.TrimSuffix(line, "\n")
		if tag, found := strings.CutPrefix(line, "!"); found {
			tags = append(tags, language.Make(tag))
			t.lists = append(t.lists, nil)
			t.names = append(t.names, map[string]string{})
			continue
		}
		if len(tags) == 0 {
			alpha2, alpha3, _ := strings.Cut(line, " ")
			t.byCode[strings.ToLower(alpha2)] = alpha2
			t.byCode[strings.ToLower(alpha3)] = alpha2
			continue
		}
		t.addCountry(index, len(tags) == 1, strings.Split(line, "\t"))
	}
	t.matcher = language.NewMatcher(tags)
	t.byName = index.settle()
	t.sorted = sync.OnceValue(func() []string { return slices.Sorted(maps.Keys(t.byName)) })
	return t
}

// addCountry adds one country to the newest language.
func (t *countryTable) addCountry(index *nameIndex, english bool, fields []string) {
	last := len(t.lists) - 1
	code, name := fields[0], fields[1]
	t.lists[last] = append(t.lists[last], Country{code, name})
	t.names[last][code] = name
	for _, n := range fields[1:] {
		index.add(n, code, english)
	}
}

func unzipped(data []byte) string {
	r := must(gzip.NewReader(bytes.NewReader(data)))
	return string(must(io.ReadAll(r)))
}
