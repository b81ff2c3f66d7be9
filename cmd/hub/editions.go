package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/microgalleries/actionday/db"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/places"
)

// editionCommand is what an organizer does to a whole edition.
type editionCommand struct {
	Open  openEditionCommand  `cmd:"" help:"Make an edition and open it for registration."`
	Stage stageEditionCommand `cmd:"" help:"Move an edition on: DRAFT, ANNOUNCED, OPEN, FROZEN or ARCHIVED."`
}

type openEditionCommand struct {
	Slug      string   `arg:"" help:"Its short name in links, such as day-2026."`
	Date      string   `arg:"" help:"Its calendar date, such as 2026-12-12."`
	Title     string   `required:"" help:"Its name, such as 'Global Day of Creative Action'."`
	Summary   string   `help:"What it is about, in a sentence or two."`
	Theme     []string `help:"A theme as slug=Title, several times for several: --theme 'crossing-boundaries=Crossing Boundaries'."`
	Language  []string `default:"en" help:"Its languages (BCP 47), preferred first."`
	Licence   string   `default:"CC-BY-4.0" help:"Licence of its open data, an SPDX name."`
	Closes    string   `help:"Until when hosts can register, such as 2026-12-11T12:00:00Z; not bounded if not given."`
	Rehearsal bool     `help:"Everything in it is only played."`
}

// Run makes the edition.
func (c openEditionCommand) Run(ctx context.Context, s *settings) error {
	edition, err := c.edition()
	if err != nil {
		return err
	}
	return withService(ctx, *s, func(hub *events.Service, _ *db.Store) error {
		made, err := hub.NewEdition(ctx, events.Actor{System: true}, edition)
		if err != nil {
			return err
		}
		_, err = fmt.Printf("%s is open: %s (%s)\n", made.Slug, made.Title, made.Date)
		return err
	})
}

func (c openEditionCommand) edition() (ed events.Edition, err error) {
	ed = events.Edition{
		Slug: c.Slug, Title: c.Title, Summary: c.Summary, Languages: c.Language, Licence: c.Licence,
		GraceDays: 14, Mode: events.LiveMode, Stage: events.OpenStage,
	}
	if c.Rehearsal {
		ed.Mode = events.RehearsalMode
	}
	if ed.Date, err = events.ParseLocalDate(c.Date); err != nil {
		return ed, err
	}
	if c.Closes != "" {
		if ed.RegistrationClosesAt, err = time.Parse(time.RFC3339, c.Closes); err != nil {
			return ed, fmt.Errorf("--closes: %q is not an instant such as 2026-12-11T12:00:00Z", c.Closes)
		}
	}
	for _, text := range c.Theme {
		slug, title, found := strings.Cut(text, "=")
		if !found || slug == "" || title == "" {
			return ed, fmt.Errorf("--theme: %q is not of the form slug=Title", text)
		}
		ed.Themes = append(ed.Themes, events.Theme{Slug: slug, Title: title})
	}
	return ed, nil
}

type stageEditionCommand struct {
	Slug  string `arg:"" help:"The edition."`
	Stage string `arg:"" enum:"DRAFT,ANNOUNCED,OPEN,FROZEN,ARCHIVED" help:"The new stage; WAVE and CLOSING come from the clock."`
}

// Run moves the edition.
func (c stageEditionCommand) Run(ctx context.Context, s *settings) error {
	return withService(ctx, *s, func(hub *events.Service, store *db.Store) error {
		edition, err := store.EditionBySlug(ctx, c.Slug)
		if err != nil {
			return fmt.Errorf("edition %s: %w", c.Slug, err)
		}
		moved, err := hub.SetStage(ctx, events.Actor{System: true}, edition.ID, events.Stage(c.Stage))
		if err != nil {
			return err
		}
		_, err = fmt.Printf("%s is %s\n", moved.Slug, moved.Stage)
		return err
	})
}

// withService is withStore with the domain's service and the clock of a hub that is serving.
func withService(ctx context.Context, s settings, run func(*events.Service, *db.Store) error) error {
	return withStore(ctx, s, func(_ *slog.Logger, all *services, store *db.Store) error {
		at, err := all.clock("")
		if err != nil {
			return err
		}
		return run(service(store, places.New(), at, ""), store)
	})
}
