package pages

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"github.com/microgalleries/actionday/events"
)

// tongue speaks one language.
type tongue struct {
	Lang string // BCP 47
	Dir  string // "ltr" or "rtl"

	words, english map[string]string
	tag            language.Tag
	numbers        *message.Printer
	country        func(code, lang string) string
}

// newTongue makes a tongue. Numbers are written in Latin digits in every language, so that counts
// that the server wrote and those that a script wrote look alike.
func newTongue(lang string, words, english map[string]string, country func(code, lang string) string) tongue {
	dir := "ltr"
	if lang == "ar" {
		dir = "rtl"
	}
	return tongue{
		Lang: lang, Dir: dir, words: words, english: english, tag: language.Make(lang),
		numbers: message.NewPrinter(language.Make(lang + "-u-nu-latn")), country: country,
	}
}

// T is a word or sentence; {0}, {1}... are replaced by the arguments, numbers as the language
// writes them. A missing word is taken from English, a missing key shows as itself.
func (t tongue) T(key string, args ...any) string {
	word, ok := t.word(key)
	if !ok {
		return "[" + key + "]"
	}
	for i, arg := range args {
		word = strings.ReplaceAll(word, "{"+strconv.Itoa(i)+"}", t.text(arg))
	}
	return word
}

// Has tells whether there is such a word.
func (t tongue) Has(key string) bool {
	_, ok := t.word(key)
	return ok
}

func (t tongue) word(key string) (string, bool) {
	if word, ok := t.words[key]; ok {
		return word, true
	}
	word, ok := t.english[key]
	return word, ok
}

func (t tongue) text(arg any) string {
	switch v := arg.(type) {
	case int:
		return t.Num(int64(v))
	case int64:
		return t.Num(v)
	}
	return fmt.Sprint(arg)
}

// N is a sentence about n things in the plural form that the language has for n (CLDR cardinal
// rules): key.one, key.few, key.other...; {n} is replaced by the number.
func (t tongue) N(key string, n int64) string {
	form := plural.Cardinal.MatchPlural(t.tag, int(n%10_000_000), 0, 0, 0, 0)
	names := map[plural.Form]string{
		plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many",
	}
	word, ok := t.words[key+"."+names[form]]
	if !ok {
		word = t.T(key + ".other")
	}
	return strings.ReplaceAll(word, "{n}", t.Num(n))
}

// Forms are the plural forms in which the language has a word, for scripts that count.
func (t tongue) Forms(key string) (forms []string) {
	for _, form := range []string{"zero", "one", "two", "few", "many", "other"} {
		if _, ok := t.words[key+"."+form]; ok {
			forms = append(forms, form)
		}
	}
	return forms
}

// Num is a whole number as the language groups it.
func (t tongue) Num(n int64) string { return t.numbers.Sprint(number.Decimal(n)) }

// Date is a calendar date with its weekday.
func (t tongue) Date(d events.LocalDate) string {
	day := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
	return t.T("date.full", t.T("weekday."+strconv.Itoa(int(day.Weekday()))), strconv.Itoa(d.Day),
		t.T("month."+strconv.Itoa(int(d.Month))), strconv.Itoa(d.Year))
}

// Day is a calendar date without weekday and year.
func (t tongue) Day(d events.LocalDate) string {
	return t.T("date.day", strconv.Itoa(d.Day), t.T("month."+strconv.Itoa(int(d.Month))))
}

// Country is the name of a country or territory.
func (t tongue) Country(code string) string {
	if code == "" {
		return ""
	}
	return t.country(code, t.Lang)
}

// Left says roughly how long it is until an instant, in the largest unit that fits; a moment that
// is over says so.
func (t tongue) Left(until time.Duration) string {
	switch {
	case until <= 0:
		return t.T("left.over")
	case until < time.Hour:
		return t.N("left.minutes", int64(until.Minutes())+1)
	case until < 48*time.Hour:
		return t.N("left.hours", int64(until.Hours()))
	}
	return t.N("left.days", int64(until.Hours())/24)
}

// Problem is a problem in the reader's language. The domain's own sentences are English and say
// most; elsewhere the kind of the problem must do.
func (t tongue) Problem(p events.Problem) string {
	if t.Lang == "en" {
		return p.Message
	}
	for _, key := range []string{"problem." + string(p.Code) + "." + p.Field, "problem." + string(p.Code)} {
		if word, ok := t.words[key]; ok {
			return word
		}
	}
	return p.Message
}
