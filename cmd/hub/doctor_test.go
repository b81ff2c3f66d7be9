package main

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// The doctor finds two hubs that people use healthy, and everything that is broken on purpose.
func TestDoctor(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	id, hidden := p.lists("Wall of birds"), p.lists("Hidden wall")
	for n := range 5 {
		p.a.anybody().takesPart("cheer", id, device(n))
		p.b.anybody().takesPart("cheer", hidden, device(n))
	}
	p.steward.must(`mutation ($id: ID!) { hideEvent(eventId: $id, reason: "an advertisement") `+answered+` }`, "id", hidden)
	p.settled(func(r reply) bool {
		return r.number("counts.world.events") == 1 && r.number("counts.world.cheers.value") == 5
	})
	printed, err := p.doctor()
	if err != nil {
		t.Fatalf("healthy hubs: %v\n%s", err, printed)
	}
	for _, looked := range []string{"2 events", "10 devices counted", "Redis agrees", p.a.site + " agrees", p.b.site + " agrees", "healthy: 1 editions"} {
		if !strings.Contains(printed, looked) {
			t.Errorf("%q is missing in:\n%s", looked, printed)
		}
	}
	p.redisIsAltered()
	p.redisIsAhead()
	p.redisIsOfAnotherEpoch()
	for _, broken := range []struct{ how, undo, finding string }{
		{
			"update counters set value = value + 1 where metric = 'cheers'", "update counters set value = value - 1 where metric = 'cheers'",
			"not the sum of the log",
		},
		{
			"update activities set card = '{}' where tombstone and kind = 'EVENT_LISTED'",
			"update activities set card = null where tombstone and kind = 'EVENT_LISTED'", "still tells of",
		},
		{"update activities set count = 2 * count", "update activities set count = count / 2", "devices are counted"},
		{"delete from activities where seq = 2", "", "The log goes from 1 to 3"},
	} {
		p.run(broken.how)
		p.diagnosis(broken.finding)
		if broken.undo != "" {
			p.run(broken.undo)
		}
	}
}

func (p *pair) doctor() (printed string, err error) {
	p.t.Helper()
	return hubProgram(p.t, p.environment(), "doctor", "--hub", p.a.site, "--hub", p.b.site).run()
}

// diagnosis is what the doctor has to find.
func (p *pair) diagnosis(finding string) {
	p.t.Helper()
	printed, err := p.doctor()
	if err == nil || !strings.Contains(printed, "BROKEN: ") || !strings.Contains(printed, finding) {
		p.t.Errorf("%q was not found: %v\n%s", finding, err, printed)
	}
}

func (p *pair) key() string { return "hub:{" + p.edition.ID.String() + "}:counts" }

func (p *pair) redisIsAltered() {
	p.t.Helper()
	client := p.redis.client()
	client.HIncrBy(p.t.Context(), p.key(), "world||cheers", 1)
	p.diagnosis("Redis is wrong at")
	p.diagnosis("the hub at " + p.b.site + " is wrong at")
	client.HIncrBy(p.t.Context(), p.key(), "world||cheers", -1)
}

// The hubs mend a position that cannot be within a second, so that they must be stopped to see it.
func (p *pair) redisIsAhead() {
	p.t.Helper()
	d := doctor{store: p.a.store, board: p.a.board}
	counts, at, ok, err := p.a.board.Stored(p.t.Context(), p.edition.ID)
	if err != nil || !ok {
		p.t.Fatal(ok, err)
	}
	at.Seq++
	findings, err := d.agree(p.t.Context(), p.edition.ID, "Redis", counts, at)
	if err != nil || len(findings) != 1 || !strings.Contains(findings[0], "but the log ends at") {
		p.t.Errorf("Redis ahead of the log: %q %v", findings, err)
	}
}

func (p *pair) redisIsOfAnotherEpoch() {
	p.t.Helper()
	_, at, _, err := p.a.board.Stored(p.t.Context(), p.edition.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	other := at
	other.Epoch++
	if said := lag("Redis", other, at, nil); !strings.Contains(said, "is of epoch") {
		p.t.Errorf("another epoch: %q", said)
	}
}

// run breaks or mends the database.
func (p *pair) run(statement string) {
	p.t.Helper()
	conn, err := pgx.Connect(p.t.Context(), p.common.DatabaseURL)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = conn.Close(p.t.Context()) }()
	if _, err := conn.Exec(p.t.Context(), statement); err != nil {
		p.t.Fatalf("%s: %v", statement, err)
	}
}
