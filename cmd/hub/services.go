package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/nats-io/nats.go"
	"github.com/redis/go-redis/v9"

	"github.com/microgalleries/actionday/cmd/hub/embedded"
	"github.com/microgalleries/actionday/db"
	"github.com/microgalleries/actionday/db/pgserver"
	"github.com/microgalleries/actionday/events/counters"
	"github.com/microgalleries/actionday/events/live"
)

// stopServices is how long embedded services may take to end.
const stopServices = 20 * time.Second

// services are Postgres, Redis and NATS, whether they were here before or came with the program.
type services struct {
	databaseURL string
	embeddedDB  bool
	redis       redis.UniversalClient
	nats        *nats.Conn
	postgres    *pgserver.Server // nil when it is not ours
	neighbor    neighbor         // the hub whose database this is, if it is another's
	stops       []func() error   // in the order of starting
}

// startDatabase finds or starts Postgres alone, which is all that most commands need.
func startDatabase(ctx context.Context, s settings, log *slog.Logger) (*services, error) {
	if s.DatabaseURL != "" {
		return &services{databaseURL: s.DatabaseURL}, nil
	}
	server, err := pgserver.Start(ctx, pgserver.Options{DataDir: s.Data, NodeModules: s.NodeModules, Log: log})
	var inUse *pgserver.InUse
	if errors.As(err, &inUse) {
		return neighborsServices(s.Data, inUse)
	}
	if err != nil {
		return nil, err
	}
	all := &services{databaseURL: server.URL("postgres"), embeddedDB: true, postgres: server}
	all.stops = append(all.stops, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), stopServices)
		defer cancel()
		return server.Stop(ctx)
	})
	return all, nil
}

// openStore opens the database and brings it to the newest form.
func (all *services) openStore(ctx context.Context) (*db.Store, error) {
	store, err := all.tryStore(ctx)
	return store, unreachable(err)
}

func (all *services) tryStore(ctx context.Context) (*db.Store, error) {
	store, err := db.Open(ctx, all.databaseURL, db.Options{})
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// bootPause is between two looks for a database that is not there yet: hubs and databases start in
// any order.
const bootPause = 200 * time.Millisecond

// awaitStore is openStore for a hub that is to serve: it waits for a database that is away, but not
// beyond a limit, and not for one that turns it away.
func (all *services) awaitStore(ctx context.Context, limit time.Duration, log *slog.Logger) (*db.Store, error) {
	waiting, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var away error // why it could not be reached, which says more than that the time is up
	for {
		store, err := all.tryStore(waiting)
		switch {
		case err == nil:
			return store, nil
		case away != nil && waiting.Err() != nil:
			return nil, unreachable(away)
		case !db.IsAway(err):
			return nil, unreachable(err)
		}
		if away == nil {
			log.Warn("the database is not there yet: waiting for it", "limit", limit, "err", unreachable(err))
		}
		away = err
		select {
		case <-waiting.Done():
			return nil, unreachable(away)
		case <-time.After(bootPause):
		}
	}
}

// unreachable is one sentence of the driver's many: it tells of every address that it tried, with and
// without TLS, each on a line.
func unreachable(err error) error {
	if err == nil {
		return nil
	}
	var tried *pgconn.ConnectError
	if !errors.As(err, &tried) {
		return fmt.Errorf("DATABASE_URL: %w", err)
	}
	attempts := strings.Split(tried.Error(), "\n\t")
	return fmt.Errorf("DATABASE_URL: the database does not answer: %s", attempts[len(attempts)-1])
}

// startServices finds or starts all three.
func startServices(ctx context.Context, s settings, log *slog.Logger) (*services, error) {
	all, err := startDatabase(ctx, s, log)
	if err != nil {
		return nil, err
	}
	if all.postgres == nil && s.DatabaseURL == "" {
		return nil, fmt.Errorf("another hub serves from %s already: stop it, or give this one its own HUB_DATA", s.Data)
	}
	if err := errors.Join(all.startRedis(s), all.startNATS(s, log)); err != nil {
		return nil, errors.Join(err, all.stop())
	}
	return all, nil
}

func (all *services) startRedis(s settings) error {
	if s.RedisURL == "" {
		server, err := embedded.StartRedis()
		if err != nil {
			return fmt.Errorf("embedded Redis: %w", err)
		}
		all.redis = server.Connect()
		all.stops = append(all.stops, func() error { err := all.redis.Close(); server.Stop(); return err })
		return nil
	}
	options, err := counters.Options(s.RedisURL)
	if err != nil {
		return fmt.Errorf("REDIS_URL: %w", err)
	}
	all.redis = redis.NewUniversalClient(options)
	all.stops = append(all.stops, all.redis.Close)
	return nil
}

func (all *services) startNATS(s settings, log *slog.Logger) (err error) {
	if s.NATSURL == "" {
		server, err := embedded.StartNATS(log)
		if err != nil {
			return fmt.Errorf("embedded NATS: %w", err)
		}
		if all.nats, err = server.Connect(live.Options(log)...); err != nil {
			return fmt.Errorf("embedded NATS: %w", err)
		}
		all.stops = append(all.stops, func() error { all.nats.Close(); server.Stop(); return nil })
		return nil
	}
	if all.nats, err = nats.Connect(s.NATSURL, live.Options(log)...); err != nil {
		return fmt.Errorf("NATS_URL: %w", err)
	}
	all.stops = append(all.stops, func() error { all.nats.Close(); return nil })
	return nil
}

// stop ends what was started, last first.
func (all *services) stop() error {
	var failures []error
	for i := len(all.stops) - 1; i >= 0; i-- {
		failures = append(failures, all.stops[i]())
	}
	all.stops = nil
	return errors.Join(failures...)
}

// died is closed when a Postgres of ours has ended; it never is when Postgres is somebody else's.
func (all *services) died() <-chan struct{} {
	if all.postgres == nil {
		return nil
	}
	return all.postgres.Done()
}
