package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// layFlat lays polygons in a world of two classes: 1 north of latitude 5, 0 south of it.
func layFlat(t *testing.T, polygons ...[]line) *mosaic {
	t.Helper()
	m := newMosaic()
	w := weight{bend: 0.01, grid: 0.1, fringe: 0.3, patch: 0.1}
	for _, polygon := range polygons {
		m.lay(polygon, w, func(p point) int {
			if p[1] > 5 {
				return 1
			}
			return 0
		})
	}
	if err := m.finish(); err != nil {
		t.Fatal(err)
	}
	return m
}

func square(west, south, east, north float64) line {
	return line{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}
}

// Two countries, each cut by the same parallel: what is of one class is one piece without a trace
// of the border between them.
func TestPiecesOfOneClassBecomeOne(t *testing.T) {
	t.Parallel()
	m := layFlat(t, []line{square(0, 0, 10, 10)}, []line{square(10, 0, 20, 10)})
	for class := range 2 {
		land, err := m.polygons(class, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(land) != 1 || len(land[0]) != 1 {
			t.Fatalf("class %d is %v", class, land)
		}
		if size := flatArea(land[0][0]); math.Abs(size-100) > 2 {
			t.Errorf("class %d has %v square degrees of 100", class, size)
		}
	}
	seams := m.seams()
	if len(seams) != 1 || seams[0].a != 0 || seams[0].b != 1 {
		t.Fatalf("seams %v", seams)
	}
	for _, l := range seams[0].lines {
		for _, p := range l {
			if math.Abs(p[1]-5) > 0.11 {
				t.Errorf("the seam runs through %v", p)
			}
		}
	}
}

func TestLakesAndEnclavesAreHoles(t *testing.T) {
	t.Parallel()
	lake := square(3, 1, 4, 2)
	slices.Reverse(lake)
	m := layFlat(t, []line{square(0, 0, 10, 4), lake})
	land, err := m.polygons(0, 0)
	if err != nil || len(land) != 1 || len(land[0]) != 2 {
		t.Fatalf("land with a lake is %v, %v", land, err)
	}
	if got, _ := m.polygons(0, 2); len(got[0]) != 1 {
		t.Errorf("a lake smaller than counts is still there: %v", got)
	}
	if got, _ := m.polygons(0, 100); len(got) != 0 {
		t.Errorf("an island smaller than counts is still there: %v", got)
	}
}

// A fringe of another class inside a border is an error of the sources, not a place.
func TestFringesGoWithTheLandBehindThem(t *testing.T) {
	t.Parallel()
	f := newField([]line{square(0, 0, 10, 10)}, 0.1)
	f.survey(func(p point) int {
		if p[1] > 9.8 || p[0] > 4 && p[0] < 4.2 && p[1] > 4 && p[1] < 4.2 {
			return 7
		}
		return 3
	}, 3, 10)
	if got := f.classes(); !slices.Equal(got, []int{3}) {
		t.Errorf("classes %v", got)
	}
}

func flatArea(ring line) (sum float64) {
	for i := 1; i < len(ring); i++ {
		sum += (ring[i-1][0]*ring[i][1] - ring[i][0]*ring[i-1][1]) / 2
	}
	return math.Abs(sum)
}

// worldLand is the land of the committed base map by class.
func worldLand(t *testing.T, name string) map[int][][]line {
	t.Helper()
	found, err := filepath.Glob("../../" + target + "/" + name + "-*.json")
	if err != nil || len(found) != 1 {
		t.Fatalf("base maps: %v %v", found, err)
	}
	raw, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Features []struct {
			ID         int
			Properties struct {
				Kind string
				Zone int
			}
			Geometry struct{ Coordinates json.RawMessage }
		}
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	land := map[int][][]line{}
	for _, f := range file.Features {
		if f.Properties.Kind != "land" {
			continue
		}
		var polygons [][]line
		if err := json.Unmarshal(f.Geometry.Coordinates, &polygons); err != nil {
			t.Fatal(err)
		}
		if f.ID != f.Properties.Zone {
			t.Errorf("class %d has the id %d", f.Properties.Zone, f.ID)
		}
		land[f.ID] = polygons
	}
	return land
}

// The land of all classes together is that of Natural Earth, and no place is in two of them.
func TestClassesCoverTheLandOnce(t *testing.T) {
	t.Parallel()
	land := worldLand(t, "world")
	once, twice, right, samples := 0, 0, 0, 0
	c := zoneClasses(t)
	for latitude := -79.7; latitude < 83; latitude += 0.9 {
		for longitude := -179.6; longitude < 180; longitude += 1.1 {
			p := point{longitude, latitude}
			zone, onLand := c.atlas.ZoneAt(latitude, longitude)
			holders := holdersOf(land, p)
			switch {
			case len(holders) == 1:
				once++
			case len(holders) > 1:
				twice++
				continue
			}
			if onLand && len(holders) == 1 {
				samples++
				if c.of[zone] == holders[0] {
					right++
				}
			}
		}
	}
	if once < 9000 || twice > once/2000 {
		t.Errorf("%d places are in one class, %d in two", once, twice)
	}
	if share := float64(right) / float64(samples); share < 0.985 {
		t.Errorf("only %.4f of %d places have the time of their zone", share, samples)
	}
	t.Logf("%d places on land, %d twice, %.4f right", once, twice, float64(right)/float64(samples))
}

func holdersOf(land map[int][][]line, p point) (holders []int) {
	for class, polygons := range land {
		for _, polygon := range polygons {
			inside := false
			for _, ring := range polygon {
				for i := 1; i < len(ring); i++ {
					a, b := ring[i-1], ring[i]
					if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
						inside = !inside
					}
				}
			}
			if inside {
				holders = append(holders, class)
			}
		}
	}
	return holders
}

// Places of the vectors: in the class that the hub reckons their day by.
func TestOddTimesAreOnTheMap(t *testing.T) {
	t.Parallel()
	c := zoneClasses(t)
	for weight, places := range map[string]map[string]point{
		"world": {
			"Asia/Kathmandu": {84, 28.2}, "Asia/Tehran": {53, 33}, "Asia/Kolkata": {78, 22}, "Australia/Eucla": {127.5, -31.6},
			"Australia/Darwin": {133, -20}, "America/St_Johns": {-56, 48.5}, "Asia/Yangon": {96, 21}, "Asia/Kabul": {66, 34},
			"America/Phoenix": {-112, 33.5}, "America/Chicago": {-90, 35}, "Africa/Casablanca": {-6, 32}, "Antarctica/McMurdo": {-170, -89},
		},
		"detail": {"Pacific/Chatham": {-176.5, -43.95}, "Pacific/Marquesas": {-139, -9.8}},
	} {
		land := worldLand(t, weight)
		for zone, p := range places {
			if got := holdersOf(land, p); len(got) != 1 || got[0] != c.of[zone] {
				t.Errorf("%s: %s is in %v, want class %d", weight, zone, got, c.of[zone])
			}
		}
	}
}
