package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// stream is a subscription that stands: what comes over it, until it is cut.
type stream struct {
	t       *testing.T
	answers chan json.RawMessage // the answers as they came; closed at the end
	cut     func()
}

// frame is one answer of the activity subscription.
type frame struct {
	raw        json.RawMessage
	Data       struct{ Activity activity }
	Extensions map[string]any
}

type activity struct {
	Seq       int64
	Position  string
	Kind      string
	EventID   string
	Count     int64
	Tombstone bool
	Card      *struct{ Title string }
}

const follow = `subscription ($edition: ID, $after: LogPosition) { activity(editionId: $edition, after: $after) {
	seq position kind eventId count tombstone card { title } } }`

// follows subscribes by server-sent events.
func (p *person) follows(query string, variables ...any) *stream {
	p.t.Helper()
	ctx, cancel := context.WithCancel(p.t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.site+"/graphql", strings.NewReader(string(bodyOf(query, variables...))))
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	response, err := p.client.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	if media := response.Header.Get("Content-Type"); !strings.HasPrefix(media, "text/event-stream") {
		p.t.Fatalf("a stream answered %d %s", response.StatusCode, media)
	}
	return p.stream(cancel, func(yield func(json.RawMessage)) {
		defer func() { _ = response.Body.Close() }()
		lines := bufio.NewScanner(response.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && strings.HasPrefix(data, "{") {
				yield(json.RawMessage(data))
			}
		}
	})
}

// followsBySocket subscribes over a WebSocket.
func (p *person) followsBySocket(query string, variables ...any) *stream {
	p.t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, HandshakeTimeout: patience}
	conn, response, err := dialer.DialContext(p.t.Context(), "ws"+strings.TrimPrefix(p.site, "http")+"/graphql", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	_ = response.Body.Close() // a handshake has none
	for _, message := range []string{
		`{"type":"connection_init"}`, `{"type":"subscribe","id":"1","payload":` + string(bodyOf(query, variables...)) + `}`,
	} {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(message)); err != nil {
			p.t.Fatal(err)
		}
	}
	return p.stream(func() { _ = conn.Close() }, func(yield func(json.RawMessage)) {
		for {
			var message struct {
				Type    string
				Payload json.RawMessage
			}
			if err := conn.ReadJSON(&message); err != nil {
				return
			}
			if message.Type == "next" {
				yield(message.Payload)
			}
		}
	})
}

// streamHolds is how many answers a stream of a test keeps until the test looks.
const streamHolds = 10_000

func (p *person) stream(cut func(), read func(yield func(json.RawMessage))) *stream {
	s := &stream{t: p.t, answers: make(chan json.RawMessage, streamHolds)}
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(s.answers)
		read(func(raw json.RawMessage) { s.answers <- raw })
	})
	s.cut = sync.OnceFunc(func() { cut(); reading.Wait() })
	p.t.Cleanup(s.cut)
	return s
}

// next waits for the next answer.
func (s *stream) next() frame {
	s.t.Helper()
	select {
	case raw, ok := <-s.answers:
		if !ok {
			s.t.Fatal("the stream has ended")
		}
		f := frame{raw: raw}
		if err := json.Unmarshal(raw, &f); err != nil {
			s.t.Fatalf("%v: %s", err, raw)
		}
		return f
	case <-time.After(patience):
		s.t.Fatal("nothing comes over the stream")
	}
	panic("unreachable")
}

// until reads on to the first activity that is wanted and gives all on the way, which must follow
// one another without gap or repeat.
func (s *stream) until(wanted func(activity) bool) (read []activity) {
	s.t.Helper()
	for {
		a := s.next().Data.Activity
		if n := len(read); n > 0 && a.Seq != read[n-1].Seq+1 {
			s.t.Fatalf("activity %d came after %d", a.Seq, read[n-1].Seq)
		}
		read = append(read, a)
		if wanted(a) {
			return read
		}
	}
}

func ofKind(kind, title string) func(activity) bool {
	return func(a activity) bool { return a.Kind == kind && a.Card != nil && a.Card.Title == title }
}
