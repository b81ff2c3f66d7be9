package main

import (
	"encoding/binary"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/microgalleries/actionday/events/places"
)

const (
	// namedFrom is how many people a town has at least whose other names are taken along, unless it
	// is a country's capital. All towns together would be twice the bytes.
	namedFrom = 20_000
	// codedFrom is how many it has whose codes are: who types three letters seldom means an airport.
	codedFrom = 1_000_000
	// shortName is how many letters a name has at most that must not stand before a longer one.
	shortName = 3
	// longestCode is how many letters a code has at most.
	longestCode = 4
)

// capital is the feature code of a country's or territory's.
const capital = "PPLC"

// makeNames writes what else towns are called: how many towns have such names (uint32, little
// endian), for each how many towns of towns.zst it comes after the one before, and its names parted
// by tabs and ended by a newline. Of which languages they are is not told.
func makeNames(modules string, codes []code) ([]byte, error) {
	towns, err := readTowns(modules, codes)
	if err != nil {
		return nil, err
	}
	withCities(towns)
	var gaps, names []byte
	count, last := uint32(0), 0
	for i, t := range towns {
		if t.population < namedFrom && t.feature != capital {
			continue
		}
		others := otherNames(t, towns)
		if len(others) == 0 {
			continue
		}
		gaps = binary.AppendUvarint(gaps, uint64(i-last))
		names = append(append(names, strings.Join(others, "\t")...), '\n')
		count, last = count+1, i
	}
	out := binary.LittleEndian.AppendUint32(nil, count)
	return zstandard(append(append(out, gaps...), names...))
}

// otherNames are a town's names beside its own, each once as searches compare them. Of several
// spellings the first is the plainest: GeoNames has "Munchen" before "München".
func otherNames(t town, towns []town) (names []string) {
	known := map[string]bool{"": true, t.folded: true}
	for name := range strings.SplitSeq(t.others, ",") {
		name = withoutSoftSigns(strings.Join(strings.Fields(name), " "))
		folded := places.Fold(name)
		if known[folded] || len(name) > places.MaxTownQuery {
			continue
		}
		if isForeign(folded) || isLatin(folded) && isCalled(t, name, folded, towns) {
			known[folded] = true
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// isForeign tells whether a name is in letters of other scripts alone: what mixes them is a mistake.
func isForeign(folded string) bool {
	return strings.ContainsFunc(folded, unicode.IsLetter) && !strings.ContainsFunc(folded, isLatinLetter)
}

func isLatin(folded string) bool {
	other := func(r rune) bool { return unicode.IsLetter(r) && !isLatinLetter(r) }
	return strings.ContainsFunc(folded, unicode.IsLetter) && !strings.ContainsFunc(folded, other)
}

func isLatinLetter(r rune) bool { return unicode.Is(unicode.Latin, r) }

// isCalled tells whether somebody would look for a town by a name in Latin letters. GeoNames has
// what a machine made of other scripts, too, without capitals ("lun dun"), and the codes of airports
// and stations. A code or a short name must not come between somebody and what they are about to
// type: "los" is Los Angeles, not Lagos.
func isCalled(t town, name, folded string, towns []town) bool {
	letters := utf8.RuneCountInString(folded)
	switch {
	case !strings.ContainsFunc(name, unicode.IsUpper), softVowel.MatchString(name), letters < shortName:
		return false
	case letters <= longestCode && name == strings.ToUpper(name):
		return t.population >= codedFrom && !begins(towns, folded)
	case letters == shortName:
		return strings.HasPrefix(t.folded, folded) || !begins(towns, folded)
	}
	return true
}

// The soft sign of Cyrillic as a machine writes it. Before a vowel it is not what anybody types:
// "Venis'e" is Vénissieux and must not be taken for Venise. Elsewhere it only has to go: "L'vov".
var (
	softVowel = regexp.MustCompile(`[b-df-hj-np-tv-z]'[aeiouy]`)
	softSign  = regexp.MustCompile(`([b-df-hj-np-tv-z])'([b-df-hj-np-tv-z -]|$)`)
)

func withoutSoftSigns(name string) string { return softSign.ReplaceAllString(name, "$1$2") }

// begins tells whether some town's own name begins with a folded text.
func begins(towns []town, folded string) bool {
	at, _ := slices.BinarySearchFunc(towns, folded, func(t town, text string) int {
		return strings.Compare(t.folded, text)
	})
	return at < len(towns) && strings.HasPrefix(towns[at].folded, folded)
}
