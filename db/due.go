package db

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

// EventsDue implements events.EventStore. The two halves are apart because each has its own index,
// and the states stand literally because those indexes name them.
func (s *Store) EventsDue(
	ctx context.Context, at time.Time, grace time.Duration, limit int,
) ([]events.Event, error) {
	var rows []eventRow
	over := bun.List([]events.Stage{events.FrozenStage, events.ArchivedStage})
	err := s.db.NewRaw(`
		with running as (select id from editions where stage not in (?)),
		due as (
			(select id from events
			where review = 'LISTED' and day in ('PLANNED', 'CONFIRMED', 'MOVED', 'WENT_DIGITAL')
				and starts_at <= ? and edition_id in (select id from running)
			order by starts_at, id limit ?)
			union all
			(select id from events
			where review = 'LISTED' and day = 'LIVE'
				and ends_at <= ? and (day_by = ? or ends_at <= ?)
				and edition_id in (select id from running)
			order by ends_at, id limit ?))
		select`+eventColumns+` from due join events e using (id) left join standings s on s.event_id = e.id
		order by e.starts_at, e.id limit ?`,
		over, at, limit, at, events.ByClock, at.Add(-grace), limit, limit).Scan(ctx, &rows)
	if err != nil {
		return nil, failure(ctx, "find events that are due", err)
	}
	return eventsOf(rows), nil
}
