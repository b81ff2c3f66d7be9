package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
	"github.com/microgalleries/actionday/events/opendataday"
	"github.com/microgalleries/actionday/events/places"
)

// importer runs all files of a folder through reader, domain and store, as the command does.
type importer struct {
	hub     *events.Service
	store   *eventstest.Store
	atlas   *places.Atlas
	edition events.Edition
}

func newImporter(t *testing.T) *importer {
	t.Helper()
	clock, ids := eventstest.NewClock(eventstest.Morning()), eventstest.NewIDs(1)
	i := &importer{store: eventstest.NewStore(), atlas: sharedAtlas()}
	i.hub = events.New(events.Parts{
		Store: i.store, Atlas: i.atlas, Now: clock.Now, NewID: ids.UUID, Random: rand.Reader,
		Site: func() string { return "https://hub.example" },
	})
	date := events.LocalDate{Year: 2026, Month: 12, Day: 12}
	edition, err := i.hub.NewEdition(t.Context(), events.Actor{System: true}, demoEdition("whole-run", date))
	if err != nil {
		t.Fatal(err)
	}
	i.edition = edition
	i.news(t) // that of the edition itself
	return i
}

func (i *importer) run(t *testing.T, files fs.FS) (lines []*opendataday.Line, done []events.Imported) {
	t.Helper()
	names, err := fs.Glob(files, "*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	reader := opendataday.NewReader(i.edition, i.atlas)
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		read, err := reader.Read(name, bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, read...)
	}
	done, err = i.hub.Import(t.Context(), events.Actor{System: true}, i.edition.ID, opendataday.Imports(lines))
	if err != nil {
		t.Fatal(err)
	}
	return lines, done
}

// news takes all that waits in the outbox, by kind.
func (i *importer) news(t *testing.T) map[events.ActivityKind]int {
	t.Helper()
	kinds := map[events.ActivityKind]int{}
	for {
		moved, err := i.store.Sequence(context.Background(), 500)
		if err != nil {
			t.Fatal(err)
		}
		if len(moved) == 0 {
			return kinds
		}
		for _, a := range moved {
			kinds[a.Kind]++
		}
	}
}

