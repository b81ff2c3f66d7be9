package main

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/cmd/hub/cluster"
	"github.com/microgalleries/actionday/events/eventstest"
)

// viewersEach is how many viewers every hub has in BenchmarkHubs: another hub brings as many more.
// Processor time is told in hundredths of a second: several rounds are measured together.
const (
	viewersEach = 500
	roundsEach  = 5
)

// BenchmarkHubs measures what a delivery costs the hubs, in processor time of all of them, when one,
// two and three of them share the viewers of one log. Viewers grow with the hubs as long as that stays
// the same: what every hub does beside its own fan-out, following the whole log, must be small. The
// machine has too few cores for throughput to show it.
func BenchmarkHubs(b *testing.B) {
	costs := map[int]float64{}
	for hubs := 1; hubs <= 3; hubs++ {
		b.Run(fmt.Sprint(hubs), func(b *testing.B) {
			costs[hubs] = costOfDelivery(b, hubs)
			b.ReportMetric(costs[hubs], fmt.Sprintf("hubs_%d_cpu_per_delivery_us", hubs))
			if hubs == 3 && costs[1] > 0 {
				b.ReportMetric(costs[3]/costs[1], "hubs_3_vs_1_cost")
			}
		})
	}
}

// costOfDelivery is in microseconds.
func costOfDelivery(b *testing.B, hubs int) float64 {
	c := startCluster(b, cluster.Options{Hubs: hubs, NATS: 1, Alone: true})
	s := newStage(b, serviceOf(b, c, "DATABASE_URL"))
	listed := s.fill(newsAtOnce, eventstest.Listed(eventstest.Morning()))
	head := s.drain()
	var viewers crowd
	var processes []*child
	for _, hub := range c.Hubs {
		viewers = append(viewers, s.gathers("http://"+hub.Address, transports()[0], head, viewersEach)...)
		processes = append(processes, runningHub(b, hub))
	}
	s.checkIn(listed[:1])
	viewers.take(s, 1)
	busy := func() (sum time.Duration) {
		for _, p := range processes {
			sum += p.busy()
		}
		return sum
	}
	before := busy()
	for b.Loop() {
		for range roundsEach {
			all := viewers.start(s, newsAtOnce, nil)
			s.checkIn(listed)
			all.Wait()
		}
	}
	if b.Failed() {
		b.FailNow()
	}
	deliveries := float64(b.N) * roundsEach * newsAtOnce * float64(len(viewers))
	return float64((busy() - before).Microseconds()) / deliveries
}

// runningHub is a hub of a cluster whose use of the machine can be told.
func runningHub(b *testing.B, n *cluster.Node) *child {
	b.Helper()
	process, err := os.FindProcess(n.Pid())
	if err != nil {
		b.Fatal(err)
	}
	return &child{b: b, cmd: &exec.Cmd{Process: process}}
}

// How BenchmarkRollingRestart is set up.
const (
	rollingViewers = 5000
	// rollingPause is the pause between two activities while the hubs are restarted: 5,000 viewers
	// behind one small proxy, on a machine that carries the whole cluster, must be able to read them.
	rollingPause = 250 * time.Millisecond
	// burstPause parts those who come back from one hub from those of the next.
	burstPause = 400 * time.Millisecond
	// bucket is a moment in which not too many may come back.
	bucket = 100 * time.Millisecond
)

// BenchmarkRollingRestart restarts three hubs one after another while 5,000 viewers follow the log
// through the proxy and news keep coming. All viewers check every activity.
func BenchmarkRollingRestart(b *testing.B) {
	c := startCluster(b, cluster.Options{})
	s := newStage(b, serviceOf(b, c, "DATABASE_URL"))
	listed := s.fill(newsAtOnce, eventstest.Listed(eventstest.Morning()))
	head := s.drain()
	everybody := regularsAt(b, "http://"+c.Proxy.Address, s.edition.ID, head, rollingViewers)
	var took time.Duration
	behind := 0 // who has not everything a minute after the last activity
	sent := head.Seq
	for b.Loop() {
		rolled := make(chan struct{})
		var writing sync.WaitGroup
		writing.Go(func() {
			pause := time.NewTicker(rollingPause)
			defer pause.Stop()
			for i := 0; ; i++ {
				select {
				case <-rolled:
					return
				case <-pause.C:
					s.checkIn(listed[i%newsAtOnce : i%newsAtOnce+1])
					sent++
				}
			}
		})
		start := time.Now()
		err := c.Roll(b.Context())
		took += time.Since(start)
		close(rolled)
		writing.Wait()
		s.ok(err)
		missing, one := everybody.without(func(r *regular) bool { return r.seq >= sent })
		if behind = missing; behind > 0 {
			b.Logf("%d viewers are behind %d, such as one %s", behind, sent, one)
		}
	}
	gaps, repeats, broken := everybody.verdict()
	if len(broken) > 0 {
		b.Errorf("answers that are no activities: %q", broken[:min(3, len(broken))])
	}
	spread, share := spreadOf(everybody.returns())
	b.ReportMetric(float64(gaps), "rolling_gaps")
	b.ReportMetric(float64(repeats), "rolling_repeats")
	b.ReportMetric(float64(behind), "rolling_behind")
	b.ReportMetric(float64(len(everybody.returns()))/float64(b.N), "rolling_reconnects")
	b.ReportMetric(spread.Seconds(), "rolling_reconnect_spread_s")
	b.ReportMetric(share, "rolling_busiest_100ms")
	b.ReportMetric(took.Seconds()/float64(b.N), "rolling_took_s")
}

// spreadOf tells over how long those of one hub come back, on average over the hubs, and which part
// of all who come back does so in the busiest moment.
func spreadOf(returns []time.Time) (spread time.Duration, busiest float64) {
	var bursts [][]time.Time
	for i, at := range returns {
		if i == 0 || at.Sub(returns[i-1]) > burstPause {
			bursts = append(bursts, nil)
		}
		bursts[len(bursts)-1] = append(bursts[len(bursts)-1], at)
	}
	for _, burst := range bursts {
		spread += burst[len(burst)-1].Sub(burst[0]) / time.Duration(len(bursts))
		for first, last := 0, 0; last < len(burst); last++ {
			for burst[last].Sub(burst[first]) > bucket {
				first++
			}
			busiest = max(busiest, float64(last-first+1)/float64(len(returns)))
		}
	}
	return spread, busiest
}

func TestSpreadOf(t *testing.T) {
	t.Parallel()
	start := time.Now()
	at := func(ms ...int) (all []time.Time) {
		for _, m := range ms {
			all = append(all, start.Add(time.Duration(m)*time.Millisecond))
		}
		return all
	}
	for _, c := range []struct {
		returns []time.Time
		spread  time.Duration
		busiest float64
	}{
		{nil, 0, 0},
		{at(5, 5, 5, 5), 0, 1},
		{at(0, 200, 400, 600), 600 * time.Millisecond, 0.25},
		{at(0, 50, 400, 600, 5000, 5200, 5400, 5600), 600 * time.Millisecond, 0.25},
	} {
		if spread, busiest := spreadOf(c.returns); spread != c.spread || busiest != c.busiest {
			t.Errorf("%d returns: %s and %.2f, want %s and %.2f", len(c.returns), spread, busiest, c.spread, c.busiest)
		}
	}
}
