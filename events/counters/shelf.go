package counters

import (
	"context"
	"maps"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/microgalleries/actionday/events"
)

const (
	// truthLife is how long this hub answers with numbers from Postgres that it has read already.
	truthLife = 250 * time.Millisecond
	// lookLife is how long it answers with numbers from Redis, unless it applies something itself: a
	// read of all countries and themes takes a millisecond.
	lookLife = 20 * time.Millisecond
	// readTimeout bounds one read. It belongs to the read and not to who asked first, because others
	// wait for the same answer.
	readTimeout = 2 * time.Second
	// maxShelved is of how many editions a hub keeps the numbers.
	maxShelved = 1000
)

// shelf reads counts for many who ask at once, and keeps them for a moment.
type shelf struct {
	read    func(ctx context.Context, edition events.ID) (events.Counts, error)
	life    time.Duration
	now     func() time.Time
	reading singleflight.Group

	mu   sync.Mutex
	kept map[events.ID]shelved
}

type shelved struct {
	counts events.Counts
	until  time.Time
}

func newShelf(
	read func(context.Context, events.ID) (events.Counts, error), life time.Duration, now func() time.Time,
) *shelf {
	return &shelf{read: read, life: life, now: now, kept: map[events.ID]shelved{}}
}

// counts gives an edition's counts, which are the caller's to change.
func (s *shelf) counts(ctx context.Context, edition events.ID) (events.Counts, error) {
	if counts, ok := s.find(edition); ok {
		return counts, nil
	}
	answer := s.reading.DoChan(edition.String(), func() (any, error) {
		if counts, ok := s.find(edition); ok {
			return counts, nil // the read that we wanted to wait for ended before we could
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTimeout)
		defer cancel()
		counts, err := s.read(ctx, edition)
		if err == nil {
			s.keep(edition, counts)
		}
		return counts, err
	})
	select {
	case <-ctx.Done():
		return events.Counts{}, ctx.Err()
	case result := <-answer:
		if result.Err != nil {
			return events.Counts{}, result.Err
		}
		return own(result.Val.(events.Counts)), nil
	}
}

func (s *shelf) find(edition events.ID) (events.Counts, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, ok := s.kept[edition]
	if !ok || !s.now().Before(kept.until) {
		return events.Counts{}, false
	}
	return own(kept.counts), true
}

func (s *shelf) keep(edition events.ID, counts events.Counts) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) >= maxShelved {
		clear(s.kept)
	}
	s.kept[edition] = shelved{counts, s.now().Add(s.life)}
}

// forget has the next who asks read an edition's counts again.
func (s *shelf) forget(edition events.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.kept, edition)
}

func own(counts events.Counts) events.Counts {
	counts.Tallies = maps.Clone(counts.Tallies)
	return counts
}
