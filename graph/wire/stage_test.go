package wire

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/microgalleries/actionday/events"
)

// stage is a Handler on a server, and behind it an executor of a small schema: a log that all see,
// a state that all see, and what everybody sees alone.
type stage struct {
	*Handler
	t      testing.TB
	server *httptest.Server
	schema *ast.Schema

	mu    sync.Mutex
	log   []string // answer of each position from 1 on
	grown chan struct{}
	ends  bool

	shared, own atomic.Int32 // executions
}

const stageSchema = `
	directive @shared on FIELD_DEFINITION
	directive @personal on FIELD_DEFINITION
	type Query { who: String }
	type Note { text: String own: String @personal about: Note }
	type Subscription {
		log(after: String, of: String = "all"): String @shared
		state: String @shared
		note: Note @shared
		mine: String
	}`

type whoKey struct{}

// stageTime is what the hub's clock shows, always.
func stageTime() time.Time { return time.Date(2026, time.December, 12, 10, 30, 0, 5_000_000, time.UTC) }

const nobody = "nobody may be asked for"

// everyWay runs a test with connections as they are used here and as on every system.
func everyWay(t *testing.T, test func(*testing.T, *stage)) {
	t.Parallel()
	for name, portable := range map[string]bool{"quick": false, "portable": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newStageOf(t, portable))
		})
	}
}

func newStage(t testing.TB, begin ...func(*httptest.Server)) *stage {
	t.Helper()
	return newStageOf(t, false, begin...)
}

func newStageOf(t testing.TB, portable bool, begin ...func(*httptest.Server)) *stage {
	t.Helper()
	s := &stage{t: t, grown: make(chan struct{}), schema: gqlparser.MustLoadSchema(&ast.Source{Input: stageSchema})}
	s.Handler = New(Options{
		Portable: portable,
		Executor: s,
		Enter:    func(context.Context) *gqlerror.Error { return nil },
		Known:    func(context.Context) bool { return false },
		Address:  func(ctx context.Context) string { return "of " + ctx.Value(whoKey{}).(string) },
		Standing: func(ctx context.Context) context.Context {
			return context.WithValue(context.Background(), whoKey{}, ctx.Value(whoKey{}))
		},
		Unseen: func(ctx context.Context) context.Context { return context.WithValue(ctx, whoKey{}, nobody) },
		Now:    stageTime,
	})
	s.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), whoKey{}, r.Header.Get("Who"))))
	}))
	if len(begin) == 0 {
		s.server.Start()
	}
	for _, how := range begin {
		how(s.server)
	}
	t.Cleanup(func() {
		s.Close()
		s.server.Close()
	})
	return s
}

// CreateOperationContext implements graphql.GraphExecutor.
func (s *stage) CreateOperationContext(_ context.Context, params *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	op := &graphql.OperationContext{RawQuery: params.Query, OperationName: params.OperationName, Headers: params.Headers}
	doc, list := gqlparser.LoadQuery(s.schema, params.Query)
	if list != nil {
		return op, list
	}
	op.Doc, op.Operation = doc, doc.Operations.ForName(params.OperationName)
	variables, err := validator.VariableValues(s.schema, op.Operation, params.Variables)
	if err != nil {
		return op, gqlerror.List{gqlerror.Wrap(err)}
	}
	op.Variables = variables
	return op, nil
}

// DispatchError implements graphql.GraphExecutor.
func (s *stage) DispatchError(_ context.Context, list gqlerror.List) *graphql.Response {
	return &graphql.Response{Errors: list}
}

// DispatchOperation implements graphql.GraphExecutor.
func (s *stage) DispatchOperation(ctx context.Context, op *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	field := op.Operation.SelectionSet[0].(*ast.Field)
	who, _ := ctx.Value(whoKey{}).(string)
	if who == nobody {
		s.shared.Add(1)
	} else {
		s.own.Add(1)
	}
	switch field.Name {
	case "who", "mine", "note":
		return s.once(field.Alias, who+" "+op.Headers.Get("Who")), ctx
	case "state":
		return s.states(field.Alias), ctx
	}
	return s.follows(ctx, op, field), ctx
}

func (s *stage) once(name, value string) graphql.ResponseHandler {
	given := false
	return func(context.Context) *graphql.Response {
		if given {
			return nil
		}
		given = true
		return &graphql.Response{Data: fmt.Appendf(nil, `{%q:%q}`, name, value)}
	}
}

const stageEpoch = 7

// follows gives the log from after a position on.
func (s *stage) follows(ctx context.Context, op *graphql.OperationContext, field *ast.Field) graphql.ResponseHandler {
	text := ResumeAfter(ctx)
	if value := field.ArgumentMap(op.Variables)[afterArgument]; text == "" && value != nil {
		text = value.(string)
	}
	at := s.head()
	if text != "" {
		var err error
		if at, err = events.ParsePosition(text); err != nil {
			return s.once(field.Alias, "no position")
		}
	}
	if at.Epoch != stageEpoch || at.Seq > s.head().Seq {
		return s.lost(field.Alias)
	}
	BeginAfter(ctx, at)
	return func(ctx context.Context) *graphql.Response {
		text, ok := s.after(ctx, at.Seq)
		if !ok {
			return nil
		}
		at.Seq++
		return &graphql.Response{
			Data:       fmt.Appendf(nil, `{%q:%q}`, field.Alias, text),
			Extensions: map[string]any{positionKey: at.String()},
		}
	}
}

