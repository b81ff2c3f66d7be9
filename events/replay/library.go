package replay

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/sync/singleflight"

	"github.com/microgalleries/actionday/events"
)

const (
	// maxReels is how many editions are kept wound up; the one that was asked for longest ago goes
	// first. A day of 100,000 events takes some ten megabytes.
	maxReels = 8
	// keptAnswers is how many instants are remembered with their numbers.
	keptAnswers = 512
	// pageSize is how many activities are read at once.
	pageSize = 1000
	// loadLimit bounds how long the reading of a whole log may take.
	loadLimit = 2 * time.Minute
	// waitLimit is how long somebody waits for it; they are told to come again.
	waitLimit = 15 * time.Second
)

// ErrReading says that the log is being read for the first time, and that it takes longer than
// anybody should wait for.
var ErrReading = errors.New("the replay is being read")

// Source is the logs in Postgres.
type Source struct {
	Edition func(ctx context.Context, id events.ID) (events.Edition, error)
	// Past lists an edition's activities after seq in log order, at most limit, redacted, each with
	// the epoch that the log has now.
	Past func(ctx context.Context, edition events.ID, after int64, limit int) ([]events.Activity, error)
	// Head is the position of an edition's last activity.
	Head func(ctx context.Context, edition events.ID) (events.Position, error)
}

// Library keeps the tapes of the editions that were asked for. Start and Apply are for a tail of the
// logs. All methods are safe for concurrent use.
type Library struct {
	source  Source
	now     func() time.Time
	log     *slog.Logger
	reading singleflight.Group
	answers *otter.Cache[instant, events.Counts]

	mu    sync.Mutex
	reels []*reel // the one asked for last at the end
}

var _ events.Replayer = (*Library)(nil)

// New makes an empty Library. Close it when it is not needed any more.
func New(source Source, now func() time.Time, log *slog.Logger) *Library {
	return &Library{
		source: source, now: now, log: log,
		answers: otter.Must(&otter.Options[instant, events.Counts]{
			MaximumSize: keptAnswers, Executor: func(work func()) { work() },
		}),
	}
}

// find is the reel of an edition that was asked for, or nil.
func (l *Library) find(edition events.ID) *reel {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.reels {
		if r.edition == edition {
			return r
		}
	}
	return nil
}

// take is the reel of an edition that is asked for now.
func (l *Library) take(edition events.ID) *reel {
	l.mu.Lock()
	defer l.mu.Unlock()
	asked := &reel{edition: edition, source: l.source}
	kept := l.reels[:0]
	for _, r := range l.reels {
		if r.edition == edition {
			asked = r
			continue
		}
		kept = append(kept, r)
	}
	if over := len(kept) - maxReels + 1; over > 0 {
		kept = append(kept[:0], kept[over:]...)
	}
	l.reels = append(kept, asked)
	return asked
}

// Start tells a tail where an edition's tape stands, or where its log ends if nobody wants a tape.
func (l *Library) Start(ctx context.Context, edition events.ID) (events.Position, error) {
	if r := l.find(edition); r != nil {
		if at, ok := r.position(); ok {
			return at, nil
		}
	}
	return l.source.Head(ctx, edition)
}

// Apply winds activities of one edition up, if anybody has asked for its replay. What the tape has
// already is left out, and what it misses is read.
func (l *Library) Apply(ctx context.Context, activities []events.Activity) error {
	if len(activities) == 0 {
		return nil
	}
	r := l.find(activities[0].EditionID)
	if r == nil {
		return nil
	}
	return r.extend(ctx, activities)
}

// open gives an edition's reel with its tape wound up to now. Those who ask while the log is being
// read wait for that one reading.
func (l *Library) open(ctx context.Context, edition events.ID) (*reel, error) {
	r := l.take(edition)
	if _, ready := r.position(); ready {
		return r, nil
	}
	read := l.reading.DoChan(edition.String(), func() (any, error) {
		if _, ready := r.position(); ready {
			return nil, nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadLimit)
		defer cancel()
		started := l.now()
		err := r.load(ctx)
		l.log.DebugContext(ctx, "a replay was read", "edition", edition, "took", l.now().Sub(started), "err", err)
		return nil, err
	})
	patience := time.NewTimer(waitLimit)
	defer patience.Stop()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-patience.C:
		return nil, ErrReading
	case result := <-read:
		if result.Err != nil {
			return nil, fmt.Errorf("replay: read the log of %s: %w", edition, result.Err)
		}
		return r, nil
	}
}
