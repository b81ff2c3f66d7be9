package wire

import (
	"context"
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/microgalleries/actionday/graph/fault"
	"github.com/microgalleries/actionday/graph/limits"
)

// subscribe starts an operation on a socket, or says what is wrong with it.
func (s *socket) subscribe(m message) {
	switch {
	case !s.acknowledged:
		s.end(closeUnauthorized, "Unauthorized")
		return
	case m.ID == "" || len(m.ID) > maxIDs:
		s.end(closeInvalid, "Invalid message received")
		return
	}
	params := &graphql.RawParams{Headers: s.header}
	if limits.CheckBody(m.Payload) != nil || decode(m.Payload, params) != nil || params.Query == "" {
		s.end(closeInvalid, "Invalid message received")
		return
	}
	ctx, cancel := context.WithCancel(s.ctx)
	op := &running{cancel}
	switch s.start(m.ID, op) {
	case sameID:
		cancel()
		s.end(closeSameID, "Subscriber for "+m.ID+" already exists")
	case noRoom:
		cancel()
		s.send(s.ctx, failure(m.ID, gqlerror.List{fault.TooMuch(1)}))
	case started:
		s.all.Add(1)
		go func() {
			defer s.all.Done()
			last, ok := s.run(ctx, m.ID, params)
			s.forget(m.ID, op) // first, so that the client may use the id again
			if ok {
				s.send(s.ctx, last)
			}
		}()
	}
}

// running is an operation that runs on a socket.
type running struct{ cancel context.CancelFunc }

type startResult int

const (
	started startResult = iota
	sameID
	noRoom
)

func (s *socket) start(id string, op *running) startResult {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[id] != nil {
		return sameID
	}
	if len(s.running) >= maxOperations {
		return noRoom
	}
	s.running[id] = op
	return started
}

// stop ends an operation if it still runs, because the client says so.
func (s *socket) stop(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if op := s.running[id]; op != nil {
		op.cancel()
		delete(s.running, id)
	}
}

// forget takes an operation that has ended out; its id may belong to another one by now.
func (s *socket) forget(id string, op *running) {
	op.cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[id] == op {
		delete(s.running, id)
	}
}

// run executes an operation, sends `next` for each answer, and gives the message that ends it:
// `complete` or `error`. There is none for an operation that the client has stopped.
func (s *socket) run(ctx context.Context, id string, params *graphql.RawParams) (last message, ok bool) {
	exec := s.handler.Executor
	ctx, stream := withStream(graphql.StartOperationTrace(ctx), "")
	op, refused := exec.CreateOperationContext(ctx, params)
	ctx = graphql.WithOperationContext(ctx, op)
	if refused == nil && op.Operation.Operation == ast.Mutation {
		refused = gqlerror.List{fault.New(fault.BadRequest, "Please send mutations by POST.")}
	}
	if refused != nil {
		return failure(id, exec.DispatchError(ctx, refused).Errors), true
	}
	if op.Operation.Operation == ast.Query {
		s.sendOne(ctx, id, op)
	} else {
		s.sendAll(ctx, id, op)
	}
	if stream.broken.Load() {
		return failure(id, gqlerror.List{fault.New(fault.Unavailable, "The stream broke off. Please resume.")}), true
	}
	return message{ID: id, Type: "complete"}, ctx.Err() == nil
}

func (s *socket) sendOne(ctx context.Context, id string, op *graphql.OperationContext) {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	next, ctx := s.handler.Executor.DispatchOperation(ctx, op)
	s.send(s.ctx, message{ID: id, Type: "next", Payload: encode(bounded(next(ctx)))})
}

func (s *socket) sendAll(ctx context.Context, id string, op *graphql.OperationContext) {
	next, ctx := s.handler.Executor.DispatchOperation(ctx, op)
	for response := next(ctx); response != nil; response = next(ctx) {
		if !s.send(ctx, message{ID: id, Type: "next", Payload: encode(bounded(response))}) {
			return
		}
	}
}

func failure(id string, list gqlerror.List) message {
	payload, err := json.Marshal(fault.Bounded(list))
	if err != nil { // plain values
		payload = []byte("[]")
	}
	return message{ID: id, Type: "error", Payload: payload}
}
