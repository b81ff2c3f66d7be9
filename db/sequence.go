package db

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

// maxSequence is how many activities are moved in one transaction at most.
const maxSequence = 5000

// Sequence implements events.LogStore.
//
// The row lock on an edition's head elects its sequencer: another one skips the edition, and the
// lock dies with the connection of a hub that crashes. Under the lock, and only there, outbox rows
// get numbers, in the order of their ids; whatever commits later gets later numbers. All of it is
// one transaction, so either the log, the standings, the counters and the head have moved or none.
func (s *Store) Sequence(ctx context.Context, limit int) ([]events.Activity, error) {
	var waiting bool
	err := s.db.NewRaw("select exists (select from outbox)").Scan(ctx, &waiting)
	if err != nil || !waiting {
		return nil, failure(ctx, "look into the outbox", err)
	}
	var moved []events.Activity
	err = s.inTx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		moved, err = sequence(ctx, tx, min(limit, maxSequence))
		return err
	})
	if err != nil {
		return nil, failure(ctx, "sequence the outbox", err)
	}
	return moved, nil
}

func sequence(ctx context.Context, tx bun.Tx, limit int) ([]events.Activity, error) {
	heads, err := lockHeads(ctx, tx)
	if err != nil || len(heads) == 0 {
		return nil, err
	}
	list, err := takeNews(ctx, tx, heads, limit)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	current, err := epoch(ctx, tx)
	if err != nil {
		return nil, err
	}
	taken, err := redactionBy(list)
	if err != nil {
		return nil, err
	}
	if err := illustrate(ctx, tx, list); err != nil {
		return nil, err
	}
	redactBatch(list)
	for i := range list {
		heads.number(&list[i], current)
	}
	if err := fold(ctx, tx, list); err != nil {
		return nil, err
	}
	if err := redactLog(ctx, tx, taken); err != nil {
		return nil, err
	}
	if err := appendLog(ctx, tx, list); err != nil {
		return nil, err
	}
	return list, heads.save(ctx, tx)
}

// takeNews removes the oldest rows of the outbox, by edition and in order.
func takeNews(ctx context.Context, tx bun.Tx, h heads, limit int) ([]events.Activity, error) {
	var rows []newsRow
	err := tx.NewRaw(`
		with taken as (
			delete from outbox where id in (
				select id from outbox where edition_id in (?) order by id limit ?)
			returning *)
		select activity_id, edition_id, kind, event_id, at, card, count, tombstone, redacts
		from taken order by edition_id, id`, bun.List(h.editions()), limit).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	list := make([]events.Activity, len(rows))
	for i, row := range rows {
		if list[i], err = row.activity(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// redactBatch lets the activities of one batch take back from each other.
func redactBatch(list []events.Activity) {
	for i, later := range list {
		if later.Redacts == events.RedactNothing {
			continue
		}
		for j := range list[:i] {
			if list[j].EventID == later.EventID {
				list[j] = list[j].Redact(later)
			}
		}
	}
}

// logRow is an activity in the log.
type logRow struct {
	bun.BaseModel `bun:"table:activities"`

	Seq     int64
	ID      uuid.UUID
	Deltas  json.RawMessage `bun:"type:jsonb"`
	EventID uuid.NullUUID
	Kind    events.ActivityKind

	EditionID uuid.UUID
	At        time.Time
	Card      json.RawMessage `bun:"type:jsonb,nullzero"`
	Count     int64
	Tombstone bool
	Redacts   events.Redaction
}

func appendLog(ctx context.Context, tx bun.Tx, list []events.Activity) error {
	rows := make([]logRow, len(list))
	for i, a := range list {
		row, err := newLogRow(a)
		if err != nil {
			return err
		}
		rows[i] = row
	}
	for start := 0; start < len(rows); start += maxRows {
		part := rows[start:min(start+maxRows, len(rows))]
		if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func newLogRow(a events.Activity) (logRow, error) {
	news, err := newNewsRow(a)
	if err != nil {
		return logRow{}, err
	}
	row := logRow{
		Seq: a.Seq, ID: news.ActivityID, Deltas: json.RawMessage("[]"), EventID: news.EventID,
		Kind: a.Kind, EditionID: news.EditionID, At: a.At, Card: news.Card, Count: a.Count,
		Tombstone: a.Tombstone, Redacts: a.Redacts,
	}
	if len(a.Deltas) > 0 {
		row.Deltas, err = json.Marshal(a.Deltas)
	}
	return row, err
}

func (r logRow) activity(epoch uint32) (events.Activity, error) {
	news := newsRow{
		ActivityID: r.ID, EditionID: r.EditionID, Kind: r.Kind, EventID: r.EventID, At: r.At,
		Card: r.Card, Count: r.Count, Tombstone: r.Tombstone, Redacts: r.Redacts,
	}
	a, err := news.activity()
	if err != nil {
		return a, err
	}
	a.Seq, a.Epoch = r.Seq, epoch
	err = json.Unmarshal(r.Deltas, &a.Deltas)
	if len(a.Deltas) == 0 {
		a.Deltas = nil
	}
	return a, err
}
