package graph

import (
	"context"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/microgalleries/actionday/events"
)

// The limits of what is remembered of editions.
const (
	editionsKept = 200
	editionKept  = time.Second // so stale may the stage, the themes and the log position of an answer be
)

// almanac remembers editions with the head of their logs for a moment: every answer tells of one,
// and events take their themes from theirs.
type almanac struct {
	service *events.Service
	pages   *otter.Cache[events.ID, page]
}

// page is what the almanac knows of one edition. The head was read before anything that an answer
// with this page says, so that following the log from there misses nothing.
type page struct {
	edition events.Edition
	head    events.Position
	at      time.Time
}

func newAlmanac(service *events.Service) *almanac {
	return &almanac{service, otter.Must(&otter.Options[events.ID, page]{
		MaximumSize:      editionsKept,
		ExpiryCalculator: otter.ExpiryWriting[events.ID, page](editionKept),
	})}
}

func (a *almanac) close() { a.pages.StopAllGoroutines() }

// open gives the page of an edition, whoever may see it; the zero ID is the current edition. Many
// who ask at once cause one look-up.
func (a *almanac) open(ctx context.Context, id events.ID) (page, error) {
	return a.pages.Get(ctx, id, otter.LoaderFunc[events.ID, page](a.load))
}

func (a *almanac) load(ctx context.Context, id events.ID) (page, error) {
	ctx = context.WithoutCancel(ctx) // others may wait for it, too
	ctx, cancel := context.WithTimeout(ctx, loadLimit)
	defer cancel()
	at := a.service.Now()
	ed, err := a.edition(ctx, id)
	if err != nil {
		return page{}, err
	}
	head, err := a.service.Head(ctx, ed.ID)
	return page{ed, head, at}, err
}

// loadLimit is how long a look-up may take, whoever waits for it.
const loadLimit = 5 * time.Second

func (a *almanac) edition(ctx context.Context, id events.ID) (events.Edition, error) {
	if id.IsZero() {
		return a.service.EditionBySlug(ctx, events.Actor{}, "")
	}
	return a.service.Edition(ctx, events.Actor{System: true}, id)
}
