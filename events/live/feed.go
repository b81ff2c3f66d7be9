package live

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/microgalleries/actionday/events"
)

const (
	// pollEvery is how long a lost last message, or all of them when NATS is down, can go unnoticed.
	pollEvery = 500 * time.Millisecond
	// editionsEvery is how long a new edition in which nothing happens can go unnoticed.
	editionsEvery = 5 * time.Second
	// catchUpTimeout bounds how long one edition's reads may hold up the other editions.
	catchUpTimeout = 2 * time.Second
	// maxEditions is how many editions one hub follows.
	maxEditions = 1000
)

var errManyEditions = errors.New("live: too many editions to follow")

// Source is the logs in Postgres. All reads must see what Bus.Publish was given, and so go to the
// primary.
type Source struct {
	// Past lists an edition's activities after seq in log order, at most limit, redacted, each with
	// the epoch that the log has now.
	Past func(ctx context.Context, edition events.ID, after int64, limit int) ([]events.Activity, error)
	// Head is the position of an edition's last activity; its seq is 0 when there is none.
	Head func(ctx context.Context, edition events.ID) (events.Position, error)
	// Editions lists the editions in which something may happen, and all that are still without any
	// activity. They are looked at twice a second.
	Editions func(ctx context.Context) ([]events.ID, error)
}

// Feed is this hub's copy of the newest part of every log. It is filled by Run; viewers read it
// through Follow, and what must see every activity through Tail.
type Feed struct {
	source Source
	pages  *pages
	now    func() time.Time
	log    *slog.Logger
	asking singleflight.Group // for heads and for catching up
	poll   time.Duration

	mu    sync.RWMutex
	rings map[events.ID]*ring
	added chan struct{} // closed when an edition is added
}

var _ events.Feed = (*Feed)(nil)

// NewFeed makes a Feed that holds nothing yet.
func NewFeed(source Source, now func() time.Time, log *slog.Logger) *Feed {
	return &Feed{
		source: source, pages: &pages{past: source.Past}, now: now, log: log, poll: pollEvery,
		rings: map[events.ID]*ring{}, added: make(chan struct{}),
	}
}

// ring finds an edition's ring. An edition that nobody has asked for yet gets one that begins at the
// head of its log. One without a log must be listed, so that nobody can have this hub follow editions
// that they made up.
func (f *Feed) ring(ctx context.Context, edition events.ID) (*ring, error) {
	if r := f.known(edition); r != nil {
		return r, nil
	}
	head, err := f.head(ctx, edition)
	if err != nil {
		return nil, err
	}
	if head.Seq == 0 {
		listed, err := f.source.Editions(ctx)
		if err != nil {
			return nil, fmt.Errorf("live: list editions: %w", err)
		}
		if !slices.Contains(listed, edition) {
			return nil, events.ErrNotFound
		}
	}
	return f.open(edition, head)
}

func (f *Feed) known(edition events.ID) *ring {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.rings[edition]
}

// open makes an edition's ring, which goes on after a position, unless there is one.
func (f *Feed) open(edition events.ID, at events.Position) (*ring, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r := f.rings[edition]; r != nil {
		return r, nil
	}
	if len(f.rings) >= maxEditions {
		return nil, errManyEditions
	}
	r := newRing(edition, at)
	f.rings[edition] = r
	close(f.added)
	f.added = make(chan struct{})
	return r, nil
}

// editions lists the rings, and gives a channel that is closed when there are more.
func (f *Feed) editions() (rings []*ring, more <-chan struct{}) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	for _, r := range f.rings {
		rings = append(rings, r)
	}
	return rings, f.added
}

// take offers activities of one edition to its ring.
func (f *Feed) take(r *ring, news []events.Activity) taken {
	result := r.take(news)
	if result.redacted {
		f.pages.forget()
	}
	return result
}

// head asks for the head of a log; those who ask at the same time get the same answer.
func (f *Feed) head(ctx context.Context, edition events.ID) (events.Position, error) {
	answer := f.asking.DoChan("head of "+edition.String(), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), catchUpTimeout)
		defer cancel()
		return f.source.Head(ctx, edition)
	})
	select {
	case <-ctx.Done():
		return events.Position{}, ctx.Err()
	case result := <-answer:
		if result.Err != nil {
			return events.Position{}, fmt.Errorf("live: read head of %s: %w", edition, result.Err)
		}
		return result.Val.(events.Position), nil
	}
}

// catchUp brings a ring to the head that its log has now; those who ask at the same time wait for
// the same reads. A log of another epoch restarts the ring.
func (f *Feed) catchUp(ctx context.Context, r *ring) error {
	answer := f.asking.DoChan("catch up with "+r.edition.String(), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), catchUpTimeout)
		defer cancel()
		return nil, f.read(ctx, r)
	})
	select {
	case <-ctx.Done():
		return ctx.Err()
	case result := <-answer:
		if result.Err != nil {
			return fmt.Errorf("live: catch up with %s: %w", r.edition, result.Err)
		}
		return nil
	}
}

func (f *Feed) read(ctx context.Context, r *ring) error {
	head, err := f.source.Head(ctx, r.edition)
	if err != nil {
		return err
	}
	at := r.position()
	if head.Epoch != at.Epoch {
		f.log.Warn("the log has a new epoch", "edition", r.edition, "was", at, "is", head)
		r.restart(head)
		f.pages.forget()
		return nil
	}
	if head.Seq-at.Seq > ringSize { // the ring would be overrun: leave the rest to pages
		at.Seq = head.Seq - ringSize
		r.restart(at)
	}
	for at.Seq < head.Seq {
		news, err := f.source.Past(ctx, r.edition, at.Seq, pageSize)
		if err != nil {
			return err
		}
		f.take(r, news)
		if now := r.position(); now.Seq > at.Seq {
			at = now
			continue
		}
		return fmt.Errorf("the log ends at %s but gives nothing after %s", head, at)
	}
	return nil
}
