package main

import (
	"bytes"
	"encoding/json"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestTheOtherHubGoesOnWhenOneIsStopped(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.lists("Wall of birds")
	news := p.b.anybody().follows(follow, "edition", p.edition.ID.String(), "after", p.start())
	news.until(ofKind("EVENT_LISTED", "Wall of birds"))
	p.a.stop()
	p.listsAt(p.b, "Letters to the river")
	news.until(ofKind("EVENT_LISTED", "Letters to the river"))
	eventually(t, "the counters go on", func() bool {
		return p.b.anybody().counts(p.edition).number("counts.world.events") == 2
	})
}

// A hub that was stopped broke off what it was doing for people who had asked already.
func TestAHubThatStopsAnswersWhatItHasBegun(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	id := p.lists("Wall of birds")
	conn, err := pgx.Connect(t.Context(), p.common.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	for _, hold := range []string{"begin", "lock table attendances in exclusive mode"} {
		if _, err := conn.Exec(t.Context(), hold); err != nil {
			t.Fatal(err)
		}
	}
	answered := make(chan bool, 1)
	go func() { answered <- p.a.anybody().cheersBravely(id, device(1)) }()
	eventually(t, "the cheer waits in the database", func() bool {
		var waiting int
		err := conn.QueryRow(t.Context(), "select count(*) from pg_locks where not granted and relation = 'attendances'::regclass").Scan(&waiting)
		return err == nil && waiting > 0
	})
	p.a.cancel()
	eventually(t, "the hub takes nobody new", func() bool { _, err := p.b.client.Get(p.a.site + "/healthz"); return err != nil })
	if _, err := conn.Exec(t.Context(), "rollback"); err != nil {
		t.Fatal(err)
	}
	if !<-answered {
		t.Error("whoever had asked before was not answered")
	}
}

// A hub is killed in the middle of work; nothing that it has answered is lost or doubled.
func TestTheOtherHubGoesOnWhenOneIsKilled(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.a.stop() // a process of its own takes its place, so that it can be killed
	doomed := hubProgram(t, p.environment())
	victim := (&house{hub: &hub{site: doomed.open()}, t: t, client: p.b.client}).anybody()
	id := p.listsAt(p.b, "Wall of birds")
	news := p.b.anybody().follows(follow, "edition", p.edition.ID.String(), "after", p.start())

	const crowd = 80
	var all sync.WaitGroup
	var once sync.Once
	for n := range crowd {
		all.Go(func() {
			if !victim.cheersBravely(id, device(n)) { // it was killed: people try again elsewhere
				p.b.anybody().takesPart("cheer", id, device(n))
			}
			if n == crowd/2 {
				once.Do(doomed.kill)
			}
		})
	}
	all.Wait()
	cheers := int64(0)
	read := news.until(func(a activity) bool { cheers += a.Count; return cheers >= crowd })
	if cheers != crowd || read[0].Seq != 1 {
		t.Errorf("%d cheers of %d in the log, which begins with %d", cheers, crowd, read[0].Seq)
	}
	p.listsAt(p.b, "Letters to the river")
	news.until(ofKind("EVENT_LISTED", "Letters to the river"))
	eventually(t, "the counters are right", func() bool {
		counts := p.b.anybody().counts(p.edition)
		return people(0, crowd)(counts) && counts.number("counts.world.events") == 2
	})
}

func TestNewsArriveWithoutNATS(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	news := p.b.anybody().follows(follow, "edition", p.edition.ID.String(), "after", p.start())
	p.lists("Wall of birds")
	news.until(ofKind("EVENT_LISTED", "Wall of birds"))
	p.nats.stop()
	eventually(t, "both hubs notice", func() bool { return !p.a.all.nats.IsConnected() && !p.b.all.nats.IsConnected() })

	id := p.lists("Letters to the river")
	news.until(ofKind("EVENT_LISTED", "Letters to the river"))
	p.a.anybody().takesPart("cheer", id, device(1))
	p.settled(people(0, 1))
	eventually(t, "the map of the other hub has both", func() bool {
		return len(p.b.anybody().tile(p.edition, 0, 27.67, 85.32)) > 0 && p.b.maps.index(p.edition.ID).Len() == 2
	})

	p.nats.start()
	eventually(t, "both hubs are back", func() bool { return p.a.all.nats.IsConnected() && p.b.all.nats.IsConnected() })
	p.lists("A chorus of windows")
	news.until(ofKind("EVENT_LISTED", "A chorus of windows"))
}

func TestCountsAreRightWithoutRedis(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	id := p.lists("Wall of birds")
	p.a.anybody().takesPart("checkIn", id, device(1))
	p.settled(people(1, 0))

	client := p.redis.client()
	if err := client.FlushAll(t.Context()).Err(); err != nil { // it has forgotten
		t.Fatal(err)
	}
	p.settled(people(1, 0))
	p.b.anybody().takesPart("checkIn", id, device(2))
	p.settled(people(2, 0))

	p.redis.halt() // it is gone
	p.a.anybody().takesPart("checkIn", id, device(3))
	p.settled(people(3, 0))
	if a := p.a.anybody().get("/readyz"); a.status != 200 {
		t.Errorf("a hub without Redis is not ready: %d %s", a.status, a)
	}

	p.redis.back() // it is back, empty
	p.b.anybody().takesPart("checkIn", id, device(4))
	p.settled(people(4, 0))
	key := "hub:{" + p.edition.ID.String() + "}:counts"
	eventually(t, "the counters are in Redis again", func() bool {
		n, err := client.HGet(t.Context(), key, "world||checkIns").Int64()
		return err == nil && n == 4
	})
}

// cheersBravely is a cheer at a hub that may be gone in the next moment.
func (p *person) cheersBravely(event, device string) (counted bool) {
	body := bodyOf(`mutation ($id: ID!, $device: String!) { cheer(eventId: $id, device: $device) { outcome } }`, "id", event, "device", device)
	response, err := p.client.Post(p.site+"/graphql", "application/json", bytes.NewReader(body))
	if err != nil {
		return false
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Data struct{ Cheer struct{ Outcome string } }
	}
	return json.NewDecoder(response.Body).Decode(&answer) == nil && answer.Data.Cheer.Outcome != ""
}
