package main

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/microgalleries/actionday/events"
)

// The cache of editions by slug, so that a map's tiles do not ask the database.
const (
	slugsKept = 1000
	slugLasts = 5 * time.Second // how long an edition that was taken off the net still has its map
)

// knownEditions finds a public edition by its slug.
type knownEditions func(ctx context.Context, slug string) (events.ID, error)

// knownEditions remembers what it has found until ctx ends.
func (h *hub) knownEditions(ctx context.Context) knownEditions {
	known := otter.Must(&otter.Options[string, events.ID]{
		MaximumSize: slugsKept, ExpiryCalculator: otter.ExpiryWriting[string, events.ID](slugLasts),
	})
	context.AfterFunc(ctx, func() { known.StopAllGoroutines() })
	load := otter.LoaderFunc[string, events.ID](func(ctx context.Context, slug string) (events.ID, error) {
		edition, err := h.service.EditionBySlug(ctx, events.Actor{}, slug)
		return edition.ID, err
	})
	return func(ctx context.Context, slug string) (events.ID, error) { return known.Get(ctx, slug, load) }
}

// keptShortly is how long a file may be missing: a crowd that is too early asks once a second, and
// nobody who comes in time is told what was true before. Without a word about it caches would guess.
const keptShortly = "public, max-age=0, s-maxage=1"

// missing says that there is no such file now.
func missing(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", keptShortly)
	http.NotFound(w, r)
}

// refuseEdition answers for an edition that is not there, or cannot be looked up just now.
func refuseEdition(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, events.ErrNotFound) {
		missing(w, r)
		return
	}
	w.Header().Set("Cache-Control", "no-store") // not a word that caches may keep
	w.Header().Set("Retry-After", "1")
	http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
}

// replaySuffix ends the name of a replay file; a slug is in front of it.
const replaySuffix = ".bin"

// replayFiles serves GET /replay/{slug}.bin.
func (h *hub) replayFiles(known knownEditions) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		slug, isFile := strings.CutSuffix(r.PathValue("file"), replaySuffix)
		if !isFile || slug == "" {
			missing(w, r)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), mapLimit)
		defer cancel()
		edition, err := known(ctx, slug)
		if err != nil {
			refuseEdition(w, r, err)
			return
		}
		h.replays.ServeFile(w, r, edition)
	})
}
