package db

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

const (
	// ReceiptsLast is how long the first answer to an act can be had again: longer than any client
	// retries.
	ReceiptsLast = 7 * 24 * time.Hour
	// MailsLast is how long a mail that could not be sent is kept for the operator to see.
	MailsLast = 3 * 24 * time.Hour
)

// Sweep removes what has lost its use by now: sessions and sign-in links that have expired, old
// receipts, mail that was given up. It tells how many rows went.
func (s *Store) Sweep(ctx context.Context, now time.Time) (swept int64, err error) {
	err = s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		swept = 0
		for _, old := range []struct {
			from string
			args []any
		}{
			{"private.sessions where expires_at <= ?", []any{now}},
			{"private.sign_in_links where expires_at <= ?", []any{now}},
			{"private.receipts where at <= ?", []any{now.Add(-ReceiptsLast)}},
			{
				"private.mails where attempts >= ? and written_at <= ?",
				[]any{events.MaxMailAttempts, now.Add(-MailsLast)},
			},
		} {
			done, err := tx.NewRaw("delete from "+old.from, old.args...).Exec(ctx)
			if err != nil {
				return err
			}
			n, err := done.RowsAffected()
			if err != nil {
				return err
			}
			swept += n
		}
		return nil
	})
	return swept, failure(ctx, "sweep", err)
}
