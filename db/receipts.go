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

type receiptRow struct {
	bun.BaseModel `bun:"table:private.receipts"`

	Scope     string
	Key       string
	Act       string
	InputHash []byte
	Answer    []byte
	At        time.Time
}

// Receipt implements events.EventStore.
func (s *Store) Receipt(ctx context.Context, scope, key string) (events.Receipt, error) {
	var row receiptRow
	err := s.db.NewRaw("select * from private.receipts where scope = ? and key = ?",
		scope, key).Scan(ctx, &row)
	if err != nil {
		return events.Receipt{}, failure(ctx, "find a receipt", err)
	}
	r := events.Receipt{Scope: row.Scope, Key: row.Key, Act: row.Act, Answer: row.Answer, At: row.At.UTC()}
	copy(r.InputHash[:], row.InputHash)
	return r, nil
}

// saveReceipts stores the receipts of changes before anything else, so that the twin of a request
// waits here until the first is stored and then learns that it is repeated.
func saveReceipts(ctx context.Context, tx bun.Tx, changes []events.Change) error {
	var rows []receiptRow
	for _, c := range changes {
		if r := c.Receipt; r != nil {
			answer := append([]byte{}, r.Answer...)
			rows = append(rows, receiptRow{
				Scope: r.Scope, Key: r.Key, Act: r.Act, InputHash: r.InputHash[:], Answer: answer, At: r.At,
			})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	slices.SortFunc(rows, func(a, b receiptRow) int {
		return cmp.Or(cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Key, b.Key))
	})
	done, err := tx.NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n != int64(len(rows)) {
		return events.ErrRepeated
	}
	return nil
}

type auditRow struct {
	bun.BaseModel `bun:"table:private.audit"`

	EventID   uuid.UUID
	AccountID uuid.NullUUID
	Act       string
	Reason    string
	At        time.Time
}

func saveAudit(ctx context.Context, tx bun.Tx, changes []events.Change) error {
	var rows []auditRow
	for _, c := range changes {
		if c.Event != nil && c.Audit.Act != "" {
			rows = append(rows, auditRow{
				EventID: uid(c.Event.ID), AccountID: optional(c.Audit.By), Act: c.Audit.Act,
				Reason: c.Audit.Reason, At: c.At,
			})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}
