package pages

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// forms are the plural forms of whole numbers in each language of the pages, by CLDR. Spanish, French
// and Portuguese have "many" for whole millions, too; no page gets there without "other" reading well,
// so they may have it and need not.
func forms() map[string][]string {
	return map[string][]string{
		"en": {"one", "other"}, "es": {"one", "other"}, "fr": {"one", "other"}, "pt": {"one", "other"},
		"hi": {"one", "other"}, "id": {"other"}, "zh-Hans": {"other"},
		"ar": {"zero", "one", "two", "few", "many", "other"},
	}
}

// single tells of forms that stand for one number only, which may be said without a digit.
func single(lang, form string) bool {
	switch lang {
	case "ar":
		return form == "zero" || form == "one" || form == "two"
	case "en", "es":
		return form == "one"
	}
	return false
}

// formNames are how keys call CLDR's forms.
func formNames() map[plural.Form]string {
	return map[plural.Form]string{
		plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many",
		plural.Other: "other",
	}
}

func TestTheFormsAreThoseThatNumbersHave(t *testing.T) {
	t.Parallel()
	l, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range l.languages() {
		seen := map[string]bool{}
		for n := range 1000 {
			seen[formNames()[plural.Cardinal.MatchPlural(language.Make(lang), n, 0, 0, 0, 0)]] = true
		}
		want := forms()[lang]
		if len(seen) != len(want) {
			t.Errorf("%s: numbers have the forms %v, words %v", lang, seen, want)
		}
		for _, form := range want {
			if !seen[form] {
				t.Errorf("%s: no number has the form %q", lang, form)
			}
		}
	}
}

// Every word about a number is there in exactly the forms that the language has.
func TestEveryCountHasItsForms(t *testing.T) {
	t.Parallel()
	l, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	counts := countsOf(l.byLang["en"])
	if len(counts) < 15 {
		t.Fatalf("only %d words count something: does this test still find them?", len(counts))
	}
	for _, lang := range l.languages() {
		words := l.byLang[lang]
		for _, key := range counts {
			for _, form := range forms()[lang] {
				word := words[key+"."+form]
				switch has := slices.Equal(holes(word), []string{"{n}"}); {
				case word == "":
					t.Errorf("%s: %s.%s is missing", lang, key, form)
				case !has && (len(holes(word)) > 0 || !single(lang, form)):
					t.Errorf("%s: %s.%s has the places %v, not {n}", lang, key, form, holes(word))
				}
			}
		}
		for key := range words {
			form := strings.TrimPrefix(plurals().FindString(key), ".")
			millions := form == "many" && slices.Contains([]string{"es", "fr", "pt"}, lang)
			_, counts := l.byLang["en"][plurals().ReplaceAllString(key, ".other")]
			if counts && form != "" && !slices.Contains(forms()[lang], form) && !millions {
				t.Errorf("%s: %s is of a form that the language does not have", lang, key)
			}
		}
	}
}

// countsOf are the keys, without the form, of words about a number.
func countsOf(words map[string]string) (keys []string) {
	for key := range words {
		if base, counts := strings.CutSuffix(key, ".other"); counts {
			keys = append(keys, base)
		}
	}
	slices.Sort(keys)
	return keys
}

// international are words that are the same in English and, in brackets, in other languages.
func international() map[string]string {
	return map[string]string{
		"site.short": "*", "source.opendataday": "*", "map.credits": "*", "place.both": "*",
		"way.DIGITAL": "es pt id", "medium.MURAL": "es pt id",
		"medium.PERFORMANCE": "es fr pt", "medium.PROJECTION": "fr", "medium.INSTALLATION": "fr",
		"medium.SCULPTURE": "fr", "medium.TEXTILE": "fr", "medium.FILM": "fr id", "medium.POSTER": "id",
		"nav.label": "fr", "map.pause": "fr", "event.source": "fr", "event.links": "pt", "field.host.links": "pt",
		"field.place.latitude": "fr pt", "field.place.longitude": "fr pt",
		"map.wave.minutes.one": "fr", "map.wave.minutes.other": "fr", "month.4": "id", "month.9": "id", "month.11": "id",
		"date.full": "*", "date.day": "*", "find.km": "es fr pt id", "find.distance": "fr",
	}
}

// No English is left over, and words are text: no markup, and no address but those of examples.
func TestWordsAreTranslatedAndPlain(t *testing.T) {
	t.Parallel()
	l, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	address := regexp.MustCompile(`(?i)https?://([^\s/)»”]*)|www\.`)
	for _, lang := range l.languages() {
		for key, word := range l.byLang[lang] {
			same := lang != "en" && word == l.byLang["en"][key]
			if same && international()[key] != "*" && !slices.Contains(strings.Fields(international()[key]), lang) {
				t.Errorf("%s: %s is still English: %q", lang, key, word)
			}
			if strings.ContainsAny(word, "<>&\n\t") || strings.TrimSpace(word) != word {
				t.Errorf("%s: %s is not plain text: %q", lang, key, word)
			}
			for _, host := range address.FindAllStringSubmatch(word, -1) {
				if host[1] != "" && host[1] != "example.org" {
					t.Errorf("%s: %s leads to %s", lang, key, host[0])
				}
			}
		}
	}
}

// A language in its own script has hardly a word in Latin letters: names and codes.
func TestScriptsAreTheLanguagesOwn(t *testing.T) {
	t.Parallel()
	l, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	latin := regexp.MustCompile(`\p{Latin}{3,}`)
	names := strings.Fields("Actionday GraphQL WebGL Natural Earth Open Data Day Markdown UTC ISO https example org ana country theme event area and host OpenStreetMap NP cookie")
	for _, lang := range []string{"ar", "hi", "zh-Hans"} {
		for key, word := range l.byLang[lang] {
			bare := regexp.MustCompile(`\{\w+\}`).ReplaceAllString(word, "")
			for _, letters := range latin.FindAllString(bare, -1) {
				if !slices.Contains(names, letters) {
					t.Errorf("%s: %s has %q in Latin letters", lang, key, letters)
				}
			}
		}
	}
}
