package main

import (
	"context"
	"math"
	"net/http"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/counters"
	"github.com/microgalleries/actionday/graph"
	"github.com/microgalleries/actionday/graph/auth"
	"github.com/microgalleries/actionday/graph/limits"
)

// api is the GraphQL handler. Every answer of a hub whose clock was set says that it is a rehearsal.
func (h *hub) api(ctx context.Context) *graph.Handler {
	var mode events.Mode
	if h.clock.isSet {
		mode = events.RehearsalMode
	}
	api := graph.New(graph.Parts{
		Service: h.service, Feed: h.feed, Counts: h.board, Truth: h.store, Replay: h.replays, Limiter: h.rates(ctx),
		CountryName: h.atlas.CountryName, Places: h.atlas.Search, Mode: mode, Log: h.log,
	})
	h.graph = api
	h.workers.all.Go(func() { // the hub waits for it, so that every viewer is told
		<-ctx.Done()
		api.Close()
	})
	return api
}

// rates holds the rates of the API: over all hubs by Redis, and in memory where Redis came with the
// program, because then there is no other hub.
func (h *hub) rates(ctx context.Context) limits.Limiter {
	if h.settings.RedisURL != "" {
		return sharedLimiter{h.limiter, h.clock.now}
	}
	local := limits.NewLocal(h.clock.now)
	context.AfterFunc(ctx, local.Close)
	return local
}

// sharedLimiter holds the rates of the API over all hubs.
type sharedLimiter struct {
	limiter *counters.Limiter
	now     func() time.Time
}

// Allow implements limits.Limiter.
func (s sharedLimiter) Allow(ctx context.Context, rate limits.Rate, key string, cost int) limits.Decision {
	d := s.limiter.Allow(ctx, rate.Name+" "+key, counters.Limit{Rate: rate.Limit, Per: rate.Per, Burst: rate.Limit}, cost)
	return limits.Decision{
		Allowed: d.Allowed, Remaining: d.Remaining, RetryAfter: d.RetryAfter,
		ResetAfter: max(0, d.ResetAt.Sub(s.now())),
	}
}

// formActs are the rates of what people do by forms, each by address. They are those of the API
// where the API has the same act.
func formActs() map[string]counters.Limit {
	rates := limits.DefaultRates()
	asked := counters.Limit{Rate: rates.SignInAsk.Limit, Per: rates.SignInAsk.Per, Burst: rates.SignInAsk.Limit}
	return map[string]counters.Limit{
		"sign-in":  asked,
		"register": {Rate: 60, Per: time.Hour, Burst: 60},
		// A square full of people shares one address, and nobody in it is turned away.
		"check-in": {Rate: rates.Requests.Limit, Per: rates.Requests.Per, Burst: rates.Requests.Limit},
	}
}

// otherForms is the rate of every other act.
func otherForms() counters.Limit { return counters.Limit{Rate: 120, Per: time.Minute, Burst: 120} }

// allow tells whether a client may send a form once more.
func (h *hub) allow(r *http.Request, act string) (retryAfter int, ok bool) {
	limit, known := formActs()[act]
	if !known {
		limit = otherForms()
	}
	from := auth.Network(auth.ClientIP(r.Context()))
	d := h.limiter.Allow(r.Context(), "form "+act+" "+from.String(), limit, 1)
	return int(math.Ceil(d.RetryAfter.Seconds())), d.Allowed
}
