package db_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/db"
	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// Postgres itself is asked: a role that may read the public tables and has no right at all on the
// schema private can run every reader of the public side.
func TestPublicReadersNeedNoRightOnPrivateData(t *testing.T) {
	t.Parallel()
	address := dbtest.New(t)
	w := newWorld(t, openAt(t, address))
	e := w.list(eventstest.Titled("Wall of birds"))
	w.checkIn(e, 3)
	w.drain()

	reader := openAt(t, asReader(t, address))
	if _, err := reader.Whereabouts(t.Context(), e.ID); err == nil {
		t.Fatal("the role can read whereabouts: this test proves nothing")
	}
	for name, read := range publicReaders(t, reader, w, e) {
		if err := read(); err != nil {
			t.Errorf("%s without a right on private data: %v", name, err)
		}
	}
}

// asReader makes a role that can read the public tables only, and gives the address under it.
func asReader(t *testing.T, address string) string {
	t.Helper()
	role := "reader_of_" + query(t, address, "select current_database()::text")[0]
	query(t, address, "create role "+role)
	query(t, address, "grant select on all tables in schema public to "+role)
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + "role=" + role
}

func publicReaders(t *testing.T, s *db.Store, w *world, e events.Event) map[string]func() error {
	ctx, edition := t.Context(), w.edition.ID
	near := &events.Near{Latitude: 27, Longitude: 85, WithinKm: 500}
	whole := events.Filter{
		EditionID: edition, HostID: w.host.ID, Text: "birds", Near: near, Countries: []string{"NP"},
		Box: &events.Box{West: 80, South: 20, East: 90, North: 30}, UpdatedSince: eventstest.Morning(),
	}
	readers := map[string]func() error{
		"Edition":       func() error { _, err := s.Edition(ctx, edition); return err },
		"EditionBySlug": func() error { _, err := s.EditionBySlug(ctx, w.edition.Slug); return err },
		"Editions":      func() error { _, err := s.Editions(ctx); return err },
		"Host":          func() error { _, err := s.Host(ctx, w.host.ID); return err },
		"Event":         func() error { _, err := s.Event(ctx, e.ID); return err },
		"EventsByID":    func() error { _, err := s.EventsByID(ctx, []events.ID{e.ID}); return err },
		"EventByName":   func() error { _, err := s.EventByName(ctx, e.Slug); return err },
		"CountEvents":   func() error { _, err := s.CountEvents(ctx, events.Query{Filter: whole}); return err },
		"EventsDue":     func() error { _, err := s.EventsDue(ctx, time.Now(), time.Hour, 9); return err },
		"Head":          func() error { _, err := s.Head(ctx, edition); return err },
		"Changes":       func() error { _, err := s.Changes(ctx, edition, 0, 9); return err },
		"Counts":        func() error { _, err := s.Counts(ctx, edition); return err },
		"Recount":       func() error { _, err := s.Recount(ctx, edition); return err },
		"Cards":         func() error { _, _, err := s.Cards(ctx, edition); return err },
	}
	for _, order := range []events.Order{
		events.ByStart, events.ByListed, events.ByUpdated, events.ByDistance, events.ByDue,
	} {
		readers["FindEvents "+string(order)] = func() error {
			_, err := s.FindEvents(ctx, events.Query{Filter: whole, Order: order})
			return err
		}
	}
	return readers
}

// In the source the schema is named where a person's own data is served, and nowhere else.
func TestFewFilesNamePrivateData(t *testing.T) {
	t.Parallel()
	allowed := []string{
		"accounts.go", "flags.go", "mail.go", "receipts.go", "secrets.go", "signin.go", "sweep.go", "whereabouts.go",
	}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no source to look at: %v", err)
	}
	naming := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") || !strings.Contains(code(string(source)), "private.") {
			continue
		}
		naming++
		if !slices.Contains(allowed, file) {
			t.Errorf("%s names the schema private", file)
		}
	}
	if naming != len(allowed) {
		t.Errorf("%d files name the schema private, %d may: shorten the list", naming, len(allowed))
	}
}

// code is a source text without the lines that are comments.
func code(source string) string {
	var lines []string
	for line := range strings.Lines(source) {
		if !strings.HasPrefix(strings.TrimSpace(line), "//") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// What must stay private stands in no public table, in whatever column.
func TestExactPlacesStandInNoPublicTable(t *testing.T) {
	t.Parallel()
	const canary = "Canary Lane 7"
	address := dbtest.New(t)
	w := newWorld(t, openAt(t, address))
	for _, precision := range []events.Precision{
		events.AreaPrecision, events.CityPrecision, events.CountryPrecision, events.HiddenPrecision,
	} {
		where := eventstest.Whereabouts(
			eventstest.At(27.712345678, 85.318765432), eventstest.Shown(precision))
		where.Address = canary
		change := w.listing(eventstest.Placed(w.edition, where))
		change.Whereabouts = &where
		change.News[0].Card = change.Event.Card(w.host.DisplayName)
		w.ok(w.SaveEvents(t.Context(), change))
	}
	if waiting := grep(t, address, "public", canary, "27.71234", "85.31876"); len(waiting) != 0 {
		t.Errorf("before sequencing, private data stands in %q", waiting)
	}
	w.drain()
	if found := grep(t, address, "public", canary, "27.71234", "85.31876"); len(found) != 0 {
		t.Errorf("private data stands in %q", found)
	}
	if found := grep(t, address, "private", canary); !slices.Equal(found, []string{"private.whereabouts"}) {
		t.Errorf("the canary stands in %q: this test proves nothing", found)
	}
}

// grep lists the tables of a schema that hold one of the texts anywhere in a row.
func grep(t *testing.T, address, schema string, texts ...string) (tables []string) {
	t.Helper()
	for _, table := range query(t, address, `
		select table_schema || '.' || table_name from information_schema.tables
		where table_schema = $1 and table_name not like 'bun%' order by 1`, schema) {
		for _, text := range texts {
			rows := query(t, address,
				"select 'found' from "+table+" x where position($1 in x::text) > 0 limit 1", text)
			if len(rows) > 0 && !slices.Contains(tables, table) {
				tables = append(tables, table)
			}
		}
	}
	return tables
}
