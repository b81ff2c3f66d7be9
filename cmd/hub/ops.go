package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/microgalleries/actionday/events"
)

const (
	// scrapeLimit is how long the gauges wait for the database.
	scrapeLimit = 2 * time.Second
	// profileLimit is how long a profile may be taken.
	profileLimit = 2 * time.Minute
)

// ops is the operator's own listener, apart from the public one: gauges for Prometheus, and profiles.
type ops struct {
	hub      *hub
	listener net.Listener
	lag      atomic.Int64 // what the news that this hub numbered last had waited, in nanoseconds
}

// opsAddress is the address of the operator's listener. Without a host it is this machine's own:
// whoever wants it open to others says so.
func opsAddress(setting string) (string, error) {
	host, port, err := net.SplitHostPort(setting)
	if err != nil {
		return "", fmt.Errorf("HUB_OPS_ADDR: %q is not an address such as 127.0.0.1:6060", setting)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}

// openOps listens for the operator, if that is set.
func (h *hub) openOps() error {
	h.ops = &ops{hub: h}
	if h.serve.OpsAddr == "" {
		return nil
	}
	address, err := opsAddress(h.serve.OpsAddr)
	if err != nil {
		return err
	}
	if h.ops.listener, err = net.Listen("tcp", address); err != nil {
		return fmt.Errorf("HUB_OPS_ADDR: %w", err)
	}
	h.log.Info("gauges and profiles are at", "address", "http://"+h.ops.listener.Addr().String()+"/metrics")
	return nil
}

// close gives the address up where nothing was served.
func (o *ops) close() {
	if o.listener != nil {
		_ = o.listener.Close()
	}
}

// numbered notes how long what this hub numbers has waited, before it is published.
func (o *ops) numbered(publish publisher, now func() time.Time) publisher {
	return func(ctx context.Context, moved []events.Activity) error {
		o.lag.Store(int64(max(0, now().Sub(moved[0].At))))
		return publish(ctx, moved)
	}
}

// serve answers until ctx ends.
func (o *ops) serve(ctx context.Context) {
	if o.listener == nil {
		return
	}
	server := &http.Server{
		Handler: o.routes(), ReadHeaderTimeout: readHeaderLimit, ReadTimeout: readLimit,
		WriteTimeout: profileLimit, IdleTimeout: idleLimit, MaxHeaderBytes: maxHeaderBytes,
	}
	closed := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer closed()
	if err := server.Serve(o.listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
		o.hub.log.Error("the operator's listener has failed", "err", err)
	}
}

func (o *ops) routes() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), gauges{o})
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}

// The hub's own gauges.
var (
	standingGauge = describe("standing_connections", "Sockets and event streams that stand.")
	sharedGauge   = describe("shared_executions", "Subscriptions that are executed once for all who asked for the same.")
	headGauge     = describe("log_head", "The last number in the log.", "edition")
	waitingGauge  = describe("outbox_waiting", "News that waits for its number.")
	oldestGauge   = describe("outbox_oldest_seconds", "How long the oldest of it has waited; 0 when none waits.")
	lagGauge      = describe("sequencer_lag_seconds", "What the news that this hub numbered last had waited for it.")
	databaseGauge = describe("database_up", "Whether Postgres answered for these gauges.")
)

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("hub_"+name, help, labels, nil)
}

// gauges reads everything when it is asked for.
type gauges struct{ *ops }

// Describe implements prometheus.Collector.
func (g gauges) Describe(all chan<- *prometheus.Desc) {
	for _, gauge := range []*prometheus.Desc{
		standingGauge, sharedGauge, headGauge, waitingGauge, oldestGauge, lagGauge, databaseGauge,
	} {
		all <- gauge
	}
}

// Collect implements prometheus.Collector.
func (g gauges) Collect(all chan<- prometheus.Metric) {
	tell := func(gauge *prometheus.Desc, value float64, labels ...string) {
		all <- prometheus.MustNewConstMetric(gauge, prometheus.GaugeValue, value, labels...)
	}
	standing, shared := g.hub.graph.Load()
	tell(standingGauge, float64(standing))
	tell(sharedGauge, float64(shared))
	tell(lagGauge, time.Duration(g.lag.Load()).Seconds())
	ctx, cancel := context.WithTimeout(context.Background(), scrapeLimit)
	defer cancel()
	backlog, err := g.hub.store.Backlog(ctx)
	if err != nil {
		tell(databaseGauge, 0)
		return
	}
	tell(databaseGauge, 1)
	tell(waitingGauge, float64(backlog.Waiting))
	oldest := 0.0
	if !backlog.Oldest.IsZero() {
		oldest = max(0, g.hub.clock.now().Sub(backlog.Oldest).Seconds())
	}
	tell(oldestGauge, oldest)
	for edition, seq := range backlog.Heads {
		tell(headGauge, float64(seq), edition.String())
	}
}
