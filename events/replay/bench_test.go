package replay

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

// day is the log of a full day: events around some hundred towns, registered in the weeks before,
// started and ended by their hosts or by the clock, with people who take part in the meantime.
func day(n int) *book {
	dice := rand.New(rand.NewPCG(1, 2))
	towns := make([][2]float64, 2000)
	for i := range towns {
		towns[i] = [2]float64{-55 + 125*dice.Float64(), -180 + 360*dice.Float64()}
	}
	ways := []events.Way{events.OwnWork, events.OwnWork, events.Blueprint, events.Digital}
	b := &book{epoch: 7, standings: map[events.ID]events.Standing{}}
	var log []events.Activity
	for i := range n {
		town := towns[int(float64(len(towns))*dice.Float64()*dice.Float64())] // some are larger than others
		c := card(rounded(town[0]+0.1*dice.NormFloat64()), rounded(town[1]+0.1*dice.NormFloat64()), events.Planned)
		c.Way, c.Place.Country = ways[dice.IntN(len(ways))], fmt.Sprintf("%c%c", 'A'+rune(dice.IntN(14)), 'A'+rune(dice.IntN(14)))
		starts := 3600 * (8 + 36*dice.Float64())
		if dice.IntN(3) > 0 {
			starts = 1800*float64(int(starts/1800)) + 5*dice.Float64() // by the clock, which ticks every few seconds
		}
		ends := starts + 1800*float64(2+dice.IntN(8))
		log = append(log, deed(events.EventListed, i, -1e6*dice.Float64(), c, 0), deed(events.DayChanged, i, starts, on(c, events.Live), 0),
			deed(events.DayChanged, i, ends, on(c, events.Done), 0))
		for range dice.IntN(9) {
			log = append(log, deed(events.CheckedIn, i, starts+(ends-starts)*dice.Float64(), nil, 1+int64(dice.IntN(3))))
		}
	}
	sortByTime(log)
	b.append(log)
	return b
}

func rounded(degrees float64) float64 { return float64(int(degrees*1e5)) / 1e5 }

func deed(kind events.ActivityKind, event int, second float64, c *events.EventCard, count int64) events.Activity {
	return events.Activity{Kind: kind, EventID: eventID(event + 1), At: at(second), Card: c, Count: count}
}

func on(c *events.EventCard, day events.DayState) *events.EventCard {
	changed := *c
	changed.Day = day
	return &changed
}

// BenchmarkFile makes and packs the replay file of 100,000 events and some 700,000 activities.
func BenchmarkFile(b *testing.B) {
	log := day(100_000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	started := time.Now()
	wound := taped(b, log.all)
	winding := float64(len(log.all)) / time.Since(started).Seconds()
	runtime.GC()
	runtime.ReadMemStats(&after)
	heap := float64(after.HeapAlloc-before.HeapAlloc) / 100_000
	var p *packed
	var pure time.Duration
	for b.Loop() {
		begun := time.Now()
		p = &packed{plain: wound.file()}
		pure += time.Since(begun)
		if err := p.compress(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(pure.Microseconds())/float64(b.N)/1000, "replay_write_ms")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "replay_build_ms")
	b.ReportMetric(float64(len(p.gzip))/1000, "replay_100k_kb")
	b.ReportMetric(winding, "replay_activities_per_s")
	b.ReportMetric(heap, "replay_bytes_per_event")
	runtime.KeepAlive(log)
}

// BenchmarkMoment tells the numbers at one of many instants.
func BenchmarkMoment(b *testing.B) {
	log := day(20_000)
	l := library(log)
	if _, err := l.Replay(b.Context(), edition().ID, at(1e9)); err != nil {
		b.Fatal(err)
	}
	second := 0.0
	for b.Loop() {
		second += 0.613
		if _, err := l.Replay(b.Context(), edition().ID, at(3600*8+second)); err != nil {
			b.Fatal(err)
		}
	}
}
