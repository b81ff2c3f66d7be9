package graph_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events"
)

const (
	plain  = "application/json"
	modern = "application/graphql-response+json"
)

// GraphQL over HTTP, as its audits ask: the status by what was wrong and by what the client
// understands.
func TestGraphQLOverHTTP(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, c := range []struct {
		name                      string
		method, accept, sent      string // sent is the content type
		query, body               string
		status                    int
		contentType, allow, sends string
	}{
		{name: "plain", accept: plain, body: `{"query":"{__typename}"}`, status: 200, contentType: plain, sends: `"data":{"__typename":"Query"}`},
		{name: "modern", accept: modern, body: `{"query":"{__typename}"}`, status: 200, contentType: modern},
		{name: "no accept", body: `{"query":"{__typename}"}`, status: 200, contentType: plain},
		{name: "anything", accept: "*/*", body: `{"query":"{__typename}"}`, status: 200, contentType: plain},
		{name: "by quality", accept: "application/json;q=0.3, application/graphql-response+json;q=0.9", body: `{"query":"{__typename}"}`, status: 200, contentType: modern},
		{name: "a charset", accept: plain, sent: "application/json; charset=UTF-8", body: `{"query":"{__typename}"}`, status: 200, contentType: plain},
		{name: "by GET", method: "GET", query: "?query={__typename}", status: 200, contentType: plain},
		{name: "by GET with variables", method: "GET", query: "?query=" + url.QueryEscape("query($s:String){edition(slug:$s){title}}") + "&variables=" + url.QueryEscape(`{"s":"2026"}`), status: 200, sends: "Global Day"},
		{name: "null variables", body: `{"query":"{__typename}","variables":null,"operationName":null,"extensions":null}`, status: 200},

		{name: "a mistake, plain", accept: plain, body: `{"query":"{"}`, status: 200, contentType: plain, sends: `"code":"BAD_REQUEST"`},
		{name: "a mistake, modern", accept: modern, body: `{"query":"{"}`, status: 400, contentType: modern},
		{name: "an unknown field, plain", accept: plain, body: `{"query":"{nonsense}"}`, status: 200},
		{name: "an unknown field, modern", accept: modern, body: `{"query":"{nonsense}"}`, status: 400},
		{name: "an unknown operation, modern", accept: modern, body: `{"query":"query A{__typename}","operationName":"B"}`, status: 400},
		{name: "a variable of the wrong type, modern", accept: modern, body: `{"query":"query($s:String){edition(slug:$s){id}}","variables":{"s":[]}}`, status: 400},
		{name: "a variable of the wrong type, plain", accept: plain, body: `{"query":"query($s:String){edition(slug:$s){id}}","variables":{"s":[]}}`, status: 200},

		{name: "no query", body: `{}`, status: 400},
		{name: "a query that is no text", body: `{"query":{"a":1}}`, status: 400},
		{name: "variables that are no object", body: `{"query":"{__typename}","variables":[1]}`, status: 400},
		{name: "an operation's name that is no text", body: `{"query":"{__typename}","operationName":7}`, status: 400},
		{name: "not JSON", body: `{"query"`, status: 400},
		{name: "two values", body: `{"query":"{__typename}"}{}`, status: 400},
		{name: "a batch", body: `[{"query":"{__typename}"}]`, status: 400, sends: "one operation"},
		{name: "no body", body: ``, status: 400},
		{name: "GET without a query", method: "GET", status: 400},
		{name: "GET with the query twice", method: "GET", query: "?query={__typename}&query={__typename}", status: 400},
		{name: "GET with variables that are no JSON", method: "GET", query: "?query={__typename}&variables=a", status: 400},
		{name: "GET with semicolons", method: "GET", query: "?query={__typename};a=b", status: 400},

		{name: "only HTML wanted", accept: "text/html", body: `{"query":"{__typename}"}`, status: 406},
		{name: "a form", sent: "application/x-www-form-urlencoded", body: "query={__typename}", status: 415},
		{name: "plain text", sent: "text/plain", body: `{"query":"{__typename}"}`, status: 415},
		{name: "no content type", sent: "-", body: `{"query":"{__typename}"}`, status: 415},
		{name: "an upload", sent: "multipart/form-data; boundary=x", body: "--x--", status: 415},
		{name: "GraphQL itself", sent: "application/graphql", body: "{__typename}", status: 415},
		{name: "latin", sent: "application/json; charset=iso-8859-1", body: `{"query":"{__typename}"}`, status: 415},
		{name: "PUT", method: "PUT", body: `{"query":"{__typename}"}`, status: 405, allow: "GET, POST"},
		{name: "DELETE", method: "DELETE", status: 405, allow: "GET, POST"},
		{name: "a mutation by GET", method: "GET", query: "?query=" + url.QueryEscape("mutation{signOut{problems{code}}}"), status: 405, allow: "POST"},
		{name: "a mutation by GET among queries", method: "GET", query: "?operationName=M&query=" + url.QueryEscape("query Q{__typename} mutation M{signOut{problems{code}}}"), status: 405, allow: "POST"},
		{name: "a subscription as JSON", body: `{"query":"subscription{counts{countries}}"}`, status: 406},
		{name: "too long", body: `{"query":"{__typename}","variables":{"a":"` + strings.Repeat("x", 20_000) + `"}}`, status: 413},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := h.anonymous()
			if c.method == "" {
				c.method = http.MethodPost
			}
			var body io.Reader
			if c.method != http.MethodGet {
				body = strings.NewReader(c.body)
			}
			request := v.request(c.method, c.query, body)
			switch c.sent {
			case "":
				request.Header.Set("Content-Type", plain)
			case "-":
			default:
				request.Header.Set("Content-Type", c.sent)
			}
			if c.accept != "" {
				request.Header.Set("Accept", c.accept)
			}
			got := v.do(request)
			if got.status != c.status {
				t.Errorf("status %d, want %d: %s", got.status, c.status, got.body)
			}
			if media, _, _ := strings.Cut(got.header.Get("Content-Type"), ";"); c.contentType != "" && media != c.contentType {
				t.Errorf("content type %q, want %q", media, c.contentType)
			}
			if got.header.Get("Allow") != c.allow {
				t.Errorf("Allow %q, want %q", got.header.Get("Allow"), c.allow)
			}
			if !strings.Contains(string(got.body), c.sends) {
				t.Errorf("%s does not hold %s", got.body, c.sends)
			}
			if c.status != 200 && (strings.Contains(string(got.body), `"data"`) || got.code() != "BAD_REQUEST") {
				t.Errorf("a refusal must have errors with a code and no data: %s", got.body)
			}
			if got.header.Get("Cache-Control") != "no-store" {
				t.Errorf("Cache-Control %q", got.header.Get("Cache-Control"))
			}
		})
	}
}

