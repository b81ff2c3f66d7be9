package graph

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph/fault"
	"github.com/microgalleries/actionday/graph/model"
	"github.com/microgalleries/actionday/graph/wire"
)

// countsPause is the least time between two answers of the counts subscription: at most two a
// second.
const countsPause = 500 * time.Millisecond

// followed is the stream of a subscription.
type followed[T any] = <-chan graphql.Event[T]

// follow sends an edition's activities one by one. Its goroutine ends with ctx, which ends with the
// client's subscription; it holds one batch of activities at most.
func (r *Resolver) follow(ctx context.Context, edition events.ID, after events.Position) followed[*events.Activity] {
	out := make(chan graphql.Event[*events.Activity])
	wire.BeginAfter(ctx, after)
	follower := r.feed.Follow(edition, after)
	go func() {
		defer close(out)
		defer r.survive(ctx)
		for {
			batch, err := follower.Next(ctx)
			for i := range batch {
				if batch[i].Redacts != events.RedactNothing {
					wire.Forget(ctx, batch[i].Position())
				}
				if !send(ctx, out, &batch[i], batch[i].Position()) {
					return
				}
			}
			if err != nil {
				r.ended(ctx, err)
				return
			}
		}
	}()
	return out
}

// send hands one value with its log position to whoever reads the stream.
func send[T any](ctx context.Context, out chan<- graphql.Event[T], value T, at events.Position) bool {
	event := graphql.Event[T]{Context: context.WithValue(ctx, eventKey{}, at), Value: value}
	select {
	case out <- event:
		return true
	case <-ctx.Done():
		return false
	}
}

// ended tells apart how a feed can end: at its natural end, with the client, or broken.
func (r *Resolver) ended(ctx context.Context, err error) {
	if errors.Is(err, io.EOF) || ctx.Err() != nil {
		return
	}
	wire.Break(ctx)
	r.logFailure(ctx, err)
}

// survive has a panic end a stream, not the hub. It is to be deferred.
func (r *Resolver) survive(ctx context.Context) {
	if panicked := recover(); panicked != nil {
		wire.Break(ctx)
		_ = r.recovered(ctx, panicked) // into the log
	}
}

// followCounts sends an edition's numbers at once and whenever the log has moved on, with a pause
// after each.
func (r *Resolver) followCounts(ctx context.Context, edition events.ID) (followed[*model.Counts], error) {
	head, err := r.service.Head(ctx, edition)
	if err != nil {
		return nil, err
	}
	out := make(chan graphql.Event[*model.Counts])
	c := &counting{Resolver: r, edition: edition, epoch: head.Epoch, out: out}
	go func() {
		defer close(out)
		defer r.survive(ctx)
		if err := c.run(ctx, r.feed.Follow(edition, head)); err != nil {
			r.ended(ctx, err)
		}
	}()
	return out, nil
}

type counting struct {
	*Resolver
	edition events.ID
	epoch   uint32
	out     chan graphql.Event[*model.Counts]
	sent    int64 // position of the numbers sent last
	seen    int64 // position of the log seen last
}

// run sends what the numbers are until they have caught up with the log, then waits for the log.
// A failure to read the numbers is not the end: the next pause brings another try.
func (c *counting) run(ctx context.Context, follower events.Follower) error {
	for first := true; ; first = false {
		counts, err := c.numbers.Counts(ctx, c.edition)
		if err == nil && (first || counts.AsOfSeq > c.sent) {
			c.sent = counts.AsOfSeq
			at := events.Position{Epoch: c.epoch, Seq: counts.AsOfSeq}
			if !send(ctx, c.out, &model.Counts{Counts: counts}, at) {
				return ctx.Err()
			}
		}
		if err != nil && first {
			return err
		}
		if err := c.pause(ctx); err != nil {
			return err
		}
		if c.seen > c.sent {
			continue
		}
		batch, err := follower.Next(ctx)
		if len(batch) > 0 {
			c.seen = batch[len(batch)-1].Seq
		}
		if err != nil {
			return err
		}
	}
}

func (c *counting) pause(ctx context.Context) error {
	select {
	case <-c.after(countsPause):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// followedEdition is the edition of a subscription, which must exist and be public: what is said of
// it goes to many.
func (r *Resolver) followedEdition(ctx context.Context, id *events.ID) (*events.Edition, error) {
	ed, err := r.editionFor(ctx, events.Actor{}, id)
	if ed == nil && err == nil {
		err = fault.New(fault.BadRequest, "There is no such edition.")
	}
	return ed, err
}

// resumed is the position to go on after: the transport's, when the client has come back, else the
// operation's, else where the log stands now.
func (r *Resolver) resumed(ctx context.Context, edition events.ID, after events.Position) (events.Position, error) {
	at, err := resumedOrGiven(ctx, after)
	if err == nil && at == (events.Position{}) {
		return r.service.Head(ctx, edition)
	}
	return at, err
}

// resumedOrGiven is the same, but zero for now.
func resumedOrGiven(ctx context.Context, after events.Position) (events.Position, error) {
	if text := wire.ResumeAfter(ctx); text != "" {
		return events.ParsePosition(text)
	}
	return after, nil
}
