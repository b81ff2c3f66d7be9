package main

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// A square of two countries side by side, as TopoJSON: arc 0 is the border between them.
const twoCountries = `{"type":"Topology",
"transform":{"scale":[1,1],"translate":[0,0]},
"arcs":[[[10,0],[0,10]],[[10,10],[-10,0],[0,-10],[10,0]],[[10,10],[10,0],[0,-10],[-10,0]]],
"objects":{
"countries":{"type":"GeometryCollection","geometries":[
{"type":"Polygon","arcs":[[0,1]]},{"type":"Polygon","arcs":[[-1,2]]}]},
"land":{"type":"MultiPolygon","arcs":[[[1,-3]]]}}}`

func TestSharedLineIsBorderAndTheRestIsCoast(t *testing.T) {
	t.Parallel()
	topology, err := parseTopology([]byte(twoCountries))
	if err != nil {
		t.Fatal(err)
	}
	coasts, borders := topology.lines("countries")
	if len(coasts) != 2 || len(borders) != 1 || borders[0][0] != (point{10, 0}) {
		t.Errorf("coasts %v, borders %v", coasts, borders)
	}
	land := topology.polygons("land")
	if len(land) != 1 || area(land[0][0]) < 150 {
		t.Errorf("land %v does not enclose both countries", land)
	}
}

func TestTopologyThatNamesNoArcIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := parseTopology([]byte(strings.Replace(twoCountries, "[[0,1]]", "[[0,7]]", 1))); err == nil {
		t.Error("arc 7 of 3 was taken")
	}
}

func TestRingOverTheAntimeridianIsCutInTwo(t *testing.T) {
	t.Parallel()
	fiji := line{{178, -18}, {-179, -18}, {-179, -16}, {178, -16}, {178, -18}}
	parts := flatten([]line{fiji}, 0)
	if len(parts) != 2 {
		t.Fatalf("%d parts, want one on each side: %v", len(parts), parts)
	}
	for _, part := range parts {
		west, east := bounds(part[0])
		if west < -180 || east > 180 || east-west > 3 {
			t.Errorf("part from %v to %v degrees", west, east)
		}
	}
}

func TestRingRoundThePoleIsClosedAlongIt(t *testing.T) {
	t.Parallel()
	antarctica := line{{-180, -70}, {-90, -65}, {0, -70}, {90, -65}, {179, -70}, {-180, -70}}
	parts := flatten([]line{antarctica}, 0)
	if len(parts) != 1 {
		t.Fatalf("%d parts: %v", len(parts), parts)
	}
	south := 0.0
	for _, p := range parts[0][0] {
		south = math.Min(south, p[1])
	}
	if west, east := bounds(parts[0][0]); south != southEnd || west != -180 || east != 180 {
		t.Errorf("it reaches from %v to %v and down to %v", west, east, south)
	}
}

func TestLineOverTheAntimeridianIsCutWhereItCrosses(t *testing.T) {
	t.Parallel()
	pieces := cutLines([]line{{{179, 0}, {-179, 2}}}, 0)
	want := []line{{{179, 0}, {180, 1}}, {{-180, 1}, {-179, 2}}}
	if len(pieces) != 2 || pieces[0][1] != want[0][1] || pieces[1][0] != want[1][0] {
		t.Errorf("pieces %v, want %v", pieces, want)
	}
	if seam := cutLines([]line{{{180, 60}, {180, 70}}}, 0); len(seam) != 0 {
		t.Errorf("the seam of the source is drawn: %v", seam)
	}
}

func TestSimplifyKeepsWhatMatters(t *testing.T) {
	t.Parallel()
	bay := line{{0, 0}, {1, 0.001}, {2, 0}, {3, 2}, {4, 0}, {5, 0.001}, {6, 0}}
	got := simplify(bay, 0.5)
	if len(got) != 5 || got[2] != (point{3, 2}) || got[0] != bay[0] || got[4] != bay[6] {
		t.Errorf("simplified to %v", got)
	}
	islet := line{{0, 0}, {0.01, 0}, {0.01, 0.01}, {0, 0.01}, {0, 0}}
	if got := simplify(islet, 10); len(got) != 4 || got[0] != got[3] {
		t.Errorf("a ring became %v, which encloses nothing", got)
	}
}

func TestGeoJSONCanBeReadAndIsRounded(t *testing.T) {
	t.Parallel()
	d := drawing{
		land:    [][][]line{{{{{0, 0}, {0.004, 0}, {1.234, 0}, {1, 1}, {0, 0}}}}},
		borders: []line{{{-0.001, 5}, {1, 5}}},
	}
	var read struct {
		Features []struct {
			Properties struct{ Kind string }
			Geometry   struct{ Coordinates json.RawMessage }
		}
	}
	if err := json.Unmarshal(d.geoJSON(2), &read); err != nil {
		t.Fatal(err)
	}
	if len(read.Features) != 3 || read.Features[2].Properties.Kind != "border" {
		t.Fatalf("features %+v", read.Features)
	}
	if got := string(read.Features[0].Geometry.Coordinates); got != "[[[[0,0],[1.23,0],[1,1],[0,0]]]]" {
		t.Errorf("land %s", got)
	}
	if got := string(read.Features[2].Geometry.Coordinates); got != "[[[0,5],[1,5]]]" {
		t.Errorf("border %s", got)
	}
}

func TestCitiesComeLargestFirstUnderTheirNames(t *testing.T) {
	t.Parallel()
	first, others, err := citiesOf([]byte(`[{"city":"Hamlet","lat":1,"lng":2,"pop":900},
		{"city":"Lvov","lat":49.8351,"lng":24.03,"pop":760000},{"city":"Lima","lat":-12,"lng":-77,"pop":8000000},
		{"city":"Osaka","lat":34.75,"lng":135.46,"pop":11294000}]`))
	if err != nil {
		t.Fatal(err)
	}
	osaka, lima := strings.Index(string(first), `"Osaka","rank":0`), strings.Index(string(first), `"Lima","rank":0`)
	if osaka < 0 || lima < osaka || !strings.Contains(string(others), `"Lviv","rank":2`) ||
		strings.Contains(string(first)+string(others), "Hamlet") || strings.Contains(string(first), "Lviv") {
		t.Errorf("cities %s, then %s", first, others)
	}
}

func bounds(ring line) (west, east float64) {
	west, east = ring[0][0], ring[0][0]
	for _, p := range ring {
		west, east = math.Min(west, p[0]), math.Max(east, p[0])
	}
	return west, east
}
