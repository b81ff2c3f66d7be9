package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

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

	reading singleflight.Group // of those who wait for a map
	loading chan struct{}      // holds something while a map is loaded, so that a later load is of a later moment
}

func newMaps(cards func(context.Context, events.ID) ([]events.EventCard, events.Position, error)) *maps {
	return &maps{cards: cards, byID: map[events.ID]*tiles.Index{}, loaded: map[events.ID]bool{}, loading: make(chan struct{}, 1)}
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
// edition that has, must not be shown an empty one. Those who ask at once wait for one load, each for
// as long as they like.
func (m *maps) await(ctx context.Context, edition events.ID) error {
	if m.isLoaded(edition) {
		return nil
	}
	read := m.reading.DoChan(edition.String(), func() (any, error) {
		if m.isLoaded(edition) {
			return nil, nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), mapLimit)
		defer cancel()
		_, err := m.Start(ctx, edition)
		return nil, err
	})
	select {
	case <-ctx.Done():
		return ctx.Err()
	case result := <-read:
		return result.Err
	}
}

// Start loads an edition's map from a snapshot and tells what position it stands at.
func (m *maps) Start(ctx context.Context, edition events.ID) (events.Position, error) {
	select {
	case <-ctx.Done():
		return events.Position{}, ctx.Err()
	case m.loading <- struct{}{}:
	}
	defer func() { <-m.loading }()
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

// mapLimit is how long a tile may wait for its edition to be found and its map to be loaded.
const mapLimit = 5 * time.Second

// handler serves GET /tiles/{edition}/{z}/{x}/{y}.mvt, where edition is a slug.
func (m *maps) handler(known knownEditions) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), mapLimit)
		defer cancel()
		edition, err := known(ctx, r.PathValue("edition"))
		if err == nil {
			err = m.await(ctx, edition)
		}
		if err != nil {
			refuseEdition(w, r, err)
			return
		}
		m.index(edition).Handler().ServeHTTP(w, r)
	})
}

// takenBack counts how often something has left the map of any edition.
func (m *maps) takenBack() (times uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, index := range m.byID {
		times += index.TakenBack()
	}
	return times
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
