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
	case !s.acknowledged.Load():
		s.end(closeUnauthorized, "Unauthorized")
		return
	case m.ID == "" || len(m.ID) > maxIDs:
		s.end(closeInvalid, "Invalid message received")
		return
	}
	params := &graphql.RawParams{}
	if limits.CheckBody(m.Payload) != nil || decode(m.Payload, params) != nil || params.Query == "" {
		s.end(closeInvalid, "Invalid message received")
		return
	}
	ctx, cancel := context.WithCancel(s.seat.context)
	v := &viewing{seat: s.seat, id: m.ID, quoted: quote(m.ID), cancel: cancel}
	var sameID, noRoom bool
	added := s.seat.add(v, func(running []*viewing) bool {
		for _, other := range running {
			sameID = sameID || other.id == m.ID
		}
		noRoom = len(running) >= maxOperations
		return sameID || noRoom
	})
	switch {
	case sameID:
		s.end(closeSameID, "Subscriber for "+m.ID+" already exists")
	case noRoom:
		s.send(failure(m.ID, gqlerror.List{fault.TooMuch(1)}))
	case added && s.seat.handler.start(func() { s.run(ctx, v, params) }):
		return
	}
	cancel()
}

func quote(id string) []byte {
	quoted, err := json.Marshal(id)
	if err != nil { // a string
		return []byte(`""`)
	}
	return quoted
}

// run executes an operation, sends `next` for each answer, and at last `complete` or `error`.
func (s *socket) run(ctx context.Context, v *viewing, params *graphql.RawParams) {
	exec := s.seat.handler.Executor
	ctx = graphql.StartOperationTrace(ctx)
	op, refused := exec.CreateOperationContext(ctx, params)
	if refused == nil && op.Operation.Operation == ast.Mutation {
		refused = gqlerror.List{fault.New(fault.BadRequest, "Please send mutations by POST.")}
	}
	switch {
	case refused != nil:
		ctx = graphql.WithOperationContext(ctx, op)
		list := exec.DispatchError(ctx, refused).Errors
		if s.seat.forget(v) {
			s.send(message{ID: v.id, Type: "error", Payload: errorsOf(list)})
		}
	case op.Operation.Operation == ast.Query:
		ctx, cancel := context.WithTimeout(ctx, answerLimit)
		defer cancel()
		next, ctx := exec.DispatchOperation(ctx, op)
		v.send(prepare(bounded(next(ctx))))
		v.finish(false)
	default:
		s.seat.handler.follow(ctx, v, op, "")
	}
}

// follow gives a subscription's answers to one reader: together with all who asked for the same, or
// by an execution of its own. It returns when either nothing more comes or others provide.
func (h *Handler) follow(ctx context.Context, v *viewing, op *graphql.OperationContext, resume string) {
	if shared, ok := sharingOf(op); ok {
		if resume != "" {
			shared.after = resume
		}
		if h.broadcasts.admit(ctx, v, shared) {
			return
		}
	}
	ctx, stream := withStream(ctx, resume)
	next, ctx := h.Executor.DispatchOperation(graphql.WithOperationContext(ctx, op), op)
	for response := next(ctx); response != nil; response = next(ctx) {
		if v.seat.wait(ctx) != nil {
			return
		}
		v.send(prepare(bounded(response)))
	}
	if ctx.Err() == nil {
		v.finish(stream.broken.Load())
	}
}

// lastWord ends an operation on a socket. A stream that broke off ends with an error, so that its
// client comes back and resumes.
func lastWord(id string, broken bool) []byte {
	if broken {
		return frameOf(failure(id, gqlerror.List{fault.New(fault.Unavailable, "The stream broke off. Please resume.")}))
	}
	return frameOf(message{ID: id, Type: "complete"})
}

func failure(id string, list gqlerror.List) message {
	return message{ID: id, Type: "error", Payload: errorsOf(list)}
}

func errorsOf(list gqlerror.List) json.RawMessage {
	payload, err := json.Marshal(fault.Bounded(list))
	if err != nil { // plain values
		return []byte("[]")
	}
	return payload
}
