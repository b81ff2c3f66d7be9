package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph/frames"
	"github.com/microgalleries/actionday/graph/model"
	"github.com/microgalleries/actionday/graph/wire"
)

// followFrames sends what happens in an edition, or in an area of it, in frames.
func (r *Resolver) followFrames(
	ctx context.Context, edition events.ID, area *events.Area, after events.Position,
) (followed[*model.Frame], error) {
	if area != nil {
		if err := area.Check(); err != nil {
			return nil, err
		}
	}
	viewer, err := r.pacer.Follow(ctx, edition, frames.Wish{
		Area: area, After: after, Greet: wire.Greet(ctx),
		Forget: func(at events.Position) { wire.Forget(ctx, at) },
	})
	if err != nil {
		return nil, r.unavailable(ctx, err, "The numbers cannot be had for the moment.")
	}
	wire.BeginAfter(ctx, viewer.Position())
	out := make(chan graphql.Event[*model.Frame])
	go func() {
		defer close(out)
		defer r.survive(ctx)
		for {
			frame, err := viewer.Next(ctx)
			if err != nil {
				r.ended(ctx, err)
				return
			}
			if !send(ctx, out, &model.Frame{Frame: frame}, frame.Position) {
				return
			}
		}
	}()
	return out, nil
}
