package db

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

// flagRow is private: only this file reads it.
type flagRow struct {
	bun.BaseModel `bun:"table:private.flags"`

	EventID uuid.UUID
	Kind    events.FlagKind
	FirstAt time.Time
	LastAt  time.Time
	Count   int64
}

// RaiseFlags implements events.FlagStore.
func (s *Store) RaiseFlags(ctx context.Context, flags []events.Flag) error {
	rows := flagRows(flags)
	if len(rows) == 0 {
		return nil
	}
	return failure(ctx, "raise flags", s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		for part := range slices.Chunk(rows, maxRows) {
			_, err := tx.NewInsert().Model(&part).ModelTableExpr("private.flags as f").
				On("CONFLICT (event_id, kind) DO UPDATE").
				Set("first_at = least(f.first_at, excluded.first_at)").
				Set("last_at = greatest(f.last_at, excluded.last_at)").
				Set("count = f.count + excluded.count").Exec(ctx)
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

// flagRows adds up the flags of one event and kind, because a statement can change a row only once,
// in one order everywhere, so that two hubs cannot wait for each other.
func flagRows(flags []events.Flag) (rows []flagRow) {
	type one struct {
		event events.ID
		kind  events.FlagKind
	}
	at := map[one]int{}
	for _, f := range flags {
		row := flagRow{
			EventID: uid(f.EventID), Kind: f.Kind, FirstAt: stored(f.FirstAt), LastAt: stored(f.LastAt), Count: f.Count,
		}
		i, known := at[one{f.EventID, f.Kind}]
		if !known {
			at[one{f.EventID, f.Kind}] = len(rows)
			rows = append(rows, row)
			continue
		}
		rows[i].Count += row.Count
		rows[i].FirstAt = earlier(rows[i].FirstAt, row.FirstAt)
		if row.LastAt.After(rows[i].LastAt) {
			rows[i].LastAt = row.LastAt
		}
	}
	slices.SortFunc(rows, func(a, b flagRow) int {
		return cmp.Or(compare(a.EventID, b.EventID), cmp.Compare(a.Kind, b.Kind))
	})
	return rows
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// Flags implements events.FlagStore.
func (s *Store) Flags(ctx context.Context, edition, event events.ID, limit int) ([]events.Flag, error) {
	var rows []flagRow
	err := s.db.NewRaw(`
		select f.* from private.flags f join events e on e.id = f.event_id
		where (? or e.edition_id = ?) and (? or f.event_id = ?)
		order by f.last_at desc, f.event_id, f.kind limit ?`,
		edition.IsZero(), uid(edition), event.IsZero(), uid(event), limit).Scan(ctx, &rows)
	if err != nil {
		return nil, failure(ctx, "find flags", err)
	}
	list := make([]events.Flag, len(rows))
	for i, r := range rows {
		list[i] = events.Flag{
			EventID: events.NewID(events.EventPrefix, r.EventID), Kind: r.Kind,
			FirstAt: r.FirstAt.UTC(), LastAt: r.LastAt.UTC(), Count: r.Count,
		}
	}
	return list, nil
}

// clearFlags takes off what the changes clear.
func clearFlags(ctx context.Context, tx bun.Tx, changes []events.Change) error {
	for _, c := range changes { // stewards clear by hand, one at a time
		if c.Event == nil || c.Clears == "" {
			continue
		}
		_, err := tx.NewRaw("delete from private.flags where event_id = ? and kind = ?",
			uid(c.Event.ID), c.Clears).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}
