package places

import (
	"cmp"
	_ "embed"
	"encoding/binary"
	"errors"
	"iter"
	"slices"
	"sort"
	"strings"
)

//go:embed data/names.zst
var namesFile []byte

// otherNames are what large towns are called in other scripts than Latin, in columns ordered by
// folded name. Whose language a name is of nobody tells: one looks for what was typed.
type otherNames struct {
	names, folded    string   // all names, one after the other
	nameEnd, foldEnd []uint32 // where each ends
	towns            []int32
}

func (o *otherNames) name(i int) string { return slice(o.names, o.nameEnd, i) }
func (o *otherNames) fold(i int) string { return slice(o.folded, o.foldEnd, i) }

// startingWith yields the towns of which such a name begins with a folded text, in the order of the
// names; a whole name is the first of all.
func (o *otherNames) startingWith(folded string) iter.Seq[match] {
	return func(yield func(match) bool) {
		n := len(o.towns)
		from := sort.Search(n, func(i int) bool { return o.fold(i) >= folded })
		for i := from; i < n && strings.HasPrefix(o.fold(i), folded); i++ {
			if !yield(match{int(o.towns[i]), o.name(i)}) {
				return
			}
		}
	}
}

// loadOtherNames reads the names of so many towns.
func loadOtherNames(towns int) *otherNames { return must(readOtherNames(unpack(namesFile), towns)) }

var errNamesCutShort = errors.New("names are cut short")

// readOtherNames reads what gen/names.go describes.
func readOtherNames(data []byte, towns int) (*otherNames, error) {
	if len(data) < 4 {
		return nil, errNamesCutShort
	}
	owners := make([]int32, binary.LittleEndian.Uint32(data))
	data = data[4:]
	town := uint64(0)
	for i := range owners {
		gap, size := binary.Uvarint(data)
		if town += gap; size <= 0 || gap > uint64(towns) || town >= uint64(towns) {
			return nil, errNamesCutShort
		}
		owners[i], data = int32(town), data[size:]
	}
	var all []otherName
	text := string(data)
	for _, town := range owners {
		line, rest, ended := strings.Cut(text, "\n")
		if !ended {
			return nil, errNamesCutShort
		}
		text = rest
		for name := range strings.SplitSeq(line, "\t") {
			all = append(all, otherName{Fold(name), name, town})
		}
	}
	return ordered(all), nil
}

type otherName struct {
	folded, name string
	town         int32
}

func ordered(all []otherName) *otherNames {
	slices.SortFunc(all, func(a, b otherName) int {
		return cmp.Or(strings.Compare(a.folded, b.folded), cmp.Compare(a.town, b.town))
	})
	o := &otherNames{}
	var names, folded strings.Builder
	for _, n := range all {
		names.WriteString(n.name)
		folded.WriteString(n.folded)
		o.nameEnd = append(o.nameEnd, uint32(names.Len()))
		o.foldEnd = append(o.foldEnd, uint32(folded.Len()))
		o.towns = append(o.towns, n.town)
	}
	o.names, o.folded = strings.Clone(names.String()), strings.Clone(folded.String())
	return o
}
