package places

import (
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	tzfrellite "github.com/ringsaturn/tzf-rel-lite"
	"google.golang.org/protobuf/encoding/protowire"
	"pgregory.net/rapid"
)

var sharedBorders = sync.OnceValue(loadBorders)

func TestBordersAreWhole(t *testing.T) {
	t.Parallel()
	b, known := sharedBorders(), loadZones().today
	if len(b.names) != 444 || len(b.areas) != 1319 || len(b.points) != 948_415 {
		t.Errorf("%d zones, %d polygons, %d points", len(b.names), len(b.areas), len(b.points))
	}
	if b.names[0] != "Africa/Abidjan" || slices.Contains(b.names, "") {
		t.Errorf("names = %q", b.names)
	}
	sea := 0
	for _, name := range b.names {
		if strings.HasPrefix(name, "Etc/") {
			sea++
		} else if known[name] != name {
			t.Errorf("polygon of %s, which is no zone of ours", name)
		}
	}
	if sea != 26 { // UTC-12 to UTC+12, and UTC itself by two names
		t.Errorf("%d zones at sea", sea)
	}
}

// The gazetteer knows each town's country from elsewhere. Towns on a border, in a zone shared by
// countries or on disputed land may differ, but they are few.
func TestZonesOfAllTownsAreInTheirCountries(t *testing.T) {
	t.Parallel()
	b, zones, g := sharedBorders(), loadZones(), loadTowns()
	elsewhere, nowhere := 0, 0
	for i := range g.len() {
		zone := b.at(g.point(i))
		switch country := zones.country[zones.today[zone]]; {
		case country == "":
			nowhere++
		case country != g.country(i) && !isShared(zone):
			elsewhere++
		}
	}
	if elsewhere > 40 || nowhere > 0 {
		t.Errorf("of %d towns %d lie in a zone of another country, %d at sea", g.len(), elsewhere, nowhere)
	}
}

// The index only saves work: every line looked at, one by one, gives the same zone.
func TestIndexAgreesWithEveryLine(t *testing.T) {
	t.Parallel()
	b := sharedBorders()
	check := func(t *rapid.T, p point) {
		if got, want := b.zoneAt(p), slowZoneAt(b, p); got != want {
			t.Fatalf("zoneAt(%v) = %d, line by line %d", p, got, want)
		}
	}
	anyX := rapid.Int32Range(-180*microDegrees, 180*microDegrees)
	anyY := rapid.Int32Range(-90*microDegrees, 90*microDegrees)
	rapid.Check(t, func(t *rapid.T) {
		check(t, point{anyX.Draw(t, "x"), anyY.Draw(t, "y")})
		corner := point{ // of a cell
			rapid.Int32Range(0, columns).Draw(t, "column")*cellSize - 180*microDegrees,
			rapid.Int32Range(0, rows).Draw(t, "row")*cellSize - 90*microDegrees,
		}
		check(t, corner)
		near := rapid.Int32Range(-50, 50)
		p := rapid.SampledFrom(b.points).Draw(t, "point of a border")
		check(t, p)
		check(t, point{
			max(-180*microDegrees, min(180*microDegrees, p.x+near.Draw(t, "dx"))),
			max(-90*microDegrees, min(90*microDegrees, p.y+near.Draw(t, "dy"))),
		})
	})
}

// slowZoneAt looks at all lines of the areas around a point's latitude. It sends its ray east, where the index sends it west.
func slowZoneAt(b *borders, p point) int {
	for _, a := range b.areas {
		if first, last := a.rings[0].first, a.rings[0].last; !spans(b.points[first:last], p.y) {
			continue
		}
		inside, on := false, false
		for _, r := range a.rings {
			for i := r.first; i < r.last; i++ {
				from, to := b.points[i], b.points[i+1]
				turn := int64(to.x-from.x)*int64(p.y-from.y) - int64(to.y-from.y)*int64(p.x-from.x)
				on = on || turn == 0 && min(from.x, to.x) <= p.x && p.x <= max(from.x, to.x) &&
					min(from.y, to.y) <= p.y && p.y <= max(from.y, to.y)
				if from.y <= p.y && to.y > p.y && turn > 0 || to.y <= p.y && from.y > p.y && turn < 0 {
					inside = !inside
				}
			}
		}
		if inside || on {
			return int(a.zone)
		}
	}
	return -1
}

// spans tells whether an outline has points on both sides of a latitude or on it.
func spans(outline []point, y int32) bool {
	below, above := false, false
	for _, p := range outline {
		below, above = below || p.y <= y, above || p.y >= y
		if below && above {
			return true
		}
	}
	return false
}

// A world of two: a square over the antimeridian's west side and the pole with a lake in it and
// an island in the lake, and a neighbor across a gap.
func smallWorld() []byte {
	square := func(west, south, east, north float64) []float64 {
		return []float64{west, south, east, south, east, north, west, north, west, south}
	}
	land := polygonOf(square(170, 80, 180, 90), polygonOf(square(172, 82, 178, 88)))
	island := polygonOf(square(174, 84, 176, 86))
	neighbor := polygonOf(square(160, 80, 169.99, 90))
	sliver := polygonOf([]float64{0, 0, 1, 1, 0, 0})
	return fileOf(1, zoneOf("Land", land, island), zoneOf("Neighbor", neighbor), zoneOf("Sliver", sliver))
}