func sixFiles(t *testing.T) fs.FS {
	t.Helper()
	files, err := opendataday.Files()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// unplaced are the lines that name no country, have no pin in any, and no large town.
func unplaced() []string {
	return []string{
		"events-2022.jsonl:145", // noise, as most here
		"events-2023.jsonl:5",
		"events-2023.jsonl:67", // "Online"
		"events-2023.jsonl:72", // "Novotel Hotel"
		"events-2023.jsonl:155",
		"events-2023.jsonl:161",
		"events-2023.jsonl:176", // a street of Ginowan, without country or prefecture
		"events-2024.jsonl:40",  // "virtual"
		"events-2024.jsonl:100", // Damaturu, within a story
		"events-2024.jsonl:115",
		"events-2024.jsonl:264", // "Kaabong District", too small a town
		"events-2025.jsonl:93",  // "Virtual"
		"events-2025.jsonl:132", // Mbuji-Mayi, in another spelling
		"events-2025.jsonl:160", // "online"
		"events-2025.jsonl:198",
		"events-2026.jsonl:18",
		"events-2026.jsonl:38", // one San José of three large ones
		"events-2026.jsonl:76", // "Águas Lindas de Goiás - GO"
		"events-2026.jsonl:97", // "Online"
	}
}

// Six years of real events, as typed, three times over: new, again, and with one line changed. The
// numbers were found by reading every line that was refused or taken for a duplicate; a change of
// the reader that moves one must say why.
func TestImportOfSixYears(t *testing.T) {
	t.Parallel()
	i := newImporter(t)
	files := sixFiles(t)
	lines, first := i.run(t, files)
	t.Run("all that can be placed is listed", func(t *testing.T) { i.checkFirst(t, lines, first) })
	t.Run("all have zone and country", func(t *testing.T) { i.checkPlaces(t, lines, first) })
	t.Run("a second run changes nothing", func(t *testing.T) {
		lines, second := i.run(t, files)
		report := opendataday.NewReport(lines, second)
		if report.Created != 0 || report.Updated != 0 || report.Unchanged != len(first) {
			t.Errorf("%d created, %d updated, %d unchanged", report.Created, report.Updated, report.Unchanged)
		}
		for n := range second {
			if second[n].Event.ID != first[n].Event.ID || second[n].Event.Version != 1 {
				t.Errorf("%q is another event now", first[n].Event.Title)
			}
		}
		if news := i.news(t); len(news) > 0 {
			t.Errorf("news of a run without changes: %v", news)
		}
	})
	t.Run("a changed line updates one event", func(t *testing.T) {
		const before, after = `"title": "Abuja Open Data Day"`, `"title": "Abuja, moved indoors"`
		lines, third := i.run(t, edited(t, files, before, after))
		report := opendataday.NewReport(lines, third)
		if report.Created != 0 || report.Updated != 1 || report.Unchanged != len(first)-1 {
			t.Errorf("%d created, %d updated, %d unchanged", report.Created, report.Updated, report.Unchanged)
		}
		for n := range third {
			was, is := first[n].Event, third[n].Event
			if is.ID != was.ID || is.Slug != was.Slug {
				t.Errorf("%q became another event", was.Title)
			}
			if (third[n].Result == events.ImportUpdated) != (is.Title == "Abuja, moved indoors") {
				t.Errorf("%q is %s", is.Title, third[n].Result)
			}
		}
		if news := i.news(t); len(news) != 1 || news[events.EventRevised] != 1 {
			t.Errorf("news = %v", news)
		}
	})
}

func (i *importer) checkFirst(t *testing.T, lines []*opendataday.Line, done []events.Imported) {
	report := opendataday.NewReport(lines, done)
	report.Details = nil
	want := opendataday.Report{Created: 1238, Duplicates: 26, Refused: 19, GuessedCountries: 638}
	if fmt.Sprint(report) != fmt.Sprint(want) || len(lines) != 1283 {
		t.Errorf("of %d lines %+v, want %+v", len(lines), report, want)
	}
	var refused []string
	for _, l := range lines {
		if l.Refused != "" {
			refused = append(refused, fmt.Sprintf("%s:%d", l.File, l.Number))
		}
	}
	if !slices.Equal(refused, unplaced()) {
		t.Errorf("refused are %q", refused)
	}
	for _, d := range done {
		if d.Err != nil {
			t.Errorf("%q is refused: %v", d.Event.Title, d.Err)
		}
	}
	if news := i.news(t); len(news) != 1 || news[events.EventListed] != 1238 {
		t.Errorf("news = %v", news)
	}
}

func (i *importer) checkPlaces(t *testing.T, lines []*opendataday.Line, done []events.Imported) {
	items := opendataday.Imports(lines)
	zones, countries, exact := map[string]bool{}, map[string]bool{}, 0
	for n, d := range done {
		w, err := i.store.Whereabouts(t.Context(), d.Event.ID)
		if err != nil {
			t.Fatal(err)
		}
		if today, ok := i.atlas.Zone(w.Zone); !ok || today != w.Zone {
			t.Errorf("%q is in the zone %q", d.Event.Title, w.Zone)
		}
		if !i.atlas.IsCountry(w.Country) || d.Event.Place.Country != w.Country {
			t.Errorf("%q is in %q, shown in %q", d.Event.Title, w.Country, d.Event.Place.Country)
		}
		if w.CountryGuessed != items[n].CountryGuessed {
			t.Errorf("%q is guessed %v, stored %v", d.Event.Title, items[n].CountryGuessed, w.CountryGuessed)
		}
		if d.Event.Source.Name != opendataday.SourceName || d.Event.Source.ID == "" || !d.Event.IsPublic() {
			t.Errorf("%q is %s from %+v", d.Event.Title, d.Event.Review, d.Event.Source)
		}
		if w.Latitude != nil {
			exact++
		} else if !d.Event.Place.IsMapped() {
			t.Errorf("%q is on no map", d.Event.Title)
		}
		zones[w.Zone], countries[w.Country] = true, true
	}
	if len(zones) < 100 || len(countries) < 100 || exact < 1150 {
		t.Errorf("%d zones, %d countries, %d pins", len(zones), len(countries), exact)
	}
}

// edited copies the files with one text, which must stand in them once, replaced.
func edited(t *testing.T, files fs.FS, before, after string) fs.FS {
	t.Helper()
	names, err := fs.Glob(files, "*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	edits, copied := 0, fstest.MapFS{}
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		edits += strings.Count(string(content), before)
		copied[name] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(content), before, after))}
	}
	if edits != 1 {
		t.Fatalf("%s stands in the files %d times", before, edits)
	}
	return copied
}
