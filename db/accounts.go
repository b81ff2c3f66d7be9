package db

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

type accountRow struct {
	bun.BaseModel `bun:"table:private.accounts"`

	ID     uuid.UUID
	Email  string
	Roles  textList
	HostID uuid.NullUUID
}

// Account implements events.AccountStore.
func (s *Store) Account(ctx context.Context, id events.ID) (events.Account, error) {
	var row accountRow
	err := s.db.NewRaw("select * from private.accounts where id = ?", uid(id)).Scan(ctx, &row)
	if err != nil {
		return events.Account{}, failure(ctx, "find account "+id.String(), err)
	}
	return row.account(), nil
}

// grant finds the account of an address, or makes it, and adds roles to it.
func grant(
	ctx context.Context, tx bun.Tx, email string, roles textList, newAccount events.ID,
) (events.Account, error) {
	var row accountRow
	err := tx.NewRaw(`
		insert into private.accounts as a (id, email, roles) values (?, ?, ?)
		on conflict (email) do update set roles = a.roles || array(
			select role from unnest(excluded.roles) with ordinality given(role, ordinal)
			where role <> all (a.roles) order by ordinal)
		returning *`, uid(newAccount), email, roles).Scan(ctx, &row)
	return row.account(), err
}

// ownHost makes an account the owner of a host and gives it the role HOST. Imported hosts have
// nobody behind them: the zero account is nobody.
func ownHost(ctx context.Context, tx bun.Tx, account, host events.ID) error {
	if account.IsZero() {
		return nil
	}
	done, err := tx.NewRaw(`
		update private.accounts set host_id = ?,
			roles = case when ? = any (roles) then roles else roles || array[?]::text[] end
		where id = ?`, uid(host), events.HostRole, events.HostRole, uid(account)).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return events.ErrNotFound
	}
	return nil
}

func (r accountRow) account() events.Account {
	return events.Account{
		ID: events.NewID(events.AccountPrefix, r.ID), Email: r.Email,
		Roles: listOf[events.Role](r.Roles), HostID: idOf(events.HostPrefix, r.HostID),
	}
}
