package main

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
)

// pair is two hubs that serve one edition against the same Postgres, NATS and Redis.
type pair struct {
	t       *testing.T
	common  settings
	nats    *natsServer
	redis   *redisServer
	a, b    *house
	edition events.Edition
	host    *person // at hub a
	steward *person // at hub a
}

func newPair(t *testing.T) *pair {
	t.Helper()
	p := &pair{t: t, nats: startNATSServer(t), redis: startRedisServer(t)}
	p.common = settings{DatabaseURL: dbtest.New(t), RedisURL: p.redis.url, NATSURL: p.nats.url()}
	p.a, p.b = startHub(t, p.common, proxied()), startHub(t, p.common, proxied())
	p.edition = p.a.today()
	p.host, p.steward = p.a.signedIn("host@example.org"), p.a.signedIn("steward@example.org", events.StewardRole)
	return p
}

// environment is for a hub in a process of its own against the same services.
func (p *pair) environment() []string {
	return []string{"DATABASE_URL=" + p.common.DatabaseURL, "REDIS_URL=" + p.redis.url, "NATS_URL=" + p.common.NATSURL, "HUB_ADDR=127.0.0.1:0"}
}

// lists has an event registered and approved on hub a.
func (p *pair) lists(title string) (id string) {
	p.t.Helper()
	return p.listsAt(p.a, title)
}

func (p *pair) listsAt(h *house, title string) (id string) {
	p.t.Helper()
	id = p.host.at(h).registers(p.edition, title).text("registerEvent.event.id")
	p.steward.at(h).approves(id)
	return id
}

// start is the position before everything.
func (p *pair) start() string {
	p.t.Helper()
	head, err := p.b.store.Head(p.t.Context(), p.edition.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	return events.Position{Epoch: head.Epoch}.String()
}

// settled waits until both hubs give the numbers that are wanted, and checks that they are the same
// at the same position and equal to a recount.
func (p *pair) settled(wanted func(reply) bool) {
	p.t.Helper()
	var one, other reply
	eventually(p.t, "both hubs give the same right numbers", func() bool {
		one, other = p.a.anybody().counts(p.edition), p.b.anybody().counts(p.edition)
		return wanted(one) && one.number("counts.asOfSeq") == other.number("counts.asOfSeq")
	})
	if diff := cmp.Diff(one.Data, other.Data); diff != "" {
		p.t.Errorf("two hubs differ at the same position: %s", diff)
	}
	eventually(p.t, "they are equal to a recount", func() bool { // the clock may act in between
		return compare(p.t.Context(), p.b.board, p.b.store, p.edition.ID) == nil
	})
}

func people(checkIns, cheers int64) func(reply) bool {
	return func(r reply) bool {
		return r.number("counts.world.checkIns.value") == checkIns && r.number("counts.world.cheers.value") == cheers
	}
}

func TestWhatHappensOnOneHubShowsOnTheOther(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	visitor := p.b.anybody()
	news := visitor.follows(follow, "edition", p.edition.ID.String(), "after", p.start())
	numbers := visitor.follows(`subscription ($id: ID) { counts(editionId: $id) { asOfSeq world { events } } }`, "id", p.edition.ID.String())
	id := p.lists("Wall of birds")

	listed := news.until(ofKind("EVENT_LISTED", "Wall of birds"))
	if got := listed[len(listed)-1].EventID; got != id {
		t.Errorf("the stream lists %s, not %s", got, id)
	}
	if titles := visitor.titles(p.edition); !slices.Equal(titles, []string{"Wall of birds"}) {
		t.Errorf("the query finds %q", titles)
	}
	p.settled(func(r reply) bool { return r.number("counts.world.events") == 1 })
	eventually(t, "the counts stream tells of it", func() bool {
		return string(numbers.next().raw) != "" && visitor.counts(p.edition).number("counts.world.events") == 1
	})
	eventually(t, "the tile shows it", func() bool {
		found := visitor.tile(p.edition, 10, 27.672813, 85.325147)
		return len(found) == 1 && found[0].Properties["id"] == id && found[0].Properties["title"] == "Wall of birds"
	})

	p.host.must(`mutation ($id: ID!) { setEventDay(eventId: $id, day: {state: DONE, people: 40}) `+answered+` }`, "id", id)
	news.until(func(a activity) bool { return a.Kind == "DAY_CHANGED" })
	eventually(t, "the tile shows that it is over", func() bool {
		found := visitor.tile(p.edition, 10, 27.672813, 85.325147)
		return len(found) == 1 && found[0].Properties["phase"] == "OVER"
	})
	p.settled(func(r reply) bool {
		return r.number("counts.world.done") == 1 && r.number("counts.world.declared.value") == 40
	})
}

// Everybody presses both buttons twice, at both hubs at once.
func TestPeopleCountOnceOverAllHubs(t *testing.T) {
	t.Parallel()
	const crowd = 40
	p := newPair(t)
	id := p.lists("Wall of birds")
	var mu sync.Mutex
	fresh := map[string]int{}
	var all sync.WaitGroup
	for _, h := range []*house{p.a, p.b} {
		for n := range crowd {
			all.Go(func() {
				for _, act := range []string{"checkIn", "cheer", "checkIn"} {
					if h.anybody().takesPart(act, id, device(n)) == "FRESH" {
						mu.Lock()
						fresh[fmt.Sprint(act, n)]++
						mu.Unlock()
					}
				}
			})
		}
	}
	all.Wait()
	if len(fresh) != 2*crowd {
		t.Errorf("%d of %d were told that they count", len(fresh), 2*crowd)
	}
	for who, times := range fresh {
		if times != 1 {
			t.Errorf("%s was told %d times that it counts", who, times)
		}
	}
	p.settled(people(crowd, crowd))
}

// A viewer's hub goes away; it comes back to another one with the position that it has.
func TestAViewerGoesOnAtAnotherHub(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	id := p.lists("Wall of birds")
	first := p.a.anybody().follows(follow, "edition", p.edition.ID.String(), "after", p.start())
	var crowd sync.WaitGroup
	const people = 60
	crowd.Go(func() {
		for n := range people {
			[]*house{p.a, p.b}[n%2].anybody().takesPart("cheer", id, device(n))
		}
	})
	cheers := int64(0)
	read := first.until(func(a activity) bool { cheers += a.Count; return cheers >= people/3 })
	first.cut()
	last := read[len(read)-1]
	second := p.b.anybody().followsBySocket(follow, "edition", p.edition.ID.String(), "after", last.Position)
	read = append(read, second.until(func(a activity) bool { cheers += a.Count; return cheers >= people })...)
	crowd.Wait()
	for i, a := range read {
		if a.Seq != int64(i+1) {
			t.Fatalf("activity %d is the %dth that the viewer got", a.Seq, i+1)
		}
	}
	if cheers != people {
		t.Errorf("the viewer saw %d cheers of %d", cheers, people)
	}
}
