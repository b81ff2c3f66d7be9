package db

import (
	"database/sql/driver"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/microgalleries/actionday/events"
)

// uid is an ID as it is stored: the prefix follows from the column.
func uid(id events.ID) uuid.UUID { return uuid.UUID(id.UUID()) }

// uids is uid for a list.
func uids(ids []events.ID) []uuid.UUID {
	list := make([]uuid.UUID, len(ids))
	for i, id := range ids {
		list[i] = uid(id)
	}
	return list
}

// optional is uid for a column in which the zero ID is null.
func optional(id events.ID) uuid.NullUUID {
	return uuid.NullUUID{UUID: uid(id), Valid: !id.IsZero()}
}

// idOf reads a column written by optional.
func idOf(prefix events.Prefix, u uuid.NullUUID) events.ID {
	if !u.Valid {
		return events.ID{}
	}
	return events.NewID(prefix, u.UUID)
}

// date is a calendar date as a column; the zero date is null.
type date struct{ day events.LocalDate }

// Value implements driver.Valuer.
func (d date) Value() (driver.Value, error) {
	if d.day.IsZero() {
		return nil, nil
	}
	return d.day.String(), nil
}

// Scan implements sql.Scanner.
func (d *date) Scan(column any) error {
	switch value := column.(type) {
	case nil:
		d.day = events.LocalDate{}
	case time.Time:
		d.day = events.DateIn(value, time.UTC)
	default:
		return fmt.Errorf("a date cannot be read from a %T", column)
	}
	return nil
}

// hash is a SHA-256 as a column; 32 zero bytes are null.
type hash [32]byte

// bytes is the column, nil for null.
func (h hash) bytes() []byte {
	if h == (hash{}) {
		return nil
	}
	return h[:]
}

// Value implements driver.Valuer.
func (h hash) Value() (driver.Value, error) {
	if column := h.bytes(); column != nil {
		return column, nil
	}
	return nil, nil
}

// Scan implements sql.Scanner.
func (h *hash) Scan(column any) error {
	switch value := column.(type) {
	case nil:
		*h = hash{}
	case []byte:
		if copy(h[:], value) != len(h) {
			return fmt.Errorf("a hash has %d bytes, not %d", len(h), len(value))
		}
	default:
		return fmt.Errorf("a hash cannot be read from a %T", column)
	}
	return nil
}

// stored is an instant as Postgres keeps it: in UTC, to the microsecond.
func stored(at time.Time) time.Time { return at.UTC().Truncate(time.Microsecond) }

// dialect is Postgres as bun writes it, but for one thing: where a text holds the character 0,
// which no text in Postgres can, it writes an expression that Postgres refuses with the SQLSTATE
// of a bad character, instead of a broken statement.
type dialect struct{ *pgdialect.Dialect }

// AppendString implements schema.Dialect.
func (d dialect) AppendString(b []byte, text string) []byte {
	if strings.IndexByte(text, 0) >= 0 {
		return append(b, `convert_from('\x00', 'UTF8')`...)
	}
	return d.Dialect.AppendString(b, text)
}
