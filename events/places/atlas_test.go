package places_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events/places"
)

// sharedAtlas is read once for all tests and benchmarks.
var sharedAtlas = sync.OnceValue(places.New)

// Many ask a new atlas at once, as after the start of a program: all wait for the same reading
// and get the same answers.
func TestAtlasIsSharedFromTheStart(t *testing.T) {
	t.Parallel()
	atlas := places.New()
	answer := func() string {
		zone, _ := atlas.ZoneAt(27.717, 85.324)
		country, _ := atlas.CountryAt(27.717, 85.324)
		typed, _ := atlas.CountryByName("Nepaal")
		told, _ := atlas.CountryInText("Tbilisi, Georgia")
		town, _ := atlas.TownAt(27.717, 85.324)
		lat, _, _ := atlas.CountryPoint("NP")
		questioned := atlas.ZoneQuestioned(zone, 85, time.Unix(0, 0))
		return fmt.Sprint(zone, country, typed, told, town, lat, questioned, len(atlas.Zones()),
			atlas.CountryName("NP", "ne"), len(atlas.Countries("fr")), atlas.Towns("kath", "", 1))
	}
	answers := make([]string, 16)
	var group sync.WaitGroup
	for i := range answers {
		group.Go(func() { answers[i] = answer() })
	}
	group.Wait()
	for i, got := range answers {
		if got != answers[0] {
			t.Errorf("answer %d is %s, another %s", i, got, answers[0])
		}
	}
	if want := answer(); answers[0] != want {
		t.Errorf("first answers %s, later %s", answers[0], want)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		places.New()
	}
}

// BenchmarkLoad reads everything, and reports what stays on the heap.
func BenchmarkLoad(b *testing.B) {
	var kept uint64
	for b.Loop() {
		before := heap()
		atlas := places.New()
		atlas.Load()
		kept = heap() - before
		runtime.KeepAlive(atlas)
	}
	b.ReportMetric(float64(kept)/(1<<20), "MiB-kept")
}

func heap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// points are a hundred large towns of the world, each moved by some kilometers. Everything is
// read before, so that no benchmark counts it.
func points(atlas *places.Atlas) [][2]float64 {
	atlas.Load()
	var all [][2]float64
	for letter := 'a'; letter <= 'z'; letter++ {
		for i, town := range atlas.Towns(string(letter), "", 4) {
			all = append(all, [2]float64{town.Latitude + float64(i)/50, town.Longitude})
		}
	}
	return all
}

func BenchmarkZoneAt(b *testing.B) {
	atlas := sharedAtlas()
	at := points(atlas)
	i := 0
	for b.Loop() {
		p := at[i%len(at)]
		atlas.ZoneAt(p[0], p[1])
		i++
	}
}

func BenchmarkCountryAt(b *testing.B) {
	atlas := sharedAtlas()
	at := points(atlas)
	i := 0
	for b.Loop() {
		p := at[i%len(at)]
		atlas.CountryAt(p[0], p[1])
		i++
	}
}

func BenchmarkTownAt(b *testing.B) {
	atlas := sharedAtlas()
	at := points(atlas)
	i := 0
	for b.Loop() {
		p := at[i%len(at)]
		atlas.TownAt(p[0], p[1])
		i++
	}
}

func BenchmarkTowns(b *testing.B) {
	atlas := sharedAtlas()
	atlas.Load()
	for _, query := range []string{"s", "san", "kathm"} {
		b.Run(query, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				atlas.Towns(query, "", places.MaxTowns)
			}
		})
	}
}

func BenchmarkCountryByName(b *testing.B) {
	atlas := sharedAtlas()
	for b.Loop() {
		atlas.CountryByName("République démocratique du Congo")
	}
}

func BenchmarkCountryInText(b *testing.B) {
	atlas := sharedAtlas()
	for b.Loop() {
		atlas.CountryInText("Kumamoto City, Kumamoto Prefecture, Japan")
	}
}
