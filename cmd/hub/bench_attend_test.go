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
	callsOfOne    = 20
	checkInRounds = 3 // of each kind, in turns
)

// BenchmarkCheckIns measures check-ins of people who come at the same time, on a Postgres that
// writes every commit down: through the service, which gathers them, as one statement and commit
// each, and as bare rows by a loop that inserts as many at once as the service does, in turns.
func BenchmarkCheckIns(b *testing.B) {
	address := durablePostgres(b)
	s := newStage(b, address)
	event := s.fill(1, eventstest.Listed(eventstest.Morning()))[0]
	hub := service(s.store, eventstest.Atlas{}, clock{shift: time.Until(event.Schedule.StartsAt)}, "",
		func(p *events.Parts) { p.CodeKey, p.Meter = eventstest.CodeKey(), &eventstest.Meter{} })
	shown, err := hub.CheckInCodes(b.Context(), events.Actor{System: true}, event.ID)
	if err != nil {
		b.Fatal(err)
	}
	c := &checkIns{stage: s, hub: hub, event: event, code: shown.Printed.Code}
	c.gathered() // so that connections stand and caches are filled
	c.single()
	bare := newBareRows(c, address)
	bare.insert(callersAtOnce)
	var gathered, single, bulk, sizes []float64
	for b.Loop() {
		for range checkInRounds {
			groups := bare.groups()
			gathered = append(gathered, c.gathered().Seconds())
			size := callersAtOnce * callsOfOne / (bare.groups() - groups)
			sizes = append(sizes, float64(size))
			single = append(single, c.single().Seconds())
			bulk = append(bulk, bare.insert(size).Seconds())
		}
	}
	const calls = callersAtOnce * callsOfOne
	b.ReportMetric(calls/middle(gathered), "checkins_service_per_s")
	b.ReportMetric(calls/middle(single), "checkins_single_per_s")
	b.ReportMetric(calls/middle(bulk), "checkins_bulk_per_s")
	b.ReportMetric(middle(sizes), "checkins_group_size")
	b.ReportMetric(middle(single)/middle(gathered), "checkins_vs_single")
	b.ReportMetric(middle(bulk)/middle(gathered), "checkins_vs_bulk")
}

// checkIns are people at one event.
type checkIns struct {
	*stage
	hub    *events.Service
	event  events.Event
	code   string
	rounds int
}

// gathered is a round through the service.
func (c *checkIns) gathered() time.Duration {
	c.rounds++
	return c.atOnce(func(caller, call int) (events.Outcome, error) {
		visitor := fmt.Sprintf("visitor-%06d-%06d-%06d", c.rounds, caller, call)
		arrival := events.Arrival{Code: c.code, Device: visitor, Network: "192.0.2.7/32"}
		_, outcome, err := c.hub.CheckIn(c.Context(), "", arrival)
		return outcome, err
	})
}

// single is a round of single statements.
func (c *checkIns) single() time.Duration {
	var alone [callersAtOnce][callsOfOne]events.Attendance
	for caller := range alone {
		for call := range alone[caller] {
			alone[caller][call] = c.attendance(c.event)
		}
	}
	return c.atOnce(func(caller, call int) (events.Outcome, error) {
		outcomes, err := c.store.Attend(c.Context(), alone[caller][call:call+1], newID)
		if err != nil {
			return "", err
		}
		return outcomes[0], nil
	})
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
func (c *checkIns) atOnce(call func(caller, call int) (events.Outcome, error)) time.Duration {
	c.Helper()
	var all sync.WaitGroup
	start := time.Now()
	for caller := range callersAtOnce {
		all.Go(func() {
			for n := range callsOfOne {
				if outcome, err := call(caller, n); err != nil || outcome != events.Fresh {
					c.Errorf("caller %d: %s, %v", caller, outcome, err)
				}
			}
		})
	}
	all.Wait()
	return time.Since(start)
}
