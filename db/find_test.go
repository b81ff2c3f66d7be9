package db_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// attacks are texts that break programs that paste them into SQL, LIKE patterns or text search.
func attacks() []string {
	return []string{
		`'; drop table events;--`, `%27`, `1 OR 1=1`, `id desc, (select pg_sleep(5))`, `\`, `\'`, `''`, `'\''`,
		strings.Repeat("%_", 100), `(?:a+)+$`, `foo & | !`, `foo:*`, `'foo':* | 'wall'`, `<->`, `!!!`,
		`:*`, `{a,b}`, `"{}"`, `$1`, `?`, `??`, `?!(x)`, `--`, `/*`, "\u202ewall", "\u2028", "\ufeff", "\u200d",
		"\xed\xa0\x80", "\xff\xfe", strings.Repeat("'", 200), strings.Repeat("\\", 200), "e'\\x00'", "🎨':*",
		"ﷺ", "İ", "ǰ", "\u0301", "का", "ﬃ",
	}
}

// Whatever is asked, it is taken for a text: nothing breaks, nothing but the wall is found by
// "wall", and everything is still there.
func TestAttacksAreOnlyTexts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, open(t))
	w.list(eventstest.Titled("Wall"))
	for _, attack := range attacks() {
		for name, f := range map[string]events.Filter{
			"text": {Text: attack}, "country": {Countries: []string{attack}}, "theme": {Themes: []string{attack}},
			"way": {Ways: []events.Way{events.Way(attack)}}, "phase": {Phases: []events.Phase{events.Phase(attack)}},
		} {
			page, err := w.FindEvents(t.Context(), events.Query{Filter: f})
			if err != nil {
				t.Errorf("%s %q: %v", name, attack, err)
			}
			if name != "text" && name != "phase" && len(page.Events) != 0 {
				t.Errorf("%s %q finds an event", name, attack)
			}
		}
		if _, err := w.EventByName(t.Context(), attack); err != events.ErrNotFound {
			t.Errorf("event named %q: %v", attack, err)
		}
		if _, err := w.EditionBySlug(t.Context(), attack); err != events.ErrNotFound {
			t.Errorf("edition named %q: %v", attack, err)
		}
		if _, err := w.Receipt(t.Context(), attack, attack); err != events.ErrNotFound {
			t.Errorf("receipt %q: %v", attack, err)
		}
	}
	if got := w.found(events.Filter{Text: "wall"}); len(got) != 1 {
		t.Errorf("afterwards %q is found", got)
	}
}

// Every attack can be stored, too, comes back as it was, and finds itself if there is anything in
// it that can be looked for.
func TestAttacksAreStoredAsTheyAre(t *testing.T) {
	t.Parallel()
	w := newWorld(t, open(t))
	for i, attack := range attacks() {
		attack = strings.ToValidUTF8(attack, "?")
		slug := fmt.Sprint("attack-", i)
		e := w.list(eventstest.Titled(attack), func(e *events.Event) {
			e.Slug, e.Story, e.Themes, e.DayReason = slug, attack, []string{attack}, attack
		})
		got, err := w.Event(t.Context(), e.ID)
		w.ok(err)
		if got.Title != attack || got.Story != attack || len(got.Themes) != 1 || got.Themes[0] != attack {
			t.Errorf("%q came back as %q, themes %q", attack, got.Title, got.Themes)
		}
		if found := w.found(events.Filter{Themes: []string{attack}}); len(found) == 0 {
			t.Errorf("the theme %q does not find its event", attack)
		}
	}
	for _, a := range w.drain() {
		if stored := w.log()[a.Seq-1]; stored.Card.Title != a.Card.Title {
			t.Errorf("%q is %q in the log", a.Card.Title, stored.Card.Title)
		}
	}
}

// The character 0 is in no text: where it is asked for, that is the asker's mistake.
func TestTheCharacterZeroIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, open(t))
	_, err := w.EventByName(t.Context(), "a\x00b")
	if problems, other := events.ProblemsIn(err); other != nil || problems[0].Code != events.Invalid {
		t.Errorf("event by a name with the character 0: %v", err)
	}
}

// The lists that the public asks for again and again are read off an index, however many events
// there are; none of them is a walk through the table or a sort of all that matches.
func TestListsAreReadOffAnIndex(t *testing.T) {
	t.Parallel()
	address := dbtest.New(t)
	w := newWorld(t, openAt(t, address))
	fill(t, address, w, 30_000)
	cursor := func(order events.Order) string {
		page, err := w.FindEvents(t.Context(), events.Query{
			Order: order, First: 5,
			Filter: events.Filter{EditionID: w.edition.ID},
		})
		w.ok(err)
		return page.Cursors[4]
	}
	edition := events.Filter{EditionID: w.edition.ID}
	country := events.Filter{EditionID: w.edition.ID, Countries: []string{"NP"}}
	boxed := events.Filter{Box: &events.Box{West: 10, South: 10, East: 11, North: 11}}
	across := events.Filter{Box: &events.Box{West: 179.5, South: 10, East: -179.5, North: 11}}
	near := events.Filter{Near: &events.Near{Latitude: 10, Longitude: 179.9, WithinKm: 50}}
	for name, c := range map[string]struct {
		query events.Query
		index string
	}{
		"all":           {events.Query{Filter: edition}, "events_listed_start"},
		"page of all":   {events.Query{Filter: edition, After: cursor(events.ByStart)}, "events_listed_start"},
		"every edition": {events.Query{}, "events_listed_any_start"},
		"country":       {events.Query{Filter: country, After: cursor(events.ByStart)}, "events_listed_country"},
		"newest": {
			events.Query{Filter: edition, Order: events.ByListed, After: cursor(events.ByListed)},
			"events_listed_newest",
		},
		"updated": {
			events.Query{Filter: edition, Order: events.ByUpdated, After: cursor(events.ByUpdated)},
			"events_listed_updated",
		},
		"words":        {events.Query{Filter: events.Filter{Text: "needle"}}, "events_words"},
		"box":          {events.Query{Filter: boxed}, "events_listed_point"},
		"antimeridian": {events.Query{Filter: across}, "events_listed_point"},
		"near":         {events.Query{Filter: near, Order: events.ByDistance}, "events_listed_point"},
		"stewards queue": {
			events.Query{Order: events.ByDue, Reviews: []events.ReviewState{events.Submitted}},
			"events_review_start",
		},
		"of a host": {
			events.Query{
				Filter:  events.Filter{HostID: w.ids.New(events.HostPrefix)},
				Reviews: []events.ReviewState{events.Draft, events.Listed},
			},
			"events_host",
		},
	} {
		plan := explain(t, address, w, func() error {
			_, err := w.FindEvents(t.Context(), c.query)
			return err
		})
		if !strings.Contains(plan, c.index) || strings.Contains(plan, "Seq Scan on events") {
			t.Errorf("%s does not use %s:\n%s", name, c.index, plan)
		}
	}
	for _, filter := range []events.Filter{edition, country} {
		plan := explain(t, address, w, func() error {
			_, err := w.CountEvents(t.Context(), events.Query{Filter: filter})
			return err
		})
		if !strings.Contains(plan, "Index Only Scan using events_listed_count") {
			t.Errorf("counting does not stay in its index:\n%s", plan)
		}
	}
	due := explain(t, address, w, func() error {
		_, err := w.EventsDue(t.Context(), eventstest.Morning(), 0, 10)
		return err
	})
	if !strings.Contains(due, "events_upcoming_start") || !strings.Contains(due, "events_live_end") {
		t.Errorf("what the clock must do is not read off its indexes:\n%s", due)
	}
}

// explain gives the plan of the statement that read sends.
func explain(t *testing.T, address string, w *world, read func() error) string {
	t.Helper()
	var seen texts
	watched := openAt(t, address)
	watched.Watch(&seen)
	saved := w.Store
	w.Store = watched
	err := read()
	w.Store = saved
	w.ok(err)
	return strings.Join(query(t, address, "explain "+seen.last), "\n")
}

// fill adds events as rows, quickly: spread over a year, the globe and twenty countries. One title
// in a thousand has a needle in it, one event in fifty waits for review.
func fill(t testing.TB, address string, w *world, n int) {
	t.Helper()
	template := w.list()
	conn, err := pgx.Connect(t.Context(), address)
	w.ok(err)
	defer func() { w.ok(conn.Close(t.Context())) }()
	// Without it the vacuum below could not yet tell that everybody sees the rows.
	_, err = conn.Exec(t.Context(), "set synchronous_commit = on")
	w.ok(err)
	_, err = conn.Exec(t.Context(), `
		create temp table pattern as select * from events where id = $1`, template.ID.UUID())
	w.ok(err)
	_, err = conn.Exec(t.Context(), `alter table pattern drop column words`)
	w.ok(err)
	columns := strings.Join(query(t, address, `
		select column_name::text from information_schema.columns
		where table_name = 'events' and table_schema = 'public' and is_generated = 'NEVER'
			and column_name not in ('id', 'slug', 'link_key', 'starts_at', 'ends_at', 'listed_at', 'updated_at',
				'country', 'latitude', 'longitude', 'review', 'own_words')
		order by ordinal_position`), ", ")
	_, err = conn.Exec(t.Context(), `
		insert into events (id, slug, link_key, starts_at, ends_at, listed_at, updated_at, country, latitude,
			longitude, review, own_words, `+columns+`)
		select gen_random_uuid(), 'event-' || i, 'key-' || i,
			starts_at + (i::bigint * 7919 % 525600) * interval '1 minute',
			ends_at + (i::bigint * 7919 % 525600) * interval '1 minute',
			listed_at + i * interval '1 second', updated_at + i * interval '1 second',
			(array['NP','DE','FR','KE','PS','AU','PH','IN','BR','US','MX','ID','NG','ZA','JP','KR','TH','ES','IT','PL'])[1 + i % 20],
			(i::bigint * 104729 % 170000) / 1000.0 - 85, (i::bigint * 1299709 % 360000) / 1000.0 - 180,
			case when i % 50 = 49 then 'SUBMITTED' else 'LISTED' end,
			array_to_tsvector(array['wall', 'birds', 'n' || i % 5000]
				|| case when i % 1000 = 0 then array['needle'] else array[]::text[] end), `+columns+`
		from pattern, generate_series(1, $1::int) i`, n)
	w.ok(err)
	_, err = conn.Exec(t.Context(), "vacuum analyze events")
	w.ok(err)
}
