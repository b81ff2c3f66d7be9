package pages

import (
	"crypto/rand"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/microgalleries/actionday/events"
)

// How many bytes a form may have. The largest event form is a story of events.MaxStory characters
// of four bytes, each written as three.
const (
	smallForm = 16 << 10
	eventForm = 512 << 10
)

// formMedia is the media type of the forms of this package.
const formMedia = "application/x-www-form-urlencoded"

// readForm reads the body of a post within a limit. Anything but a plain form is a bad request.
func readForm(w http.ResponseWriter, r *http.Request, limit int64) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.Header.Get("Content-Type") != "" && (err != nil || kind != formMedia) {
		return nil, events.Problem{Code: events.Invalid, Message: "Please send the form of this page."}
	}
	if err := r.ParseForm(); err != nil {
		if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
			return nil, large
		}
		return nil, events.Problem{Code: events.Invalid, Message: "This form could not be read."}
	}
	return r.PostForm, nil
}

// newKey makes the idempotency key of one drawn form: sending that form twice makes one change.
func newKey() string { return rand.Text() }

// form is a form as it is shown: what is in its fields and what is wrong with them.
type form struct {
	tongue
	values   url.Values
	problems events.Problems
}

// fieldProblem is one line of the summary above a form.
type fieldProblem struct {
	Field string // id of the input to jump to, "" for none
	Text  string
}

// Value is what stands in a field.
func (f form) Value(name string) string { return f.values.Get(name) }

// Is tells whether a choice is made.
func (f form) Is(name, value string) bool { return slices.Contains(f.values[name], value) }

// Chosen is all values of all fields.
func (f form) Chosen() url.Values { return f.values }

// Wrong is what is wrong with a field, "" if nothing.
func (f form) Wrong(name string) string {
	var texts []string
	for _, p := range f.problems {
		if f.field(p.Field) == name {
			texts = append(texts, f.Problem(p))
		}
	}
	return strings.Join(texts, " ")
}

// Summary is all that is wrong, in order, with where to mend it.
func (f form) Summary() []fieldProblem {
	lines := make([]fieldProblem, 0, len(f.problems))
	for _, p := range f.problems {
		lines = append(lines, fieldProblem{f.field(p.Field), f.Problem(p)})
	}
	return lines
}

// field is the input that a problem's path belongs to.
func (f form) field(path string) string {
	switch path {
	case "place":
		return "place.latitude"
	case "host":
		return "host.displayName"
	case "editionId", "eventId", "clientMutationId", "version":
		return ""
	}
	return path
}

// line is a field without white space around it.
func line(values url.Values, name string) string { return strings.TrimSpace(values.Get(name)) }

// degrees reads an angle, with a comma or a point; an empty field is none.
func degrees(values url.Values, name string, ps *events.Problems) *float64 {
	typed := strings.ReplaceAll(line(values, name), ",", ".")
	if typed == "" {
		return nil
	}
	d, err := strconv.ParseFloat(typed, 64)
	if err != nil || d != d {
		*ps = append(*ps, unreadable(name, "Please give degrees such as 27.6728."))
		return nil
	}
	return &d
}

// clock reads a wall time; an empty field is none.
func clock(values url.Values, name string, ps *events.Problems) *events.LocalTime {
	typed := line(values, name)
	if typed == "" {
		return nil
	}
	at, err := events.ParseLocalTime(typed)
	if err != nil {
		*ps = append(*ps, unreadable(name, fmt.Sprintf("%.20q is not a time such as 09:30.", typed)))
		return nil
	}
	return &at
}

// people reads a head count; an empty field is none.
func people(values url.Values, name string, ps *events.Problems) *int {
	typed := line(values, name)
	if typed == "" {
		return nil
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		*ps = append(*ps, unreadable(name, "Please give a whole number of people."))
		return nil
	}
	return &n
}

// unreadable is the problem of a field that holds something else than it is for.
func unreadable(field, message string) events.Problem {
	return events.Problem{Code: events.Invalid, Field: field, Message: message}
}

// choices reads the ticked boxes of a group; ones that are not offered are left out.
func choices[T ~string](values url.Values, name string, offered []T) []T {
	picked := []T{}
	for _, value := range values[name] {
		if slices.Contains(offered, T(value)) && !slices.Contains(picked, T(value)) {
			picked = append(picked, T(value))
		}
	}
	return picked
}

// choice reads one of the values offered; anything else is none.
func choice[T ~string](values url.Values, name string, offered []T) T {
	if value := T(line(values, name)); slices.Contains(offered, value) {
		return value
	}
	return ""
}

// lines splits a text area into its lines that say something.
func lines(typed string) (list []string) {
	for line := range strings.SplitSeq(typed, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}
