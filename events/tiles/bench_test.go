package tiles

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"

	"github.com/microgalleries/actionday/events"
)

const manyEvents = 100_000

func zooms() []int { return []int{0, 2, 5, 10} }

// crowd is a worldwide day: two thousand towns of very different size and a few lonely places.
func crowd(n int) []events.EventCard {
	random := rand.New(rand.NewPCG(2019, 921))
	towns := make([][2]float64, 2000)
	for i := range towns {
		towns[i] = [2]float64{math.Max(-55, math.Min(70, random.NormFloat64()*22+25)), random.Float64()*360 - 180}
	}
	ways := []events.Way{events.OwnWork, events.OwnWork, events.Blueprint, events.Digital}
	days := []events.DayState{events.Planned, events.Planned, events.Live, events.Done}
	cards := make([]events.EventCard, n)
	for i := range cards {
		at := towns[int(float64(len(towns))*math.Pow(random.Float64(), 3))]
		latitude := math.Max(-89, math.Min(89, at[0]+random.NormFloat64()*0.05))
		longitude := math.Max(-180, math.Min(180, at[1]+random.NormFloat64()*0.05))
		cards[i] = card(i, latitude, longitude)
		cards[i].Title = fmt.Sprintf("A wall of birds for the town, number %d", i)
		cards[i].Slug = fmt.Sprintf("a-wall-of-birds-number-%d", i)
		cards[i].Way, cards[i].Day = ways[random.IntN(len(ways))], days[random.IntN(len(days))]
	}
	return cards
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

func BenchmarkTiles(b *testing.B) {
	cards := crowd(manyEvents)
	x := loaded(b, cards...)
	s, p := x.now.Load(), new(pen)
	for _, z := range zooms() {
		over := asked(cards, z)
		b.Run(fmt.Sprintf("query/z%d", z), func(b *testing.B) {
			groups, n := []group(nil), 0
			for b.Loop() {
				groups = s.groups(over[n%len(over)], groups[:0])
				n++
			}
		})
		b.Run(fmt.Sprintf("drawn/z%d", z), func(b *testing.B) {
			n, bytes := 0, 0
			for b.Loop() {
				bytes += len(p.draw(s, over[n%len(over)]))
				n++
			}
			b.ReportMetric(float64(bytes)/float64(n), "bytes/tile")
		})
		b.Run(fmt.Sprintf("zipped/z%d", z), func(b *testing.B) {
			n, bytes := 0, 0
			for b.Loop() {
				made, err := x.load(b.Context(), over[n%len(over)])
				if err != nil {
					b.Fatal(err)
				}
				bytes += len(made.body)
				n++
			}
			b.ReportMetric(float64(bytes)/float64(n), "bytes/tile")
		})
	}
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

// BenchmarkMerge brings 100 activities into a map of 100,000 events. It keeps few cards, because
// the program keeps none: else the garbage collector is measured.
func BenchmarkMerge(b *testing.B) {
	for name, change := range map[string]func(*events.EventCard, int){
		"listed": func(c *events.EventCard, round int) { c.ID = eventID(manyEvents + round) },
		"live":   func(c *events.EventCard, round int) { c.Day = []events.DayState{events.Live, events.Done}[round/100%2] },
	} {
		b.Run(name, func(b *testing.B) {
			x, cards := crowdedMap(b)
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
		})
	}
}

func crowdedMap(b *testing.B) (x *Index, some []events.EventCard) {
	cards := crowd(manyEvents)
	x = loaded(b, cards...)
	for i := 0; i < len(cards); i += 100 {
		some = append(some, cards[i])
	}
	return x, some
}

// BenchmarkMemory weighs a map of 100,000 events: the columns of a snapshot, the texts, and what
// only the writer needs.
func BenchmarkMemory(b *testing.B) {
	cards := crowd(manyEvents)
	for b.Loop() {
		before := heap()
		x := loaded(b, cards...)
		all := heap() - before
		s := x.now.Load()
		columns := cap(s.keys)*8 + cap(s.ids)*16 + cap(s.marks) + cap(s.texts)*4 + cap(s.sums)*12
		b.ReportMetric(float64(columns)/manyEvents, "tiles_index_bytes_per_event")
		b.ReportMetric(float64(len(s.shelf.bytes))/manyEvents, "tiles_text_bytes_per_event")
		b.ReportMetric(all/manyEvents, "tiles_total_bytes_per_event")
		runtime.KeepAlive(x)
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
