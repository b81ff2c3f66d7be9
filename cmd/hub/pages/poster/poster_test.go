package poster

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

// earth is the world on the base map that the hub ships.
func earth(t testing.TB) *World {
	t.Helper()
	found, err := filepath.Glob("../assets/basemap/poster-*.json")
	if err != nil || len(found) != 1 {
		t.Fatalf("the base map: %v %v", found, err)
	}
	raw, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	w, err := NewWorld(raw)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func scene(spots ...Spot) Scene {
	return Scene{
		Lang: "en", Dir: "ltr", Title: "Global Day of Creative Action", Day: "Saturday 12 December 2026",
		Numbers: []Number{{"1,238", "Events"}, {"94", "Countries"}, {"311", "Live now"}}, AsOf: "As of 12:00 UTC",
		Credit: "Natural Earth", Date: events.LocalDate{Year: 2026, Month: time.December, Day: 12},
		Now: time.Date(2026, 12, 12, 12, 0, 0, 0, time.UTC), Spots: spots,
	}
}

// crowd is as many spots as a picture takes, everywhere.
func crowd() []Spot {
	random := rand.New(rand.NewPCG(2019, 921))
	phases := []events.Phase{events.Upcoming, events.Now, events.Over, events.Off}
	spots := make([]Spot, MostSpots)
	for i := range spots {
		s := Spot{Latitude: random.NormFloat64()*25 + 20, Longitude: random.Float64()*360 - 180}
		s.Latitude = math.Max(-56, math.Min(71, s.Latitude))
		s.Count = int(math.Exp(random.Float64() * 6))
		s.OwnWork = random.IntN(s.Count + 1)
		s.Blueprint = random.IntN(s.Count - s.OwnWork + 1)
		s.Digital = s.Count - s.OwnWork - s.Blueprint
		s.Live = random.IntN(s.Count + 1)
		if s.Count == 1 {
			s.Phase = phases[random.IntN(len(phases))]
		}
		spots[i] = s
	}
	return spots
}

// The values are of the paper's own table of the projection: the equator is 2 x 2.70663 wide, the
// pole is 1.31736 high and 0.58... as wide as the equator.
func TestTheWorldFillsItsGrid(t *testing.T) {
	t.Parallel()
	if d := at(0, 180); d != (dot{halfWidth, 0}) {
		t.Errorf("the equator ends at %v", d)
	}
	if d := at(90, 0); d.y != -halfHeight || d.x != 0 {
		t.Errorf("the north pole is at %v", d)
	}
	pole, _ := spread(90)
	equator, _ := spread(0)
	if share := pole / equator; math.Abs(share-0.592) > 0.001 {
		t.Errorf("a pole is %.4f as wide as the equator", share)
	}
}

// Equal Earth is equal-area: a degree by a degree is as large on the picture as on the sphere.
func TestCountriesAreAsLargeAsTheyAre(t *testing.T) {
	t.Parallel()
	ratio := func(latitude float64) float64 {
		const step = 0.01
		wide, top := spread(latitude + step/2)
		_, bottom := spread(latitude - step/2)
		return wide * (bottom - top) / (step * math.Cos(latitude*math.Pi/180))
	}
	for latitude := -85.0; latitude <= 85; latitude += 5 {
		if got, want := ratio(latitude), ratio(0); math.Abs(got/want-1) > 0.001 {
			t.Errorf("at %v an area is %.4f of its size", latitude, got/want)
		}
	}
}

func TestPictureIsWellFormedAndHarmless(t *testing.T) {
	t.Parallel()
	w := earth(t)
	for _, change := range []func(*Scene){
		func(*Scene) {}, func(s *Scene) { s.Dark = true }, func(s *Scene) { s.Bare = true },
		func(s *Scene) { s.Lang, s.Dir = "ar", "rtl" }, func(s *Scene) { s.Spots = crowd() },
		func(s *Scene) { s.Title = `</text><script>alert(1)</script>"'&` + "\x00\x1b\u2028" },
		func(s *Scene) {
			s.Lang = `en" onload="alert(1)`
			s.Dir = `"><script/>`
			s.Credit = "<a href='javascript:x'>"
		},
		func(s *Scene) { s.Title, s.Numbers, s.Day = "", nil, strings.Repeat("длинно ", 100) },
	} {
		s := scene(Spot{Latitude: 27.7, Longitude: 85.3, Count: 1, OwnWork: 1, Live: 1, Phase: events.Now})
		change(&s)
		raw := w.SVG(s)
		decoder := xml.NewDecoder(bytes.NewReader(raw))
		for {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%v\n%.300s", err, raw)
			}
			if e, ok := token.(xml.StartElement); ok {
				harmless(t, e)
			}
		}
	}
}