func TestSmallWorld(t *testing.T) {
	t.Parallel()
	b, err := readBorders(smallWorld())
	if err != nil {
		t.Fatal(err)
	}
	b.index = newBorderIndex(b)
	cases := []struct {
		where    string
		lat, lon float64
		zone     string
	}{
		{"on land", 81, 171, "Land"},
		{"on land, in a cell without a line", 80.7, 170.7, "Land"},
		{"in the lake", 83, 173, ""},
		{"on the shore", 82, 175, "Land"},
		{"on the island", 85, 175, "Land"},
		{"on the island's corner", 84, 174, "Land"},
		{"on the antimeridian", 85, 180, "Land"},
		{"on its other side, where nobody is", 85, -180, ""},
		{"at the pole", 90, 171, "Land"},
		{"on a corner", 80, 170, "Land"},
		{"south of all", 79.9, 171, ""},
		{"in the gap, nearer to land", 85, 169.998, "Land"},
		{"in the gap, nearer to the neighbor", 85, 169.992, "Neighbor"},
		{"on a sliver", 0.5, 0.5, "Sliver"},
		{"beside it in the same cell", 0.45, 0.1, ""},
		{"at the South Pole", -90, 0, ""},
	}
	for _, c := range cases {
		if zone := b.at(c.lat, c.lon); zone != c.zone {
			t.Errorf("%s: %q, want %q", c.where, zone, c.zone)
		}
	}
}

func TestBrokenBordersAreRefused(t *testing.T) {
	t.Parallel()
	whole := smallWorld()
	triangle := polygonOf([]float64{0, 0, 1, 0, 1, 1, 0, 0})
	for name, file := range map[string][]byte{
		"nothing":            nil,
		"another packing":    fileOf(2, zoneOf("Z", triangle)),
		"no zones":           fileOf(1),
		"no name":            fileOf(1, zoneOf("", triangle)),
		"open ring":          fileOf(1, zoneOf("Z", polygonOf([]float64{0, 0, 1, 0, 1, 1}))),
		"off the globe":      fileOf(1, zoneOf("Z", polygonOf([]float64{0, 0, 181, 0, 0, 0}))),
		"longitude only":     fileOf(1, zoneOf("Z", message(1, []byte("?")))),
		"number without end": fileOf(1, zoneOf("Z", message(1, []byte("____________????")))),
		"not a polyline":     fileOf(1, zoneOf("Z", message(1, []byte("\x00\x01")))),
		"cut":                whole[:len(whole)-1],
	} {
		if b, err := readBorders(file); err == nil {
			t.Errorf("%s is read as %+v", name, b)
		}
	}
}

// Whatever the file, reading ends with borders or an error.
func FuzzReadBorders(f *testing.F) {
	f.Add(smallWorld())
	f.Add(tzfrellite.LiteCompressData[:2000])
	f.Fuzz(func(t *testing.T, file []byte) {
		b, err := readBorders(file)
		if err != nil || len(file) > 1<<16 {
			return
		}
		b.index = newBorderIndex(b)
		for _, p := range b.points[:min(100, len(b.points))] {
			if got, want := b.zoneAt(p), slowZoneAt(b, p); got != want {
				t.Fatalf("zoneAt(%v) = %d, line by line %d", p, got, want)
			}
		}
	})
}

func TestPolylinesAreReadAsWritten(t *testing.T) {
	t.Parallel()
	// The example in the algorithm's description, which has the latitude first.
	example := []byte("_p~iF~ps|U_ulLnnqC_mqNvxq`@")
	for _, want := range []int64{3_850_000, -12_020_000, 220_000, -75_000, 255_200, -550_300} {
		n, rest, ok := polylineNumber(example)
		if n != want || !ok {
			t.Errorf("number %d, %v; want %d", n, ok, want)
		}
		example = rest
	}
	rapid.Check(t, func(t *rapid.T) {
		degrees := rapid.SliceOfN(rapid.Float64Range(-90, 90), 2, 60).Draw(t, "degrees")
		degrees = degrees[:len(degrees)/2*2]
		got, err := appendPolyline(nil, polyline(degrees))
		if err != nil || len(got) != len(degrees)/2 {
			t.Fatalf("%d points, %v", len(got), err)
		}
		for i, p := range got {
			if math.Abs(float64(p.x)/microDegrees-degrees[2*i]) > 0.51e-5 ||
				math.Abs(float64(p.y)/microDegrees-degrees[2*i+1]) > 0.51e-5 {
				t.Fatalf("point %d of %v is %v", i, degrees, p)
			}
		}
	})
}

// BenchmarkLoadBorders reads the polygons alone, and reports what stays on the heap.
func BenchmarkLoadBorders(b *testing.B) {
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		read := loadBorders()
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(read)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB-kept")
}

// The rest writes files of borders.

func fileOf(method uint64, zones ...[]byte) []byte {
	file := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), method)
	for _, zone := range zones {
		file = append(file, message(2, zone)...)
	}
	file = append(file, message(3, []byte("test"))...)
	return protowire.AppendFixed32(protowire.AppendTag(file, 9, protowire.Fixed32Type), 7) // of tomorrow
}

func zoneOf(name string, polygons ...[]byte) []byte {
	var zone []byte
	for _, p := range polygons {
		zone = append(zone, message(1, p)...)
	}
	return append(zone, message(2, []byte(name))...)
}

func polygonOf(degrees []float64, holes ...[]byte) []byte {
	polygon := message(1, polyline(degrees))
	for _, hole := range holes {
		polygon = append(polygon, message(2, hole)...)
	}
	return polygon
}

func message(number protowire.Number, content []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), content)
}

// polyline writes longitudes and latitudes by turns.
func polyline(degrees []float64) (line []byte) {
	var last [2]int64
	for i, d := range degrees {
		n := int64(math.Round(d * 1e5))
		folded := protowire.EncodeZigZag(n - last[i%2])
		last[i%2] = n
		for ; folded >= 32; folded >>= 5 {
			line = append(line, byte(folded&31|32)+'?')
		}
		line = append(line, byte(folded)+'?')
	}
	return line
}
