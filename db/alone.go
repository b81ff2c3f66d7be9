package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// preparationLock is the advisory lock of Store.Alone: the letters "prepares".
const preparationLock = 0x7072657061726573

// Alone runs act while no other hub of the database runs such an act: the others wait until it has
// ended. It is for what is made once, such as the demo edition. It takes one connection beside those
// of act.
func (s *Store) Alone(ctx context.Context, act func() error) error {
	return alone(ctx, s.db.DB, preparationLock, act)
}

// alone runs act under an advisory lock, which ends with its connection should the hub die.
func alone(ctx context.Context, pool *sql.DB, lock int64, act func() error) (err error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("db: connect to lock: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	const wait = "set statement_timeout = 0; select pg_advisory_lock(%d); reset statement_timeout"
	if _, err := conn.ExecContext(ctx, fmt.Sprintf(wait, lock)); err != nil {
		return fmt.Errorf("db: wait for the lock: %w", err)
	}
	defer func() {
		_, errRelease := conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("select pg_advisory_unlock(%d)", lock))
		err = errors.Join(err, errRelease)
	}()
	return act()
}
