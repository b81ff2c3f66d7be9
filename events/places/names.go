package places

import (
	_ "embed"
	"maps"
	"strings"
)

// MaxCountryText is the longest text that CountryByName looks at, in bytes. The longest name of a
// country in any language has about half of it.
const MaxCountryText = 200

//go:embed data/aliases.txt
var aliasesFile string

// nameIndex collects what countries may be called. An alias beats an English name, and that beats
// a name in another language; one that two countries share in other languages is nobody's.
type nameIndex struct{ aliases, english, others map[string]string }

func newNameIndex() *nameIndex {
	n := &nameIndex{map[string]string{}, map[string]string{}, map[string]string{}}
	for line := range strings.Lines(aliasesFile) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		code, names, _ := strings.Cut(line, " ")
		for name := range strings.SplitSeq(names, "|") {
			n.aliases[Fold(name)] = strings.TrimPrefix(code, "-")
		}
	}
	return n
}

func (n *nameIndex) add(name, code string, english bool) {
	into := n.others
	if english {
		into = n.english
	}
	folded := Fold(name)
	for _, variant := range []string{folded, saint(folded)} {
		if other, taken := into[variant]; taken && other != code {
			code = ""
		}
		into[variant] = code
	}
}

// settle merges what was collected. A name of "" stands for no country.
func (n *nameIndex) settle() map[string]string {
	all := n.others
	for _, stronger := range []map[string]string{n.english, n.aliases} {
		maps.Copy(all, stronger)
	}
	for name, code := range all {
		if code == "" {
			delete(all, name)
		}
	}
	return all
}

// saint spells out the abbreviation that English uses.
func saint(folded string) string {
	return strings.TrimPrefix(strings.ReplaceAll(" "+folded, " st ", " saint "), " ")
}

// CountryByName finds the country that a text names as a whole, in any of the languages, by an
// alias, a usual misspelling, or an ISO 3166-1 code of two or three letters. It is for a field
// that asks for a country; for an address use CountryInText. Names that mean two countries, as
// "Congo" and "Virgin Islands", are not ok.
func (a *Atlas) CountryByName(text string) (code string, ok bool) {
	if len(text) > MaxCountryText {
		return "", false
	}
	return a.countries().find(text)
}

func (t *countryTable) find(text string) (code string, ok bool) {
	folded := Fold(text)
	if looksLikeCode(text) {
		if code, ok = t.byCode[folded]; ok {
			return code, true
		}
	}
	if code, ok = t.named(folded); ok {
		return code, true
	}
	// ISO's own inverted names: "Iran, Islamic Republic of", "Bolivia (Plurinational State of)".
	if i := strings.IndexAny(text, ",("); i > 0 {
		return t.named(Fold(text[i+1:] + " " + text[:i]))
	}
	return "", false
}

// looksLikeCode tells a code from a short name: Russia is "Nga" and Austria "Áo" in Vietnamese,
// NGA is Nigeria and ao Angola.
func looksLikeCode(text string) bool {
	text = strings.TrimSpace(text)
	return isASCII(text) && (text == strings.ToUpper(text) || text == strings.ToLower(text))
}

// named looks a folded name up, and once more without its style.
func (t *countryTable) named(folded string) (code string, ok bool) {
	if code, ok = t.byName[folded]; ok {
		return code, true
	}
	code, ok = t.byName[withoutStyle(folded)]
	return code, ok
}

// withoutStyle takes the official style off a name: "the federal republic of nigeria" is nigeria.
// Where the style tells two countries apart (Congo, Korea, China) the aliases have the full name.
func withoutStyle(folded string) string {
	rest := strings.TrimPrefix(folded, "the ")
	name, styled := rest, false
	for _, style := range styles {
		if name, styled = strings.CutPrefix(rest, style); styled {
			break
		}
	}
	name = strings.TrimPrefix(name, "the ")
	if styled && (name == "congo" || name == "korea" || name == "china") || len(name) <= 3 {
		return ""
	}
	return name
}

// styles are what official names begin with, in the languages of most registrations.
var styles = [...]string{
	"federal republic of ", "federative republic of ", "islamic republic of ", "kingdom of ",
	"united republic of ", "arab republic of ", "sultanate of ", "principality of ",
	"commonwealth of ", "federal democratic republic of ", "democratic republic of ",
	"peoples democratic republic of ", "peoples republic of ", "plurinational state of ",
	"bolivarian republic of ", "socialist republic of ", "democratic socialist republic of ",
	"oriental republic of ", "cooperative republic of ", "hashemite kingdom of ", "republic of ",
	"republica federativa do ", "republica federal de ", "republica de ", "republica del ",
	"republica do ", "republica da ", "republique federale du ", "republique du ",
	"republique de la ", "republique de ", "republik ", "repubblica di ",
}
