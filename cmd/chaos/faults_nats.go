package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/microgalleries/actionday/cmd/hub/cluster"
)

// natsKilled kills so many of the nodes.
func natsKilled(n int) func(context.Context, *rig) (healing, error) {
	return func(_ context.Context, r *rig) (healing, error) {
		var victims []*cluster.Node
		for _, i := range r.random.Perm(len(r.cluster.NATS))[:n] {
			victims = append(victims, r.cluster.NATS[i])
		}
		for _, node := range victims {
			node.Kill()
		}
		return func(ctx context.Context) error {
			var failures []error
			for _, node := range victims {
				failures = append(failures, node.Start(ctx))
			}
			return errors.Join(failures...)
		}, nil
	}
}

func natsFrozen(_ context.Context, r *rig) (healing, error) {
	for _, node := range r.cluster.NATS {
		node.Pause()
	}
	return func(context.Context) error {
		for _, node := range r.cluster.NATS {
			node.Resume()
		}
		return nil
	}, nil
}

// How the rogue goes about it.
const (
	rogueKeeps = 200 // messages that it repeats
	rogueEvery = 10 * time.Millisecond
	rogueInbox = 4096
)

// natsRogue is a publisher that says again what others have said, in any order and many times.
func natsRogue(_ context.Context, r *rig) (healing, error) {
	conn, err := nats.Connect("nats://" + r.cluster.NATS[0].Address)
	if err != nil {
		return nil, err
	}
	heard := make(chan *nats.Msg, rogueInbox)
	if _, err := conn.ChanSubscribe("activity.>", heard); err != nil {
		conn.Close()
		return nil, err
	}
	done := make(chan struct{})
	var rogue sync.WaitGroup
	rogue.Go(func() { babble(conn, heard, done) })
	return func(context.Context) error {
		close(done)
		rogue.Wait()
		conn.Close()
		return nil
	}, nil
}

func babble(conn *nats.Conn, heard <-chan *nats.Msg, done <-chan struct{}) {
	tick := time.NewTicker(rogueEvery)
	defer tick.Stop()
	var kept []*nats.Msg
	for {
		select {
		case <-done:
			return
		case m := <-heard:
			kept = append(kept, m)
			if len(kept) > rogueKeeps {
				kept = kept[1:]
			}
		case <-tick.C:
			rand.Shuffle(len(kept), func(i, j int) { kept[i], kept[j] = kept[j], kept[i] })
			for _, m := range kept[:min(len(kept), 20)] {
				_ = conn.PublishMsg(&nats.Msg{Subject: m.Subject, Header: m.Header, Data: m.Data}) // it is a rogue
			}
		}
	}
}
