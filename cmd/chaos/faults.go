package main

import (
	"context"
	"errors"
	"time"
)

// fault is one kind of misfortune.
type fault struct {
	name   string
	victim string // whose fault it is: hub, redis, nats, postgres or people
	hold   time.Duration
	// inject makes it and gives what heals it, which is always done. What is made on the way of an
	// injection that fails is healed as well.
	inject func(ctx context.Context, r *rig) (heal healing, err error)
	// possible says why it cannot be made here; nil and "" are that it can.
	possible func(r *rig) string
}

type healing = func(context.Context) error

// bar is how long nobody's write may be acknowledged: a fault of a hub, of Redis or of NATS is hardly
// noticed, and one of Postgres for a second longer than it lasts.
func (f fault) bar(lasted time.Duration) time.Duration {
	if f.victim == "postgres" {
		return lasted + time.Second
	}
	return 200 * time.Millisecond
}

const (
	moment = 300 * time.Millisecond
	second = time.Second
)

// faults is the table: every kind of reliability that is claimed.
func faults() []fault {
	return []fault{
		{name: "hub killed", victim: "hub", hold: moment, inject: hubKilled},
		{name: "hub told to stop", victim: "hub", hold: moment, inject: hubStopped},
		{name: "hub frozen", victim: "hub", hold: second, inject: hubFrozen},
		{name: "hubs restarted in turn", victim: "hub", inject: hubsRolled},
		{name: "hub a day ahead", victim: "hub", hold: second, inject: hubAt(24 * time.Hour)},
		{name: "hub a day behind", victim: "hub", hold: second, inject: hubAt(-24 * time.Hour)},
		{name: "hub boots before its services", victim: "postgres", inject: hubFirst},
		{name: "migration under load", victim: "hub", inject: migration},
		{name: "viewers stop reading", victim: "people", hold: 2 * second, inject: viewersDoze},
		{name: "two stewards at one item", victim: "people", inject: twoStewards},

		{name: "redis killed", victim: "redis", hold: moment, inject: redisKilled},
		{name: "redis frozen", victim: "redis", hold: second, inject: redisFrozen},
		{name: "redis flushed", victim: "redis", inject: redisFlushed},
		{name: "redis evicts the counts", victim: "redis", inject: redisEvicts},
		{name: "redis back with an old copy", victim: "redis", inject: redisOld},
		{name: "redis slow", victim: "redis", hold: second, inject: stormy(weather{latency: 30 * time.Millisecond}, "redis")},
		{name: "redis in a black hole", victim: "redis", hold: second, inject: stormy(weather{hole: true}, "redis")},
		{name: "redis connections reset", victim: "redis", hold: moment, inject: stormy(weather{reset: true}, "redis")},

		{name: "one NATS node killed", victim: "nats", hold: moment, inject: natsKilled(1)},
		{name: "two NATS nodes killed", victim: "nats", hold: moment, inject: natsKilled(2)},
		{name: "all NATS nodes killed", victim: "nats", hold: second, inject: natsKilled(3)},
		{name: "NATS frozen", victim: "nats", hold: second, inject: natsFrozen},
		{name: "NATS slow", victim: "nats", hold: second, inject: stormy(weather{latency: 100 * time.Millisecond}, "nats-1", "nats-2", "nats-3")},
		{name: "NATS connections reset", victim: "nats", hold: moment, inject: stormy(weather{reset: true}, "nats-1", "nats-2", "nats-3")},
		{name: "NATS consumer too slow", victim: "nats", hold: 2 * second, inject: stormy(weather{drip: 2000}, "nats-1", "nats-2", "nats-3")},
		{name: "NATS repeats and reorders", victim: "nats", hold: second, inject: natsRogue},

		{name: "Postgres backends killed", victim: "postgres", inject: backendsKilled},
		{name: "Postgres crashes", victim: "postgres", inject: postgresCrashes},
		{name: "Postgres restarted", victim: "postgres", inject: postgresRestarted},
		{name: "Postgres fails over", victim: "postgres", inject: postgresFailsOver},
		{name: "Postgres slow", victim: "postgres", hold: second, inject: stormy(weather{latency: 20 * time.Millisecond}, "postgres-1", "postgres-2")},
		{name: "Postgres connections reset", victim: "postgres", hold: moment, inject: stormy(weather{reset: true}, "postgres-1", "postgres-2")},
		{name: "Postgres in a black hole", victim: "postgres", hold: second, inject: stormy(weather{hole: true}, "postgres-1", "postgres-2")},
		{name: "Postgres answers cut short", victim: "postgres", hold: moment, inject: stormy(weather{cutAfter: 2000}, "postgres-1", "postgres-2")},
		{name: "answers to commits lost", victim: "postgres", hold: second, inject: stormy(weather{cutCommit: true}, "postgres-1", "postgres-2")},
		{name: "head row locked", victim: "postgres", hold: 2 * second, inject: headLocked},
		{name: "Postgres out of connections", victim: "postgres", hold: second, inject: connectionsExhausted},
		{name: "disk full", victim: "postgres", hold: second, inject: diskFull, possible: hasSmallDisk},
		{name: "Postgres clock off", victim: "postgres", possible: hasFaketime, inject: func(context.Context, *rig) (healing, error) {
			return nil, errors.New("this cluster starts Postgres without another clock")
		}},
	}
}

// stormy is bad weather between the hubs and some nodes.
func stormy(w weather, nodes ...string) func(context.Context, *rig) (healing, error) {
	return func(_ context.Context, r *rig) (healing, error) {
		set := func(w weather) {
			for _, name := range nodes {
				r.links[name].set(w)
			}
		}
		set(w)
		return func(context.Context) error { set(weather{}); return nil }, nil
	}
}

// hasFaketime: libfaketime could move the clock of Postgres, but hardly any machine has it, and
// Postgres' own time is in nothing that the hub decides by.
func hasFaketime(*rig) string {
	return "needs Postgres started under libfaketime; hubs take no time from it"
}
