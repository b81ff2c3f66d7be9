package graph_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/graph"
	"github.com/microgalleries/actionday/graph/limits"
)

// repeat writes n copies with %d counted up.
func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		if strings.Contains(format, "%d") {
			fmt.Fprintf(&b, format, i)
		} else {
			b.WriteString(format)
		}
	}
	return b.String()
}

// Each of these brings a server down that answers it. Here each gets a short refusal.
func TestAttacksGetAShortAnswer(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	doubling := "query{...F0}"
	for i := range 45 {
		doubling += fmt.Sprintf(" fragment F%d on Query{...F%d ...F%d}", i, i+1, i+1)
	}
	doubling += " fragment F45 on Query{events{nodes{id}}}"
	for name, query := range map[string]string{
		"many aliases":                 "{" + repeat(40, " a%d:__typename") + "}",
		"many aliases of lists":        "{" + repeat(25, " a%d:events(first:100){nodes{host{id}}}") + "}",
		"one field many times":         "{" + strings.Repeat("__typename ", 300) + "}",
		"many fields at the top":       "{" + repeat(25, " a%d:edition{id}") + "}",
		"a field many times below":     "{events{nodes{" + strings.Repeat("id ", 400) + "}}}",
		"deep fields":                  "{events{" + strings.Repeat("nodes{edition{", 20) + "id" + strings.Repeat("}}", 20) + "}}",
		"deep introspection":           "{__schema{types{fields{type{fields{type{fields{type{fields{name}}}}}}}}}}",
		"introspection twice":          "{a:__schema{queryType{name}}b:__schema{queryType{name}}}",
		"introspection many times":     "{" + repeat(20, " a%d:__schema{types{name}}") + "}",
		"deep types":                   "{__type(name:\"Event\"){" + strings.Repeat("ofType{", 30) + "name" + strings.Repeat("}", 30) + "}}",
		"a fragment in a circle":       "{...A} fragment A on Query{...B} fragment B on Query{...A}",
		"a fragment in itself":         "{events{nodes{...E}}} fragment E on Event{id edition{id} ...E}",
		"doubling fragments":           doubling,
		"many fragments":               "{__typename}" + repeat(60, " fragment F%d on Query{__typename}"),
		"many operations":              repeat(20, " query Q%d{__typename}"),
		"many directives":              "{__typename" + strings.Repeat(" @skip(if:false)", 100) + "}",
		"many unknown directives":      "{__typename" + repeat(200, " @a%d") + "}",
		"directives spread out":        "{...A ...A ...A} fragment A on Query{" + repeat(20, " a%d:__typename @include(if:true)") + "}",
		"a page of five million":       "{events(first:5000000){nodes{id}}}",
		"pages in pages":               "{" + repeat(10, " a%d:events(first:100){nodes{edition{counts{byCountry{country}}}}}") + "}",
		"costly stories":               "{" + repeat(20, " a%d:events(first:100){nodes{story}}") + "}",
		"many tokens":                  "{" + strings.Repeat("a,", 2000) + "}",
		"brackets only":                strings.Repeat("{", 10_000),
		"lists in lists":               "{events(filter:{ways:" + strings.Repeat("[", 400) + strings.Repeat("]", 400) + "}){nodes{id}}}",
		"a long name":                  "{" + strings.Repeat("a", 10_000) + "}",
		"a NUL":                        "{events(filter:{text:\"a\\u0000b\"}){nodes{id}}}",
		"a NUL in the document":        "{__typename \x00}",
		"a wrong operation":            "query A{__typename} query A{__typename}",
		"variables that are not there": "query($a:Int!){events(first:$a){nodes{id}}}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := h.anonymous().ask(query)
			if answer.code() != "BAD_REQUEST" {
				t.Errorf("want BAD_REQUEST, got %d %.500s", answer.status, answer.body)
			}
			checkBounded(t, answer)
			again := h.anonymous().ask(query)
			if again.code() != answer.code() || again.Errors[0].Message != answer.Errors[0].Message {
				t.Errorf("the second time: %.500s", again.body)
			}
		})
	}
}

func checkBounded(t *testing.T, answer reply) {
	t.Helper()
	if len(answer.body) > 4000 || len(answer.Errors) > 5 || strings.Contains(string(answer.body), `"data":{`) {
		t.Errorf("an answer of %d bytes with %d errors: %.500s", len(answer.body), len(answer.Errors), answer.body)
	}
	for _, e := range answer.Errors {
		if n := len([]rune(e.Message)); n > 300 {
			t.Errorf("a message of %d characters", n)
		}
	}
}

func TestBodiesOfIllWillAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, body := range map[string]string{
		"deep JSON":                   `{"query":"{__typename}","variables":` + strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 41),
		"deep lists":                  strings.Repeat("[", 15_000),
		"not UTF-8":                   "{\"query\":\"{__typename}\",\"variables\":{\"a\":\"\xff\xfe\"}}",
		"a NUL in a variable":         `{"query":"query($t:String){events(filter:{text:$t}){nodes{id}}}","variables":{"t":"a\u0000b"}}`,
		"a NUL in a variable's name":  `{"query":"{__typename}","variables":{"a\u0000":1}}`,
		"a NUL in a key":              `{"query":"mutation{signOut(clientMutationId:\"\u0000\"){problems{code}}}"}`,
		"a variable page of too many": `{"query":"query($n:Int){` + repeat(20, " a%d:events(first:$n){nodes{host{id}edition{id}story}}") + `}","variables":{"n":100}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := h.anonymous().post(plain, strings.NewReader(body))
			if answer.code() != "BAD_REQUEST" {
				t.Errorf("want BAD_REQUEST, got %d %.500s", answer.status, answer.body)
			}
			checkBounded(t, answer)
		})
	}
}

// The same document is within the limits with small pages and past them with large ones.
func TestCostFollowsTheVariables(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	query := "query($n:Int){" + repeat(20, " a%d:events(first:$n){nodes{host{id}story}}") + "}"
	small := h.anonymous().must(query, "n", 2)
	cost := small.Extensions["cost"].(map[string]any)["used"]
	if cost != 20.0*(2+2*6) {
		t.Errorf("cost %v, want 280", cost)
	}
	if large := h.anonymous().ask(query, "n", 100); large.code() != "BAD_REQUEST" || !strings.Contains(large.Errors[0].Message, "12040") {
		t.Errorf("got %s", large.body)
	}
}

// A body that never ends is cut at the limit, whatever its head says.
func TestABodyWithoutEndIsCut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	conn, err := net.Dial("tcp", h.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
	go func() {
		for { // until the hub hangs up
			if _, err := fmt.Fprintf(conn, "3e8\r\n%s\r\n", strings.Repeat(" ", 1000)); err != nil {
				return
			}
		}
	}()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusRequestEntityTooLarge || !response.Close {
		t.Errorf("status %d, close %t", response.StatusCode, response.Close)
	}
}

func TestWhoSpendsTooMuchWaits(t *testing.T) {
	t.Parallel()
	rates := limits.DefaultRates()
	rates.Cost.Limit = 100
	h := newHouse(t, func(p *graph.Parts) { p.Rates = rates })
	const query = "{ events(first: 10) { nodes { host { id } story } } }" // 62

	h.anonymous().must(query)
	refused := h.anonymous().ask(query)
	if refused.status != http.StatusTooManyRequests || refused.code() != "RATE_LIMITED" || refused.header.Get("Retry-After") == "" {
		t.Errorf("got %d %s %v", refused.status, refused.body, refused.header)
	}
	if seconds, ok := refused.Errors[0].Extensions["retryAfter"].(float64); !ok || seconds < 1 {
		t.Errorf("retryAfter = %v", refused.Errors[0].Extensions)
	}
	h.signedIn("ana@example.org").must(query) // has a bucket of her own
	elsewhere := h.anonymous()
	elsewhere.header.Set("X-Forwarded-For", "203.0.113.7")
	elsewhere.must(query)
	cheap := h.anonymous().must("{ rateLimit { remaining } }")
	if left := cheap.get(t, "rateLimit.remaining").(float64); left > 45 {
		t.Errorf("%v left of 100 after 62", left)
	}
}

func TestWhoSendsTooManyRequestsWaits(t *testing.T) {
	t.Parallel()
	rates := limits.DefaultRates()
	rates.Requests.Limit = 3
	h := newHouse(t, func(p *graph.Parts) { p.Rates = rates })
	for range 3 {
		h.anonymous().must("{ __typename }")
	}
	spoofed := h.anonymous()
	spoofed.header.Set("X-Forwarded-For", "198.51.100.1, not-an-address")
	for _, v := range []*visitor{h.anonymous(), spoofed} {
		if got := v.post("text/plain", strings.NewReader("no matter")); got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" {
			t.Errorf("got %d %s", got.status, got.body)
		}
	}
}

func TestTokensCannotBeGuessed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	tries := func(v *visitor) (allowed int) {
		for i := range 30 {
			if v.ask(`mutation ($t: String!) { signIn(token: $t) { problems { code } } }`, "t", fmt.Sprint("guess", i)).status == 200 {
				allowed++
			}
		}
		return allowed
	}
	if n := tries(h.anonymous()); n != 10 {
		t.Errorf("%d tries, want 10", n)
	}
	network := h.anonymous()
	network.header.Set("X-Forwarded-For", "2001:db8:1:2::1")
	if n := tries(network); n != 10 {
		t.Errorf("%d tries from an IPv6 address, want 10", n)
	}
	network.header.Set("X-Forwarded-For", "2001:db8:1:2:ffff::2")
	if n := tries(network); n != 0 {
		t.Errorf("%d tries more from a neighbor of the same network", n)
	}
}

func TestSignInLinksCannotBeAskedForWithoutEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	asked := func(address, email string) int {
		v := h.anonymous()
		v.header.Set("X-Forwarded-For", address)
		return v.ask(`mutation ($e: String!) { requestSignIn(email: $e) { problems { code } } }`, "e", email).status
	}
	for i := range 8 {
		email := []string{"ana@example.org", "ANA@example.org ", " Ana@Example.org"}[i%3]
		want := http.StatusOK
		if i >= 5 {
			want = http.StatusTooManyRequests
		}
		if got := asked("203.0.113.1", email); got != want {
			t.Errorf("link %d to one mailbox: %d, want %d", i+1, got, want)
		}
	}
	if got := asked("203.0.113.2", "ana@example.org"); got != http.StatusOK {
		t.Errorf("from elsewhere: %d", got)
	}
	sent := 0
	for i := range 100 {
		if asked("203.0.113.3", fmt.Sprintf("somebody%d@example.org", i)) == http.StatusOK {
			sent++
		}
	}
	if sent != 60 {
		t.Errorf("one address had %d mailboxes filled, want 60", sent)
	}
}

// Whether an address is known must not show.
func TestAskingForALinkTellsNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.signedIn("known@example.org")
	const mutation = `mutation ($e: String!) { requestSignIn(email: $e) { problems { code message } } }`
	known, unknown := h.anonymous().must(mutation, "e", "known@example.org"), h.anonymous().must(mutation, "e", "unknown@example.org")
	if string(known.Data) != string(unknown.Data) {
		t.Errorf("known: %s unknown: %s", known.Data, unknown.Data)
	}
	var data any
	if err := json.Unmarshal(known.Data, &data); err != nil {
		t.Fatal(err)
	}
}
