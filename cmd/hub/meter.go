package main

import (
	"context"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/counters"
)

// codeSecret is the name of the key that the check-in codes of all hubs are made with.
const codeSecret = "check-in codes"

// meter measures the pace of check-ins over all hubs, or in this one alone while Redis is away.
type meter struct{ limiter *counters.Limiter }

// Over implements events.Meter. The limiter takes a number whole or not at all, so what it refuses is
// offered again in halves.
func (m meter) Over(ctx context.Context, key string, pace events.Pace, n int) int {
	limit := counters.Limit{Rate: pace.Most, Per: pace.Per, Burst: pace.Most}
	for part := min(n, pace.Most); part > 0; part = min(part, n) {
		if m.limiter.Allow(ctx, key, limit, part).Allowed {
			n -= part
		} else {
			part /= 2
		}
	}
	return n
}