func harmless(t *testing.T, e xml.StartElement) {
	t.Helper()
	known := " svg title desc rect g path defs use text "
	if !strings.Contains(known, " "+e.Name.Local+" ") {
		t.Errorf("the picture holds <%s>", e.Name.Local)
	}
	for _, a := range e.Attr {
		if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "style" || a.Name.Local == "href" && !strings.HasPrefix(a.Value, "#") {
			t.Errorf("<%s %s=%q>", e.Name.Local, a.Name.Local, a.Value)
		}
	}
}

func zipped(t testing.TB, raw []byte) int {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

// The budget is of the issue: a picture of any day is at most 30 kB over the wire.
func TestPictureStaysSmall(t *testing.T) {
	t.Parallel()
	s := scene(crowd()...)
	raw := earth(t).SVG(s)
	size := zipped(t, raw)
	t.Logf("poster_kb %.1f (%.1f unpacked, %d spots)", float64(size)/1000, float64(len(raw))/1000, len(s.Spots))
	if size > 30_000 {
		t.Errorf("the picture takes %d bytes", size)
	}
}

func TestOldPicturesDifferOnlyByWhatChanged(t *testing.T) {
	t.Parallel()
	w, s := earth(t), scene(crowd()...)
	first := w.SVG(s)
	s.Now = s.Now.Add(20 * time.Second)
	if !bytes.Equal(first, w.SVG(s)) {
		t.Error("twenty seconds within a minute change the picture")
	}
	s.Now = s.Now.Add(time.Hour)
	if bytes.Equal(first, w.SVG(s)) {
		t.Error("an hour later the picture is the same")
	}
}

// On the solstice the sun never rises at one pole and never sets at the other; at noon UTC the
// night lies around the antimeridian.
func TestNightIsWhereTheSunIsNot(t *testing.T) {
	t.Parallel()
	s := sunAt(time.Date(2026, 12, 21, 12, 0, 0, 0, time.UTC))
	if math.Abs(s.latitude+23.44) > 0.05 || math.Abs(s.longitude) > 1.5 {
		t.Fatalf("the sun stands at %+v", s)
	}
	for _, at := range []struct {
		latitude, longitude float64
		dark                bool
	}{{0, 180, true}, {0, 0, false}, {80, 0, true}, {-80, 180, false}, {40, 120, true}, {-30, 20, false}} {
		south, north, ok := s.dark(at.longitude, -0.8)
		if got := ok && at.latitude >= south && at.latitude <= north; got != at.dark {
			t.Errorf("night at %v, %v: %v (%v to %v)", at.latitude, at.longitude, got, south, north)
		}
	}
	for day := range 366 { // no day of the year breaks the outline
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, day).Add(time.Duration(day) * 17 * time.Minute)
		for _, height := range dusks() {
			if data := sunAt(now).night(height); len(data) == 0 || data[0] != 'm' {
				t.Errorf("%s: no night below %v: %q", now, height, data)
			}
		}
	}
}

func TestTheDateTravelsWestward(t *testing.T) {
	t.Parallel()
	c := paletteOf(true)
	if c.tint(-0.1) != c.before || c.tint(1) != c.after || c.tint(0) != c.hours[0].color {
		t.Errorf("%s %s %s", c.tint(-0.1), c.tint(1), c.tint(0))
	}
	p := picture{palette: c, scene: scene()}
	if east, west := p.progress(12), p.progress(-12); east != 1 || west != 0 {
		t.Errorf("at noon UTC so much of the date has passed: %v in the east, %v in the west", east, west)
	}
}

// The colors are the page's own.
func TestColorsAreThoseOfTheMap(t *testing.T) {
	t.Parallel()
	var known strings.Builder
	for _, name := range []string{"src/palette.ts", "css/tokens.css"} {
		raw, err := os.ReadFile("../../../../web/" + name)
		if err != nil {
			t.Fatal(err)
		}
		known.Write(raw)
	}
	raw, err := os.ReadFile("palette.go")
	if err != nil {
		t.Fatal(err)
	}
	colors := regexp.MustCompile(`"(#[0-9a-f]{6})"`).FindAllStringSubmatch(string(raw), -1)
	if len(colors) < 40 {
		t.Fatalf("only %d colors were found", len(colors))
	}
	for _, color := range colors {
		if !strings.Contains(known.String(), color[1]) {
			t.Errorf("%s is nowhere on the map", color[1])
		}
	}
}

func TestBaseMapsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "{}", `{"features":[]}`, `{"features":[{"properties":{"kind":"land"},"geometry":{"coordinates":"x"}}]}`} {
		if _, err := NewWorld([]byte(raw)); err == nil {
			t.Errorf("%q is a world", raw)
		}
	}
}

func BenchmarkPicture(b *testing.B) {
	w, s := earth(b), scene(crowd()...)
	for b.Loop() {
		_ = w.SVG(s)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "poster_ms")
	b.ReportMetric(float64(zipped(b, w.SVG(s)))/1000, "poster_kb")
}
