package tiles

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"

	"github.com/microgalleries/actionday/events"
)

const (
	manyEvents = 100_000
	mostEvents = 1_000_000
)

// sizes are how many events the days have that are measured, by the name in figures.
func sizes() map[string]int { return map[string]int{"100k": manyEvents, "1m": mostEvents} }

func zooms() []int { return []int{0, 2, 5, 10} }

// crowd is a worldwide day.
func crowd(n int) []events.EventCard { return slices.Collect(crowding(n)) }

// crowding makes a worldwide day, card by card: two thousand towns of very different size and a few
// lonely places.
func crowding(n int) iter.Seq[events.EventCard] {
	random := rand.New(rand.NewPCG(2019, 921))
	towns := make([][2]float64, 2000)
	for i := range towns {
		towns[i] = [2]float64{math.Max(-55, math.Min(70, random.NormFloat64()*22+25)), random.Float64()*360 - 180}
	}
	ways := []events.Way{events.OwnWork, events.OwnWork, events.Blueprint, events.Digital}
	days := []events.DayState{events.Planned, events.Planned, events.Live, events.Done}
	return func(yield func(events.EventCard) bool) {
		for i := range n {
			at := towns[int(float64(len(towns))*math.Pow(random.Float64(), 3))]
			latitude := math.Max(-89, math.Min(89, at[0]+random.NormFloat64()*0.05))
			longitude := math.Max(-180, math.Min(180, at[1]+random.NormFloat64()*0.05))
			c := card(i, latitude, longitude)
			c.Title = fmt.Sprintf("A wall of birds for the town, number %d", i)
			c.Slug = fmt.Sprintf("a-wall-of-birds-number-%d", i)
			c.Way, c.Day = ways[random.IntN(len(ways))], days[random.IntN(len(days))]
			if !yield(c) {
				return
			}
		}
	}
}

// crowdedMap is the map of a worldwide day and a thousand of its cards. The others are let go, as
// the program lets go of all: else the garbage collector is measured.
func crowdedMap(b *testing.B, n int) (x *Index, some []events.EventCard) {
	b.Helper()
	points := make([]point, 0, n)
	for c := range crowding(n) {
		if len(points)%(n/1000) == 0 {
			some = append(some, c)
		}
		if p, ok := pointOf(&c); ok {
			points = append(points, p)
		}
	}
	x = New(edition())
	if err := x.replace(events.Position{Epoch: 7, Seq: 10}, points); err != nil {
		b.Fatal(err)
	}
	return x, some
}

// asked is the tiles that people look at: over events, so towns are asked for more often.
func asked(cards []events.EventCard, z int) []tile {
	random := rand.New(rand.NewPCG(2021, 1106))
	tiles := make([]tile, 64)
	for i := range tiles {
		tiles[i] = tileOver(z, cards[random.IntN(len(cards))])
	}
	return tiles
}

// BenchmarkTiles finds what is on a tile, makes the tile, and makes and compresses it, each time
// anew: the cache would hide what a changing day costs.
func BenchmarkTiles(b *testing.B) {
	for size, n := range sizes() {
		x, cards := crowdedMap(b, n)
		for _, z := range zooms() {
			b.Run(fmt.Sprintf("%s/z%d", size, z), func(b *testing.B) {
				tilesOfZoom(b, x, asked(cards, z), fmt.Sprintf("z%d_%s", z, size))
			})
		}
	}
}

func tilesOfZoom(b *testing.B, x *Index, over []tile, figure string) {
	s, p := x.now.Load(), new(pen)
	b.Run("query", func(b *testing.B) {
		groups, n := []group(nil), 0
		for b.Loop() {
			groups = s.groups(over[n%len(over)], groups[:0])
			n++
		}
	})
	b.Run("drawn", func(b *testing.B) {
		n, bytes := 0, 0
		for b.Loop() {
			bytes += len(p.draw(s, over[n%len(over)]))
			n++
		}
		b.ReportMetric(milliseconds(b), "tile_"+figure+"_ms")
		b.ReportMetric(float64(bytes)/float64(n), "tile_"+figure+"_bytes")
	})
	b.Run("zipped", func(b *testing.B) {
		n, bytes := 0, 0
		for b.Loop() {
			made, err := x.load(b.Context(), over[n%len(over)])
			if err != nil {
				b.Fatal(err)
			}
			bytes += len(made.body)
			n++
		}
		b.ReportMetric(milliseconds(b), "tile_zipped_"+figure+"_ms")
		b.ReportMetric(float64(bytes)/float64(n), "tile_zipped_"+figure+"_bytes")
	})
}

// milliseconds is how long one round of a benchmark takes.
func milliseconds(b *testing.B) float64 {
	return b.Elapsed().Seconds() * 1000 / float64(b.N)
}

func BenchmarkServedFromCache(b *testing.B) {
	x := loaded(b, crowd(manyEvents)...)
	handler, r := site(x), httptest.NewRequest(http.MethodGet, world, nil)
	r.Header.Set("Accept-Encoding", "gzip")
	for b.Loop() {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}

// BenchmarkMerge brings 100 activities into a map: of events that are new, which moves all columns,
// and of events that go live or are over.
func BenchmarkMerge(b *testing.B) {
	for name, change := range map[string]func(*events.EventCard, int){
		"":     func(c *events.EventCard, round int) { c.ID = eventID(mostEvents + round) },
		"live": func(c *events.EventCard, round int) { c.Day = []events.DayState{events.Live, events.Done}[round/100%2] },
	} {
		for size, n := range sizes() {
			parts := []string{"tile_merge", name, "100", strings.TrimPrefix(size, "100k"), "ms"}
			figure := strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "_")
			b.Run(figure, func(b *testing.B) {
				x, cards := crowdedMap(b, n)
				mergeNews(b, x, cards, change)
				b.ReportMetric(milliseconds(b), figure)
			})
		}
	}
}

