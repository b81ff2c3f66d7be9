package places

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
)

const (
	// MaxPlaceText is the longest address that CountryInText looks at, in bytes.
	MaxPlaceText = 500

	maxNameWords = 9      // of the longest country name, "the former yugoslav republic of..."
	maxTownWords = 4      // of a town's name that is taken as evidence
	minTownWord  = 3      // letters of it
	leadingTown  = 50_000 // people of the town that follows a country in "Ukraine, Lutsk"

	// A name is doubtful when a town elsewhere has it that is known to many (people), and to
	// many in comparison with the country (one in so many of its townspeople).
	namesakePeople = 15_000
	namesakeShare  = 50
)

// wordsFile lists words with a part in addresses: a line "kind: word|word".
//
//go:embed data/words.txt
var wordsFile string

// addressWords are the words of wordsFile, folded.
type addressWords struct {
	noise    map[string]bool // says how one takes part, not where: online, zoom
	links    map[string]bool // what stands before a country that a place is in: in, from, state
	certain  map[string]bool // abbreviations that mean their country wherever they end a text
	short    map[string]bool // abbreviations that do when they stand alone
	doubtful map[string]bool // names of countries that are as often something else
	before   map[string]bool // say before a town's name that it is a town: ciudad de
	behind   map[string]bool // say so behind it: city
	joined   map[string]bool // are written on to it
}

// CountryInText finds the country that closes an address or a place's name, as in "Toamasina,
// Madagascar", "Kathmandu Nepal" and "Lima - Perú (virtual)". It would rather find nothing than
// the wrong thing:
//
//   - Only whole words count, and only names: "CA" and "IN" are American states.
//   - The last part between commas (dashes, brackets, slashes) must be a country as a whole, or end
//     with one right behind a town of that country, "in", "from", or a word like "province".
//   - A name that is also a state (Georgia, Niger) or a well-known town elsewhere (Granada,
//     Salvador, Armenia) counts only with a town of that country before it.
//   - A country in front counts only before one of its larger towns: "Ukraine, Lutsk".
func (a *Atlas) CountryInText(text string) (code string, ok bool) {
	if len(text) > MaxPlaceText {
		return "", false
	}
	r := reading{a.countries(), a.towns, nil}
	for _, part := range partsOf(text) {
		if words := r.names.words.trim(strings.Fields(Fold(part))); len(words) > 0 {
			r.parts = append(r.parts, words)
		}
	}
	if len(r.parts) == 0 {
		return "", false
	}
	if code, ok = r.atTheEnd(); ok {
		return code, true
	}
	return r.inFront()
}

// reading is one address being read: its parts, each a list of folded words.
type reading struct {
	names *countryTable
	towns func() *gazetteer // asked only when there is a name to be judged
	parts [][]string
}

func (r *reading) atTheEnd() (code string, ok bool) {
	before, last := r.parts[:len(r.parts)-1], r.parts[len(r.parts)-1]
	for i := max(0, len(last)-maxNameWords); i < len(last); i++ {
		name := strings.Join(last[i:], " ")
		code, ok := r.names.inText(name)
		if !ok {
			continue
		}
		switch front := last[:i]; {
		case r.names.words.certain[name]:
			return code, true
		case len(front) > 0 && r.names.words.short[name]:
			return "", false
		case len(front) > 0:
			// The longest name decides: behind "papua new guinea" nobody looks for guinea.
			return only(code, r.leadsTo(r.names.words.trim(front), name, code))
		case !r.isDoubtful(name, code):
			return code, true
		case len(before) == 0:
			return only(code, r.towns().has(name, code)) // a city and its land: "Gaza", "Macau"
		default:
			return only(code, r.mentionsTown(before, code))
		}
	}
	return "", false
}

func only(code string, ok bool) (string, bool) {
	if !ok {
		code = ""
	}
	return code, ok
}

// leadsTo tells whether the words in front of a name in the same part make it a country.
func (r *reading) leadsTo(front []string, name, code string) bool {
	for n := 1; n <= min(maxTownWords, len(front)); n++ {
		town := strings.Join(front[len(front)-n:], " ")
		if len(town) >= minTownWord && r.towns().has(town, code) {
			return true
		}
	}
	return len(front) > 0 && r.names.words.links[front[len(front)-1]] && !r.isDoubtful(name, code)
}

// isDoubtful tells whether a country's name is as likely something else.
func (r *reading) isDoubtful(name, code string) bool {
	if r.names.words.doubtful[name] {
		return true
	}
	g := r.towns()
	return g.namesake(name, code) >= max(namesakePeople, g.people[code]/namesakeShare)
}

// mentionsTown tells whether some words of the parts are a town of a country.
func (r *reading) mentionsTown(parts [][]string, code string) bool {
	for _, words := range parts {
		for i := range words {
			for j := i + 1; j <= min(len(words), i+maxTownWords); j++ {
				town := strings.Join(words[i:j], " ")
				if len(town) >= minTownWord && r.towns().has(town, code) {
					return true
				}
			}
		}
	}
	return false
}

func (r *reading) inFront() (code string, ok bool) {
	name := strings.Join(r.parts[0], " ")
	code, ok = r.names.inText(name)
	if !ok || len(r.parts) < 2 || r.isDoubtful(name, code) {
		return "", false
	}
	for _, words := range r.parts[1:] {
		if r.towns().populationOf(strings.Join(words, " "), code) >= leadingTown {
			return code, true
		}
	}
	return "", false
}

// inText finds a name as find does, but no code: of what is as short as one only the known
// abbreviations count.
func (t *countryTable) inText(folded string) (code string, ok bool) {
	if len(folded) <= 3 && !t.words.certain[folded] && !t.words.short[folded] {
		return "", false
	}
	return t.named(folded)
}

// trim takes the words off both ends that say nothing about where: numbers, postal codes, noise.
func (w *addressWords) trim(words []string) []string {
	silent := func(word string) bool {
		return w.noise[word] || strings.ContainsFunc(word, unicode.IsDigit)
	}
	for len(words) > 0 && silent(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	for len(words) > 0 && silent(words[0]) {
		words = words[1:]
	}
	return words
}

// partsOf splits an address at its punctuation. A hyphen parts only beside a space, for
// "Guinea-Bissau"; a dot only behind three letters, for "St. Lucia" and "U.S.A.".
func partsOf(text string) []string {
	runes := []rune(text)
	var parts []string
	start, letters := 0, 0
	for i, r := range runes {
		split := false
		switch {
		case r == '-':
			split = i == 0 || i+1 == len(runes) || runes[i-1] == ' ' || runes[i+1] == ' '
		case r == '.':
			split = letters >= 3
		default:
			split = strings.ContainsRune(",;:|/()[]\n\t–—•،؛、。，；：（）／・", r)
		}
		if split {
			parts = append(parts, string(runes[start:i]))
			start = i + 1
		}
		if unicode.IsLetter(r) {
			letters++
		} else if !unicode.IsMark(r) {
			letters = 0
		}
	}
	return slices.Clip(append(parts, string(runes[start:])))
}

func readAddressWords() *addressWords {
	lists := map[string]map[string]bool{}
	for line := range strings.Lines(wordsFile) {
		kind, words, found := strings.Cut(strings.TrimSpace(line), ": ")
		if !found || kind[0] == '#' {
			continue
		}
		list := map[string]bool{}
		for word := range strings.SplitSeq(words, "|") {
			list[Fold(word)] = true
		}
		lists[kind] = list
	}
	return &addressWords{
		lists["noise"], lists["links"], lists["certain"], lists["short"], lists["doubtful"],
		lists["before"], lists["behind"], lists["joined"],
	}
}
