package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/microgalleries/actionday/events"
)

// A crowd behind one address is counted to the last person, raises one flag for stewards, and leaves
// neither its address nor a device in the database, in Redis or in a log.
func TestACrowdBehindOneAddress(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	id := p.lists("Wall of birds")
	const address, atOnce = "203.0.113.77", 20
	crowd := p.a.anybody()
	crowd.header.Set("X-Forwarded-For", address)
	code, come := p.a.code(id), 0
	for come <= events.NetworkPace {
		var acts strings.Builder
		for range atOnce {
			fmt.Fprintf(&acts, "p%d: checkIn(code: %q, device: %q) { outcome }\n", come, code, device(come))
			come++
		}
		if answer := crowd.must("mutation { " + acts.String() + "}").String(); strings.Count(answer, "FRESH") != atOnce {
			t.Fatalf("not all of %d people were counted: %s", atOnce, answer)
		}
	}
	p.settled(people(int64(come), 0))
	eventually(t, "the flag is raised", func() bool {
		answer := p.steward.at(p.b).must("{ viewer { checkInFlags { count } } }").String()
		return strings.Contains(answer, fmt.Sprintf(`[{"count":%d}]`, come-events.NetworkPace))
	})
	flags := p.steward.must("{ viewer { checkInFlags { kind event { title } } } }").String()
	if strings.Count(flags, "MANY") != 1 || !strings.Contains(flags, `"kind":"MANY_FROM_ONE_NETWORK","event":{"title":"Wall of birds"}`) {
		t.Errorf("flags: %s", flags)
	}
	for where, text := range map[string]string{
		"the database": databaseContents(t, p.common.DatabaseURL), "Redis": redisContents(t, p.redis),
		"the log of hub a": p.a.said.String(), "the log of hub b": p.b.said.String(),
	} {
		for _, secret := range []string{address, "203.0.113", device(0), code} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %s", where, secret)
			}
		}
	}
}

// databaseContents is every row of every table as text.
func databaseContents(t *testing.T, url string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	var text string
	err = conn.QueryRow(t.Context(), `
		select string_agg(table_schema || '.' || table_name || ' ' || query_to_xml(
			format('select x::text from %I.%I x', table_schema, table_name), false, false, '')::text, ' ')
		from information_schema.tables where table_schema in ('public', 'private')`).Scan(&text)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"public.attendances", "private.flags", "private.audit"} {
		if !strings.Contains(text, table) {
			t.Errorf("%s was not looked at", table)
		}
	}
	return text
}
