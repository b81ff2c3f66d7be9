package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"log/slog"
	"sort"
	"strings"
	"time"

	"github.com/microgalleries/actionday/db"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/opendataday"
	"github.com/microgalleries/actionday/events/places"
)

// The demo edition.
const (
	demoPrefix = "demo-"        // of its slug; the date follows
	demoNoon   = 26 * time.Hour // after the date begins at UTC+14: noon UTC on the date
	demoMargin = 8 * time.Hour  // a day with less than this to go makes no demo: the next one is made

	demoImport = 24 * time.Hour   // before the date begins its events are listed
	demoStep   = 10 * time.Minute // of its past
	demoCrowd  = 6                // people who took part in each
)

// demo is the demo edition: Open Data Day 2021 to 2026 moved onto one coming date, as a rehearsal.
type demo struct {
	hub    func(now func() time.Time) *events.Service // that goes by a clock
	store  *db.Store
	atlas  *places.Atlas
	people bool // that people are simulated
	log    *slog.Logger
}

// demoClock chooses the time at which the demo goes on: noon UTC of the day, or where the day's log
// had come to when the hub was last stopped. It must be asked before the hub's clock is made.
func demoClock(ctx context.Context, store events.Store, real time.Time) (at time.Time, date events.LocalDate, err error) {
	editions, err := store.Editions(ctx)
	if err != nil {
		return at, date, err
	}
	for _, ed := range editions { // latest first
		if !strings.HasPrefix(ed.Slug, demoPrefix) {
			continue
		}
		at, err := lastInstant(ctx, store, ed)
		if err != nil || at.Before(ed.ClosesAt().Add(-demoMargin)) {
			return at, ed.Date, err
		}
		date = ed.Date.AddDays(7)
		return noonOf(date), date, nil
	}
	date = comingDate(real)
	return noonOf(date), date, nil
}

func noonOf(date events.LocalDate) time.Time {
	opens, _ := date.Window()
	return opens.Add(demoNoon)
}

// lastInstant is how far the edition's day has been played.
func lastInstant(ctx context.Context, store events.Store, ed events.Edition) (time.Time, error) {
	at := noonOf(ed.Date)
	counts, err := store.Counts(ctx, ed.ID)
	if err == nil && counts.AsOf.After(at) {
		at = counts.AsOf
	}
	return at, err
}

// comingDate is the next 12 December, the anniversary of the Paris agreement.
func comingDate(real time.Time) events.LocalDate {
	date := events.LocalDate{Year: real.Year(), Month: time.December, Day: 12}
	if !real.Before(date.AddDays(-1).Noon()) {
		date.Year++
	}
	return date
}

// load makes the demo edition of a date, unless it is there, and goes on where one was left half made.
// Of several hubs one makes it, and the others wait: they would start events that its past has still
// to come to.
func (d demo) load(ctx context.Context, date events.LocalDate) (ed events.Edition, err error) {
	err = d.store.Alone(ctx, func() error {
		if ed, err = d.edition(ctx, date); err != nil {
			return err
		}
		return d.make(ctx, ed)
	})
	return ed, err
}

// edition finds the edition of a date, or announces it.
func (d demo) edition(ctx context.Context, date events.LocalDate) (events.Edition, error) {
	slug := demoPrefix + date.String()
	ed, err := d.store.EditionBySlug(ctx, slug)
	if !errors.Is(err, events.ErrNotFound) {
		return ed, err
	}
	p := &past{at: listedAt(date)}
	ed, err = d.hub(p.now).NewEdition(ctx, events.Actor{System: true}, demoEdition(slug, date))
	if err != nil {
		return ed, fmt.Errorf("make the demo edition: %w", err)
	}
	return ed, nil
}

// listedAt is when the events of a date were listed.
func listedAt(date events.LocalDate) time.Time {
	opens, _ := date.Window()
	return opens.Add(-demoImport)
}

