package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/microgalleries/actionday/cmd/hub/cluster"
)

// anyHub is one of the hubs.
func (r *rig) anyHub() *cluster.Node { return r.cluster.Hubs[r.random.IntN(len(r.cluster.Hubs))] }

func hubKilled(_ context.Context, r *rig) (healing, error) {
	hub := r.anyHub()
	hub.Kill()
	return hub.Start, nil
}

func hubStopped(ctx context.Context, r *rig) (healing, error) {
	hub := r.anyHub()
	return hub.Start, hub.Stop(ctx)
}

func hubFrozen(_ context.Context, r *rig) (healing, error) {
	hub := r.anyHub()
	hub.Pause()
	return func(context.Context) error { hub.Resume(); return nil }, nil
}

func hubsRolled(ctx context.Context, r *rig) (healing, error) {
	return nil, r.cluster.Roll(ctx)
}

// hubAt has one hub go by a clock that is off.
func hubAt(off time.Duration) func(context.Context, *rig) (healing, error) {
	return func(ctx context.Context, r *rig) (healing, error) {
		hub := r.anyHub()
		hub.Kill()
		hub.With("HUB_NOW=" + time.Now().Add(off).UTC().Format(time.RFC3339))
		heal := func(ctx context.Context) error {
			hub.Kill()
			hub.With()
			return hub.Start(ctx)
		}
		return heal, hub.Start(ctx)
	}
}

// hubFirst starts a hub while nothing that it needs is there, and then the services in any order.
func hubFirst(ctx context.Context, r *rig) (healing, error) {
	hub := r.anyHub()
	hub.Kill()
	services := append([]*cluster.Node{r.cluster.Leader(), r.cluster.Redis}, r.cluster.NATS...)
	for _, node := range services {
		node.Kill()
	}
	started := make(chan error, 1)
	go func() { started <- hub.Start(ctx) }()
	if err := rest(ctx, moment); err != nil {
		return nil, err
	}
	r.random.Shuffle(len(services), func(i, j int) { services[i], services[j] = services[j], services[i] })
	for _, node := range services {
		if err := node.Start(ctx); err != nil {
			return nil, err
		}
	}
	return nil, <-started
}

func migration(ctx context.Context, r *rig) (healing, error) {
	_, err := r.hub(ctx, "migrate")
	return nil, err
}

func viewersDoze(_ context.Context, r *rig) (healing, error) {
	r.doze.Store(true)
	return func(context.Context) error { r.doze.Store(false); return nil }, nil
}

// twoStewards decide about the same events at the same moment, at different hubs: each act happens
// once or is refused.
func twoStewards(ctx context.Context, r *rig) (healing, error) {
	const items = 4
	var failures []error
	for range items {
		w := r.writer(firstWriter + 1 + r.random.IntN(1<<30))
		id, err := w.registered(ctx)
		if err != nil {
			return nil, err
		}
		for _, mutation := range []string{approveMutation, hideMutation} {
			failures = append(failures, r.bothDecide(ctx, mutation, id))
		}
	}
	return nil, errors.Join(failures...)
}

func (r *rig) bothDecide(ctx context.Context, mutation, id string) error {
	var both sync.WaitGroup
	answers, failures := make([]told, 2), make([]error, 2)
	for i := range answers {
		both.Go(func() {
			w := r.writer(i)
			w.steward.session = r.steward[i]
			answers[i], _, failures[i] = w.once(ctx, w.steward, mutation, map[string]any{"id": id, "key": uuid.NewString()})
		})
	}
	both.Wait()
	done := 0
	for i, err := range failures {
		switch {
		case err == nil:
			done++
			r.record.ack("steward", func() {
				r.record.version(answers[i])
				if mutation == approveMutation {
					r.record.listings[id]++
				} else {
					r.record.hidden(id)
				}
			})
		case !errors.Is(err, errRefused):
			return err
		}
	}
	if done == 0 {
		return fmt.Errorf("two stewards both were refused: %w", errors.Join(failures...))
	}
	return nil
}
