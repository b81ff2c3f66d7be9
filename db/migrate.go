package db

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/migrate"

	"github.com/microgalleries/actionday/db/migrations"
)

// migrationLock is the advisory lock that hubs queue for when several boot at once: the letters
// "actionday" cut to eight bytes.
const migrationLock = 0x616374696f6e6461

// Migrate brings the database to the newest shape. It is safe to run from many hubs at once.
func (s *Store) Migrate(ctx context.Context) error { return Migrate(ctx, s.db.DB) }

// Rollback undoes the steps that the last Migrate applied.
func (s *Store) Rollback(ctx context.Context) error {
	return locked(ctx, s.db.DB, func(m *migrate.Migrator) error {
		_, err := m.Rollback(ctx)
		return err
	})
}

// Migrate is Store.Migrate for a database that is open already. It needs two connections.
func Migrate(ctx context.Context, pool *sql.DB) error {
	return locked(ctx, pool, func(m *migrate.Migrator) error {
		if err := m.Init(ctx); err != nil {
			return err
		}
		_, err := m.Migrate(ctx)
		return err
	})
}

// locked runs act while no other hub migrates. bun's own lock is a row that outlives a crash and
// makes the second hub fail.
func locked(ctx context.Context, pool *sql.DB, act func(*migrate.Migrator) error) error {
	return alone(ctx, pool, migrationLock, func() error {
		steps := migrate.NewMigrations()
		if err := steps.Discover(migrations.Files); err != nil {
			return fmt.Errorf("db: read the migrations: %w", err)
		}
		db := bun.NewDB(pool, pgdialect.New())
		migrator := migrate.NewMigrator(db, steps,
			migrate.WithMarkAppliedOnSuccess(true), migrate.BeforeMigration(withoutTimeout))
		if err := act(migrator); err != nil {
			return fmt.Errorf("db: migrate: %w", err)
		}
		return nil
	})
}

// withoutTimeout lets a step take its time: an index over a large table may.
func withoutTimeout(ctx context.Context, db bun.IConn, _ *migrate.Migration) error {
	_, err := db.ExecContext(ctx, "set local statement_timeout = 0")
	return err
}
