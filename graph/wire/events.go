package wire

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/microgalleries/actionday/graph/fault"
)

// How many milliseconds an EventSource waits before it comes back: not all the same, so that those
// whom one hub sends away do not all come to the next in the same moment.
const (
	reconnectAfter  = 1000
	reconnectSpread = 2000
)

// heartbeatKey is the extension of a request by which an event stream asks for signs of life that a
// page can see: browsers keep comments to themselves, so that a connection that has died looks quiet.
const heartbeatKey = "heartbeat"

// timeForm is how a sign of life tells the time: to the millisecond, as browsers read it.
const timeForm = "2006-01-02T15:04:05.000Z07:00"

// completeEvent ends a stream of which nothing more is to come.
const completeEvent = "event: complete\ndata:\n\n"

// serveEvents answers an operation as server-sent events: `next` with an answer each, `complete` at
// the end. An event that has a log position carries it as its id, so that a browser's EventSource
// resumes by itself.
func (h *Handler) serveEvents(w http.ResponseWriter, r *http.Request, params *graphql.RawParams) {
	address := h.Address(r.Context())
	if !h.standing.enter(address) {
		refuse(w, http.StatusTooManyRequests, fault.TooMuch(int(heartbeat.Seconds())))
		return
	}
	ctx := graphql.StartOperationTrace(r.Context())
	op, refused := h.Executor.CreateOperationContext(ctx, params)
	ctx = graphql.WithOperationContext(ctx, op)
	switch {
	case refused != nil:
		answer(w, graphQLMedia, h.Executor.DispatchError(ctx, refused))
	case op.Operation.Operation == ast.Mutation:
		w.Header().Set("Allow", "POST")
		refuse(w, http.StatusMethodNotAllowed, fault.New(fault.BadRequest,
			"Please send mutations by POST with `Accept: %s`.", graphQLMedia))
	case op.Operation.Operation == ast.Query:
		h.answerEvents(ctx, w, op)
	default:
		h.stream(w, r, address, op, params.Extensions[heartbeatKey] == true)
		return // the address stands until the stream ends
	}
	h.standing.leave(address)
}

// answerEvents answers a query.
func (h *Handler) answerEvents(ctx context.Context, w http.ResponseWriter, op *graphql.OperationContext) {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	next, ctx := h.Executor.DispatchOperation(ctx, op)
	p := prepare(bounded(next(ctx)))
	setEvents(w.Header())
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(writeLimit))
	_, _ = w.Write(append(p.event, completeEvent...)) // the client has gone: nobody is left to tell
}

func setEvents(header http.Header) {
	header.Set("Content-Type", eventsMedia+"; charset=utf-8")
	header.Set("X-Accel-Buffering", "no") // proxies of the nginx family would hold events back
}

// stream opens an event stream. Over HTTP/1.1 it takes the connection over and returns; else the
// request stays open and its goroutine writes.
func (h *Handler) stream(w http.ResponseWriter, r *http.Request, address string, op *graphql.OperationContext, audible bool) {
	setEvents(w.Header())
	resume := r.Header.Get("Last-Event-ID")
	s := &seat{handler: h, context: h.Standing(r.Context()), address: address, audible: audible, told: time.Now()}
	ctx, cancel := context.WithCancel(s.context)
	v := &viewing{seat: s, cancel: cancel}
	s.add(v, nil)
	begin := func() {
		if !h.start(func() { h.follow(ctx, v, op, resume) }) {
			s.shard.post(s.goodbye)
		}
	}
	first := fmt.Appendf(nil, "retry: %d\n\n", reconnectAfter+rand.IntN(reconnectSpread))
	if audible {
		first = append(first, s.sign()...)
	}
	if conn, ok := takeOver(w, r); ok {
		s.chunked = true
		h.seat(s, conn, func([]byte) {})
		s.send(appendChunk(head(w.Header()), first))
		begin()
		return
	}
	line := newAnswerLine()
	w.WriteHeader(http.StatusOK)
	h.seatOn(s, line)
	s.send(first)
	begin()
	line.serve(w, r.Context().Done())
	s.shard.post(s.leave)
}

// takeOver takes the connection from the HTTP server, if its answer can be written by hand.
func takeOver(w http.ResponseWriter, r *http.Request) (net.Conn, bool) {
	if !r.ProtoAtLeast(1, 1) || r.ProtoMajor != 1 {
		return nil, false
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	return conn, err == nil
}

// head is the head of an answer in chunks.
func head(header http.Header) []byte {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	_, _ = w.WriteString("HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n")
	_ = header.Write(w)
	_, _ = w.WriteString("\r\n")
	_ = w.Flush() // into memory
	return b.Bytes()
}
