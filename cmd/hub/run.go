package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/microgalleries/actionday/db"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/counters"
	"github.com/microgalleries/actionday/events/live"
	"github.com/microgalleries/actionday/events/mail"
	"github.com/microgalleries/actionday/events/places"
	"github.com/microgalleries/actionday/events/replay"
	"github.com/microgalleries/actionday/graph"
)

// hub is the running program.
type hub struct {
	settings settings
	serve    serveCommand
	log      *slog.Logger
	all      *services
	store    *db.Store
	clock    clock
	site     string // the public address
	listener net.Listener
	draining atomic.Bool // it is being stopped, and says so

	atlas   *places.Atlas // a new one if none was given: many hubs in one process may share it
	service *events.Service
	// serviceBy is the same service by another clock.
	serviceBy func(now func() time.Time, flags events.Meter) *events.Service
	bus       *live.Bus
	feed      *live.Feed
	board     *counters.Board
	limiter   *counters.Limiter
	maps      *maps
	replays   *replay.Library
	graph     *graph.Handler
	ops       *ops
	mailbox   *mail.Mailbox // nil where mails are sent, or wait for a hub that can
	workers   *workers
}

// Run serves until its context ends, and then stops cleanly.
func (c *serveCommand) Run(ctx context.Context, s *settings) error {
	h := &hub{settings: *s, serve: *c, log: s.logger()}
	return h.live(ctx, func() { fmt.Printf("\n  Actionday is open at %s\n\n", h.site) })
}

// live serves until its context ends. It calls opened once the hub takes visitors.
func (h *hub) live(ctx context.Context, opened func()) (err error) {
	if err := h.serve.check(); err != nil {
		return err
	}
	h.workers = &workers{log: h.log}
	if h.listener, err = net.Listen("tcp", h.serve.Addr); err != nil {
		return fmt.Errorf("HUB_ADDR: %w; is another hub running, or choose another address such as HUB_ADDR=127.0.0.1:8081", err)
	}
	defer func() { _ = h.listener.Close() }()
	if err := h.openOps(); err != nil {
		return err
	}
	defer h.ops.close()
	if h.all, err = startServices(ctx, h.settings, h.log); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.all.stop()) }()
	if err := h.build(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.store.Close()) }()
	return h.run(ctx, opened)
}

// build opens the store and makes the parts, without starting anything.
func (h *hub) build(ctx context.Context) (err error) {
	if h.store, err = h.all.awaitStore(ctx, h.serve.BootLimit, h.log); err != nil {
		return err
	}
	if h.clock, err = h.chooseClock(ctx); err != nil {
		return err
	}
	h.site = h.serve.Site
	if h.site == "" {
		h.site = "http://" + h.listener.Addr().String()
	}
	if h.atlas == nil {
		h.atlas = places.New()
	}
	secret, err := h.store.Secret(ctx, "limiter")
	if err != nil {
		return err
	}
	h.limiter = counters.NewLimiter(h.all.redis, secret, h.clock.now, h.log)
	codeKey, err := h.store.Secret(ctx, codeSecret)
	if err != nil {
		return err
	}
	h.serviceBy = func(now func() time.Time, flags events.Meter) *events.Service {
		return service(h.store, h.atlas, h.clock, h.site, func(p *events.Parts) {
			p.Now, p.CodeKey, p.Meter = now, codeKey, flags
		})
	}
	h.service = h.serviceBy(h.clock.now, meter{h.limiter})
	h.bus = live.New(h.all.nats, h.log)
	h.feed = live.NewFeed(live.Source{Past: h.store.Changes, Head: h.store.Head, Editions: h.editionIDs}, h.clock.now, h.log)
	h.board = counters.New(h.all.redis, counters.Source{Truth: h.store.Counts, Head: h.store.Head}, h.clock.now, h.log)
	h.maps = newMaps(h.store.Cards)
	h.replays = replay.New(replay.Source{Edition: h.store.Edition, Past: h.store.Changes, Head: h.store.Head}, h.clock.now, h.log)
	if h.all.embeddedDB {
		announced := neighbor{Pid: os.Getpid(), DatabaseURL: h.all.databaseURL, Site: h.site, ClockShift: h.clock.shift}
		return announced.announce(h.settings.Data)
	}
	return nil
}

// chooseClock takes the clock that was set, or for the demo edition the middle of its day.
func (h *hub) chooseClock(ctx context.Context) (clock, error) {
	if h.serve.Now != "" || !h.serve.Demo {
		return newClock(h.serve.Now, time.Now())
	}
	at, _, err := demoClock(ctx, h.store, time.Now())
	if err != nil {
		return clock{}, err
	}
	return newClock(at.Format(time.RFC3339Nano), time.Now())
}

