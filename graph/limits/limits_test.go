package limits_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/graph/fault"
	"github.com/microgalleries/actionday/graph/limits"
)

func TestBodies(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }
	for body, ok := range map[string]bool{
		`{"query":"{a}"}`:       true,
		``:                      true,
		nested(32):              true,
		nested(33):              false,
		strings.Repeat("[", 33): false,
		`{"a":"` + strings.Repeat("[{", 50) + `"}`:  true,  // inside a text brackets are letters
		`{"a":"\"` + strings.Repeat("[", 50) + `"}`: true,  // also after an escaped quote
		`{"a":"\\"` + strings.Repeat("[", 50):       false, // but not after an escaped backslash
		"{\"a\":\"\xff\"}":                          false,
		"{\"a\":\"ورشة 🎨\"}":                        true,
	} {
		if err := limits.CheckBody([]byte(body)); (err == nil) != ok {
			t.Errorf("%.60q: %v", body, err)
		}
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		value any
		ok    bool
	}{
		"plain":       {map[string]any{"a": []any{"b", 1, nil, true}}, true},
		"in a text":   {map[string]any{"a": []any{"b\x00"}}, false},
		"in a name":   {map[string]any{"a\x00": 1}, false},
		"not UTF-8":   {map[string]any{"a": "\xff"}, false},
		"no map":      {"\x00", false},
		"no variable": {nil, true},
	} {
		if err := limits.CheckVariables(c.value); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDocumentsAreRememberedWithTheirRefusals(t *testing.T) {
	t.Parallel()
	documents := limits.NewDocuments(schema())
	defer documents.Close()
	first, _ := documents.Read("{free}")
	if again, _ := documents.Read("{free}"); again != first {
		t.Error("a document is read twice")
	}
	_, refused := documents.Read("{nonsense other}")
	if len(refused) != 2 || fault.CodeOf(refused[0]) != fault.BadRequest || len(refused[0].Locations) != 1 {
		t.Fatalf("got %v", refused)
	}
	refused[0].Message = "changed on its way out"
	_, again := documents.Read("{nonsense other}")
	if again[0].Message == refused[0].Message || len(again) != 2 {
		t.Errorf("the second time: %v", again)
	}
	for i := range 2000 {
		if _, refused := documents.Read(fmt.Sprintf("{free} # %d", i)); refused != nil {
			t.Fatal(refused)
		}
	}
}

func TestRefusalsGiveNoSuggestions(t *testing.T) {
	t.Parallel()
	documents := limits.NewDocuments(schema())
	defer documents.Close()
	for _, query := range []string{"{fre}", "{house}", "{houses(frist:1){nodes{name}}}"} {
		_, refused := documents.Read(query)
		if refused == nil || strings.Contains(refused[0].Message, "Did you mean \"free") {
			t.Errorf("%s: %v", query, refused)
		}
	}
}

func TestTheShapeIsHeldBeforeTheSchema(t *testing.T) {
	t.Parallel()
	documents := limits.NewDocuments(schema())
	defer documents.Close()
	for query, want := range map[string]string{
		"":                                       "no operation",
		"fragment F on Query{free}":              "no operation",
		"{" + strings.Repeat("free ", 151) + "}": "150 selections",
		"{" + strings.Repeat("free ", 1001) + "}":                           "token limit",
		"{free" + strings.Repeat(" @a", 31) + "}":                           "30 directives",
		strings.Repeat("query A{free} ", 11):                                "10 operations",
		"{free}" + strings.Repeat(" fragment F on Query{free}", 51):         "50 fragments",
		`{houses(first:1 a:["\u0000"]){nodes{name}}}`:                       "NUL",
		`{houses(first:1 a:{b:{c:"\u0000"}}){nodes{name}}}`:                 "NUL",
		"{free ...{free" + strings.Repeat(" @a", 31) + "}}":                 "30 directives",
		"query A" + strings.Repeat(" @a", 31) + "{free}":                    "30 directives",
		"{...F" + strings.Repeat(" @a", 31) + "} fragment F on Query{free}": "30 directives",
	} {
		_, refused := documents.Read(query)
		if len(refused) != 1 || !strings.Contains(refused[0].Message, want) || fault.CodeOf(refused[0]) != fault.BadRequest {
			t.Errorf("%.60q: want %q, got %v", query, want, refused)
		}
	}
}

func TestABucketFillsSteadily(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 12, 0, 0, 0, 0, time.UTC)
	limiter := limits.NewLocal(func() time.Time { return now })
	defer limiter.Close()
	rate := limits.Rate{Name: "test", Limit: 60, Per: time.Minute} // one a second
	spend := func(cost int) limits.Decision { return limiter.Allow(context.Background(), rate, "ana", cost) }

	if d := spend(60); !d.Allowed || d.Remaining != 0 || d.ResetAfter != time.Minute {
		t.Errorf("all at once: %+v", d)
	}
	if d := spend(1); d.Allowed || d.RetryAfter != time.Second {
		t.Errorf("one more: %+v", d)
	}
	now = now.Add(10 * time.Second)
	if d := spend(11); d.Allowed || d.RetryAfter != time.Second || d.Remaining != 10 {
		t.Errorf("more than has come back: %+v", d)
	}
	if d := spend(10); !d.Allowed || d.Remaining != 0 {
		t.Errorf("what has come back: %+v", d)
	}
	now = now.Add(time.Hour)
	if d := spend(0); !d.Allowed || d.Remaining != 60 || d.ResetAfter != 0 {
		t.Errorf("after an hour: %+v", d)
	}
	if d := spend(61); d.Allowed {
		t.Errorf("more than a bucket holds: %+v", d)
	}
	if d := limiter.Allow(context.Background(), rate, "ben", 60); !d.Allowed {
		t.Errorf("somebody else: %+v", d)
	}
	if d := limiter.Allow(context.Background(), limits.Rate{Name: "other", Limit: 1, Per: time.Minute}, "ana", 1); !d.Allowed {
		t.Errorf("something else: %+v", d)
	}
}

func TestNobodySpendsTwice(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 12, 0, 0, 0, 0, time.UTC)
	limiter := limits.NewLocal(func() time.Time { return now })
	defer limiter.Close()
	rate := limits.Rate{Name: "test", Limit: 100, Per: time.Minute}
	var mu sync.Mutex
	var all sync.WaitGroup
	allowed := 0
	for range 500 {
		all.Go(func() {
			if limiter.Allow(context.Background(), rate, "a crowd", 1).Allowed {
				mu.Lock()
				allowed++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if allowed != 100 {
		t.Errorf("%d were allowed, want 100", allowed)
	}
}

func TestSeconds(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]int{0: 0, 1: 1, time.Second: 1, time.Second + 1: 2, time.Minute: 60} {
		if got := limits.Seconds(d); got != want {
			t.Errorf("%v is %d s, want %d", d, got, want)
		}
	}
}

func TestTheDefaultRatesAreWhole(t *testing.T) {
	t.Parallel()
	r := limits.DefaultRates()
	names := map[string]bool{}
	for _, rate := range []limits.Rate{r.Cost, r.Requests, r.SignInMail, r.SignInMailbox, r.SignInAsk, r.SignIn} {
		if rate.Limit < 1 || rate.Per < time.Second || names[rate.Name] || rate.Name == "" {
			t.Errorf("%+v", rate)
		}
		names[rate.Name] = true
	}
	if r.Cost.Limit < limits.MaxCost {
		t.Error("the dearest operation can never be paid")
	}
}
