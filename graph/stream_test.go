package graph_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

const watch = `subscription ($after: LogPosition) { activity(after: $after) { seq position kind card { title } } }`

// event is one server-sent event.
type event struct{ name, id, data string }

// stream opens an event stream and gives its events as they come; the channel closes at its end.
func (v *visitor) stream(ctx context.Context, query, lastID string) (*http.Response, <-chan event) {
	v.t.Helper()
	request := v.request(http.MethodGet, "?query="+url.QueryEscape(query), nil).WithContext(ctx)
	request.Header.Set("Accept", "text/event-stream")
	if lastID != "" {
		request.Header.Set("Last-Event-ID", lastID)
	}
	response, err := v.client.Do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	return response, eventsOf(ctx, response)
}

func eventsOf(ctx context.Context, response *http.Response) <-chan event {
	out := make(chan event)
	go func() {
		defer close(out)
		defer response.Body.Close()
		lines := bufio.NewScanner(response.Body)
		var e event
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "event":
				e.name = value
			case "id":
				e.id = value
			case "data", "data:":
				e.data = value
			case "":
				if e.name == "" {
					continue // a comment or the time to retry
				}
				select {
				case out <- e:
				case <-ctx.Done():
					return
				}
				e = event{}
			}
		}
	}()
	return out
}

// activity reads what an event or message says of an activity.
func activity(t *testing.T, data string) (seq int64, kind string) {
	t.Helper()
	var answer struct {
		Data struct {
			Activity struct {
				Seq  int64
				Kind string
			}
		}
		Errors []any
	}
	if err := json.Unmarshal([]byte(data), &answer); err != nil || len(answer.Errors) > 0 {
		t.Fatalf("%v: %s", err, data)
	}
	return answer.Data.Activity.Seq, answer.Data.Activity.Kind
}

func TestAnEventStreamResumesWithoutGap(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org")
	ana.listed("Wall 1")

	ctx, cancel := context.WithCancel(t.Context())
	response, all := h.anonymous().stream(ctx, `subscription { activity(after: "5f3a09c1-0") { seq kind } }`, "")
	if response.StatusCode != 200 || !strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		t.Fatalf("%d %v", response.StatusCode, response.Header)
	}
	ana.listed("Wall 2")
	last := ""
	for want := int64(1); want <= 2; want++ {
		e := within(t, "an activity", all)
		if seq, kind := activity(t, e.data); e.name != "next" || seq != want || kind != "EVENT_LISTED" || e.id != fmt.Sprintf("5f3a09c1-%d", want) {
			t.Errorf("got %+v, want activity %d", e, want)
		}
		last = e.id
	}
	cancel() // the network breaks

	ana.listed("Wall 3")
	ana.listed("Wall 4")
	_, all = h.anonymous().stream(t.Context(), `subscription { activity(after: "5f3a09c1-0") { seq kind } }`, last)
	for want := int64(3); want <= 4; want++ {
		if seq, _ := activity(t, within(t, "an activity", all).data); seq != want {
			t.Errorf("after the break: %d, want %d", seq, want)
		}
	}
	ana.listed("Wall 5")
	if seq, _ := activity(t, within(t, "news", all).data); seq != 5 {
		t.Errorf("then %d, want 5", seq)
	}
}

func TestAPositionOfAnotherEpochAsksForASnapshot(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, all := h.anonymous().stream(t.Context(), `subscription { activity { seq kind id card { title } } }`, "00000001-5")
	e := within(t, "an activity", all)
	if _, kind := activity(t, e.data); kind != "SNAPSHOT_REQUIRED" || e.id != "5f3a09c1-0" {
		t.Errorf("got %+v", e)
	}
	if e := within(t, "the end", all); e.name != "complete" {
		t.Errorf("got %+v", e)
	}
}

func TestAStreamThatBreaksOffDoesNotComplete(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, all := h.anonymous().stream(t.Context(), `subscription { activity { seq kind } }`, "")
	h.feed.breakOff(errors.New("the log cannot be read"))
	if e, more := <-all; more {
		t.Errorf("got %+v", e)
	}
	if !strings.Contains(h.log.String(), "the log cannot be read") {
		t.Errorf("not in the log: %s", h.log)
	}
}

