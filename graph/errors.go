package graph

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph/auth"
	"github.com/microgalleries/actionday/graph/fault"
)

// present turns whatever went wrong into what the client may know. Failures of our own are logged
// here, once, under the id of the request, which is all that the client learns.
func (r *Resolver) present(ctx context.Context, err error) *gqlerror.Error {
	shown := r.shown(ctx, err)
	if shown.Path == nil {
		shown.Path = graphql.GetPath(ctx)
	}
	var located *gqlerror.Error
	if errors.As(err, &located) && shown.Locations == nil {
		shown.Locations = located.Locations
	}
	return shown
}

func (r *Resolver) shown(ctx context.Context, err error) *gqlerror.Error {
	var ours *gqlerror.Error
	if errors.As(err, &ours) && fault.CodeOf(ours) != "" {
		return ours
	}
	var busy *events.BusyError
	var broken net.Error
	problems, other := events.ProblemsIn(err)
	switch {
	case other == nil:
		return fault.New(fault.BadRequest, "%s", problems)
	case errors.Is(err, events.ErrNotSignedIn):
		return fault.New(fault.Unauthenticated, "Please sign in.")
	case errors.Is(err, events.ErrNotAllowed):
		return fault.New(fault.Forbidden, "Your account may not do that.")
	case errors.As(err, &busy):
		return fault.TooMuch(busy.RetryAfter)
	case errors.Is(err, context.DeadlineExceeded):
		r.log.WarnContext(ctx, "graph: out of time", "request", requestID(ctx), "path", graphql.GetPath(ctx).String(), "err", err)
		return fault.New(fault.Unavailable, "That took too long. Please try again.")
	case errors.Is(err, context.Canceled): // the client has gone
		return fault.New(fault.Unavailable, "The request was cancelled.")
	case errors.As(err, &broken):
		r.logFailure(ctx, err)
		return fault.New(fault.Unavailable, "A part of the hub does not answer. Please try again. (Request %s)", requestID(ctx))
	}
	r.logFailure(ctx, err)
	return internal(ctx)
}

func internal(ctx context.Context) *gqlerror.Error {
	return fault.New(fault.Internal, "Something went wrong in the hub. (Request %s)", requestID(ctx))
}

func (r *Resolver) logFailure(ctx context.Context, err error) {
	r.log.ErrorContext(ctx, "graph: field failed",
		"request", requestID(ctx), "path", graphql.GetPath(ctx).String(), "err", err)
}

// recovered makes an error of a panic in a resolver, so that one defect costs one answer.
func (r *Resolver) recovered(ctx context.Context, panicked any) error {
	r.log.ErrorContext(ctx, "graph: panic", "request", requestID(ctx),
		"path", graphql.GetPath(ctx).String(), "err", fmt.Sprint(panicked), "stack", string(debug.Stack()))
	return internal(ctx)
}

// unavailable is the error of a part that failed alone: its field becomes null, the rest stands.
func (r *Resolver) unavailable(ctx context.Context, err error, sentence string) error {
	if ctx.Err() == nil {
		r.logFailure(ctx, err)
	}
	return fault.New(fault.Unavailable, "%s", sentence)
}

type requestKey struct{}

// numbered gives every request an id, for the client to quote and for the log to find.
func numbered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := rand.Text()[:16]
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, id)))
	})
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// standing is what remains of a request when its connection stands.
func standing(ctx context.Context) context.Context {
	return context.WithValue(auth.Standing(ctx), requestKey{}, requestID(ctx))
}
