// Package fault names the errors that stand at the top of an answer, beside the data: those that
// only the client program or the hub can mend. What a person can mend is a problem in a payload and
// never comes here. Every fault has a code for programs and a sentence that gives nothing away.
package fault

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Code tells a program what kind of fault it is; it stands in extensions.code.
type Code string

// The codes.
const (
	Unauthenticated Code = "UNAUTHENTICATED" // nobody is signed in
	Forbidden       Code = "FORBIDDEN"       // the account has not the role
	BadRequest      Code = "BAD_REQUEST"     // the request itself is wrong
	RateLimited     Code = "RATE_LIMITED"    // too much; extensions.retryAfter says how many seconds to wait
	Unavailable     Code = "UNAVAILABLE"     // a part of the hub does not answer: try again
	Internal        Code = "INTERNAL"        // a defect of the hub; the message has the request's id
)

// The limits of what an answer says about what went wrong.
const (
	// MaxErrors is how many errors an answer tells.
	MaxErrors = 5
	// maxMessage is how many characters of a message are told.
	maxMessage = 300
)

// New makes an error with a code.
func New(code Code, format string, args ...any) *gqlerror.Error {
	return &gqlerror.Error{
		Message:    cut(fmt.Sprintf(format, args...)),
		Extensions: map[string]any{"code": string(code)},
	}
}

// TooMuch makes a RATE_LIMITED error that says after how many seconds to come again, at least one.
func TooMuch(retryAfter int) *gqlerror.Error {
	retryAfter = max(1, retryAfter)
	err := New(RateLimited, "That was too much at once. Please try again in %d s.", retryAfter)
	err.Extensions["retryAfter"] = retryAfter
	return err
}

// CodeOf is the code of an error, "" if it has none of ours.
func CodeOf(err *gqlerror.Error) Code {
	code, _ := err.Extensions["code"].(string)
	switch c := Code(code); c {
	case Unauthenticated, Forbidden, BadRequest, RateLimited, Unavailable, Internal:
		return c
	}
	return ""
}

// RetryAfter is after how many seconds the first of the errors says to come again; 0 if none does.
func RetryAfter(list gqlerror.List) int {
	for _, err := range list {
		if seconds, ok := err.Extensions["retryAfter"].(int); ok {
			return seconds
		}
	}
	return 0
}

// Bounded is the first few errors, each with a message of bounded length.
func Bounded(list gqlerror.List) gqlerror.List {
	if len(list) > MaxErrors {
		list = list[:MaxErrors:MaxErrors]
	}
	for i, err := range list {
		if short := cut(err.Message); short != err.Message {
			shorter := *err
			shorter.Message = short
			list[i] = &shorter
		}
	}
	return list
}

func cut(message string) string {
	if len(message) <= maxMessage { // bytes are never fewer than characters
		return message
	}
	runes := []rune(message)
	if len(runes) <= maxMessage {
		return message
	}
	return string(runes[:maxMessage-1]) + "…"
}