func mergeNews(b *testing.B, x *Index, cards []events.EventCard, change func(*events.EventCard, int)) {
	round := 0
	for b.Loop() {
		b.StopTimer()
		batch := make([]events.Activity, 100)
		for i := range batch {
			c := cards[(i*37+round/100*31)%len(cards)]
			change(&c, round)
			batch[i] = events.Activity{
				Seq: x.Seq() + int64(i) + 1, Epoch: 7, EditionID: edition(),
				Kind: events.EventListed, EventID: c.ID, Card: &c,
			}
			round++
		}
		b.StartTimer()
		apply(b, x, batch...)
	}
}

// BenchmarkMemory weighs a map: the columns of a snapshot, the texts, and what only the writer needs.
func BenchmarkMemory(b *testing.B) {
	for size, events := range sizes() {
		b.Run(size, func(b *testing.B) {
			for b.Loop() {
				before := heap()
				x, some := crowdedMap(b, events)
				all := heap() - before
				s, n := x.now.Load(), float64(events)
				columns := cap(s.keys)*8 + cap(s.ids)*16 + cap(s.marks) + cap(s.texts)*4 + cap(s.sums)*12
				b.ReportMetric(float64(columns)/n, "index_bytes_per_event")
				b.ReportMetric(float64(len(s.shelf.bytes))/n, "tiles_text_bytes_per_event")
				b.ReportMetric(all/n, "tiles_total_bytes_per_event")
				runtime.KeepAlive(x)
				runtime.KeepAlive(some)
			}
		})
	}
}

func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// BenchmarkAgainstOrb writes the same features with our writer and with orb's, turn by turn. Orb
// is given its features ready made, so that only the writing counts.
func BenchmarkAgainstOrb(b *testing.B) {
	cards := crowd(manyEvents)
	s, p := loaded(b, cards...).now.Load(), new(pen)
	var tiles []tile
	var layers []mvt.Layers
	for _, z := range zooms() {
		t := asked(cards, z)[0]
		tiles, layers = append(tiles, t), append(layers, orbLayers(b, p.draw(s, t)))
	}
	var ours, theirs time.Duration
	for b.Loop() {
		for i, t := range tiles {
			p.groups = s.groups(t, p.groups[:0])
			start := time.Now()
			p.write(s, t)
			ours += time.Since(start)
			start = time.Now()
			if _, err := mvt.Marshal(layers[i]); err != nil {
				b.Fatal(err)
			}
			theirs += time.Since(start)
		}
	}
	b.ReportMetric(float64(theirs)/float64(ours), "tiles_mvt_vs_orb")
}

func orbLayers(b *testing.B, tile []byte) mvt.Layers {
	layer := &mvt.Layer{Name: LayerName, Version: 2, Extent: Extent}
	for _, f := range decode(b, tile) {
		g := geojson.NewFeature(orb.Point{float64(f.X), float64(f.Y)})
		for name, value := range f.Props {
			g.Properties[name] = value
			if n := 0; isNumber(name) {
				fmt.Sscan(value, &n)
				g.Properties[name] = uint32(n)
			}
		}
		layer.Features = append(layer.Features, g)
	}
	return mvt.Layers{layer}
}

// BenchmarkAgainstScan makes one tile of each zoom from the index and by looking at all events,
// turn by turn; writing the features takes the same time on both sides and is counted on both.
func BenchmarkAgainstScan(b *testing.B) {
	cards := crowd(manyEvents)
	s, p := loaded(b, cards...).now.Load(), new(pen)
	points := make([]point, len(cards))
	for i := range cards {
		points[i], _ = pointOf(&cards[i])
	}
	var index, scan, writing time.Duration
	for b.Loop() {
		for _, z := range zooms() {
			t := asked(cards[:1], z)[0]
			start := time.Now()
			p.groups = s.groups(t, p.groups[:0])
			index += time.Since(start)
			start = time.Now()
			p.write(s, t)
			writing += time.Since(start)
			start = time.Now()
			found := scanned(points, t)
			scan += time.Since(start)
			if z > 0 && len(found) != len(p.groups) { // the world sees its own edge twice
				b.Fatalf("zoom %d: scan finds %d cells, index %d", z, len(found), len(p.groups))
			}
		}
	}
	b.ReportMetric(float64(scan+writing)/float64(index+writing), "tiles_vs_scan")
}

type heaped struct {
	tally
	n      int
	middle key
}

func scanned(points []point, t tile) map[uint64]heaped {
	cells, zoom := map[uint64]heaped{}, cellZoom(int(t.z))
	for i := range points {
		k := points[i].key
		if t.reaches(k) {
			h := cells[k.cell(zoom)]
			h.tally, h.n, h.middle = h.plus(points[i].mark), h.n+1, k
			cells[k.cell(zoom)] = h
		}
	}
	return cells
}
