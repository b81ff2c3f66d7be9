package live

import (
	"context"
	"fmt"
	"io"

	"github.com/microgalleries/actionday/events"
)

// Follow starts after a position. What the follower gives is shared by all who follow, and must not
// be changed. It gives at most 256 activities at once. An error other than io.EOF and that of ctx
// means that older activities could not be read; Next may be called again and goes on where it was.
func (f *Feed) Follow(edition events.ID, after events.Position) events.Follower {
	w := &follower{feed: f, edition: edition, at: after}
	if after == (events.Position{}) {
		if r := f.known(edition); r != nil {
			w.at = r.position()
		} else {
			w.fromNow = true
		}
	}
	return w
}

// follower is a position and how to get on from there.
type follower struct {
	feed    *Feed
	edition events.ID
	at      events.Position
	fromNow bool // at is not known yet: it is where the ring will be when it is first looked at
	anEpoch bool // at.Seq is of whatever epoch the ring has
	ended   bool
}

// Next implements events.Follower.
func (w *follower) Next(ctx context.Context) ([]events.Activity, error) {
	for !w.ended {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r, err := w.feed.ring(ctx, w.edition)
		if err != nil {
			return nil, err
		}
		news, err := w.look(ctx, r)
		if news != nil || err != nil {
			return news, err
		}
	}
	return nil, io.EOF
}

// look gives what follows, or nothing after something has changed and another look is due.
func (w *follower) look(ctx context.Context, r *ring) ([]events.Activity, error) {
	v := r.view.Load()
	w.settle(v)
	switch {
	case w.at.Epoch != v.epoch || w.at.Seq > v.last:
		return w.recheck(ctx, r)
	case w.at.Seq < v.floor:
		return w.turnBack(ctx, r)
	case w.at.Seq < v.last:
		return w.advance(v.after(w.at.Seq)), nil
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-v.changed:
		return nil, nil
	}
}

func (w *follower) settle(v *view) {
	if w.fromNow {
		w.at = events.Position{Epoch: v.epoch, Seq: v.last}
	}
	if w.anEpoch {
		w.at.Epoch = v.epoch
	}
	w.fromNow, w.anEpoch = false, false
}

func (w *follower) advance(news []events.Activity) []events.Activity {
	w.at.Seq = news[len(news)-1].Seq
	return news
}

// turnBack gives activities that are older than the ring.
func (w *follower) turnBack(ctx context.Context, r *ring) ([]events.Activity, error) {
	news, err := w.feed.pages.after(ctx, w.edition, w.at)
	if err == nil && len(news) == 0 {
		err = fmt.Errorf("live: log of %s gives nothing after %s", w.edition, w.at)
	}
	if err == nil {
		return w.advance(news[:min(len(news), chunkSize):min(len(news), chunkSize)]), nil
	}
	// The log may be of another epoch since just now, which is not the follower's trouble.
	if w.feed.catchUp(ctx, r) == nil && r.position().Epoch != w.at.Epoch {
		return nil, nil
	}
	return nil, err
}

// recheck deals with a position that the ring does not know. Another hub may have been quicker to
// hear of it, so it is the log that decides; if the log does not know it either, the follower ends.
func (w *follower) recheck(ctx context.Context, r *ring) ([]events.Activity, error) {
	head := r.position()
	// A catch-up that was under way already may have looked too early: hence a second one.
	for range 2 {
		if err := w.feed.catchUp(ctx, r); err != nil {
			return nil, err
		}
		if head = r.position(); w.at.Epoch == head.Epoch && w.at.Seq <= head.Seq {
			return nil, nil
		}
	}
	w.ended = true
	return []events.Activity{{
		Kind: events.SnapshotRequired, EditionID: w.edition, At: w.feed.now().UTC(),
		Seq: head.Seq, Epoch: head.Epoch,
	}}, nil
}
