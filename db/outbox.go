package db

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

// newsRow is an activity on its way: in the outbox, and with seq and deltas in the log.
type newsRow struct {
	bun.BaseModel `bun:"table:outbox"`

	ActivityID uuid.UUID
	EditionID  uuid.UUID
	Kind       events.ActivityKind
	EventID    uuid.NullUUID
	At         time.Time
	Card       json.RawMessage `bun:"type:jsonb,nullzero"`
	Count      int64
	Tombstone  bool
	Redacts    events.Redaction
}

// enqueue puts news into the outbox in order. It must come after the statements that lock what
// the news is about, so that the outbox has the news of one event in the order of its versions.
func enqueue(ctx context.Context, tx bun.Tx, news []events.Activity) error {
	if len(news) == 0 {
		return nil
	}
	rows := make([]newsRow, len(news))
	for i, a := range news {
		row, err := newNewsRow(a)
		if err != nil {
			return err
		}
		rows[i] = row
	}
	if err := redactWaiting(ctx, tx, news); err != nil {
		return err
	}
	for start := 0; start < len(rows); start += maxRows {
		part := rows[start:min(start+maxRows, len(rows))]
		if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func newNewsRow(a events.Activity) (newsRow, error) {
	row := newsRow{
		ActivityID: uid(a.ID), EditionID: uid(a.EditionID), Kind: a.Kind, EventID: optional(a.EventID),
		At: a.At, Count: a.Count, Tombstone: a.Tombstone, Redacts: a.Redacts,
	}
	if a.Card == nil {
		return row, nil
	}
	var err error
	row.Card, err = json.Marshal(a.Card)
	return row, err
}

func (r newsRow) activity() (events.Activity, error) {
	a := events.Activity{
		ID:        events.NewID(events.ActivityPrefix, r.ActivityID),
		EditionID: events.NewID(events.EditionPrefix, r.EditionID),
		Kind:      r.Kind, EventID: idOf(events.EventPrefix, r.EventID), At: r.At.UTC(),
		Count: r.Count, Tombstone: r.Tombstone, Redacts: r.Redacts,
	}
	if len(r.Card) == 0 {
		return a, nil
	}
	a.Card = &events.EventCard{}
	return a, json.Unmarshal(r.Card, a.Card)
}
