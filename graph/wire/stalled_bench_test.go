package wire_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/microgalleries/actionday/graph/wire/wiretest"
)

// What is measured beside those who do not read.
const (
	stalledEvery  = 10 // one of so many viewers does not read
	stalledBuffer = 4 << 10
	stalledRounds = 3
	pacedNews     = 700 // of which a viewer who does not read makes us keep more than we do
	pacedEvery    = 10 * time.Millisecond
	pacedPause    = 2 * time.Millisecond
)

// BenchmarkWireStalled measures how long activities take to many viewers, with all of them reading
// and with a tenth of them not reading: these are kept for, dropped behind and cut while the others are
// timed. Each of the others must have every activity.
func BenchmarkWireStalled(b *testing.B) {
	needFiles(b, manyViewers)
	var calm, stalled, calmBusy, stalledBusy []float64
	for b.Loop() {
		for range stalledRounds {
			p99, busy := paced(b, manyViewers, 0)
			calm, calmBusy = append(calm, p99), append(calmBusy, busy)
			p99, busy = paced(b, manyViewers-manyViewers/stalledEvery, manyViewers/stalledEvery)
			stalled, stalledBusy = append(stalled, p99), append(stalledBusy, busy)
		}
	}
	b.ReportMetric(median(calm), "fanout_calm_p99_ms")
	b.ReportMetric(median(stalled), "fanout_stalled_p99_ms")
	b.ReportMetric(median(stalled)/median(calm), "fanout_stalled_p99_ratio")
	b.ReportMetric(median(stalledBusy)/median(calmBusy), "fanout_stalled_cpu_ratio")
}

// paced sends activities at a steady pace and gives the 99th percentile of how long they took to all
// who read, in milliseconds, from when each was due, and the seconds that the server was busy.
func paced(b *testing.B, reading, stalling int) (p99, busy float64) {
	b.Helper()
	s := startServer(b, "gathered")
	defer s.stop()
	if stalling > 0 {
		defer s.gather(stalling, wiretest.Options{Way: wiretest.Sockets, Buffer: stalledBuffer}).Close()
	}
	crowd := s.gather(reading, wiretest.Options{Way: wiretest.Sockets, Pause: pacedPause})
	defer crowd.Close()
	s.deliver(crowd, 1) // so that all stand
	var times wiretest.Latencies
	used, begin := s.busy(), time.Now()
	due := func(n int) time.Time { return begin.Add(time.Duration(n) * pacedEvery) }
	crowd.Seen = func(_ int, seq int64, at time.Time, _ []byte) { times.Add(at.Sub(due(int(seq) - 2))) }
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		for n := range pacedNews {
			time.Sleep(time.Until(due(n)))
			if _, err := fmt.Fprintln(s.in, 1); err != nil {
				b.Error(err)
				return
			}
		}
	}()
	_, err := crowd.Take(pacedNews, waitAtMost)
	<-sent
	if err != nil {
		b.Fatalf("beside %d who do not read: %v", stalling, err)
	}
	return float64(times.Quantile(0.99).Microseconds()) / 1000, (s.busy() - used).Seconds()
}
