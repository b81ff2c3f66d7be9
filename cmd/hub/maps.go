package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/microgalleries/actionday/cmd/hub/pages/poster"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/tiles"
)

// maps is the map index of every edition that this hub has been asked for or has heard of.
type maps struct {
	cards func(ctx context.Context, edition events.ID) ([]events.EventCard, events.Position, error)

	mu     sync.Mutex
	byID   map[events.ID]*tiles.Index
	loaded map[events.ID]bool

	loading sync.Mutex // held while a map is loaded, so that a later load is of a later moment
}

func newMaps(cards func(context.Context, events.ID) ([]events.EventCard, events.Position, error)) *maps {
	return &maps{cards: cards, byID: map[events.ID]*tiles.Index{}, loaded: map[events.ID]bool{}}
}

// index finds the edition's map; it is empty until Start has loaded it.
func (m *maps) index(edition events.ID) *tiles.Index {
	m.mu.Lock()
	defer m.mu.Unlock()
	index := m.byID[edition]
	if index == nil {
		index = tiles.New(edition)
		m.byID[edition] = index
	}
	return index
}

func (m *maps) isLoaded(edition events.ID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.loaded[edition]
}

// await loads an edition's map if nobody has yet: whoever asks a hub that has just begun, or for an
// edition that has, must not be shown an empty one.
func (m *maps) await(ctx context.Context, edition events.ID) error {
	if m.isLoaded(edition) {
		return nil
	}
	m.loading.Lock()
	defer m.loading.Unlock()
	if m.isLoaded(edition) {
		return nil
	}
	_, err := m.load(ctx, edition)
	return err
}

// Start loads an edition's map from a snapshot and tells what position it stands at.
func (m *maps) Start(ctx context.Context, edition events.ID) (events.Position, error) {
	m.loading.Lock()
	defer m.loading.Unlock()
	return m.load(ctx, edition)
}

func (m *maps) load(ctx context.Context, edition events.ID) (events.Position, error) {
	cards, at, err := m.cards(ctx, edition)
	if err != nil {
		return events.Position{}, fmt.Errorf("load the map: %w", err)
	}
	if err := m.index(edition).Load(at, cards); err != nil {
		return at, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.loaded[edition] = true
	return at, nil
}

// Apply brings the map of the activities' edition up to date. When the log has begun a new epoch
// the map is loaded afresh.
func (m *maps) Apply(ctx context.Context, activities []events.Activity) error {
	edition := activities[0].EditionID
	err := m.index(edition).Apply(ctx, activities)
	if errors.Is(err, tiles.ErrSnapshotRequired) {
		_, err = m.Start(ctx, edition)
	}
	return err
}

// The cache of editions by slug, so that a map's tiles do not ask the database.
const (
	slugsKept = 1000
	slugLasts = 5 * time.Second // how long an edition that was taken off the net still has its map
)

// mapLimit is how long a tile may wait for its edition to be found and its map to be loaded.
const mapLimit = 5 * time.Second

// handler serves GET /tiles/{edition}/{z}/{x}/{y}.mvt, where edition is a slug, until ctx ends.
func (m *maps) handler(ctx context.Context, find func(ctx context.Context, slug string) (events.Edition, error)) http.Handler {
	known := otter.Must(&otter.Options[string, events.ID]{
		MaximumSize: slugsKept, ExpiryCalculator: otter.ExpiryWriting[string, events.ID](slugLasts),
	})
	context.AfterFunc(ctx, func() { known.StopAllGoroutines() })
	load := otter.LoaderFunc[string, events.ID](func(ctx context.Context, slug string) (events.ID, error) {
		edition, err := find(ctx, slug)
		return edition.ID, err
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), mapLimit)
		defer cancel()
		edition, err := known.Get(ctx, r.PathValue("edition"), load)
		if err == nil {
			err = m.await(ctx, edition)
		}
		switch {
		case errors.Is(err, events.ErrNotFound):
			http.NotFound(w, r)
			return
		case err != nil: // not a word that caches may keep
			w.Header().Set("Cache-Control", "no-store")
			w.Header().Set("Retry-After", "1")
			http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
			return
		}
		m.index(edition).Handler().ServeHTTP(w, r)
	})
}

// spots is an edition's map for the pages' picture of the day.
func (m *maps) spots(edition events.ID, most int) []poster.Spot {
	found := m.index(edition).Spots(most)
	spots := make([]poster.Spot, len(found))
	for i, s := range found {
		spots[i] = poster.Spot(s)
	}
	return spots
}
