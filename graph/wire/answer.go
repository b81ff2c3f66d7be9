package wire

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/microgalleries/actionday/graph/fault"
)

// serveAnswer answers one query or mutation.
func (h *Handler) serveAnswer(w http.ResponseWriter, r *http.Request, media string, params *graphql.RawParams) {
	ctx, cancel := context.WithTimeout(graphql.StartOperationTrace(r.Context()), answerLimit)
	defer cancel()
	op, refused := h.Executor.CreateOperationContext(ctx, params)
	ctx = graphql.WithOperationContext(ctx, op)
	if refused != nil {
		answer(w, media, h.Executor.DispatchError(ctx, refused))
		return
	}
	switch {
	case op.Operation.Operation == ast.Subscription:
		refuse(w, http.StatusNotAcceptable, fault.New(fault.BadRequest,
			"Please subscribe with `Accept: %s` or over a WebSocket.", eventsMedia))
		return
	case op.Operation.Operation == ast.Mutation && r.Method == http.MethodGet:
		w.Header().Set("Allow", "POST")
		refuse(w, http.StatusMethodNotAllowed, fault.New(fault.BadRequest, "Please send mutations by POST."))
		return
	}
	responses, ctx := h.Executor.DispatchOperation(ctx, op)
	answer(w, media, bounded(responses(ctx)))
}

// bounded refuses an answer that is too long to send.
func bounded(response *graphql.Response) *graphql.Response {
	if response == nil {
		return &graphql.Response{Errors: gqlerror.List{fault.New(fault.Unavailable, "That took too long. Please ask for less.")}}
	}
	if len(response.Data) > maxAnswer {
		return &graphql.Response{
			Errors:     gqlerror.List{fault.New(fault.BadRequest, "The answer has more than %d bytes. Please ask for less.", maxAnswer)},
			Extensions: response.Extensions,
		}
	}
	return response
}

// answer writes a whole answer. Its status is 200 whenever the operation ran; who understands
// the GraphQL media type is told of a refused operation by 400, others by 200 with errors, as GraphQL
// over HTTP has it. Too much is 429 for all.
func answer(w http.ResponseWriter, media string, response *graphql.Response) {
	status := http.StatusOK
	seconds := fault.RetryAfter(response.Errors)
	switch {
	case seconds > 0:
		status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	case len(response.Data) == 0 && fault.CodeOf(response.Errors[0]) == fault.Unavailable:
		status = http.StatusServiceUnavailable
	case len(response.Data) == 0 && media == graphQLMedia:
		status = http.StatusBadRequest
	}
	tellLimit(w.Header(), response.Extensions)
	w.Header().Set("Content-Type", media+"; charset=utf-8")
	write(w, status, encode(response))
}

// refuse answers a request that was never an operation.
func refuse(w http.ResponseWriter, status int, err *gqlerror.Error) {
	if seconds := fault.RetryAfter(gqlerror.List{err}); seconds > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	w.Header().Set("Content-Type", jsonMedia+"; charset=utf-8")
	write(w, status, encode(&graphql.Response{Errors: gqlerror.List{err}}))
}

func write(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client has gone: nobody is left to tell
}

// Cost is what an answer says of its price, in extensions.cost.
type Cost struct {
	Used      int `json:"used"`
	Limit     int `json:"limit"`
	Remaining int `json:"remaining"`
	// Reset is in how many seconds the bucket is full again; it goes into the head only.
	Reset int `json:"-"`
}

// tellLimit says by the fields of draft-ietf-httpapi-ratelimit-headers what is left.
func tellLimit(header http.Header, extensions map[string]any) {
	cost, ok := extensions["cost"].(Cost)
	if !ok {
		return
	}
	header.Set("RateLimit-Limit", strconv.Itoa(cost.Limit))
	header.Set("RateLimit-Remaining", strconv.Itoa(cost.Remaining))
	header.Set("RateLimit-Reset", strconv.Itoa(cost.Reset))
}

// encode writes the JSON of an answer around its data, which is JSON already: errors first, for
// those who read logs, and no data where nothing was executed.
func encode(response *graphql.Response) []byte {
	body := make([]byte, 0, len(response.Data)+512)
	body = append(body, '{')
	if len(response.Errors) > 0 {
		body = appendMember(body, "errors", fault.Bounded(response.Errors))
	}
	if len(response.Data) > 0 {
		if len(body) > 1 {
			body = append(body, ',')
		}
		body = append(body, `"data":`...)
		body = append(body, response.Data...)
	}
	if len(response.Extensions) > 0 {
		body = appendMember(body, "extensions", response.Extensions)
	}
	return append(body, '}')
}

func appendMember(body []byte, name string, value any) []byte {
	raw, err := json.Marshal(value)
	if err != nil { // errors and extensions are plain values
		return body
	}
	if len(body) > 1 {
		body = append(body, ',')
	}
	body = append(body, '"')
	body = append(body, name...)
	body = append(body, `":`...)
	return append(body, raw...)
}
