package graph_test

import (
	"context"
	"io"
	"sync"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// feed follows the log of a store, woken by hand.
type feed struct {
	store   *store
	mu      sync.Mutex
	changed chan struct{}
	failing error
	follows int // how often somebody began to follow
}

func newFeed(s *store) *feed { return &feed{store: s, changed: make(chan struct{})} }

func (f *feed) wake() {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.changed)
	f.changed = make(chan struct{})
}

func (f *feed) breakOff(err error) {
	f.mu.Lock()
	f.failing = err
	f.mu.Unlock()
	f.wake()
}

func (f *feed) begun() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.follows
}

func (f *feed) state() (<-chan struct{}, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed, f.failing
}

func (f *feed) Follow(edition events.ID, after events.Position) events.Follower {
	f.mu.Lock()
	f.follows++
	f.mu.Unlock()
	if after == (events.Position{}) {
		after, _ = f.store.Head(context.Background(), edition)
	}
	return &follower{feed: f, edition: edition, at: after}
}

type follower struct {
	feed    *feed
	edition events.ID
	at      events.Position
	ended   bool
}

func (w *follower) Next(ctx context.Context) ([]events.Activity, error) {
	for !w.ended {
		changed, failing := w.feed.state()
		if failing != nil {
			return nil, failing
		}
		head, err := w.feed.store.Head(ctx, w.edition)
		if err != nil {
			return nil, err
		}
		if w.at.Epoch != head.Epoch || w.at.Seq > head.Seq {
			w.ended = true
			return []events.Activity{{Kind: events.SnapshotRequired, EditionID: w.edition, Epoch: head.Epoch, Seq: head.Seq, At: eventstest.Morning()}}, nil
		}
		batch, err := w.feed.store.Changes(ctx, w.edition, w.at.Seq, 100)
		if err != nil {
			return nil, err
		}
		if len(batch) > 0 {
			w.at = batch[len(batch)-1].Position()
			return batch, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return nil, io.EOF
}
