package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/microgalleries/actionday/db"
	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
)

// A demo whose making was broken off, while its events were listed or its morning was played, is made
// to its end by the next start.
func TestADemoThatWasLeftHalfMadeIsMadeToItsEnd(t *testing.T) {
	t.Parallel()
	store, err := db.Open(t.Context(), dbtest.New(t), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	date := events.LocalDate{Year: 2026, Month: 12, Day: 12}
	opens, _ := date.Window()
	asked := 0 // how often the clock was looked at
	var before events.Counts
	for _, stop := range []struct {
		name  string
		leave func(at time.Time) bool
		made  func(now, before events.Counts) bool
	}{
		{
			"while listing", func(at time.Time) bool { asked++; return asked > 1000 && at.Before(opens) },
			func(now, _ events.Counts) bool { return now.World().Events > 0 },
		},
		{
			"while playing", func(at time.Time) bool { return at.After(opens.Add(20 * time.Hour)) },
			func(now, before events.Counts) bool {
				return now.World().Events > before.World().Events && now.AsOf.After(opens)
			},
		},
		{
			"not at all", func(time.Time) bool { return false },
			func(now, before events.Counts) bool {
				return now.World().Events == before.World().Events && now.AsOf.Equal(noonOf(date)) && now.World().Live > 0
			},
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		d := demo{store: store, atlas: sharedAtlas(), log: slog.New(slog.DiscardHandler), hub: func(now func() time.Time) *events.Service {
			return service(store, sharedAtlas(), clock{}, "http://hub.test", func(p *events.Parts) {
				p.Now = func() time.Time {
					if stop.leave(now()) {
						cancel()
					}
					return now()
				}
			})
		}}
		_, err := d.load(ctx, date)
		if errors.Is(err, context.Canceled) == (stop.name == "not at all") {
			t.Fatalf("left %s: %v", stop.name, err)
		}
		cancel()
		sequenceAll(t, store)
		now := demoOf(t, store, date)
		if !stop.made(now, before) {
			t.Errorf("left %s the demo has %d events at %s, before %d at %s", stop.name, now.World().Events, now.AsOf, before.World().Events, before.AsOf)
		}
		before = now
	}
}

func demoOf(t *testing.T, store *db.Store, date events.LocalDate) events.Counts {
	t.Helper()
	edition, err := store.EditionBySlug(t.Context(), demoPrefix+date.String())
	if err != nil {
		t.Fatal(err)
	}
	counts, err := store.Counts(t.Context(), edition.ID)
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

func sequenceAll(t *testing.T, store *db.Store) {
	t.Helper()
	for {
		moved, err := store.Sequence(t.Context(), sequenceMost)
		if err != nil {
			t.Fatal(err)
		}
		if len(moved) == 0 {
			return
		}
	}
}
