package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/microgalleries/actionday/events"
)

// The SQLSTATEs that mean something to the hub (Postgres manual, appendix A).
const (
	uniqueViolation      = "23505"
	foreignKeyViolation  = "23503"
	checkViolation       = "23514"
	badCharacter         = "22021" // not UTF-8, or the character 0
	untranslatable       = "22P05" // the character 0 in JSON
	serializationFailure = "40001"
	deadlock             = "40P01"
	lockNotAvailable     = "55P03"
	statementCancelled   = "57014"
)

// IsAway tells whether an error says that the server cannot be reached now, which may pass, and not
// that it has turned us away. A server that starts, stops or is full is away; so is a standby where
// the leader was asked for.
func IsAway(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		class := pg.Code[:min(2, len(pg.Code))]
		return class == "57" && pg.Code != statementCancelled || class == "53" || class == "08"
	}
	var connect *pgconn.ConnectError
	return errors.As(err, &connect)
}

// retryAfter is what a caller is told to wait, in seconds, when the database is too busy.
const retryAfter = 1

// failure is what the hub says about a failed statement: ErrNotFound, a Problem for the person, a
// BusyError, or the cause wrapped with what was tried ("save event evt_...").
// A statement that was cancelled because its caller has left fails with the caller's reason.
func failure(ctx context.Context, tried string, err error) error {
	var pg *pgconn.PgError
	var problem events.Problem
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows), errors.Is(err, events.ErrNotFound):
		return events.ErrNotFound
	case errors.As(err, &problem), errors.Is(err, events.ErrRepeated):
		return err
	case !errors.As(err, &pg):
		return fmt.Errorf("db: %s: %w", tried, err)
	}
	switch pg.Code {
	case statementCancelled:
		if ctx.Err() != nil {
			return fmt.Errorf("db: %s: %w: %w", tried, context.Cause(ctx), err)
		}
		return busy(tried, err)
	case uniqueViolation:
		return taken(pg.ConstraintName)
	case foreignKeyViolation:
		const message = "Something that this belongs to is not there."
		return events.Problem{Code: events.NotFound, Message: message}
	case checkViolation, badCharacter, untranslatable:
		const message = "This holds something that cannot be stored."
		return events.Problem{Code: events.Invalid, Message: message}
	case lockNotAvailable:
		return busy(tried, err)
	}
	if IsAway(err) { // it stops, it starts, it is full
		return busy(tried, err)
	}
	return fmt.Errorf("db: %s: %w", tried, err)
}

func busy(tried string, err error) error {
	return fmt.Errorf("db: %s: %w: %w", tried, &events.BusyError{RetryAfter: retryAfter}, err)
}

// taken is the Problem of a value that must be unique and is not.
func taken(constraint string) events.Problem {
	conflict := events.Problem{
		Code: events.Conflict, Message: "This exists already. Please load it again.",
	}
	switch constraint {
	case "events_slug_key", "editions_slug_key":
		conflict.Field, conflict.Message = "slug", "This short name is taken. Please choose another."
	case "events_link_key_key":
		conflict.Field, conflict.Message = "linkKey", "This link is taken. Please try again."
	case "events_source_key":
		conflict.Field, conflict.Message = "source", "This event was imported already."
	case "edition_themes_slug_key":
		conflict.Field, conflict.Message = "themes", "Two themes have the same short name."
	}
	return conflict
}

// stale is the Problem of a version that is no longer the newest.
func stale(what string) events.Problem {
	return events.Problem{
		Code: events.Conflict, Field: "version",
		Message: fmt.Sprintf("Somebody changed this %s meanwhile. Please load it again.", what),
	}
}

// mayPass tells whether the same transaction may succeed when it is tried again at once.
func mayPass(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == deadlock || pg.Code == serializationFailure)
}
