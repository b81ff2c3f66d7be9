package replay

import (
	"context"
	"fmt"
	"sync"

	"github.com/microgalleries/actionday/events"
)

// reel is an edition's tape and what is made of it.
type reel struct {
	edition events.ID
	source  Source
	printer printer

	mu       sync.RWMutex
	tape     *tape           // nil before the log has been read to its end
	readings int             // how often it has been
	heard    events.Position // the last that came from the tail
	moved    chan struct{}   // closed when the tape has moved on; nil while nobody waits for that
}

// position is how far the tape goes, if there is one.
func (r *reel) position() (events.Position, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.tape == nil {
		return events.Position{}, false
	}
	return r.tape.at, true
}

// await waits until the tape includes a number of the log, or ctx ends.
func (r *reel) await(ctx context.Context, seq int64) {
	for {
		moved := r.movedFrom(seq)
		if moved == nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-moved:
		}
	}
}

// movedFrom is closed when a tape that does not go as far as seq has moved on; nil for one that does,
// and where there is none.
func (r *reel) movedFrom(seq int64) <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tape == nil || r.tape.at.Seq >= seq {
		return nil
	}
	if r.moved == nil {
		r.moved = make(chan struct{})
	}
	return r.moved
}

// tell wakes those who wait for the tape to move on. The caller holds r.mu.
func (r *reel) tell() {
	if r.moved != nil {
		close(r.moved)
		r.moved = nil
	}
}

// load reads the log from its beginning until it has caught up with the tail.
func (r *reel) load(ctx context.Context) error {
	edition, err := r.source.Edition(ctx, r.edition)
	if err != nil {
		return err
	}
	head, err := r.source.Head(ctx, r.edition)
	if err != nil {
		return err
	}
	t := newTape(edition, head.Epoch)
	for {
		n, err := r.read(ctx, t)
		if err != nil {
			return err
		}
		if n == pageSize {
			continue
		}
		if r.publish(t) {
			return nil
		}
		if n == 0 {
			return fmt.Errorf("it ends at %s, but more was heard of it", t.at)
		}
	}
}

// read winds the next page of the log up and tells how long it was. Nobody else sees the tape yet.
func (r *reel) read(ctx context.Context, t *tape) (int, error) {
	page, err := r.source.Past(ctx, r.edition, t.at.Seq, pageSize)
	if err != nil {
		return 0, err
	}
	for _, a := range page {
		if err := t.add(a); err != nil {
			return 0, err
		}
	}
	return len(page), nil
}

// publish shows a tape to all, unless the tail has brought more meanwhile.
func (r *reel) publish(t *tape) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.heard.Epoch == t.at.Epoch && r.heard.Seq > t.at.Seq {
		return false
	}
	r.tape = t
	r.readings++
	return true
}

// extend winds up what the tail brings. What it left out is read from the log while everybody goes on
// with the tape as it is.
func (r *reel) extend(ctx context.Context, news []events.Activity) error {
	r.hear(news[len(news)-1].Position())
	for {
		at, whole, err := r.wind(news)
		if whole || err != nil {
			return err
		}
		missed, err := r.source.Past(ctx, r.edition, at.Seq, pageSize)
		if err == nil && len(missed) == 0 {
			err = fmt.Errorf("replay: the log of %s gives nothing after %s", r.edition, at)
		}
		if err != nil {
			return err
		}
		if at, whole, err = r.wind(missed); err == nil && !whole {
			err = fmt.Errorf("replay: the log of %s has a hole after %s", r.edition, at)
		}
		if err != nil {
			return err
		}
	}
}

func (r *reel) hear(last events.Position) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.heard = last
}

// wind adds to the tape what follows on it, and tells where it then stands and whether that was all. A
// tape of another epoch, or of an edition that was changed and may have another date, is thrown away:
// the next who asks has the log read anew.
func (r *reel) wind(news []events.Activity) (at events.Position, whole bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer r.tell()
	if r.tape == nil {
		return events.Position{}, true, nil
	}
	for _, a := range news {
		switch {
		case a.Epoch != r.tape.at.Epoch || a.Kind == events.EditionChanged:
			r.tape = nil
			return events.Position{}, true, nil
		case a.Seq <= r.tape.at.Seq:
		case a.Seq > r.tape.at.Seq+1:
			return r.tape.at, false, nil
		default:
			if err := r.tape.add(a); err != nil {
				return r.tape.at, false, err
			}
		}
	}
	return r.tape.at, true, nil
}
