package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// answer is what came back from a hub.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) String() string { return string(a.body) }

// reply is an answer to GraphQL.
type reply struct {
	answer
	Data   map[string]any
	Errors []struct {
		Message    string
		Extensions map[string]any
	}
	Extensions map[string]any
}

// get reads the data at a path such as "event.title"; nil where there is nothing.
func (r reply) get(path string) any {
	var value any = r.Data
	for _, name := range strings.Split(path, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[name]
	}
	return value
}

func (r reply) text(path string) string {
	text, _ := r.get(path).(string)
	return text
}

func (r reply) number(path string) int64 {
	number, _ := r.get(path).(float64)
	return int64(number)
}

// code is that of the first error, "" for none.
func (r reply) code() string {
	if len(r.Errors) == 0 {
		return ""
	}
	code, _ := r.Errors[0].Extensions["code"].(string)
	return code
}

// do sends one request and reads all of the answer.
func (p *person) do(method, target, media string, body io.Reader) answer {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), method, p.site+target, body)
	if err != nil {
		p.t.Fatal(err)
	}
	for name, values := range p.header {
		request.Header[name] = values
	}
	if media != "" {
		request.Header.Set("Content-Type", media)
	}
	if p.session != "" {
		request.AddCookie(&http.Cookie{Name: "hub", Value: p.session})
	}
	response, err := p.client.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, raw}
}

func (p *person) get(target string) answer {
	p.t.Helper()
	return p.do(http.MethodGet, target, "", nil)
}

// send posts a form.
func (p *person) send(target string, pairs ...string) answer {
	p.t.Helper()
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return p.do(http.MethodPost, target, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
}

// ask posts an operation, which may fail. Variables are given as name, value, name, value.
func (p *person) ask(query string, variables ...any) reply {
	p.t.Helper()
	body := bodyOf(query, variables...)
	got := p.do(http.MethodPost, "/graphql", "application/json", bytes.NewReader(body))
	r := reply{answer: got}
	if err := json.Unmarshal(got.body, &r); err != nil {
		p.t.Fatalf("%d: not JSON: %v: %.500s", got.status, err, got.body)
	}
	return r
}

func bodyOf(query string, variables ...any) []byte {
	values := map[string]any{}
	for i := 0; i < len(variables); i += 2 {
		values[variables[i].(string)] = variables[i+1]
	}
	body, err := json.Marshal(map[string]any{"query": query, "variables": values})
	if err != nil {
		panic(err) // a test gave a variable that is no JSON
	}
	return body
}

// must is ask for operations that have to work, without errors and without problems.
func (p *person) must(query string, variables ...any) reply {
	p.t.Helper()
	r := p.ask(query, variables...)
	if r.status != http.StatusOK || len(r.Errors) > 0 {
		p.t.Fatalf("%.200s: %d %.2000s", query, r.status, r.body)
	}
	for name, value := range r.Data {
		payload, _ := value.(map[string]any)
		if problems, _ := payload["problems"].([]any); len(problems) > 0 {
			p.t.Fatalf("%s: problems %v", name, problems)
		}
	}
	return r
}
