package db

import (
	"context"

	"github.com/uptrace/bun"
)

// NewEpoch gives the database another epoch, which makes every log position that was given out
// invalid. It must be called once after a restore from a backup: activities that were numbered
// after the backup are gone, and their numbers will be given again.
func (s *Store) NewEpoch(ctx context.Context) (uint32, error) {
	var value uint32
	err := s.db.NewRaw(`
		update epoch set value = 1 + (value +
			('x' || substr(md5(gen_random_uuid()::text), 1, 8))::bit(32)::bigint % 4294967294) % 4294967295
		returning value`).Scan(ctx, &value)
	return value, failure(ctx, "change the epoch", err)
}

// epoch reads the epoch of the database.
func epoch(ctx context.Context, db bun.IDB) (uint32, error) {
	var value uint32
	err := db.NewRaw("select value from epoch").Scan(ctx, &value)
	return value, failure(ctx, "read the epoch", err)
}
