package db

import (
	"context"
	"time"

	"github.com/microgalleries/actionday/events"
)

// StartsPerHour implements events.EventStore.
func (s *Store) StartsPerHour(
	ctx context.Context, edition events.ID, from time.Time, hours int,
) ([]int64, error) {
	var rows []struct {
		Hour  int
		Count int64
	}
	err := s.db.NewRaw(`
		select floor(extract(epoch from starts_at - ?::timestamptz) / 3600)::int as hour, count(*) as count
		from events
		where edition_id = ? and review = 'LISTED' and precision <> 'HIDDEN'
			and starts_at >= ? and starts_at < ?
		group by 1`, from, uid(edition), from, from.Add(time.Duration(hours)*time.Hour)).Scan(ctx, &rows)
	if err != nil {
		return nil, failure(ctx, "count starts per hour", err)
	}
	counts := make([]int64, hours)
	for _, row := range rows {
		counts[row.Hour] = row.Count
	}
	return counts, nil
}
