package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/mail"
)

// How often the workers look.
const (
	sequenceEvery = 10 * time.Millisecond // what a fresh change may wait for its number
	sequenceMost  = 500                   // activities in one batch
	tickEvery     = time.Second
	mailEvery     = time.Second
	sweepEvery    = time.Hour
	workerRest    = 250 * time.Millisecond // after a failure
)

// workers runs the hub's background work until its context ends.
type workers struct {
	log *slog.Logger
	all sync.WaitGroup
}

// repeat calls work again and again: at once while it is busy, after pause when it had nothing to
// do, and after a rest when it failed. It logs when a run of failures begins.
func (w *workers) repeat(ctx context.Context, name string, pause time.Duration, work func(context.Context) (busy bool, err error)) {
	w.all.Go(func() {
		timer := time.NewTimer(0)
		defer timer.Stop()
		failing := false
		for {
			select {
			case <-ctx.Done():
				return
			case <-timer.C:
			}
			busy, err := work(ctx)
			if err != nil && !failing && ctx.Err() == nil {
				w.log.Error("a worker fails and is tried again", "worker", name, "err", err)
			}
			failing = err != nil
			timer.Reset(next(busy, err, pause))
		}
	})
}

func next(busy bool, err error, pause time.Duration) time.Duration {
	switch {
	case err != nil:
		return workerRest
	case busy:
		return 0
	}
	return pause
}

// publisher tells every hub of numbered activities.
type publisher = func(context.Context, []events.Activity) error

// sequencing moves what waits in the outbox into the logs and hands it to the bus. A publication
// that fails is no failure of the log: every hub finds it there.
func sequencing(store events.LogStore, publish publisher, log *slog.Logger) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		moved, err := store.Sequence(ctx, sequenceMost)
		if err != nil || len(moved) == 0 {
			return false, err
		}
		if err := publish(ctx, moved); err != nil {
			log.Debug("activities not published", "count", len(moved), "err", err)
		}
		return true, nil
	}
}

// ticking lets the clock start and end events.
func ticking(hub *events.Service) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		changed, err := hub.Tick(ctx)
		return changed > 0, err
	}
}

// posting sends mails.
func posting(queue mail.Queue, send mail.Send, now func() time.Time, log *slog.Logger) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		_, err := mail.Deliver(ctx, queue, send, now(), log)
		return false, err
	}
}

// sweeping removes what has lost its use: old sessions, links, receipts, undeliverable mail.
func sweeping(store interface {
	Sweep(ctx context.Context, now time.Time) (int64, error)
}, now func() time.Time,
) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		_, err := store.Sweep(ctx, now())
		return false, err
	}
}
