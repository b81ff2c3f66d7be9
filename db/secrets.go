package db

import (
	"context"
	"crypto/rand"
)

// Secret is a random key of 32 bytes that all hubs of this database share under a name. It is made
// when it is first asked for.
func (s *Store) Secret(ctx context.Context, name string) ([]byte, error) {
	var fresh [32]byte
	_, _ = rand.Read(fresh[:]) // never fails: it ends the program instead
	var value []byte
	err := s.db.NewRaw(`
		with made as (
			insert into private.secrets (name, value) values (?, ?)
			on conflict (name) do nothing returning value)
		select value from made union all select value from private.secrets where name = ? limit 1`,
		name, fresh[:], name).Scan(ctx, &value)
	return value, failure(ctx, "read a secret", err)
}
