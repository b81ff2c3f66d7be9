package eventstest

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/microgalleries/actionday/events"
)

type flagKey struct {
	event events.ID
	kind  events.FlagKind
}

// RaiseFlags implements events.FlagStore.
func (s *Store) RaiseFlags(_ context.Context, flags []events.Flag) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range flags {
		key := flagKey{f.EventID, f.Kind}
		if before, known := s.flags[key]; known {
			f.Count += before.Count
			if before.FirstAt.Before(f.FirstAt) {
				f.FirstAt = before.FirstAt
			}
			if before.LastAt.After(f.LastAt) {
				f.LastAt = before.LastAt
			}
		}
		s.flags[key] = f
	}
	return nil
}

// Flags implements events.FlagStore.
func (s *Store) Flags(_ context.Context, edition, event events.ID, limit int) (list []events.Flag, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.flags {
		ofEdition := edition.IsZero() || s.events[f.EventID].EditionID == edition
		if ofEdition && (event.IsZero() || f.EventID == event) {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(a, b events.Flag) int {
		return cmp.Or(b.LastAt.Compare(a.LastAt), compareIDs(a.EventID, b.EventID), cmp.Compare(a.Kind, b.Kind))
	})
	return list[:min(limit, len(list))], nil
}

// Meter is an events.Meter in memory that never forgets.
type Meter struct {
	mu   sync.Mutex
	used map[string]int
}

// Over implements events.Meter.
func (m *Meter) Over(_ context.Context, key string, pace events.Pace, n int) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.used == nil {
		m.used = map[string]int{}
	}
	over := max(0, m.used[key]+n-pace.Most)
	m.used[key] = min(m.used[key]+n, pace.Most)
	return over
}

// CodeKey is a key for check-in codes that no hub uses.
func CodeKey() []byte { return []byte("the key of codes that tests make.") }
