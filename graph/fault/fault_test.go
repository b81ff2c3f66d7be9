package fault_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/microgalleries/actionday/graph/fault"
)

func TestMessagesAreBounded(t *testing.T) {
	t.Parallel()
	for _, text := range []string{strings.Repeat("x", 5000), strings.Repeat("ش", 5000)} {
		if n := len([]rune(fault.New(fault.BadRequest, "%s", text).Message)); n != 300 {
			t.Errorf("%d characters, want 300", n)
		}
	}
	exact := strings.Repeat("ش", 300)
	if got := fault.New(fault.BadRequest, "%s", exact).Message; got != exact {
		t.Errorf("a message of 300 characters was cut")
	}
}

func TestBounded(t *testing.T) {
	t.Parallel()
	var list gqlerror.List
	for i := range 9 {
		list = append(list, &gqlerror.Error{Message: fmt.Sprint(i, strings.Repeat("x", 1000))})
	}
	first := list[0]
	got := fault.Bounded(list)
	if len(got) != fault.MaxErrors || len(got[0].Message) > 303 || !strings.HasPrefix(got[4].Message, "4") {
		t.Errorf("got %d errors, the first of %d bytes", len(got), len(got[0].Message))
	}
	if len(first.Message) < 1000 {
		t.Error("the error itself was changed")
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	if got := fault.CodeOf(fault.New(fault.Forbidden, "No.")); got != fault.Forbidden {
		t.Errorf("got %q", got)
	}
	for _, foreign := range []*gqlerror.Error{
		{Message: "x"},
		{Message: "x", Extensions: map[string]any{"code": "GRAPHQL_VALIDATION_FAILED"}},
		{Message: "x", Extensions: map[string]any{"code": 7}},
	} {
		if got := fault.CodeOf(foreign); got != "" {
			t.Errorf("%v has our code %q", foreign.Extensions, got)
		}
	}
	var asError error = fault.New(fault.Internal, "Something.")
	var located *gqlerror.Error
	if !errors.As(asError, &located) {
		t.Error("a fault is no GraphQL error")
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	if got := fault.RetryAfter(gqlerror.List{fault.New(fault.Internal, "a"), fault.TooMuch(7), fault.TooMuch(9)}); got != 7 {
		t.Errorf("got %d, want 7", got)
	}
	if got := fault.RetryAfter(gqlerror.List{fault.TooMuch(-3)}); got != 1 {
		t.Errorf("got %d, want at least 1", got)
	}
	if got := fault.RetryAfter(nil); got != 0 {
		t.Errorf("got %d, want 0", got)
	}
}