func TestQueriesAndRefusalsOverEventStreams(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, all := h.anonymous().stream(t.Context(), `{ edition { slug } }`, "")
	if e := within(t, "the answer", all); e.name != "next" || !strings.Contains(e.data, `"slug":"2026"`) || e.id != "" && e.id != "5f3a09c1-0" {
		t.Errorf("got %+v", e)
	}
	for query, status := range map[string]int{
		`subscription { nonsense }`:                              400,
		`subscription { activity { seq } counts { countries } }`: 400,
		`mutation { signOut { problems { code } } }`:             405,
	} {
		response, _ := h.anonymous().stream(t.Context(), query, "")
		if response.StatusCode != status {
			t.Errorf("%s: %d, want %d", query, response.StatusCode, status)
		}
	}
	_, all = h.anonymous().stream(t.Context(), `subscription { activity { seq } }`, "nonsense")
	if e := within(t, "the refusal", all); !strings.Contains(e.data, "BAD_REQUEST") {
		t.Errorf("a bad Last-Event-ID: %+v", e)
	}
}

func TestSubscriptionsByPost(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.signedIn("ana@example.org").listed("Wall 1")
	v := h.anonymous()
	request := v.request(http.MethodPost, "", strings.NewReader(`{"query":"`+watch+`","variables":{"after":"5f3a09c1-0"}}`))
	request.Header.Set("Accept", "text/event-stream")
	request.Header.Set("Content-Type", plain)
	response, err := v.client.Do(request.WithContext(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	if seq, _ := activity(t, within(t, "an activity", eventsOf(t.Context(), response)).data); seq != 1 {
		t.Errorf("got %d", seq)
	}
}

// The numbers come at once, then after each pause if they have changed, however much happened.
func TestCountsComeAtMostOnceAPause(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org")
	ana.listed("Wall 1")
	_, all := h.anonymous().stream(t.Context(), `subscription { counts { asOfSeq world { events } } }`, "")
	if e := within(t, "the numbers", all); !strings.Contains(e.data, `{"asOfSeq":1,"world":{"events":1}}`) || e.id != "5f3a09c1-1" {
		t.Errorf("at first %+v", e)
	}
	for i := range 5 {
		ana.listed(fmt.Sprintf("Another wall %d", i))
	}
	select {
	case e := <-all:
		t.Errorf("before the pause was over: %+v", e)
	case h.pauses <- time.Time{}:
	}
	if e := within(t, "the numbers", all); !strings.Contains(e.data, `{"asOfSeq":6,"world":{"events":6}}`) {
		t.Errorf("after the pause %+v", e)
	}
	h.pauses <- time.Time{}
	ana.listed("The last wall")
	if e := within(t, "the numbers", all); !strings.Contains(e.data, `{"asOfSeq":7,"world":{"events":7}}`) {
		t.Errorf("then %+v", e)
	}
}

func TestTheHubSaysGoodbye(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, all := h.anonymous().stream(t.Context(), `subscription { activity { seq kind } }`, "")
	socket := h.anonymous().dial("graphql-transport-ws")
	socket.handshake()
	h.handler.Close()
	if e, more := <-all; more {
		t.Errorf("an event: %+v", e) // no complete: the client comes back
	}
	if code := socket.closed(); code != websocket.CloseGoingAway {
		t.Errorf("the socket closed with %d, want 1001", code)
	}
}

// socket is a client of graphql-transport-ws.
type socket struct {
	t    *testing.T
	conn *websocket.Conn
}

type frame struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

func (v *visitor) dial(protocols ...string) *socket {
	v.t.Helper()
	dialer := websocket.Dialer{Subprotocols: protocols}
	header := http.Header{}
	if v.cookie != "" {
		header.Set("Cookie", v.cookie)
	}
	conn, response, err := dialer.Dial("ws"+strings.TrimPrefix(v.server.URL, "http")+"/graphql", header)
	if err != nil {
		v.t.Fatal(err)
	}
	_ = response.Body.Close()
	v.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	return &socket{v.t.(*testing.T), conn}
}

func (s *socket) send(kind, id string, payload any) {
	s.t.Helper()
	f := frame{ID: id, Type: kind}
	if payload != nil {
		raw, err := json.Marshal(payload)
		if err != nil {
			s.t.Fatal(err)
		}
		f.Payload = raw
	}
	if err := s.conn.WriteJSON(f); err != nil {
		s.t.Fatal(err)
	}
}

func (s *socket) receive() (f frame) {
	s.t.Helper()
	if err := s.conn.ReadJSON(&f); err != nil {
		s.t.Fatal(err)
	}
	return f
}

func (s *socket) handshake() {
	s.t.Helper()
	s.send("connection_init", "", nil)
	if f := s.receive(); f.Type != "connection_ack" {
		s.t.Fatalf("got %+v", f)
	}
}

// closed reads until the end and gives the close code.
func (s *socket) closed() int {
	s.t.Helper()
	for {
		_, _, err := s.conn.ReadMessage()
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			return closed.Code
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

func subscribe(query string, variables map[string]any) map[string]any {
	return map[string]any{"query": query, "variables": variables}
}

func TestASocketResumesWithoutGap(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org")
	ana.listed("Wall 1")
	s := h.anonymous().dial("graphql-transport-ws")
	s.handshake()
	s.send("subscribe", "one", subscribe(watch, map[string]any{"after": "5f3a09c1-0"}))
	first := s.receive()
	if seq, _ := activity(t, string(first.Payload)); first.Type != "next" || first.ID != "one" || seq != 1 {
		t.Errorf("got %+v", first)
	}
	_ = s.conn.Close() // the network breaks

	ana.listed("Wall 2")
	s = h.anonymous().dial("graphql-transport-ws")
	s.handshake()
	s.send("subscribe", "two", subscribe(watch, map[string]any{"after": "5f3a09c1-1"}))
	ana.listed("Wall 3")
	for want := int64(2); want <= 3; want++ {
		if seq, _ := activity(t, string(s.receive().Payload)); seq != want {
			t.Errorf("after the break %d, want %d", seq, want)
		}
	}
}

func TestASocketSpeaksTheProtocol(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.anonymous().dial("graphql-transport-ws")
	s.handshake()
	s.send("ping", "", map[string]any{"n": 1})
	if f := s.receive(); f.Type != "pong" || string(f.Payload) != `{"n":1}` {
		t.Errorf("to a ping: %+v", f)
	}
	s.send("subscribe", "q", subscribe("{ edition { slug } }", nil))
	if f := s.receive(); f.Type != "next" || f.ID != "q" || !strings.Contains(string(f.Payload), "2026") {
		t.Errorf("to a query: %+v", f)
	}
	if f := s.receive(); f.Type != "complete" || f.ID != "q" {
		t.Errorf("after a query: %+v", f)
	}
	s.send("subscribe", "q", subscribe("{ nonsense }", nil)) // the id is free again
	if f := s.receive(); f.Type != "error" || f.ID != "q" || !strings.Contains(string(f.Payload), "BAD_REQUEST") || f.Payload[0] != '[' {
		t.Errorf("to nonsense: %+v", f)
	}
	s.send("subscribe", "m", subscribe("mutation { signOut { problems { code } } }", nil))
	if f := s.receive(); f.Type != "error" || !strings.Contains(string(f.Payload), "POST") {
		t.Errorf("to a mutation: %+v", f)
	}
	s.send("subscribe", "s", subscribe(`subscription { activity(after: "00000001-1") { kind } }`, nil))
	if f := s.receive(); !strings.Contains(string(f.Payload), "SNAPSHOT_REQUIRED") {
		t.Errorf("to an old position: %+v", f)
	}
	if f := s.receive(); f.Type != "complete" {
		t.Errorf("then: %+v", f)
	}
	s.send("subscribe", "w", subscribe(watch, nil))
	s.send("complete", "w", nil)
	s.send("subscribe", "w", subscribe("{ __typename }", nil)) // stopped, so free again
	for f := s.receive(); f.Type != "complete"; f = s.receive() {
		if f.ID != "w" || !strings.Contains(string(f.Payload), "Query") {
			t.Errorf("after stopping: %+v", f)
		}
	}
}

func TestASocketThatBreaksTheRulesIsClosed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, c := range map[string]struct {
		code int
		do   func(*socket)
	}{
		"unknown message": {4400, func(s *socket) { s.handshake(); s.send("hello", "", nil) }},
		"not JSON": {4400, func(s *socket) {
			s.handshake()
			_ = s.conn.WriteMessage(websocket.TextMessage, []byte("{"))
		}},
		"binary": {4400, func(s *socket) {
			s.handshake()
			_ = s.conn.WriteMessage(websocket.BinaryMessage, []byte("{}"))
		}},
		"no id":                {4400, func(s *socket) { s.handshake(); s.send("subscribe", "", subscribe("{__typename}", nil)) }},
		"no query":             {4400, func(s *socket) { s.handshake(); s.send("subscribe", "a", map[string]any{}) }},
		"before the handshake": {4401, func(s *socket) { s.send("subscribe", "a", subscribe("{__typename}", nil)) }},
		"two handshakes":       {4429, func(s *socket) { s.handshake(); s.send("connection_init", "", nil) }},
		"an id twice": {4409, func(s *socket) {
			s.handshake()
			s.send("subscribe", "a", subscribe(watch, nil))
			s.send("subscribe", "a", subscribe(watch, nil))
		}},
		"too many messages": {websocket.ClosePolicyViolation, func(s *socket) {
			s.handshake()
			for range 200 {
				if s.conn.WriteJSON(frame{Type: "pong"}) != nil {
					return
				}
			}
		}},
		"too long a message": {websocket.CloseMessageTooBig, func(s *socket) {
			s.handshake()
			_ = s.conn.WriteJSON(frame{Type: "ping", Payload: json.RawMessage(`"` + strings.Repeat("x", 70_000) + `"`)})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := h.anonymous()
			v.house = &house{t: t, server: h.server}
			s := v.dial("graphql-transport-ws")
			c.do(s)
			if code := s.closed(); code != c.code {
				t.Errorf("closed with %d, want %d", code, c.code)
			}
		})
	}
	if code := h.anonymous().dial("graphql-ws").closed(); code != 4406 {
		t.Errorf("another protocol: %d, want 4406", code)
	}
	if code := h.anonymous().dial().closed(); code != 4406 {
		t.Errorf("no protocol: %d, want 4406", code)
	}
}

func TestASocketRunsTwentyOperations(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.anonymous().dial("graphql-transport-ws")
	s.handshake()
	for i := range 21 {
		s.send("subscribe", fmt.Sprint(i), subscribe(watch, nil))
	}
	if f := s.receive(); f.Type != "error" || f.ID != "20" || !strings.Contains(string(f.Payload), "RATE_LIMITED") {
		t.Errorf("the twenty-first: %+v", f)
	}
	s.send("complete", "3", nil)
	s.send("subscribe", "again", subscribe("{ __typename }", nil))
	if f := s.receive(); f.ID != "again" || f.Type != "next" {
		t.Errorf("after one was stopped: %+v", f)
	}
}

func TestSocketsOfOtherOriginsAreTurnedAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}
	address := "ws" + strings.TrimPrefix(h.server.URL, "http") + "/graphql"
	_, response, err := dialer.Dial(address, http.Header{"Origin": {"https://evil.example"}})
	if err == nil || response.StatusCode != http.StatusForbidden {
		t.Errorf("another origin: %v %v", response, err)
	}
	conn, response, err := dialer.Dial(address, http.Header{"Origin": {h.server.URL}})
	if err != nil {
		t.Fatalf("the same origin: %v %v", response, err)
	}
	_ = conn.Close()
}

// What a viewer's session may see ends with the session, also on a connection that stands.
func TestASocketForgetsASessionThatEnded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org") // without a host, so nothing is remembered
	s := ana.dial("graphql-transport-ws")
	s.handshake()
	s.send("subscribe", "1", subscribe("{ viewer { email } }", nil))
	if f := s.receive(); !strings.Contains(string(f.Payload), "ana@example.org") {
		t.Fatalf("got %+v", f)
	}
	s.receive()
	if err := h.service.SignOut(t.Context(), ana.cookie[4:]); err != nil {
		t.Fatal(err)
	}
	s.send("subscribe", "2", subscribe("{ viewer { email } }", nil))
	if f := s.receive(); !strings.Contains(string(f.Payload), `"viewer":null`) {
		t.Errorf("got %+v", f)
	}
}
