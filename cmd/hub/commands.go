package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/microgalleries/actionday/db"
	"github.com/microgalleries/actionday/db/pgserver"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/counters"
	"github.com/microgalleries/actionday/events/opendataday"
	"github.com/microgalleries/actionday/events/places"
)

// newID makes a UUID of version 7, which sorts by time.
func newID() [16]byte { return uuid.Must(uuid.NewV7()) }

// withStore runs a command against the migrated database, its own or that of a hub that is
// serving from the same data folder.
func withStore(ctx context.Context, s settings, run func(*slog.Logger, *services, *db.Store) error) (err error) {
	log := s.logger()
	all, err := startDatabase(ctx, s, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, all.stop()) }()
	store, err := all.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return run(log, all, store)
}

// service makes the domain's service for a command, or with more parts for a hub.
func service(store events.Store, atlas events.Atlas, c clock, site string, more ...func(*events.Parts)) *events.Service {
	parts := events.Parts{
		Store: store, Atlas: atlas, Now: c.now, NewID: newID, Random: rand.Reader,
		Site: func() string { return site },
	}
	for _, add := range more {
		add(&parts)
	}
	return events.New(parts)
}

type migrateCommand struct{}

// Run brings the database to the newest form.
func (migrateCommand) Run(ctx context.Context, s *settings) error {
	return withStore(ctx, *s, func(log *slog.Logger, _ *services, _ *db.Store) error {
		log.Info("the database has the newest form")
		return nil
	})
}

type importCommand struct {
	Source  string   `arg:"" enum:"opendataday" help:"What kind of files: opendataday."`
	Files   []string `arg:"" type:"existingfile" help:"The files, in the order of their years."`
	Edition string   `help:"Slug of the edition that the events are listed in; the current one if not given."`
	Date    string   `help:"Make the edition on this date if there is none yet, such as 2026-12-12."`
}

// Run lists the files' events and prints the report.
func (c importCommand) Run(ctx context.Context, s *settings) error {
	return withStore(ctx, *s, func(_ *slog.Logger, _ *services, store *db.Store) error {
		atlas := places.New()
		hub := service(store, atlas, clock{}, "")
		edition, err := c.edition(ctx, hub)
		if err != nil {
			return err
		}
		reader := opendataday.NewReader(edition, atlas)
		var lines []*opendataday.Line
		for _, name := range c.Files {
			read, err := readFile(reader, name)
			if err != nil {
				return err
			}
			lines = append(lines, read...)
		}
		done, err := hub.Import(ctx, events.Actor{System: true}, edition.ID, opendataday.Imports(lines))
		if err != nil {
			return err
		}
		return opendataday.NewReport(lines, done).Print(os.Stdout)
	})
}

func readFile(reader *opendataday.Reader, name string) ([]*opendataday.Line, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return reader.Read(name, file)
}

// edition finds the edition to import into, or makes it when a date is given.
func (c importCommand) edition(ctx context.Context, hub *events.Service) (events.Edition, error) {
	edition, err := hub.EditionBySlug(ctx, events.Actor{System: true}, c.Edition)
	if !errors.Is(err, events.ErrNotFound) {
		return edition, err
	}
	if c.Date == "" {
		return edition, errors.New("there is no such edition yet: give --date to make it, such as --date 2026-12-12")
	}
	date, err := events.ParseLocalDate(c.Date)
	if err != nil {
		return edition, err
	}
	made := demoEdition(c.Edition, date)
	made.Title, made.Summary, made.Mode = "Open Data Day", "", events.LiveMode
	if made.Slug == "" {
		made.Slug = "open-data-day-" + c.Date
	}
	return hub.NewEdition(ctx, events.Actor{System: true}, made)
}

type signInLinkCommand struct {
	Email string        `arg:"" help:"Address of the person; nothing is sent there."`
	Role  string        `default:"ORGANISER" enum:"HOST,STEWARD,PRESS,ORGANISER" help:"What the person may do: HOST, STEWARD, PRESS or ORGANISER."`
	Lasts time.Duration `default:"24h" help:"How long the link works."`
	Site  string        `env:"HUB_SITE" default:"http://127.0.0.1:8080" help:"The public address of the hub."`
	Now   string        `env:"HUB_NOW" help:"The hub's clock, if it was set."`
}

// Run prints a link that works once, in any browser.
func (c signInLinkCommand) Run(ctx context.Context, s *settings) error {
	return withStore(ctx, *s, func(_ *slog.Logger, all *services, store *db.Store) error {
		at, err := all.clock(c.Now)
		if err != nil {
			return err
		}
		hub := service(store, places.New(), at, strings.TrimSuffix(all.site(c.Site), "/"))
		link, err := hub.InviteLink(ctx, c.Email, c.Lasts, events.Role(c.Role))
		if err != nil {
			return err
		}
		_, err = fmt.Println(link)
		return err
	})
}

type countersCommand struct {
	Rebuild rebuildCommand `cmd:"" help:"Make the live counters anew from the database and hold them against a recount."`
}

type rebuildCommand struct{}

// Run rebuilds every edition's counters in Redis and recounts them from events and attendances.
// It fails when the two differ.
func (rebuildCommand) Run(ctx context.Context, s *settings) error {
	return withStore(ctx, *s, func(log *slog.Logger, all *services, store *db.Store) error {
		if err := all.startRedis(*s); err != nil {
			return err
		}
		editions, err := store.Editions(ctx)
		if err != nil {
			return err
		}
		board := counters.New(all.redis, counters.Source{Truth: store.Counts, Head: store.Head}, time.Now, log)
		for _, edition := range editions {
			if err := rebuild(ctx, board, store, edition); err != nil {
				return fmt.Errorf("edition %s: %w", edition.Slug, err)
			}
			fmt.Printf("%s: rebuilt, and equal to the recount\n", edition.Slug)
		}
		return nil
	})
}

type findPostgresCommand struct{}

// Run prints the folder of the Postgres programs that an embedded server would be run from, or
// says every place that was looked at.
func (findPostgresCommand) Run(ctx context.Context, s *settings) error {
	dir, err := pgserver.Find(ctx, pgserver.Options{DataDir: s.Data, NodeModules: s.NodeModules})
	if err != nil {
		return err
	}
	_, err = fmt.Println(dir)
	return err
}

// While people use the hub, news may come between the two readings, or wait to be numbered on a busy
// machine: they are compared again, so often and after such pauses.
const (
	compareTries = 100
	comparePause = 100 * time.Millisecond
)

// rebuild makes one edition's counters anew and holds what the hub serves against a recount.
func rebuild(ctx context.Context, board *counters.Board, store events.LogStore, edition events.Edition) error {
	if err := board.Rebuild(ctx, edition.ID); err != nil {
		return err
	}
	err := compare(ctx, board, store, edition.ID)
	for try := 1; try < compareTries && err != nil; try++ {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(comparePause):
		}
		err = compare(ctx, board, store, edition.ID)
	}
	return err
}

// compare is an error that names the first number in which the live counters are not the recount's.
func compare(ctx context.Context, served events.CountsReader, store events.LogStore, edition events.ID) error {
	told, err := served.Counts(ctx, edition)
	if err != nil {
		return err
	}
	recounted, err := store.Recount(ctx, edition)
	if err != nil {
		return err
	}
	return told.Differs(recounted)
}
