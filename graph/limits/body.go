package limits

import (
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/microgalleries/actionday/graph/fault"
)

// The limits of a request before it is understood.
const (
	// MaxBody is how many bytes the body of a request has at most.
	MaxBody = 128 << 10
	// MaxAnonymousBody is MaxBody for those who are not signed in.
	MaxAnonymousBody = 16 << 10
	// maxNesting is how deep JSON may be nested.
	maxNesting = 32
)

// CheckBody refuses bytes that no client of good will sends: other than UTF-8, with a NUL (which
// databases choke on), or nested deeper than any variable is.
func CheckBody(body []byte) *gqlerror.Error {
	if !utf8.Valid(body) {
		return fault.New(fault.BadRequest, "The request is not in UTF-8.")
	}
	if nesting(body) > maxNesting {
		return fault.New(fault.BadRequest, "The request is nested more than %d levels deep.", maxNesting)
	}
	return nil
}

// CheckText refuses a text with a NUL.
func CheckText(text string) *gqlerror.Error {
	if !utf8.ValidString(text) {
		return fault.New(fault.BadRequest, "The request is not in UTF-8.")
	}
	for i := range len(text) {
		if text[i] == 0 {
			return fault.New(fault.BadRequest, "The request holds a NUL character.")
		}
	}
	return nil
}

// CheckVariables refuses a NUL in any text among decoded variables.
func CheckVariables(value any) *gqlerror.Error {
	switch v := value.(type) {
	case string:
		return CheckText(v)
	case []any:
		for _, item := range v {
			if err := CheckVariables(item); err != nil {
				return err
			}
		}
	case map[string]any:
		for key, item := range v {
			if err := CheckText(key); err != nil {
				return err
			}
			if err := CheckVariables(item); err != nil {
				return err
			}
		}
	}
	return nil
}

// nesting is how deep brackets outside of strings are nested.
func nesting(body []byte) (deepest int) {
	depth, inString, escaped := 0, false, false
	for _, c := range body {
		switch {
		case escaped:
			escaped = false
		case inString && c == '\\':
			escaped = true
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			depth++
			deepest = max(deepest, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	return deepest
}
