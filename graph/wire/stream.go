package wire

import (
	"context"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
)

// positionKey is the extension of an answer of a subscription that holds its log position.
const positionKey = "position"

type streamKey struct{}

// stream is what a transport and the resolver of a subscription tell each other.
type stream struct {
	resume string      // the log position to go on after, "" for what the operation says
	broken atomic.Bool // it ended early: the client should come back
}

func withStream(ctx context.Context, resume string) (context.Context, *stream) {
	s := &stream{resume: resume}
	return context.WithValue(ctx, streamKey{}, s), s
}

// ResumeAfter is the log position after which the client of a subscription wants to go on, where the
// transport knows it: it comes before what the operation says.
func ResumeAfter(ctx context.Context) string {
	if s, ok := ctx.Value(streamKey{}).(*stream); ok {
		return s.resume
	}
	return ""
}

// Break tells the transport that a subscription ends before its time: not with a "complete", so
// that the client comes back and resumes.
func Break(ctx context.Context) {
	if s, ok := ctx.Value(streamKey{}).(*stream); ok {
		s.broken.Store(true)
	}
}

// frames turns the executor's pull into a channel, one answer at a time: the next is made only when
// ready is called, because gqlgen writes it into the same memory. The goroutine ends with ctx.
type frames struct {
	answers chan *graphql.Response
	ready   chan struct{}
}

func pull(ctx context.Context, next graphql.ResponseHandler) frames {
	f := frames{make(chan *graphql.Response), make(chan struct{}, 1)}
	go func() {
		defer close(f.answers)
		for {
			response := next(ctx)
			if response == nil {
				return
			}
			select {
			case f.answers <- response:
			case <-ctx.Done():
				return
			}
			select {
			case <-f.ready:
			case <-ctx.Done():
				return
			}
		}
	}()
	return f
}
