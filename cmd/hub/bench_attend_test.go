package main

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/db/pgserver"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// Who checks in, and how often in one round.
const (
	callersAtOnce = 64
	callsOfOne    = 5
)

// BenchmarkCheckIns measures check-ins of people who come at the same time, on a Postgres that
// writes every commit down: through the service, which gathers them, and as one statement and
// commit each, in turns.
func BenchmarkCheckIns(b *testing.B) {
	s := newStage(b, durablePostgres(b))
	event := s.fill(1, eventstest.Listed(eventstest.Morning()))[0]
	hub := service(s.store, eventstest.Atlas{}, clock{shift: time.Until(event.Schedule.StartsAt)}, "")
	var gathered, single time.Duration
	calls, visitors := 0, 0
	for b.Loop() {
		calls += callersAtOnce * callsOfOne
		visitors++
		gathered += atOnce(b, func(ctx context.Context, caller, call int) (events.Outcome, error) {
			_, outcome, err := hub.Attend(ctx, events.CheckIn, "", event.ID, fmt.Sprintf("visitor-%06d-%06d-%06d", visitors, caller, call))
			return outcome, err
		})
		var alone [callersAtOnce][callsOfOne]events.Attendance
		for caller := range alone {
			for call := range alone[caller] {
				alone[caller][call] = s.attendance(event)
			}
		}
		single += atOnce(b, func(ctx context.Context, caller, call int) (events.Outcome, error) {
			outcomes, err := s.store.Attend(ctx, alone[caller][call:call+1], newID)
			if err != nil {
				return "", err
			}
			return outcomes[0], nil
		})
	}
	b.ReportMetric(float64(calls)/gathered.Seconds(), "checkins_service_per_s")
	b.ReportMetric(float64(calls)/single.Seconds(), "checkins_single_per_s")
	b.ReportMetric(float64(single)/float64(gathered), "checkins_service_vs_single")
}

// durablePostgres is a server on a disk that loses nothing it has acknowledged.
func durablePostgres(b *testing.B) (url string) {
	b.Helper()
	server, err := pgserver.Start(b.Context(), pgserver.Options{DataDir: b.TempDir(), NodeModules: "../../web/node_modules"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := server.Stop(context.WithoutCancel(b.Context())); err != nil {
			b.Error(err)
		}
	})
	return server.URL("postgres")
}

// atOnce lets all callers call one after another and tells how long it took. Everybody must count.
func atOnce(b *testing.B, call func(ctx context.Context, caller, call int) (events.Outcome, error)) time.Duration {
	b.Helper()
	var all sync.WaitGroup
	start := time.Now()
	for caller := range callersAtOnce {
		all.Go(func() {
			for n := range callsOfOne {
				if outcome, err := call(b.Context(), caller, n); err != nil || outcome != events.Fresh {
					b.Errorf("caller %d: %s, %v", caller, outcome, err)
				}
			}
		})
	}
	all.Wait()
	return time.Since(start)
}
