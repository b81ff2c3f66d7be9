package graph_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

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