// run starts the workers and serves.
func (h *hub) run(ctx context.Context, opened func()) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer h.workers.all.Wait()
	defer stop()
	base, cut := context.WithCancel(work)
	defer cut()
	if err := h.work(work); err != nil {
		return err
	}
	handler, err := h.routes(work)
	if err != nil {
		return err
	}
	h.workers.all.Go(func() { h.ops.serve(work) })
	server := h.server(base, handler)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(h.listener) }()
	h.log.Info("the hub is open", "address", h.site)
	opened()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-h.all.died():
		return errors.New("the embedded Postgres has ended by itself; see the log above")
	case <-ctx.Done():
	}
	h.log.Info("stopping")
	h.drain(failed)
	return h.close(server)
}

// drain says that the hub is not ready, and serves on until load balancers have noticed.
func (h *hub) drain(failed <-chan error) {
	h.draining.Store(true)
	select {
	case err := <-failed:
		h.log.Warn("nobody can come any more", "err", err)
	case <-time.After(h.serve.Drain):
	}
}

// close takes no more requests, and lets those that are open end. Streams, which have no end, are told
// goodbye meanwhile.
func (h *hub) close(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), h.serve.StopLimit)
	defer cancel()
	var farewell sync.WaitGroup
	defer farewell.Wait()
	farewell.Go(h.graph.Farewell)
	if err := server.Shutdown(ctx); err != nil {
		return server.Close()
	}
	return nil
}

// work starts what runs behind the pages. These lines are the architecture: the outbox becomes the
// numbered log, the log goes over the bus to every hub, and every hub's copy of it feeds the
// counters, the map, the replay and the viewers (who read the feed).
func (h *hub) work(ctx context.Context) error {
	h.workers.repeat(ctx, "sequencer", sequenceEvery, sequencing(h.store, h.ops.numbered(h.bus.Publish, h.clock.now), h.log))
	h.workers.all.Go(func() { h.feed.Run(ctx, h.bus) })
	h.workers.all.Go(func() { h.feed.Tail(ctx, live.Tail{Name: "counters", Start: h.board.Position, Apply: h.board.Apply}) })
	h.workers.all.Go(func() { h.feed.Tail(ctx, live.Tail{Name: "map", Start: h.maps.Start, Apply: h.maps.Apply}) })
	h.workers.all.Go(func() { h.feed.Tail(ctx, live.Tail{Name: "replay", Start: h.replays.Start, Apply: h.replays.Apply}) })
	h.workers.all.Go(func() { h.board.Watch(ctx, h.editionIDs) })
	h.workers.all.Go(func() { h.atlas.Load() }) // a second's work that the first host need not wait for
	send, err := h.sender()
	if err != nil {
		return err
	}
	if send != nil {
		h.workers.repeat(ctx, "mail", mailEvery, posting(h.store, send, h.clock.now, h.log))
	}
	h.workers.repeat(ctx, "sweeper", sweepEvery, sweeping(h.store, h.clock.now))
	if h.serve.Demo {
		return h.demonstrate(ctx)
	}
	h.workers.repeat(ctx, "clock", tickEvery, ticking(h.service))
	return nil
}

// demonstrate loads the demo edition before the first visitor comes, and lets it go on.
func (h *hub) demonstrate(ctx context.Context) error {
	_, date, err := demoClock(ctx, h.store, time.Now())
	if err != nil {
		return err
	}
	before := func(now func() time.Time) *events.Service { return h.serviceBy(now, nil) }
	edition, err := demo{before, h.store, h.atlas, h.serve.DemoActivity, h.log}.load(ctx, date)
	if err != nil {
		return err
	}
	h.workers.repeat(ctx, "clock", tickEvery, ticking(h.service))
	if !h.serve.DemoActivity {
		return nil
	}
	played, err := newRehearsal(h.service, edition, h.log)
	if err != nil {
		return err
	}
	h.workers.repeat(ctx, "rehearsal", rehearseEvery, played.step)
	return nil
}

// sender chooses how mails leave: by SMTP where it is set, into the mailbox page of somebody who tries
// the hub out, and else not at all.
func (h *hub) sender() (mail.Send, error) {
	if h.serve.SMTPURL != "" {
		return mail.SMTP(h.serve.SMTPURL, h.serve.MailFrom)
	}
	if h.isPrivate() {
		h.mailbox = &mail.Mailbox{}
		return h.mailbox.Send, nil
	}
	h.log.Warn("SMTP_URL is not set: mails wait in the queue; hub sign-in-link lets people in meanwhile")
	return nil, nil
}

func (h *hub) editionIDs(ctx context.Context) ([]events.ID, error) {
	editions, err := h.store.Editions(ctx)
	ids := make([]events.ID, 0, len(editions))
	for _, edition := range editions {
		ids = append(ids, edition.ID)
	}
	return ids, err
}
