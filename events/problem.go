package events

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNotFound is what a Store says about an object that is not there. An object that the actor
// may not know of is reported in the same way.
var ErrNotFound = errors.New("not found")

// ErrNotSignedIn is returned by acts that need an account when nobody is signed in.
var ErrNotSignedIn = errors.New("not signed in")

// ErrNotAllowed is returned by acts that need a role which the actor has not.
var ErrNotAllowed = errors.New("not allowed")

// ErrRepeated is what a Store says when an act with this idempotency key was stored before.
var ErrRepeated = errors.New("repeated")

// BusyError says that the hub has more of one kind of work than it can take right now.
type BusyError struct {
	// RetryAfter is after how many seconds to try again, at least 1.
	RetryAfter int
}

func (e *BusyError) Error() string { return fmt.Sprintf("busy: try again in %d s", e.RetryAfter) }

// ProblemCode tells a program what kind of Problem it is.
type ProblemCode string

// The codes of problems.
const (
	Required     ProblemCode = "REQUIRED"      // a field that must be there is empty
	TooLong      ProblemCode = "TOO_LONG"      // more characters or items than the limit
	Invalid      ProblemCode = "INVALID"       // not of the form or not one of the values allowed
	OutOfRange   ProblemCode = "OUT_OF_RANGE"  // a number or time outside its bounds
	NotFound     ProblemCode = "NOT_FOUND"     // no such object, or none that the actor may see
	Conflict     ProblemCode = "CONFLICT"      // somebody else changed it meanwhile: load it again
	WrongState   ProblemCode = "WRONG_STATE"   // the object's state does not allow this act
	NotOpen      ProblemCode = "NOT_OPEN"      // too early or too late
	KeyReused    ProblemCode = "KEY_REUSED"    // the idempotency key was used for something else
	LinkExpired  ProblemCode = "LINK_EXPIRED"  // the sign-in link is used, replaced or too old
	WrongBrowser ProblemCode = "WRONG_BROWSER" // the link was asked for in another browser
	CodeExpired  ProblemCode = "CODE_EXPIRED"  // the check-in code was genuine but is too old or replaced
)

// Problem is something that a person can mend: a code for programs, a whole sentence ready to
// show, and the path of the input field ("place.country", "" if none). It is an error, and so is
// Problems, which holds all that is wrong at once.
type Problem struct {
	Code    ProblemCode
	Message string
	Field   string
}

func (p Problem) Error() string { return p.Message }

// Problems is every Problem of one act.
type Problems []Problem

func (ps Problems) Error() string {
	texts := make([]string, len(ps))
	for i, p := range ps {
		texts[i] = p.Message
	}
	return strings.Join(texts, " ")
}

// ProblemsIn takes the problems for the person out of err: it returns them and nil, or no
// problems and err as it was. ErrNotFound counts as a problem.
func ProblemsIn(err error) (Problems, error) {
	var many Problems
	var one Problem
	switch {
	case err == nil:
		return nil, nil
	case errors.As(err, &many):
		return many, nil
	case errors.As(err, &one):
		return Problems{one}, nil
	case errors.Is(err, ErrNotFound):
		return Problems{{Code: NotFound, Message: "There is nothing here under that id."}}, nil
	}
	return nil, err
}

// orNil turns an empty list into a nil error.
func (ps Problems) orNil() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

func problem(code ProblemCode, field, format string, args ...any) Problem {
	return Problem{Code: code, Field: field, Message: fmt.Sprintf(format, args...)}
}

// missing turns ErrNotFound into a problem of a field.
func missing(err error, field, message string) error {
	if ps, other := ProblemsIn(err); other == nil && len(ps) == 1 && ps[0].Code == NotFound {
		return Problem{Code: NotFound, Message: message, Field: field}
	}
	return err
}
