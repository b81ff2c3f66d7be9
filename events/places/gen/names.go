package main

import (
	"encoding/binary"
	"slices"
	"strings"
	"unicode"

	"github.com/microgalleries/actionday/events/places"
)

// namedFrom is how many people a town has at least whose names in other scripts are taken along. All
// towns together would be twice the bytes.
const namedFrom = 20_000

// makeNames writes what towns are called in other scripts than Latin: how many towns have such names
// (uint32, little endian), for each how many towns of towns.zst it comes after the one before, and
// its names parted by tabs and ended by a newline. GeoNames does not tell of which languages they are.
func makeNames(modules string, codes []code) ([]byte, error) {
	towns, err := readTowns(modules, codes)
	if err != nil {
		return nil, err
	}
	var gaps, names []byte
	count, last := uint32(0), 0
	for i, t := range towns {
		others := otherNames(t)
		if len(others) == 0 || t.population < namedFrom {
			continue
		}
		gaps = binary.AppendUvarint(gaps, uint64(i-last))
		names = append(append(names, strings.Join(others, "\t")...), '\n')
		count, last = count+1, i
	}
	out := binary.LittleEndian.AppendUint32(nil, count)
	return zstandard(append(append(out, gaps...), names...))
}

// otherNames are a town's names that are not in Latin letters, each once as searches compare them.
func otherNames(t town) (names []string) {
	known := map[string]bool{"": true}
	for name := range strings.SplitSeq(t.others, ",") {
		name = strings.Join(strings.Fields(name), " ")
		folded := places.Fold(name)
		if known[folded] || len(name) > places.MaxTownQuery || !isForeign(folded) {
			continue
		}
		known[folded] = true
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// isForeign tells whether a name is in letters of other scripts alone: what mixes them is a mistake,
// or the code of a station.
func isForeign(name string) bool {
	foreign := false
	for _, r := range name {
		if unicode.Is(unicode.Latin, r) {
			return false
		}
		foreign = foreign || unicode.IsLetter(r)
	}
	return foreign
}
