package events_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events"
)

func TestProblemsInAnError(t *testing.T) {
	t.Parallel()
	title := events.Problem{Code: events.Required, Field: "title", Message: "Please give a title."}
	zone := events.Problem{Code: events.Invalid, Field: "place.zone", Message: "Please choose a zone."}
	broken := errors.New("connection refused")
	for name, c := range map[string]struct {
		err   error
		want  []events.Problem
		other error
	}{
		"nothing":            {nil, nil, nil},
		"one":                {title, []events.Problem{title}, nil},
		"many":               {events.Problems{title, zone}, []events.Problem{title, zone}, nil},
		"one, wrapped":       {fmt.Errorf("register: %w", title), []events.Problem{title}, nil},
		"many, wrapped":      {fmt.Errorf("a: %w", fmt.Errorf("b: %w", events.Problems{zone})), []events.Problem{zone}, nil},
		"a failure":          {broken, nil, broken},
		"nobody signed in":   {events.ErrNotSignedIn, nil, events.ErrNotSignedIn},
		"busy":               {&events.BusyError{RetryAfter: 3}, nil, &events.BusyError{RetryAfter: 3}},
		"repeated":           {events.ErrRepeated, nil, events.ErrRepeated},
		"not allowed at all": {events.ErrNotAllowed, nil, events.ErrNotAllowed},
	} {
		problems, other := events.ProblemsIn(c.err)
		if fmt.Sprint(problems) != fmt.Sprint(events.Problems(c.want)) || fmt.Sprint(other) != fmt.Sprint(c.other) {
			t.Errorf("%s: problems %v and error %v, want %v and %v", name, problems, other, c.want, c.other)
		}
	}
}

func TestNotFoundIsAProblem(t *testing.T) {
	t.Parallel()
	problems, other := events.ProblemsIn(fmt.Errorf("db: find event: %w", events.ErrNotFound))
	if other != nil || len(problems) != 1 || problems[0].Code != events.NotFound || problems[0].Message == "" {
		t.Errorf("not found became %v, %v", problems, other)
	}
	if strings.Contains(problems[0].Message, "db:") {
		t.Errorf("the sentence tells of our insides: %s", problems[0].Message)
	}
}

func TestProblemsSpeakInSentences(t *testing.T) {
	t.Parallel()
	a, b := events.Problem{Message: "One."}, events.Problem{Message: "Two."}
	if got := (events.Problems{a, b}).Error(); got != "One. Two." {
		t.Errorf("problems say %q", got)
	}
	if got := a.Error(); got != "One." {
		t.Errorf("a problem says %q", got)
	}
	if got := (&events.BusyError{RetryAfter: 3}).Error(); !strings.Contains(got, "3 s") {
		t.Errorf("busy says %q", got)
	}
}
