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
	"sync"

	"github.com/klauspost/compress/zstd"

	"github.com/microgalleries/actionday/events"
)

//go:embed data/towns.zst
var townsFile []byte

// Town is a populated place of GeoNames. Districts of cities are not towns.
type Town struct {
	Name       string  // its own in Latin letters, or what it was looked for by
	Country    string  // ISO 3166-1 alpha-2
	Latitude   float64 // WGS 84 degrees, to about 100 meters
	Longitude  float64
	Population int // 0 when not known
}

// gazetteer keeps the towns in columns ordered by folded name, about 60 bytes a town: structs
// with strings of their own would take twice that and give the garbage collector work.
type gazetteer struct {
	names, folded    string   // all names, one after the other
	nameEnd, foldEnd []uint32 // where each ends
	countries        string   // two letters a town
	lat, lon         []uint32 // thousandths of a degree from the south pole and 180 W
	population       []uint32
	principal        map[string]int32  // the most populous town of each country
	people           map[string]uint32 // the townspeople of each country
	tree             []node
	extents          func() map[string]events.Box // around the towns of each country
	others           func() *otherNames           // what else they are called
}

func (g *gazetteer) len() int             { return len(g.population) }
func (g *gazetteer) name(i int) string    { return slice(g.names, g.nameEnd, i) }
func (g *gazetteer) fold(i int) string    { return slice(g.folded, g.foldEnd, i) }
func (g *gazetteer) country(i int) string { return g.countries[2*i : 2*i+2] }

func (g *gazetteer) point(i int) (lat, lon float64) {
	return (float64(g.lat[i]) - 90_000) / 1000, (float64(g.lon[i]) - 180_000) / 1000
}

func (g *gazetteer) town(i int) Town {
	lat, lon := g.point(i)
	return Town{strings.Clone(g.name(i)), g.country(i), lat, lon, int(g.population[i])}
}

func slice(all string, ends []uint32, i int) string {
	if i == 0 {
		return all[:ends[0]]
	}
	return all[ends[i-1]:ends[i]]
}

// first is the first town whose folded name is not before a text.
func (g *gazetteer) first(folded string) int {
	return sort.Search(g.len(), func(i int) bool { return g.fold(i) >= folded })
}

// named yields the towns of exactly this folded name, the most populous first.
func (g *gazetteer) named(folded string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := g.first(folded); i < g.len() && g.fold(i) == folded; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

// has tells whether a country has a town of a folded name.
func (g *gazetteer) has(folded, country string) bool {
	for i := range g.named(folded) {
		if g.country(i) == country {
			return true
		}
	}
	return false
}

// populationOf is that of the largest town of a folded name in a country, 0 without one.
func (g *gazetteer) populationOf(folded, country string) uint32 {
	for i := range g.named(folded) {
		if g.country(i) == country {
			return g.population[i]
		}
	}
	return 0
}

// namesake is the population of the largest town of a folded name outside a country.
func (g *gazetteer) namesake(folded, country string) uint32 {
	for i := range g.named(folded) {
		if g.country(i) != country {
			return g.population[i]
		}
	}
	return 0
}

// CountryPoint is one fixed point in a country: its most populous town. It is where something is
// shown of which the public may know the country only, so it must be a place of many people and
// say nothing more. Territories without a town are not ok.
func (a *Atlas) CountryPoint(code string) (lat, lon float64, ok bool) {
	g := a.towns()
	i, ok := g.principal[code]
	if !ok {
		return 0, 0, false
	}
	lat, lon = g.point(int(i))
	return lat, lon, true
}

func loadTowns() *gazetteer { return must(readTowns(unpack(townsFile))) }

// unpack reads an embedded file that gen has compressed.
func unpack(file []byte) []byte {
	r := must(zstd.NewReader(nil, zstd.WithDecoderConcurrency(1)))
	defer r.Close()
	return must(r.DecodeAll(file, nil))
}

// readTowns reads the columns that gen/towns.go describes.
func readTowns(data []byte) (*gazetteer, error) {
	if len(data) < 4 {
		return nil, errors.New("towns are cut short")
	}
	n := int(binary.LittleEndian.Uint32(data))
	g := &gazetteer{population: make([]uint32, n)}
	data = g.readNames(data[4:], n)
	if len(data) < 8*n {
		return nil, errors.New("towns are cut short")
	}
	g.countries = string(data[:2*n])
	g.lat = planes(data[2*n:], n)
	g.lon = planes(data[5*n:], n)
	data = data[8*n:]
	for i := range n {
		people, size := binary.Uvarint(data)
		if size <= 0 {
			return nil, errors.New("towns are cut short")
		}
		g.population[i] = uint32(people)
		data = data[size:]
	}
	g.findPrincipal()
	g.tree = plant(g)
	g.extents = sync.OnceValue(func() map[string]events.Box { return boxesOf(g) })
	g.others = sync.OnceValue(func() *otherNames { return loadOtherNames(n) })
	return g, nil
}

// readNames takes n names off the data and returns the rest.
func (g *gazetteer) readNames(data []byte, n int) []byte {
	var names, folded strings.Builder
	g.nameEnd, g.foldEnd = make([]uint32, 0, n), make([]uint32, 0, n)
	for range n {
		end := slices.Index(data, '\n')
		if end < 0 {
			return nil
		}
		names.Write(data[:end])
		folded.WriteString(Fold(string(data[:end])))
		g.nameEnd = append(g.nameEnd, uint32(names.Len()))
		g.foldEnd = append(g.foldEnd, uint32(folded.Len()))
		data = data[end+1:]
	}
	g.names, g.folded = strings.Clone(names.String()), strings.Clone(folded.String())
	return data
}

// planes joins three planes of bytes, the highest first.
func planes(data []byte, n int) []uint32 {
	out := make([]uint32, n)
	for i := range out {
		out[i] = uint32(data[i])<<16 | uint32(data[n+i])<<8 | uint32(data[2*n+i])
	}
	return out
}

func (g *gazetteer) findPrincipal() {
	g.principal, g.people = map[string]int32{}, map[string]uint32{}
	for i := range g.len() {
		code := g.country(i)
		g.people[code] += g.population[i]
		best, found := g.principal[code]
		if !found || cmp.Less(g.population[best], g.population[i]) {
			g.principal[code] = int32(i)
		}
	}
}

// LargeTowns lists the towns of at least so many people, the most populous first.
func (a *Atlas) LargeTowns(people int) []Town {
	g := a.towns()
	var list []Town
	for i := range g.len() {
		if int(g.population[i]) >= people {
			list = append(list, g.town(i))
		}
	}
	slices.SortStableFunc(list, func(a, b Town) int { return cmp.Compare(b.Population, a.Population) })
	return list
}
