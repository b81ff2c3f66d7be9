package frames

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/microgalleries/actionday/events"
)

const (
	// pause is the least time between two cuts, and between two tries of what failed.
	pause = 500 * time.Millisecond
	// linger is how long a pace goes on when nobody watches, for those who come back.
	linger = 30 * time.Second
	// maxPaces is how many editions are watched at once.
	maxPaces = 200
)

var (
	errManyPaces = errors.New("frames: too many editions are watched")
	errClosed    = errors.New("frames: the hub is closing")
)

// Source is where frames come from.
type Source struct {
	Feed events.Feed
	// Head is the position of an edition's last activity.
	Head func(ctx context.Context, edition events.ID) (events.Position, error)
	// Counts is the numbers of an edition as the log has them, never those of another epoch.
	Counts func(ctx context.Context, edition events.ID) (events.Counts, error)
}

// Pacer keeps the paces of all editions that are watched.
type Pacer struct {
	source  Source
	after   func(time.Duration) <-chan time.Time
	log     *slog.Logger
	closing context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu    sync.Mutex
	paces map[events.ID]*pace
}

// New makes a Pacer; after is time.After, or a test's. Close it when the hub stops.
func New(source Source, after func(time.Duration) <-chan time.Time, log *slog.Logger) *Pacer {
	p := &Pacer{source: source, after: after, log: log, paces: map[events.ID]*pace{}}
	p.closing, p.cancel = context.WithCancel(context.Background())
	return p
}

// Close ends all paces, and with them what waits for a frame.
func (p *Pacer) Close() {
	p.mu.Lock()
	p.cancel()
	p.mu.Unlock()
	p.running.Wait()
}

// enter has a viewer watch an edition, whose pace begins if it is the first.
func (p *Pacer) enter(edition events.ID, v *Viewer) (*pace, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing.Err() != nil {
		return nil, errClosed
	}
	one := p.paces[edition]
	if one == nil {
		if len(p.paces) >= maxPaces {
			return nil, errManyPaces
		}
		one = newPace(p, edition)
		p.paces[edition] = one
		p.running.Go(one.run)
	}
	one.seat(v)
	return one, nil
}

// leave has a viewer go. If it was the last, its pace ends unless somebody comes soon.
func (p *Pacer) leave(one *pace, v *Viewer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if one.unseat(v) {
		one.idle = time.AfterFunc(linger, func() { p.end(one) })
	}
}

// end ends a pace that nobody watches.
func (p *Pacer) end(one *pace) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.paces[one.edition] == one && one.isIdle() {
		delete(p.paces, one.edition)
		one.cancel()
	}
}
