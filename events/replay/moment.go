package replay

import (
	"context"
	"fmt"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/microgalleries/actionday/events"
)

// instant is a moment of an edition's log whose numbers are asked for.
type instant struct {
	edition events.ID
	epoch   uint32
	at      time.Time // UTC, without a monotonic part
}

// Replay implements events.Replayer. It reads at most as many activities as lie between two marks.
func (l *Library) Replay(ctx context.Context, edition events.ID, at time.Time) (events.Replay, error) {
	r, err := l.open(ctx, edition)
	if err != nil {
		return events.Replay{}, err
	}
	from, err := r.start(at)
	if err != nil {
		return events.Replay{}, err
	}
	counts := from.counts
	if !from.passed {
		key := instant{edition, from.epoch, at.UTC().Round(0)}
		counts, err = l.answers.Get(ctx, key, otter.LoaderFunc[instant, events.Counts](
			func(ctx context.Context, _ instant) (events.Counts, error) { return r.fold(ctx, from, at) }))
		if err != nil {
			return events.Replay{}, err
		}
	}
	return events.Replay{
		EditionID: edition, At: at, Counts: counts, Position: events.Position{Epoch: from.epoch, Seq: counts.AsOfSeq},
	}, nil
}

// start is where the numbers at an instant are folded from.
type start struct {
	mark
	epoch  uint32
	passed bool // the instant is past everything on the tape: nothing is left to fold
}

func (r *reel) start(at time.Time) (start, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	t := r.tape
	switch {
	case t == nil: // thrown away just now
		return start{}, ErrReading
	case t.latest.After(at):
		return start{t.before(at), t.at.Epoch, false}, nil
	}
	return start{mark{copied(t.counts), t.latest}, t.at.Epoch, true}, nil
}

// fold goes on from a mark to an instant. The mark's own numbers are shared and stay as they are.
func (r *reel) fold(ctx context.Context, from start, at time.Time) (events.Counts, error) {
	counts, latest := copied(from.counts), from.latest
	for {
		page, err := r.source.Past(ctx, r.edition, counts.AsOfSeq, pageSize)
		if err != nil {
			return counts, fmt.Errorf("replay: read the log of %s: %w", r.edition, err)
		}
		for _, a := range page {
			if a.Epoch != from.epoch {
				return counts, fmt.Errorf("replay: the log of %s has begun a new epoch", r.edition)
			}
			if a.At.After(latest) {
				latest = a.At
			}
			if latest.After(at) {
				return counts, nil
			}
			counts.Apply(a)
		}
		if len(page) < pageSize {
			return counts, nil
		}
	}
}
