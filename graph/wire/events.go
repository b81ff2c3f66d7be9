package wire

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/microgalleries/actionday/graph/fault"
)

// reconnectAfter is how many milliseconds an EventSource waits before it comes back.
const reconnectAfter = 2000

// serveEvents answers an operation as server-sent events: `next` with an answer each, `complete` at
// the end. An event that has a log position carries it as its id, so that a browser's EventSource
// resumes by itself.
func (h *Handler) serveEvents(w http.ResponseWriter, r *http.Request, params *graphql.RawParams) {
	address := h.Address(r.Context())
	if !h.standing.enter(address) {
		refuse(w, http.StatusTooManyRequests, fault.TooMuch(int(heartbeat.Seconds())))
		return
	}
	defer h.standing.leave(address)
	ctx, cancel := context.WithCancel(graphql.StartOperationTrace(r.Context()))
	defer cancel()
	defer context.AfterFunc(h.closing, cancel)()
	ctx, s := withStream(ctx, r.Header.Get("Last-Event-ID"))

	op, refused := h.Executor.CreateOperationContext(ctx, params)
	ctx = graphql.WithOperationContext(ctx, op)
	if refused != nil {
		answer(w, graphQLMedia, h.Executor.DispatchError(ctx, refused))
		return
	}
	if op.Operation.Operation == ast.Mutation {
		w.Header().Set("Allow", "POST")
		refuse(w, http.StatusMethodNotAllowed, fault.New(fault.BadRequest,
			"Please send mutations by POST with `Accept: %s`.", graphQLMedia))
		return
	}
	if op.Operation.Operation == ast.Query {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, answerLimit)
		defer stop()
	}
	responses, ctx := h.Executor.DispatchOperation(ctx, op)
	e := &eventWriter{w: w, control: http.NewResponseController(w)}
	e.open()
	e.copy(ctx, responses, op.Operation.Operation == ast.Query)
	if ctx.Err() == nil && !s.broken.Load() {
		e.send("event: complete\ndata:\n\n")
	}
}

// eventWriter writes events, each within writeLimit; the first that is not written ends it.
type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	err     error
}

func (e *eventWriter) open() {
	header := e.w.Header()
	header.Set("Content-Type", eventsMedia+"; charset=utf-8")
	header.Set("X-Accel-Buffering", "no") // proxies of the nginx family would hold events back
	e.w.WriteHeader(http.StatusOK)
	e.send("retry: " + strconv.Itoa(reconnectAfter) + "\n\n")
}

// copy writes what comes until it ends, with a sign of life when nothing comes for a while.
func (e *eventWriter) copy(ctx context.Context, next graphql.ResponseHandler, once bool) {
	ctx, cancel := context.WithCancel(ctx)
	all := pull(ctx, next)
	defer func() {
		cancel()
		for range all.answers { // until its goroutine has ended
		}
	}()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for e.err == nil {
		select {
		case response, more := <-all.answers:
			if !more {
				return
			}
			e.next(bounded(response))
			if once {
				return
			}
			all.ready <- struct{}{}
		case <-beat.C:
			e.send(":\n\n")
		case <-ctx.Done():
			return
		}
	}
}

func (e *eventWriter) next(response *graphql.Response) {
	event := []byte("event: next\n")
	if position, ok := response.Extensions[positionKey].(string); ok {
		event = append(event, "id: "+position+"\n"...)
	}
	event = append(event, "data: "...)
	event = append(event, encode(response)...) // JSON has no line breaks
	e.send(string(append(event, "\n\n"...)))
}

func (e *eventWriter) send(event string) {
	if e.err != nil {
		return
	}
	// Each event has its own deadline instead of the server's for the whole answer.
	_ = e.control.SetWriteDeadline(time.Now().Add(writeLimit))
	if _, e.err = e.w.Write([]byte(event)); e.err == nil {
		e.err = e.control.Flush()
	}
}
