package wire

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/microgalleries/actionday/graph/fault"
)

func TestNegotiate(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"":                                  jsonMedia,
		"*/*":                               jsonMedia,
		"application/*":                     jsonMedia,
		"application/json":                  jsonMedia,
		"APPLICATION/JSON":                  jsonMedia,
		"text/event-stream":                 eventsMedia,
		"application/graphql-response+json": graphQLMedia,
		"application/graphql-response+json, application/json;q=0.9":          graphQLMedia,
		"application/json, application/graphql-response+json":                jsonMedia,
		"application/json;q=0.1, application/graphql-response+json;q=0.2":    graphQLMedia,
		"application/graphql-response+json; charset=utf-8, application/json": graphQLMedia,
		"text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8": jsonMedia,
		"text/html":            "",
		"application/json;q=0": "",
		"nonsense":             "",
		";;;,":                 "",
		strings.Repeat("a/b,", 100) + "application/json": "", // nobody has that many wishes
	} {
		if got := negotiate([]string{accept}); got != want {
			t.Errorf("%.80q: %q, want %q", accept, got, want)
		}
	}
	if got := negotiate([]string{"text/html", "application/json"}); got != jsonMedia {
		t.Errorf("two headers: %q", got)
	}
}

func TestACrowdHasLimits(t *testing.T) {
	t.Parallel()
	c := newCrowd(3, 2)
	if !c.enter("a") || !c.enter("a") || c.enter("a") {
		t.Error("one address may have two")
	}
	if !c.enter("b") || c.enter("c") {
		t.Error("all together may have three")
	}
	c.leave("a")
	if !c.enter("c") {
		t.Error("whoever leaves makes room")
	}
	c.leave("a")
	c.leave("b")
	c.leave("c")
	if len(c.ones) != 0 || c.all != 0 {
		t.Errorf("an empty place remembers %v", c.ones)
	}
}

func TestACrowdCountsRight(t *testing.T) {
	t.Parallel()
	c := newCrowd(1000, 50)
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			for range 100 {
				if c.enter("a") {
					c.leave("a")
				}
			}
		})
	}
	all.Wait()
	if c.all != 0 {
		t.Errorf("%d are left", c.all)
	}
}

func TestTheAllowanceOfASocket(t *testing.T) {
	t.Parallel()
	a := allowance{tokens: maxMessages}
	now := time.Date(2026, 12, 12, 0, 0, 0, 0, time.UTC)
	for i := range maxMessages {
		if !a.spend(now) {
			t.Fatalf("message %d was refused", i)
		}
	}
	if a.spend(now) {
		t.Error("one more than a second holds passed")
	}
	if now = now.Add(time.Second / maxMessages * 2); !a.spend(now) || !a.spend(now) || a.spend(now) {
		t.Error("two come back in a twenty-fifth of a second")
	}
	if now = now.Add(time.Hour); !a.spend(now) || a.tokens > maxMessages {
		t.Errorf("an hour gives %v", a.tokens)
	}
}

func TestEncode(t *testing.T) {
	t.Parallel()
	for name, response := range map[string]*graphql.Response{
		"nothing":    {},
		"data":       {Data: json.RawMessage(`{"a":1}`)},
		"null":       {Data: json.RawMessage(`null`), Errors: gqlerror.List{fault.New(fault.Internal, "x")}},
		"errors":     {Errors: gqlerror.List{fault.New(fault.Internal, "x \"y\" \u2028 <z>"), fault.TooMuch(3)}},
		"extensions": {Extensions: map[string]any{"cost": Cost{Used: 1, Reset: 5}}},
		"all":        {Data: json.RawMessage(`{}`), Errors: gqlerror.List{fault.TooMuch(3)}, Extensions: map[string]any{"seq": 7}},
	} {
		var ours map[string]any
		if err := json.Unmarshal(encode(response), &ours); err != nil {
			t.Errorf("%s: %v: %s", name, err, encode(response))
		}
		for member, there := range map[string]bool{"data": len(response.Data) > 0, "errors": len(response.Errors) > 0, "extensions": len(response.Extensions) > 0} {
			if _, ok := ours[member]; ok != there {
				t.Errorf("%s: %s is there: %t", name, member, ok)
			}
		}
		if strings.Contains(string(encode(response)), "\n") {
			t.Errorf("%s has a line break, which would end an event", name)
		}
	}
}

func TestBounded(t *testing.T) {
	t.Parallel()
	long := &graphql.Response{Data: json.RawMessage(`"` + strings.Repeat("x", maxAnswer) + `"`), Extensions: map[string]any{"seq": 1}}
	if got := bounded(long); len(got.Data) > 0 || fault.CodeOf(got.Errors[0]) != fault.BadRequest || got.Extensions["seq"] != 1 {
		t.Errorf("a long answer: %v", got.Errors)
	}
	if got := bounded(nil); fault.CodeOf(got.Errors[0]) != fault.Unavailable {
		t.Errorf("no answer in time: %v", got.Errors)
	}
	short := &graphql.Response{Data: json.RawMessage(`{}`)}
	if bounded(short) != short {
		t.Error("a short answer is changed")
	}
}
