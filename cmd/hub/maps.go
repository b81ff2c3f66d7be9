package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/tiles"
)

// maps is the map index of every edition that this hub has been asked for or has heard of.
type maps struct {
	cards func(ctx context.Context, edition events.ID) ([]events.EventCard, events.Position, error)

	mu   sync.Mutex
	byID map[events.ID]*tiles.Index
}

func newMaps(cards func(context.Context, events.ID) ([]events.EventCard, events.Position, error)) *maps {
	return &maps{cards: cards, byID: map[events.ID]*tiles.Index{}}
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

// Start loads an edition's map from a snapshot and tells what position it stands at.
func (m *maps) Start(ctx context.Context, edition events.ID) (events.Position, error) {
	cards, at, err := m.cards(ctx, edition)
	if err != nil {
		return events.Position{}, fmt.Errorf("load the map: %w", err)
	}
	return at, m.index(edition).Load(at, cards)
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

// handler serves GET /tiles/{edition}/{z}/{x}/{y}.mvt, where edition is a slug.
func (m *maps) handler(known knownEditions) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		edition, err := known(r.Context(), r.PathValue("edition"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		m.index(edition).Handler().ServeHTTP(w, r)
	})
}