func TestHostsMayWriteMoreThanVisitors(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	body := `{"query":"query ($t: String) { edition(slug: $t) { id } }","variables":{"t":"` + strings.Repeat("x", 100_000) + `"}}`
	if got := h.signedIn("ana@example.org").post(plain, strings.NewReader(body)); got.status != 200 {
		t.Errorf("a host gets %d %s", got.status, got.body)
	}
	if got := h.anonymous().post(plain, strings.NewReader(body)); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a visitor gets %d", got.status)
	}
}

// A page of another site can make a browser send requests with our cookies, but only some kinds,
// and it cannot hide where they come from.
func TestOtherSitesCannotAct(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	owner := h.signedIn("owner@example.org")
	e := owner.registered("Wall of birds")
	mutation := `{"query":"mutation{withdrawEvent(eventId:\"` + e.ID.String() + `\"){problems{code}}}"}`
	for name, header := range map[string][2]string{
		"a fetch from another origin":    {"Origin", "https://evil.example"},
		"a request that says cross-site": {"Sec-Fetch-Site", "cross-site"},
		"a sandboxed frame":              {"Origin", "null"},
	} {
		request := owner.request(http.MethodPost, "", strings.NewReader(mutation))
		request.Header.Set("Content-Type", plain)
		request.Header.Set(header[0], header[1])
		response, err := owner.client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d, want 403", name, response.StatusCode)
		}
	}
	for _, simple := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"} {
		if got := owner.post(simple, strings.NewReader(mutation)); got.status != http.StatusUnsupportedMediaType {
			t.Errorf("%s: %d, want 415", simple, got.status)
		}
	}
	if got, err := h.service.Event(context.Background(), owner.actor, e.ID); err != nil || got.Review != events.Submitted {
		t.Errorf("the event is %s (%v)", got.Review, err)
	}
}

func TestAnAnswerThatIsTooLongIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	owner := h.signedIn("owner@example.org")
	for i := range 45 {
		owner.listed(fmt.Sprintf("Wall of birds %d", i), func(r *events.Registration) { r.Story = strings.Repeat("birds ", 3300) })
	}
	answer := h.anonymous().ask(`{ a: events(first: 45) { nodes { story } } b: events(first: 45) { nodes { story } } c: events(first: 45) { nodes { story } } }`)
	if answer.code() != "BAD_REQUEST" || !strings.Contains(answer.Errors[0].Message, "ask for less") || len(answer.body) > 2000 {
		t.Errorf("got %d bytes: %.300s", len(answer.body), answer.body)
	}
}
