package db

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

type mailRow struct {
	bun.BaseModel `bun:"table:private.mails"`

	ID        uuid.UUID
	Recipient string
	Subject   string
	Body      string
	Attempts  int
	WrittenAt time.Time
	DueAt     time.Time
}

func enqueueMail(ctx context.Context, tx bun.Tx, m events.Mail) error {
	row := mailRow{
		ID: uid(m.ID), Recipient: m.To, Subject: m.Subject, Body: m.Text, Attempts: m.Attempts,
		WrittenAt: m.At, DueAt: m.At,
	}
	_, err := tx.NewInsert().Model(&row).Exec(ctx)
	return err
}

// TakeMail implements events.AccountStore. Attempts counts this one, too. The lease doubles with
// each attempt, so the time until a mail that failed comes back is its back-off.
func (s *Store) TakeMail(ctx context.Context, now time.Time, lease time.Duration) (events.Mail, error) {
	var row mailRow
	err := s.db.NewRaw(`
		update private.mails set attempts = attempts + 1,
			due_at = ?::timestamptz + make_interval(secs => ? * 2 ^ attempts)
		where id = (
			select id from private.mails where due_at <= ? and attempts < ?
			order by written_at, id limit 1 for update skip locked)
		returning *`, now, lease.Seconds(), now, events.MaxMailAttempts).Scan(ctx, &row)
	if err != nil {
		return events.Mail{}, failure(ctx, "take a mail", err)
	}
	return events.Mail{
		ID: events.NewID(events.MailPrefix, row.ID), To: row.Recipient, Subject: row.Subject,
		Text: row.Body, Attempts: row.Attempts, At: row.WrittenAt.UTC(),
	}, nil
}

// MailSent implements events.AccountStore.
func (s *Store) MailSent(ctx context.Context, id events.ID) error {
	_, err := s.db.NewRaw("delete from private.mails where id = ?", uid(id)).Exec(ctx)
	return failure(ctx, "remove mail "+id.String(), err)
}
