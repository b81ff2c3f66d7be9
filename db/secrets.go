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
	// The update changes nothing; it makes the statement wait for, and return, the key of another
	// hub that asks at this moment.
	err := s.db.NewRaw(`
		insert into private.secrets (name, value) values (?, ?)
		on conflict (name) do update set name = excluded.name returning value`,
		name, fresh[:]).Scan(ctx, &value)
	return value, failure(ctx, "read a secret", err)
}
