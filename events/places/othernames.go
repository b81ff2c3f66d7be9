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

// otherNames are what large towns and capitals are called beside their own name, in columns ordered
// by folded name: "Londres" and "伦敦". Whose language a name is of nobody tells: one looks for what
// was typed.
type otherNames struct {
	text             string   // each name, and behind it its folded form where that differs
	nameEnd, foldEnd []uint32 // where each ends
	towns            []int32
}

func (o *otherNames) name(i int) string {
	if i == 0 {
		return o.text[:o.nameEnd[0]]
	}
	return o.text[o.foldEnd[i-1]:o.nameEnd[i]]
}

func (o *otherNames) fold(i int) string {
	if o.nameEnd[i] == o.foldEnd[i] {
		return o.name(i)
	}
	return o.text[o.nameEnd[i]:o.foldEnd[i]]
}

// startingWith yields the names that begin with a folded text, in their order; a whole name is the
// first of all.
func (o *otherNames) startingWith(folded string) iter.Seq[int] {
	return func(yield func(int) bool) {
		n := len(o.towns)
		from := sort.Search(n, func(i int) bool { return o.fold(i) >= folded })
		for i := from; i < n && strings.HasPrefix(o.fold(i), folded); i++ {
			if !yield(i) {
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
	var text strings.Builder
	for _, n := range all {
		text.WriteString(n.name)
		o.nameEnd = append(o.nameEnd, uint32(text.Len()))
		if n.folded != n.name {
			text.WriteString(n.folded)
		}
		o.foldEnd = append(o.foldEnd, uint32(text.Len()))
		o.towns = append(o.towns, n.town)
	}
	o.text = strings.Clone(text.String())
	return o
}
