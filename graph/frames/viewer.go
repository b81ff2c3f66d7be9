package frames

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/microgalleries/actionday/events"
)

// Wish is what a viewer wants.
type Wish struct {
	Area *events.Area // nil for the whole world
	// After is the position to go on after; the zero Position is where the newest cut is.
	After events.Position
	// Greet has the first frame come at once and tell all numbers, where After is zero.
	Greet bool
	// Forget is told the positions of activities that take back what earlier ones said, as soon as
	// they are read. It must not wait for anything. It may be nil.
	Forget func(events.Position)
}

// Viewer follows an edition from cut to cut. It is used by one goroutine, and ends with the context
// that it was made with.
type Viewer struct {
	pace    *pace
	wish    Wish
	at      events.Position
	greeted bool
	vouched uint32 // the epoch of the pace under which at was found to be in the log, though ahead
}

// Follow has somebody watch an edition until ctx ends. It waits for the numbers to be read, and fails
// if they cannot be; after that no failure ends it.
func (p *Pacer) Follow(ctx context.Context, edition events.ID, w Wish) (*Viewer, error) {
	v := &Viewer{wish: w, at: w.After}
	one, err := p.enter(edition, v)
	if err != nil {
		return nil, err
	}
	v.pace = one
	context.AfterFunc(ctx, func() { p.leave(one, v) })
	now, err := one.begun(ctx)
	if err != nil {
		return nil, err
	}
	v.greeted = !w.Greet || w.After != events.Position{}
	if v.at == (events.Position{}) {
		v.at = now.at
	}
	return v, nil
}

// begun waits for the pace to have a moment to show, and fails if the next try to begin does.
func (p *pace) begun(ctx context.Context) (moment, error) {
	for first := p.look(); ; {
		now := p.look()
		switch {
		case now.shown.ledger != nil:
			return now.shown, nil
		case now.failures != first.failures:
			return moment{}, now.failed
		}
		if err := p.wait(ctx, now.changed); err != nil {
			return moment{}, err
		}
	}
}

// Position is where the viewer stands: its next frame begins after it.
func (v *Viewer) Position() events.Position { return v.at }

func (v *Viewer) forget(at events.Position) {
	if v.wish.Forget != nil {
		v.wish.Forget(at)
	}
}

// Next waits for the next frame. It ends with ctx, and when the hub closes.
func (v *Viewer) Next(ctx context.Context) (events.Frame, error) {
	for bad := trouble(false); ctx.Err() == nil; {
		now := v.pace.look()
		frame, ok, err := v.frame(ctx, now.shown)
		if ok {
			v.at = frame.Position
			return frame, nil
		}
		if bad.begins(err) && ctx.Err() == nil {
			v.pace.log.Warn("a frame cannot be made and is tried again", "edition", v.pace.edition, "err", err)
		}
		if err != nil {
			err = v.pace.rest(ctx)
		} else {
			err = v.pace.wait(ctx, now.changed)
		}
		if err != nil {
			return events.Frame{}, err
		}
	}
	return events.Frame{}, ctx.Err()
}

// wait waits for a change. When the pace ends, nothing more changes.
func (p *pace) wait(ctx context.Context, changed <-chan struct{}) error {
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-p.context.Done():
		return errClosed
	}
}

// frame is what there is to tell at a moment; ok is false if that is nothing.
func (v *Viewer) frame(ctx context.Context, now moment) (frame events.Frame, ok bool, err error) {
	switch {
	case !v.greeted:
		v.greeted = true
		return events.Frame{From: now.at, Position: now.at, At: now.ledger.Counts().AsOf, Counts: now.ledger.Whole()}, true, nil
	case v.at == now.at:
		return frame, false, nil
	case v.at.Epoch != now.at.Epoch || v.at.Seq > now.at.Seq:
		known, err := v.isKnown(ctx, now)
		if known || err != nil {
			return frame, false, err
		}
		return events.SnapshotFrame(v.at, now.at, now.ledger), true, nil
	case now.at.Seq-v.at.Seq > events.MaxFrameSpan:
		return events.SnapshotFrame(v.at, now.at, now.ledger), true, nil
	}
	return v.cut(ctx, now)
}

// isKnown asks the log whether it knows a position that the pace does not: another hub may have been
// quicker. Then the pace will come to it.
func (v *Viewer) isKnown(ctx context.Context, now moment) (bool, error) {
	if v.vouched == now.at.Epoch && v.at.Epoch == now.at.Epoch {
		return true, nil
	}
	head, err := v.pace.source.Head(ctx, v.pace.edition)
	if err != nil {
		return false, fmt.Errorf("frames: read head: %w", err)
	}
	if v.at.Epoch != head.Epoch || v.at.Seq > head.Seq {
		return false, nil
	}
	v.vouched = now.at.Epoch
	return true, nil
}

var errShort = errors.New("frames: the log ends before the cut")

// cut reads the log up to a cut.
func (v *Viewer) cut(ctx context.Context, now moment) (events.Frame, bool, error) {
	framing := events.NewFraming(v.wish.Area)
	follower := v.pace.source.Feed.Follow(v.pace.edition, v.at)
	for at := v.at.Seq; at < now.at.Seq; {
		batch, err := follower.Next(ctx)
		if len(batch) > 0 && batch[0].Kind == events.SnapshotRequired || errors.Is(err, io.EOF) {
			return events.Frame{}, false, errShort // the log has a new epoch, and the pace will, too
		}
		if err != nil {
			return events.Frame{}, false, err
		}
		for _, a := range batch {
			if at = a.Seq; at > now.at.Seq {
				break
			}
			framing.Add(a)
		}
	}
	return framing.Frame(v.at, now.at, now.ledger), true, nil
}
