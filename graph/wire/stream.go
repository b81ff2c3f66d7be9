package wire

import (
	"context"
	"sync/atomic"

	"github.com/microgalleries/actionday/events"
)

// positionKey is the extension of an answer of a subscription that holds its log position.
const positionKey = "position"

type streamKey struct{}

// stream is what a transport and the resolver of a subscription tell each other.
type stream struct {
	resume  string          // the log position to go on after, "" for what the operation says
	begins  events.Position // where the resolver goes on from, zero if it does not say
	broken  atomic.Bool     // it ended early: the client should come back
	forgets atomic.Int64    // answers before this number of the log must not be given again
	crowd   bool            // it is the one execution for many
	greets  bool            // its answers tell all that a reader must know to go on from them
}

func withStream(ctx context.Context, resume string) (context.Context, *stream) {
	s := &stream{resume: resume}
	return context.WithValue(ctx, streamKey{}, s), s
}

func streamOf(ctx context.Context) *stream {
	s, _ := ctx.Value(streamKey{}).(*stream)
	return s
}

// ResumeAfter is the log position after which the client of a subscription wants to go on, where the
// transport knows it: it comes before what the operation says.
func ResumeAfter(ctx context.Context) string {
	if s := streamOf(ctx); s != nil {
		return s.resume
	}
	return ""
}

// BeginAfter tells the transport after which log position a subscription gives everything. A resolver
// calls it before it returns; readers who come back to that position or a later one can then be
// given the same answers as all others.
func BeginAfter(ctx context.Context, at events.Position) {
	if s := streamOf(ctx); s != nil {
		s.begins = at
	}
}

// Greet tells the transport that whoever comes without a position must first be told how things
// stand, and that any answer that has a position can be gone on from. It is true where the resolver
// has to do so: in the one execution for many it need not, for each newcomer has one of its own
// before it joins them.
func Greet(ctx context.Context) bool {
	s := streamOf(ctx)
	if s == nil {
		return true
	}
	s.greets = true
	return !s.crowd
}

// Forget tells the transport that the activity at a position takes back what earlier ones said: their
// answers must not be given again. A resolver calls it before it sends that activity.
func Forget(ctx context.Context, at events.Position) {
	if s := streamOf(ctx); s != nil {
		s.forgets.Store(at.Seq)
	}
}

// Break tells the transport that a subscription ends before its time: not with a "complete", so
// that the client comes back and resumes.
func Break(ctx context.Context) {
	if s := streamOf(ctx); s != nil {
		s.broken.Store(true)
	}
}
