// Package scalar writes and reads the values of the API that GraphQL itself does not know: ids,
// instants, calendar dates, wall times and log positions. Each has one form, and whatever has
// another is refused with a sentence that shows the right one. The zero value of each is null.
package scalar

import (
	"encoding"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph/fault"
)

// MarshalID writes an id's text form.
func MarshalID(id events.ID) graphql.Marshaler {
	if id.IsZero() {
		return graphql.Null
	}
	return text(id)
}

// UnmarshalID reads an id's text form.
func UnmarshalID(value any) (id events.ID, err error) {
	raw, err := textOf("an id such as evt_0697p3c8lkd9t6ejh4r8qv5m00", value)
	if err != nil || raw == "" {
		return events.ID{}, err
	}
	if id, err = events.ParseID(raw); err != nil {
		return id, fault.New(fault.BadRequest, "%s", err)
	}
	return id, nil
}

// MarshalDateTime writes an instant in UTC, to the second or as finely as it is known.
func MarshalDateTime(at time.Time) graphql.Marshaler {
	if at.IsZero() {
		return graphql.Null
	}
	return quoted(at.UTC().Format(time.RFC3339Nano))
}

// UnmarshalDateTime reads RFC 3339 with any offset.
func UnmarshalDateTime(value any) (time.Time, error) {
	const form = "an instant such as 2026-12-12T10:00:00Z"
	raw, err := textOf(form, value)
	if err != nil || raw == "" {
		return time.Time{}, err
	}
	at, err := time.Parse(time.RFC3339Nano, raw)
	if err != nil {
		return time.Time{}, fault.New(fault.BadRequest, "%.40q is not %s.", raw, form)
	}
	return at.UTC(), nil
}

// MarshalLocalDate writes YYYY-MM-DD.
func MarshalLocalDate(d events.LocalDate) graphql.Marshaler {
	if d.IsZero() {
		return graphql.Null
	}
	return text(d)
}

// UnmarshalLocalDate reads YYYY-MM-DD.
func UnmarshalLocalDate(value any) (d events.LocalDate, err error) {
	raw, err := textOf("a date such as 2026-12-12", value)
	if err != nil || raw == "" {
		return d, err
	}
	return events.ParseLocalDate(raw)
}

// MarshalLocalTime writes HH:MM.
func MarshalLocalTime(t events.LocalTime) graphql.Marshaler { return text(t) }

// UnmarshalLocalTime reads HH:MM.
func UnmarshalLocalTime(value any) (events.LocalTime, error) {
	raw, err := textOf("a time such as 09:30", value)
	if err != nil {
		return 0, err
	}
	return events.ParseLocalTime(raw)
}

// MarshalLogPosition writes a position's text form.
func MarshalLogPosition(p events.Position) graphql.Marshaler {
	if p == (events.Position{}) {
		return graphql.Null
	}
	return text(p)
}

// UnmarshalLogPosition reads a position's text form; empty text is no position.
func UnmarshalLogPosition(value any) (p events.Position, err error) {
	raw, err := textOf("a log position such as 5f3a09c1-1234", value)
	if err != nil || raw == "" {
		return p, err
	}
	return events.ParsePosition(raw)
}

// textOf is the text of a value that was given as a string; null is no text.
func textOf(form string, value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	}
	return "", fault.New(fault.BadRequest, "%.40s is not %s.", fmt.Sprint(value), form)
}

func text(v encoding.TextMarshaler) graphql.Marshaler {
	raw, err := v.MarshalText()
	if err != nil { // none of ours can fail
		return graphql.Null
	}
	return quoted(string(raw))
}

// quoted writes ASCII text that needs no escapes but the quotes.
func quoted(s string) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(s)) })
}
