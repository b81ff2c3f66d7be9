package wire_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/microgalleries/actionday/graph/wire/wiretest"
)

// manyViewers are those of the headline; figures of others say how many they were.
const manyViewers = 5000

// How it is measured.
const (
	deliveriesInTurn = 100_000 // to all viewers together, of the slowest
	waitAtMost       = 30 * time.Second
	// readPause is between two looks of the viewers: a few answers are read together.
	readPause = 20 * time.Millisecond
)

// measuredKind is a server and how its viewers subscribe.
type measuredKind struct {
	name   string // in figures
	server string
	way    wiretest.Way
	size   int // how much longer its turns are than those of the slowest
}

// BenchmarkWire measures what one server process delivers to viewers who all follow the same
// subscription of the real schema: ours, gqlgen's own transports, and a loop that only writes. Each
// server has one processor for itself, its viewers the other, and every viewer checks every answer. The
// kinds take turns, so that a machine that becomes slower does so for all. "ws" and "sse" are ours as
// the hub runs them: what is written to one viewer within a short while is gathered. "single" is the same
// with one write an activity and viewer, as the raw loop and the stock transports do it, so that the
// saving by gathering and that by sharing stand apart.
func BenchmarkWire(b *testing.B) {
	all := []measuredKind{
		{"ws", "gathered", wiretest.Sockets, 4},
		{"sse", "gathered", wiretest.Events, 4},
		{"ws_single", "ours", wiretest.Sockets, 4},
		{"sse_single", "ours", wiretest.Events, 4},
		{"raw", "raw", wiretest.Bare, 4},
		{"stock_ws", "stock", wiretest.Sockets, 1},
		{"stock_sse", "stock", wiretest.Events, 1},
		{"ws_portable", "portable", wiretest.Sockets, 2},
	}
	for _, c := range []struct {
		viewers, rounds int
		kinds           []measuredKind
	}{{1000, 2, all[:7]}, {manyViewers, 3, all}, {10_000, 1, all[:7]}} {
		b.Run(fmt.Sprint(c.viewers), func(b *testing.B) {
			needFiles(b, c.viewers)
			for b.Loop() {
				r := &results{b: b, viewers: c.viewers, of: map[string]*measured{}}
				for range c.rounds {
					for _, kind := range c.kinds {
						r.visit(kind)
					}
				}
				r.report(c.kinds)
			}
		})
	}
}

func needFiles(b *testing.B, viewers int) {
	b.Helper()
	const others = 100
	if room := wiretest.OpenFiles(uint64(viewers + others)); room < uint64(viewers+others) {
		b.Fatalf("%d viewers need as many open files, and %d are allowed: see ulimit -n", viewers, room)
	}
}

// measured is what was measured of one kind, a value of each turn.
type measured struct{ perSecond, cpuPerMillion, clientShare, residentEach []float64 }

type results struct {
	b       *testing.B
	viewers int
	of      map[string]*measured
}

// visit starts a server, lets the viewers in and measures a turn.
func (r *results) visit(kind measuredKind) {
	r.b.Helper()
	m := r.of[kind.name]
	if m == nil {
		m = &measured{}
		r.of[kind.name] = m
	}
	s := startServer(r.b, kind.server)
	defer s.stop()
	before := s.resident()
	crowd := s.gather(r.viewers, wiretest.Options{Way: kind.way, Pause: readPause})
	defer crowd.Close()
	s.deliver(crowd, 1) // so that all stand
	m.residentEach = append(m.residentEach, (s.resident()-before)/float64(r.viewers))
	news := deliveriesInTurn * kind.size / r.viewers
	used, start := s.busy(), time.Now()
	client := s.deliver(crowd, news)
	took, busy := time.Since(start), s.busy()-used
	deliveries := float64(news * r.viewers)
	m.perSecond = append(m.perSecond, deliveries/took.Seconds())
	m.cpuPerMillion = append(m.cpuPerMillion, busy.Seconds()/deliveries*1e6)
	m.clientShare = append(m.clientShare, client.Seconds()/busy.Seconds())
}

func (r *results) report(kinds []measuredKind) {
	for _, kind := range kinds {
		m := r.of[kind.name]
		r.figure(median(m.perSecond), kind.name+"_deliveries_per_s")
		r.figure(median(m.cpuPerMillion), kind.name+"_cpu_per_million_s")
		r.figure(median(m.residentEach), kind.name+"_rss_per_conn_kb")
		r.figure(median(m.clientShare), kind.name+"_client_cpu_vs_server")
	}
	speed := func(name string) float64 { return median(r.of[name].perSecond) }
	r.figure(speed("ws")/speed("stock_ws"), "ws_vs_stock")
	r.figure(speed("sse")/speed("stock_sse"), "sse_vs_stock")
	r.figure(speed("ws_single")/speed("stock_ws"), "ws_single_vs_stock")
	r.figure(speed("sse_single")/speed("stock_sse"), "sse_single_vs_stock")
	r.figure(speed("ws_single")/speed("raw"), "ws_vs_raw")
	r.figure(median(r.of["stock_ws"].cpuPerMillion)/median(r.of["ws"].cpuPerMillion), "ws_cpu_vs_stock")
	r.figure(median(r.of["stock_ws"].cpuPerMillion)/median(r.of["ws_single"].cpuPerMillion), "ws_single_cpu_vs_stock")
}

func (r *results) figure(value float64, name string) {
	if r.viewers != manyViewers {
		name = fmt.Sprintf("%d_%s", r.viewers, name)
	}
	r.b.ReportMetric(value, "fanout_"+name)
}

func median(of []float64) float64 {
	return slices.Sorted(slices.Values(of))[len(of)/2]
}
