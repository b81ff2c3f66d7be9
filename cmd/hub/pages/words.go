package pages

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"
)

//go:embed words/*.json
var wordFiles embed.FS

// How the language of a reader is kept.
const (
	langParameter = "lang"
	langCookie    = "hub-lang"
	langLasts     = 365 * 24 * time.Hour
	// maxAcceptLanguage is how many bytes of Accept-Language are looked at.
	maxAcceptLanguage = 512
)

// lexicon is the catalogs of all languages. Files are named part.lang.json; the parts of one
// language add up.
type lexicon struct {
	byLang  map[string]map[string]string
	matcher language.Matcher
}

// languages lists the languages that the pages speak, the one that stands in for missing words
// first.
func (lexicon) languages() []string {
	return []string{"en", "es", "fr", "pt", "ar", "hi", "id", "zh-Hans"}
}

// maxTag is the longest language tag that is looked at, in bytes; real ones have at most 35.
const maxTag = 100

// known is which language of the pages a tag names, by itself or by one that says the same: "zh-CN"
// is "zh-Hans", and "pt-BR" is "pt". It is "" for any other.
func (l lexicon) known(tag string) string {
	if slices.Contains(l.languages(), tag) {
		return tag
	}
	if tag == "" || len(tag) > maxTag {
		return ""
	}
	wanted, err := language.Parse(tag)
	if err != nil {
		return ""
	}
	if _, i, sure := l.matcher.Match(wanted); sure >= language.High {
		return l.languages()[i]
	}
	return ""
}

// asked is the language of the pages that an address names, "" if none.
func (l lexicon) asked(r *http.Request) string { return l.known(r.URL.Query().Get(langParameter)) }

// own is a language's name for itself.
func (l lexicon) own(lang string) string { return l.byLang[lang]["language.name"] }

// readWords gives the catalogs. They are part of the program, so they are read once.
var readWords = sync.OnceValues(func() (lexicon, error) {
	l := lexicon{byLang: map[string]map[string]string{}}
	var tags []language.Tag
	for _, lang := range l.languages() {
		l.byLang[lang] = map[string]string{}
		tags = append(tags, language.Make(lang))
	}
	l.matcher = language.NewMatcher(tags)
	names, err := fs.Glob(wordFiles, "words/*.json")
	if err != nil {
		return l, err
	}
	for _, name := range names {
		if err := l.add(name); err != nil {
			return l, fmt.Errorf("%s: %w", name, err)
		}
	}
	return l, nil
})

// add reads one file. A key that two parts claim is a mistake that would hide one of them.
func (l lexicon) add(name string) error {
	raw, err := wordFiles.ReadFile(name)
	if err != nil {
		return err
	}
	var words map[string]string
	if err := json.Unmarshal(raw, &words); err != nil {
		return err
	}
	parts := strings.Split(path.Base(name), ".")
	known := l.byLang[parts[len(parts)-2]]
	if known == nil {
		return fmt.Errorf("%q is not a language of the pages", parts[len(parts)-2])
	}
	for key, word := range words {
		if _, twice := known[key]; twice {
			return fmt.Errorf("%q is in another part, too", key)
		}
		known[key] = word
	}
	return nil
}

// tongue chooses the language: what the reader asks for now, chose before, or told the browser.
func (s *site) tongue(w http.ResponseWriter, r *http.Request) tongue {
	if asked := s.words.asked(r); asked != "" {
		if s.cookieValue(r, langCookie) != asked {
			http.SetCookie(w, s.cookie(langCookie, asked, langLasts))
		}
		return s.speak(asked)
	}
	if chosen := s.cookieValue(r, langCookie); slices.Contains(s.words.languages(), chosen) {
		return s.speak(chosen)
	}
	return s.speak(s.words.wanted(r))
}

// wanted is the language of the pages that the reader's browser likes best.
func (l lexicon) wanted(r *http.Request) string {
	header := r.Header.Get("Accept-Language")
	if len(header) > maxAcceptLanguage {
		header = header[:maxAcceptLanguage]
	}
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		wanted = nil
	}
	_, i, _ := l.matcher.Match(wanted...)
	return l.languages()[i]
}

func (s *site) speak(lang string) tongue {
	return newTongue(lang, s.words.byLang[lang], s.words.byLang["en"], s.Atlas.CountryName)
}
