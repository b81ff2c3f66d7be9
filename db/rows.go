package db

import (
	"database/sql"

	"github.com/microgalleries/actionday/events"
)

// maxRows is how many rows go into one statement. It keeps statements to a few megabytes.
const maxRows = 500

// one is the only object of a list, or ErrNotFound.
func one[T any](list []T, err error) (T, error) {
	var none T
	if err != nil {
		return none, err
	}
	if len(list) == 0 {
		return none, events.ErrNotFound
	}
	return list[0], nil
}

// changedOne says that an update by version that met no row was stale.
func changedOne(done sql.Result, err error, what string) error {
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return stale(what)
	}
	return nil
}
