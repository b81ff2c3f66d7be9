package live

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/microgalleries/actionday/events"
)

const (
	// firstPause and longestPause are how long a tail waits before it tries again what failed; each
	// pause is twice as long as the one before.
	firstPause   = 20 * time.Millisecond
	longestPause = time.Second
)

// Tail is something that must see every activity of every edition: the counters, the map.
type Tail struct {
	Name string // for the operator's log
	// Start is the position of the last activity that has been applied to an edition; seq 0 without
	// an epoch means none. It is asked again when the log turns out not to know that position.
	Start func(ctx context.Context, edition events.ID) (events.Position, error)
	// Apply takes activities of one edition, at least one, in log order without gap or repeat from
	// Start on. When it fails it is given the same ones again, so it must be safe to run twice. It
	// must not change them: others are reading them. Editions are applied side by side.
	Apply func(ctx context.Context, activities []events.Activity) error
}

// Tail brings every activity of all editions to t until ctx ends. It never gives up and does not
// wait for anybody else who follows; while t fails, nothing is queued for it.
func (f *Feed) Tail(ctx context.Context, t Tail) {
	var all sync.WaitGroup
	defer all.Wait()
	begun := map[events.ID]bool{}
	for {
		rings, more := f.editions()
		for _, r := range rings {
			if !begun[r.edition] {
				begun[r.edition] = true
				all.Go(func() { f.tail(ctx, t, r.edition) })
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-more:
		}
	}
}

// tail brings one edition's activities to t.
func (f *Feed) tail(ctx context.Context, t Tail, edition events.ID) {
	work := &patience{ctx: ctx, say: func(err error) {
		f.log.Warn("a tail fails and is tried again", "tail", t.Name, "edition", edition, "err", err)
	}}
	restart := &patience{ctx: ctx} // a Start that the log does not know must not spin
	for ctx.Err() == nil {
		var at events.Position
		work.until(func() (err error) {
			at, err = t.Start(ctx, edition)
			return err
		})
		w := &follower{feed: f, edition: edition, at: at, anEpoch: at == events.Position{}}
		for f.step(ctx, t, w, work) {
			restart.wait = 0
		}
		restart.pause()
	}
}

// step applies the next activities. It tells whether there can be more.
func (f *Feed) step(ctx context.Context, t Tail, w *follower, work *patience) bool {
	var news []events.Activity
	var end bool
	work.until(func() (err error) {
		news, err = w.Next(ctx)
		end = errors.Is(err, io.EOF)
		if end {
			return nil
		}
		return err
	})
	if ctx.Err() != nil || end {
		return false
	}
	if news[0].Kind == events.SnapshotRequired {
		f.log.Warn("a tail starts again", "tail", t.Name, "edition", w.edition, "log", news[0].Position())
		return false
	}
	work.until(func() error { return t.Apply(ctx, news) })
	return ctx.Err() == nil
}

// patience tries again what fails, more and more slowly, until its context ends.
type patience struct {
	ctx  context.Context
	say  func(error) // told of the first failure in a row
	wait time.Duration
}

// until does something until it succeeds or the context ends.
func (p *patience) until(act func() error) {
	for p.wait = 0; p.ctx.Err() == nil; p.pause() {
		err := act()
		if err == nil {
			return
		}
		if p.wait == 0 && p.ctx.Err() == nil {
			p.say(err)
		}
	}
}

func (p *patience) pause() {
	p.wait = min(longestPause, max(firstPause, 2*p.wait))
	timer := time.NewTimer(p.wait)
	defer timer.Stop()
	select {
	case <-p.ctx.Done():
	case <-timer.C:
	}
}
