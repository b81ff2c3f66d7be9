package db

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

type linkRow struct {
	bun.BaseModel `bun:"table:private.sign_in_links"`

	Email       string
	TokenHash   hash
	BrowserHash hash
	Roles       textList
	ExpiresAt   time.Time
}

// SaveSignInLink implements events.AccountStore.
func (s *Store) SaveSignInLink(ctx context.Context, link events.SignInLink, mail *events.Mail) error {
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		row := linkRow{
			Email: link.Email, TokenHash: link.TokenHash, BrowserHash: link.BrowserHash,
			Roles: texts(link.Roles), ExpiresAt: link.ExpiresAt,
		}
		_, err := tx.NewInsert().Model(&row).On("CONFLICT (email) DO UPDATE").
			Set("token_hash = excluded.token_hash, browser_hash = excluded.browser_hash").
			Set("roles = excluded.roles, expires_at = excluded.expires_at").Exec(ctx)
		if err != nil || mail == nil {
			return err
		}
		return enqueueMail(ctx, tx, *mail)
	})
	return failure(ctx, "save a sign-in link", err)
}

// UseSignInLink implements events.AccountStore.
func (s *Store) UseSignInLink(
	ctx context.Context, token, browser [32]byte, newAccount events.ID, now time.Time,
) (account events.Account, err error) {
	err = s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		link, err := findLink(ctx, tx, token, browser, now)
		if err != nil {
			return err
		}
		_, err = tx.NewRaw("delete from private.sign_in_links where email = ?", link.Email).Exec(ctx)
		if err != nil {
			return err
		}
		account, err = grant(ctx, tx, link.Email, texts(link.Roles), newAccount)
		return err
	})
	return account, failure(ctx, "use a sign-in link", err)
}

// findLink locks a link that may be used now, from this browser.
func findLink(ctx context.Context, tx bun.Tx, token, browser hash, now time.Time) (linkRow, error) {
	var link linkRow
	err := tx.NewRaw("select * from private.sign_in_links where token_hash = ? for update",
		token).Scan(ctx, &link)
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && !now.Before(link.ExpiresAt):
		return link, events.Problem{
			Code: events.LinkExpired, Field: "token",
			Message: "This sign-in link is used, replaced or too old. Please ask for a new one.",
		}
	case err == nil && link.BrowserHash != (hash{}) && link.BrowserHash != browser:
		return link, events.Problem{
			Code: events.WrongBrowser, Field: "token",
			Message: "Please open this link in the browser in which you asked for it.",
		}
	}
	return link, err
}

// SaveSession implements events.AccountStore.
func (s *Store) SaveSession(ctx context.Context, session events.Session) error {
	_, err := s.db.NewRaw(`
		insert into private.sessions (token_hash, account_id, expires_at) values (?, ?, ?)
		on conflict (token_hash) do update set expires_at = excluded.expires_at`,
		hash(session.TokenHash), uid(session.Account.ID), session.ExpiresAt).Exec(ctx)
	return failure(ctx, "save a session", err)
}

// Session implements events.AccountStore.
func (s *Store) Session(ctx context.Context, token [32]byte, now time.Time) (events.Session, error) {
	var row struct {
		ID        uuid.UUID
		Email     string
		Roles     textList
		HostID    uuid.NullUUID
		ExpiresAt time.Time
	}
	err := s.db.NewRaw(`
		select a.id, a.email, a.roles, a.host_id, s.expires_at
		from private.sessions s join private.accounts a on a.id = s.account_id
		where s.token_hash = ? and s.expires_at > ?`, hash(token), now).Scan(ctx, &row)
	if err != nil {
		return events.Session{}, failure(ctx, "find a session", err)
	}
	account := accountRow{ID: row.ID, Email: row.Email, Roles: row.Roles, HostID: row.HostID}
	return events.Session{
		TokenHash: token, Account: account.account(), ExpiresAt: row.ExpiresAt.UTC(),
	}, nil
}

// EndSession implements events.AccountStore. Ending an unknown session is no failure.
func (s *Store) EndSession(ctx context.Context, token [32]byte) error {
	_, err := s.db.NewRaw("delete from private.sessions where token_hash = ?", hash(token)).Exec(ctx)
	return failure(ctx, "end a session", err)
}