// lost tells somebody whose position the log does not know to begin anew.
func (s *stage) lost(name string) graphql.ResponseHandler {
	once := s.once(name, "lost")
	return func(ctx context.Context) *graphql.Response {
		response := once(ctx)
		if response != nil {
			response.Extensions = map[string]any{positionKey: s.head().String()}
		}
		return response
	}
}

func (s *stage) states(name string) graphql.ResponseHandler {
	seq := int64(-1)
	return func(ctx context.Context) *graphql.Response {
		if seq >= 0 {
			if _, ok := s.after(ctx, seq); !ok {
				return nil
			}
		}
		seq = s.head().Seq
		return &graphql.Response{Data: fmt.Appendf(nil, `{%q:"%d"}`, name, seq)}
	}
}

func (s *stage) head() events.Position {
	s.mu.Lock()
	defer s.mu.Unlock()
	return events.Position{Epoch: stageEpoch, Seq: int64(len(s.log))}
}

// after waits for the text at the next position.
func (s *stage) after(ctx context.Context, seq int64) (string, bool) {
	for {
		s.mu.Lock()
		grown := s.grown
		if int(seq) < len(s.log) {
			defer s.mu.Unlock()
			return s.log[seq], true
		}
		ends := s.ends
		s.mu.Unlock()
		if ends {
			return "", false
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return "", false
		}
	}
}

func (s *stage) write(texts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, texts...)
	close(s.grown)
	s.grown = make(chan struct{})
}

func (s *stage) end() {
	s.mu.Lock()
	s.ends = true
	s.mu.Unlock()
	s.write()
}

// numbers are texts that say their position and are of many lengths.
func numbers(from, to int) (texts []string) {
	for i := from; i <= to; i++ {
		texts = append(texts, fmt.Sprintf("%d%s", i, strings.Repeat(" ", i%40)))
	}
	return texts
}

func position(seq int64) string { return events.Position{Epoch: stageEpoch, Seq: seq}.String() }

// reader is a client of either transport.
type reader struct {
	t     testing.TB
	close func()
	// next is the text of the next answer; io.EOF after `complete`, another error when it breaks off.
	next func() (string, error)
	conn net.Conn
}

// must is next that has to come.
func (r *reader) must() string {
	r.t.Helper()
	text, err := r.next()
	if err != nil {
		r.t.Fatal(err)
	}
	return text
}

type answerText struct {
	Data   map[string]string
	Errors []any
}

func textIn(raw []byte) (string, error) {
	var a answerText
	if err := json.Unmarshal(raw, &a); err != nil || len(a.Errors) > 0 {
		return "", fmt.Errorf("%w: %s", err, raw)
	}
	for _, text := range a.Data {
		return strings.TrimRight(text, " "), nil
	}
	return "", fmt.Errorf("nothing in %s", raw)
}

const patience = 20 * time.Second

var errBroke = errors.New("the stream broke off")

// socket subscribes over a WebSocket.
func (s *stage) socket(who, query string, variables map[string]any) *reader {
	s.t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{protocol}, TLSClientConfig: clientTLS(s.server)}
	address := strings.Replace(s.server.URL, "http", "ws", 1)
	conn, _, err := dialer.Dial(address, http.Header{"Who": {who}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = conn.Close() })
	payload, _ := json.Marshal(map[string]any{"query": query, "variables": variables})
	_ = conn.WriteJSON(message{Type: "connection_init"})
	_ = conn.WriteJSON(message{ID: "a" + who, Type: "subscribe", Payload: payload})
	return &reader{t: s.t, conn: conn.NetConn(), close: func() { _ = conn.Close() }, next: func() (string, error) {
		for {
			var m message
			_ = conn.SetReadDeadline(time.Now().Add(patience))
			if err := conn.ReadJSON(&m); err != nil {
				return "", err
			}
			switch m.Type {
			case "next":
				if m.ID != "a"+who {
					return "", fmt.Errorf("an answer for %q", m.ID)
				}
				return textIn(m.Payload)
			case "complete":
				return "", io.EOF
			case "error":
				return "", fmt.Errorf("%s", m.Payload)
			}
		}
	}}
}

// events subscribes over an event stream.
func (s *stage) events(who, query, lastID string) *reader {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s.t.Cleanup(cancel)
	request, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.server.URL+"?query="+url.QueryEscape(query), nil)
	request.Header = http.Header{"Accept": {eventsMedia}, "Who": {who}}
	if lastID != "" {
		request.Header.Set("Last-Event-ID", lastID)
	}
	response, err := s.server.Client().Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	lines := bufio.NewReader(response.Body)
	return &reader{t: s.t, close: func() { cancel(); _ = response.Body.Close() }, next: func() (string, error) {
		late := time.AfterFunc(patience, cancel)
		defer late.Stop()
		for name := ""; ; {
			line, err := lines.ReadString('\n')
			if err != nil {
				return "", errors.Join(errBroke, err)
			}
			field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
			switch {
			case field == "event":
				name = strings.TrimSpace(value)
			case field == "data" && name == "next":
				return textIn([]byte(value))
			case field == "data" && name == "complete":
				return "", io.EOF
			}
		}
	}}
}

func clientTLS(server *httptest.Server) *tls.Config {
	if transport, ok := server.Client().Transport.(*http.Transport); ok && transport.TLSClientConfig != nil {
		config := transport.TLSClientConfig.Clone()
		config.NextProtos = nil
		return config
	}
	return nil
}

func paramsOf(query, operation string, variables map[string]any) *graphql.RawParams {
	return &graphql.RawParams{
		Query: query, OperationName: operation, Variables: variables, Headers: http.Header{"Cookie": {"secret"}},
	}
}
