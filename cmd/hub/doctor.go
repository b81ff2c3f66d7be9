package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/microgalleries/actionday/db"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/counters"
)

// What a healthy hub keeps to while people use it, and how the doctor looks.
const (
	// drainWithin is how long news may wait for its number.
	drainWithin = 2 * time.Second
	// followWithin is how long Redis and the hubs may lag behind the log.
	followWithin = 2 * time.Second
	lookEvery    = 50 * time.Millisecond
	// doctorStatement is how long one statement may take: a whole log is read.
	doctorStatement = 5 * time.Minute
	// secondLooks is how often what may be only on its way is looked at again.
	secondLooks = 20
)

type doctorCommand struct {
	Hub []string `help:"Address of a hub whose answers are held against the database, such as http://127.0.0.1:8080; several times for several. A hub on the same data folder is found by itself."`
}

// Run examines every edition, prints what was looked at, and fails with a sentence for everything
// that is not as it must be.
func (c doctorCommand) Run(ctx context.Context, s *settings) (err error) {
	log := s.logger()
	all, err := startDatabase(ctx, *s, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, all.stop()) }()
	store, err := db.Open(ctx, all.databaseURL, db.Options{StatementTimeout: doctorStatement})
	if err != nil {
		return unreachable(err)
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	d := doctor{store: store, hubs: c.Hub}
	if site := all.site(""); site != "" {
		d.hubs = append(d.hubs, site)
	}
	if s.RedisURL != "" {
		if err := all.startRedis(*s); err != nil {
			return err
		}
		d.board = counters.New(all.redis, counters.Source{Truth: store.Counts, Head: store.Head}, time.Now, slog.New(slog.DiscardHandler))
	}
	return d.all(ctx)
}

// doctor holds what the hubs have made against what it was made from.
type doctor struct {
	store *db.Store
	board *counters.Board // nil where Redis is within the hub and only it can see it
	hubs  []string
}

func (d *doctor) all(ctx context.Context) error {
	editions, err := d.store.Editions(ctx)
	if err != nil {
		return err
	}
	broken := 0
	for _, edition := range editions {
		findings, err := d.edition(ctx, edition)
		if err != nil {
			return fmt.Errorf("edition %s: %w", edition.Slug, err)
		}
		for _, finding := range findings {
			fmt.Printf("%s: BROKEN: %s\n", edition.Slug, finding)
		}
		broken += len(findings)
	}
	if broken > 0 {
		return fmt.Errorf("doctor: %d findings", broken)
	}
	fmt.Printf("healthy: %d editions\n", len(editions))
	return nil
}

// edition examines one edition: first the database, then those who follow it.
func (d *doctor) edition(ctx context.Context, edition events.Edition) (findings []string, err error) {
	if findings, err = d.outbox(ctx, edition.ID); err != nil {
		return nil, err
	}
	x, err := d.examine(ctx, edition.ID)
	if err != nil {
		return nil, err
	}
	fmt.Printf("%s: %d activities without gap up to %s, %d events, %d standings, %d devices counted, %d counters, %d waiting\n",
		edition.Slug, x.Activities, x.Head, x.Events, x.Standings, x.Attendances, x.Counters, x.Waiting)
	findings = append(findings, x.Findings...)
	for _, f := range d.followers(edition.ID) {
		found, err := d.follower(ctx, edition.ID, f)
		if err != nil {
			return nil, err
		}
		findings = append(findings, found...)
		if len(found) == 0 {
			fmt.Printf("%s: %s agrees\n", edition.Slug, f.name)
		}
	}
	return findings, nil
}

// examine looks again while what it finds may be only on its way.
func (d *doctor) examine(ctx context.Context, edition events.ID) (db.Examination, error) {
	for look := 1; ; look++ {
		x, err := d.store.Examine(ctx, edition)
		if err != nil || len(x.Findings) == 0 || !x.Unsure || look == secondLooks {
			return x, err
		}
		if err := pause(ctx, lookEvery); err != nil {
			return x, err
		}
	}
}

// outbox waits until what waits now has got its number.
func (d *doctor) outbox(ctx context.Context, edition events.ID) ([]string, error) {
	waiting, last, err := d.store.Waiting(ctx, edition, 0)
	for began := time.Now(); err == nil && waiting > 0; {
		if time.Since(began) > drainWithin {
			return []string{fmt.Sprintf("%d pieces of news have waited for their number for more than %s: does a hub run?", waiting, drainWithin)}, nil
		}
		if err = pause(ctx, lookEvery); err == nil {
			waiting, _, err = d.store.Waiting(ctx, edition, last)
		}
	}
	return nil, err
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
