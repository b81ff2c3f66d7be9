package main

import (
	"context"
	"database/sql"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver

	"github.com/microgalleries/actionday/db"
	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// mostFirstView is how many bytes the page of a large day may bring until its map is drawn.
const mostFirstView = 500_000

// leastTile is how many bytes at least the tile of such a day has.
const leastTile = 3_000

// The whole first view of a day with 100,000 events is small enough for a phone on a bad network: the
// page, its scripts, the map engine, the world, the picture and the tiles. The database has as many
// as fill the page's list; the map is given the others at once, because reading them takes minutes
// under the race detector.
func TestFirstViewIsSmall(t *testing.T) {
	t.Parallel()
	address := dbtest.New(t)
	edition := crowdedDay(t, address, 60)
	h := startHub(t, settings{DatabaseURL: address}, serveCommand{})
	h.maps.crowd(t, edition, 100_000)
	w := newWire(t, h.site)
	p := startBrowser(t).open(h)
	p.site = w.URL
	// What the page keeps for those without a connection is fetched when the view is there, and is no part of it.
	p.before(`if (navigator.serviceWorker) navigator.serviceWorker.register = () => new Promise(() => {});`)
	p.visit(mapPage)
	p.until(`document.querySelector("#day").dataset.drawn === "yes"`)
	sum, parts := w.total()
	t.Logf("page_first_view_kb %.1f%s", float64(sum)/1000, parts)
	if tile := w.of("/tiles/"); tile < leastTile {
		t.Errorf("the first tile has %d bytes: is anything on the map?", tile)
	}
	if sum > mostFirstView {
		t.Errorf("the first view brings %d bytes", sum)
	}
}

// crowd puts so many events onto an edition's map.
func (m *maps) crowd(t *testing.T, edition events.ID, n int) {
	t.Helper()
	m.loading <- struct{}{}
	stored, cards := m.cards, crowdOfCards(n)
	m.cards = func(ctx context.Context, edition events.ID) ([]events.EventCard, events.Position, error) {
		_, at, err := stored(ctx, edition)
		return cards, at, err
	}
	<-m.loading
	if _, err := m.Start(t.Context(), edition); err != nil {
		t.Fatal(err)
	}
}

// crowdedDay fills a database with a day, which is today, and so many events in two thousand towns of
// very different size. One event is stored as the hub stores it; the others are copies of it in
// other places, at other hours.
func crowdedDay(t testing.TB, address string, n int) events.ID {
	t.Helper()
	store, err := db.Open(t.Context(), address, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	ids, today := eventstest.NewIDs(2019), time.Now().UTC()
	edition := eventstest.Edition(ids, func(e *events.Edition) {
		e.Date = events.LocalDate{Year: today.Year(), Month: today.Month(), Day: today.Day()}
	})
	host, where := eventstest.Host(ids), eventstest.Whereabouts()
	e := eventstest.Event(ids, edition, host, eventstest.Listed(eventstest.Morning()), eventstest.Placed(edition, where))
	for _, save := range []error{
		store.SaveEdition(t.Context(), &edition), store.SaveHost(t.Context(), &host),
		store.SaveEvents(t.Context(), events.Change{Event: &e, Whereabouts: &where, At: eventstest.Morning()}),
	} {
		if save != nil {
			t.Fatal(save)
		}
	}
	pool, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pool.Close() }()
	if _, err := pool.ExecContext(t.Context(), copies, n-1); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.ExecContext(t.Context(), "analyze events"); err != nil { // as autovacuum would, later
		t.Fatal(err)
	}
	return edition.ID
}

// copies makes so many copies of the only event. Every town is somewhere by chance, most of them
// where the latitude is 25 degrees; the first ones have most of the events.
const copies = `
	with dice as materialized (select setseed(0.2019)),
	towns as materialized (
		select t, greatest(-55, least(70, 25 + 22 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))) as latitude,
			random() * 360 - 180 as longitude
		from dice, generate_series(0, 1999) t),
	spots as materialized (
		select n, floor(2000 * random() ^ 3)::int as t, random() - 0.5 as north, random() - 0.5 as east, floor(random() * 4)::int as kind
		from dice, generate_series(1, $1) n)
	insert into events
	select gen_random_uuid(), e.edition_id, e.host_id, 'wall-' || n, md5(n::text), (array['OWN_WORK', 'OWN_WORK', 'BLUEPRINT', 'DIGITAL'])[kind + 1],
		'Wall of birds ' || n, e.summary, e.story, e.media, e.themes, e.language, e.precision,
		town.latitude + north, greatest(-180, least(180, town.longitude + east)), e.locality, e.country,
		e.starts_at + n % 960 * interval '1 minute', e.ends_at + n % 960 * interval '1 minute', e.all_day, e.zone, e.offset_seconds,
		e.online_url, e.rsvp_url, e.access, e.rain_plan, e.expected_people, e.declared_people, e.permission, e.review, e.review_reason,
		e.day, e.day_by, e.day_reason, e.postponed_to, e.source_name, e.source_id, e.source_url, e.version,
		e.created_at, e.updated_at, e.listed_at, e.live_at, e.done_at, ''::tsvector, ''::tsvector -- nobody searches
	from events e, spots join towns town using (t)`
