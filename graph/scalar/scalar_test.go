package scalar_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/microgalleries/actionday/graph/scalar"
)

func written(m graphql.Marshaler) string {
	var b bytes.Buffer
	m.MarshalGQL(&b)
	return b.String()
}

// form is a scalar as a pair: what it reads, and what it writes of that.
func form[T any](read func(any) (T, error), write func(T) graphql.Marshaler) func(any) (string, error) {
	return func(value any) (string, error) {
		v, err := read(value)
		if err != nil {
			return "", err
		}
		return written(write(v)), nil
	}
}

func TestEachScalarHasOneForm(t *testing.T) {
	t.Parallel()
	forms := map[string]func(any) (string, error){
		"ID":          form(scalar.UnmarshalID, scalar.MarshalID),
		"DateTime":    form(scalar.UnmarshalDateTime, scalar.MarshalDateTime),
		"LocalDate":   form(scalar.UnmarshalLocalDate, scalar.MarshalLocalDate),
		"LocalTime":   form(scalar.UnmarshalLocalTime, scalar.MarshalLocalTime),
		"LogPosition": form(scalar.UnmarshalLogPosition, scalar.MarshalLogPosition),
	}
	for _, c := range []struct {
		scalar string
		given  any
		want   string // "" for a refusal
	}{
		{"ID", "evt_06dndml801o090000000000004", `"evt_06dndml801o090000000000004"`},
		{"ID", nil, "null"},
		{"ID", "", "null"},
		{"ID", "evt_06DNDML801O090000000000004", ""},
		{"ID", "xyz_06dndml801o090000000000004", ""},
		{"ID", "evt_", ""},
		{"ID", 7, ""},
		{"ID", json.Number("7"), ""},

		{"DateTime", "2026-12-12T10:00:00Z", `"2026-12-12T10:00:00Z"`},
		{"DateTime", "2026-12-12T10:00:00.25+05:45", `"2026-12-12T04:15:00.25Z"`},
		{"DateTime", nil, "null"},
		{"DateTime", "2026-12-12", ""},
		{"DateTime", "2026-12-12 10:00:00", ""},
		{"DateTime", "2026-13-12T10:00:00Z", ""},
		{"DateTime", 1765533600, ""},

		{"LocalDate", "2026-12-12", `"2026-12-12"`},
		{"LocalDate", nil, "null"},
		{"LocalDate", "2026-02-30", ""},
		{"LocalDate", "12.12.2026", ""},
		{"LocalDate", "2026-12-12T00:00:00Z", ""},
		{"LocalDate", true, ""},

		{"LocalTime", "09:30", `"09:30"`},
		{"LocalTime", "23:59", `"23:59"`},
		{"LocalTime", "24:00", ""},
		{"LocalTime", "9.30", ""},
		{"LocalTime", "9pm", ""},
		{"LocalTime", 930, ""},

		{"LogPosition", "5f3a09c1-1234", `"5f3a09c1-1234"`},
		{"LogPosition", nil, "null"},
		{"LogPosition", "5f3a09c1", ""},
		{"LogPosition", "5f3a09c1--1", ""},
		{"LogPosition", "x-1", ""},
		{"LogPosition", 1234, ""},
	} {
		got, err := forms[c.scalar](c.given)
		if c.want == "" && err == nil || c.want != "" && (err != nil || got != c.want) {
			t.Errorf("%s %v: %s, %v; want %q", c.scalar, c.given, got, err, c.want)
		}
		if err != nil && (!strings.Contains(err.Error(), "such as") && !strings.Contains(err.Error(), "id") || len(err.Error()) > 200) {
			t.Errorf("%s %v: %q does not say what is right", c.scalar, c.given, err)
		}
	}
}

func TestRefusalsAreBadRequests(t *testing.T) {
	t.Parallel()
	_, err := scalar.UnmarshalDateTime(strings.Repeat("x", 10_000))
	refusal, ok := err.(*gqlerror.Error)
	if !ok || refusal.Extensions["code"] != "BAD_REQUEST" || len(refusal.Message) > 200 {
		t.Errorf("got %T %.300v", err, err)
	}
}

func FuzzScalars(f *testing.F) {
	for _, seed := range []string{"evt_06dndml801o090000000000004", "2026-12-12T10:00:00Z", "2026-12-12", "09:30", "5f3a09c1-1234", "\x00", "\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if id, err := scalar.UnmarshalID(text); err == nil && text != "" && written(scalar.MarshalID(id)) != `"`+text+`"` {
			t.Errorf("id %q comes back as %s", text, written(scalar.MarshalID(id)))
		}
		if at, err := scalar.UnmarshalDateTime(text); err == nil && text != "" {
			again, err := scalar.UnmarshalDateTime(strings.Trim(written(scalar.MarshalDateTime(at)), `"`))
			if !at.IsZero() && (err != nil || !again.Equal(at)) {
				t.Errorf("%q is %v, then %v (%v)", text, at, again, err)
			}
		}
		if d, err := scalar.UnmarshalLocalDate(text); err == nil && text != "" && (d.IsZero() || d.Month > time.December) {
			t.Errorf("%q is the date %v", text, d)
		}
		if p, err := scalar.UnmarshalLogPosition(text); err == nil && text != "" && p.Seq < 0 {
			t.Errorf("%q is the position %v", text, p)
		}
		_, _ = scalar.UnmarshalLocalTime(text)
	})
}
