package eventstest

import (
	"context"
	"time"

	"github.com/microgalleries/actionday/events"
)

// StartsPerHour implements events.EventStore.
func (s *Store) StartsPerHour(
	_ context.Context, edition events.ID, from time.Time, hours int,
) ([]int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := make([]int64, hours)
	for _, e := range s.events {
		since := e.Schedule.StartsAt.Sub(from)
		if e.EditionID == edition && e.IsPublic() && e.Place.Precision != events.HiddenPrecision &&
			since >= 0 && since < time.Duration(hours)*time.Hour {
			counts[since/time.Hour]++
		}
	}
	return counts, nil
}