// make plays the edition from before its first midnight until noon, so that there is something to
// replay. The log tells how far that has come: what was made before is not made again.
func (d demo) make(ctx context.Context, ed events.Edition) error {
	counts, err := d.store.Counts(ctx, ed.ID)
	if err != nil {
		return err
	}
	noon := noonOf(ed.Date)
	if !counts.AsOf.Before(noon) {
		return nil
	}
	opens, _ := ed.Date.Window()
	p := &past{at: opens}
	hub := d.hub(p.now)
	if counts.AsOf.After(opens) { // which is after all were listed
		p.at = counts.AsOf.Truncate(demoStep)
	} else if err := d.list(ctx, ed); err != nil {
		return err
	}
	played, err := newRehearsal(hub, ed, d.log)
	if err != nil {
		return err
	}
	for ; !p.at.After(noon); p.at = p.at.Add(demoStep) {
		if err := d.hour(ctx, hub, played); err != nil {
			return fmt.Errorf("play the demo's past: %w", err)
		}
	}
	d.log.Info("demo edition loaded", "date", ed.Date.String())
	return nil
}

// list lists the events that are not listed yet.
func (d demo) list(ctx context.Context, ed events.Edition) error {
	items, err := d.items(ed)
	if err != nil {
		return err
	}
	p := &past{at: listedAt(ed.Date)}
	done, err := d.hub(p.now).Import(ctx, events.Actor{System: true}, ed.ID, items)
	if err != nil {
		return fmt.Errorf("load the demo edition: %w", err)
	}
	d.log.Info("events of the demo listed", "events", len(done))
	return nil
}

// hour lets the clock and the people do what they did in one step of the past.
func (d demo) hour(ctx context.Context, hub *events.Service, played *rehearsal) error {
	for {
		if changed, err := hub.Tick(ctx); err != nil {
			return err
		} else if changed == 0 {
			break
		}
	}
	if !d.people {
		return nil
	}
	return played.crowd(ctx, demoCrowd)
}

// past is the clock of what was before the demo begins.
type past struct{ at time.Time }

func (p *past) now() time.Time { return p.at }

func demoEdition(slug string, date events.LocalDate) events.Edition {
	ed := events.Edition{
		Slug: slug, Title: "Global Day of Creative Action", Date: date, GraceDays: 14,
		Summary: "A rehearsal: the events are those of Open Data Day 2021 to 2026, moved onto one date. " +
			"Hours that their hosts left open are made up, and so are the people who take part.",
		Licence: "ODbL-1.0", Attribution: opendataday.Attribution, Languages: []string{"en"},
		Mode: events.RehearsalMode, Stage: events.OpenStage,
	}
	for year := opendataday.FirstYear; year <= opendataday.LastYear; year++ {
		ed.Themes = append(ed.Themes, events.Theme{
			Slug: opendataday.ThemeOf(year), Title: fmt.Sprintf("Open Data Day %d", year),
		})
	}
	return ed
}

// items reads the six files that the program carries.
func (d demo) items(ed events.Edition) ([]events.Import, error) {
	files, err := opendataday.Files()
	if err != nil {
		return nil, fmt.Errorf("open the demo data: %w", err)
	}
	names, err := fs.Glob(files, "*.jsonl")
	if err != nil {
		return nil, fmt.Errorf("open the demo data: %w", err)
	}
	sort.Strings(names)
	reader := opendataday.NewReader(ed, d.atlas)
	var items []events.Import
	for _, name := range names {
		file, err := files.Open(name)
		if err != nil {
			return nil, fmt.Errorf("open the demo data: %w", err)
		}
		lines, err := reader.Read(name, file)
		if err != nil {
			return nil, err
		}
		items = append(items, opendataday.Imports(lines)...)
	}
	for i := range items {
		makeUpHours(&items[i])
	}
	return items, nil
}

// makeUpHours gives an event without a time one between 9:00 and 18:30 for two to four hours, the
// same in every run.
func makeUpHours(item *events.Import) {
	if item.Registration.StartsAt != nil {
		return
	}
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(item.Source.ID))
	start := events.LocalTime(9*60 + int(sum.Sum32()%20)*30)
	end := start + events.LocalTime(120+int(sum.Sum32()/20%5)*30)
	item.Registration.StartsAt, item.Registration.EndsAt = &start, &end
}
