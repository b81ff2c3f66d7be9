package db

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/microgalleries/actionday/events"
)

// Backlog is how far the log has come and what still waits for a number.
type Backlog struct {
	Heads   map[events.ID]int64
	Waiting int64
	Oldest  time.Time // when what waits longest happened; zero when nothing waits
}

// Backlog is for the operator's gauges.
func (s *Store) Backlog(ctx context.Context) (Backlog, error) {
	var rows []struct {
		EditionID uuid.UUID
		Seq       int64
		Waiting   int64
		Oldest    time.Time `bun:",nullzero"`
	}
	err := s.db.NewRaw(`
		select h.edition_id, h.seq, o.waiting, o.oldest
		from heads h cross join (select count(*) as waiting, min(at) as oldest from outbox) o`).Scan(ctx, &rows)
	if err != nil {
		return Backlog{}, failure(ctx, "look at the backlog", err)
	}
	b := Backlog{Heads: map[events.ID]int64{}}
	for _, row := range rows {
		b.Heads[events.NewID(events.EditionPrefix, row.EditionID)] = row.Seq
		b.Waiting, b.Oldest = row.Waiting, row.Oldest
	}
	return b, nil
}
