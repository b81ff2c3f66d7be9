package frames

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

var errOutage = errors.New("the database is away")

// book is an edition's log in memory, which hubs follow, each as far as it has heard.
type book struct {
	mu    sync.Mutex
	epoch uint32
	log   []events.Activity
	away  bool
	heads int // how often the head was asked for
	hubs  []*hub
}

// hub is a pacer over the book.
type hub struct {
	*Pacer
	*book
	heard   int // how far it has heard, under book.mu; -1 for all
	changed chan struct{}
}

var edition = events.NewID(events.EditionPrefix, [16]byte{1})

func newBook() *book { return &book{epoch: 7} }

func (b *book) hub(t *testing.T) *hub {
	h := &hub{book: b, heard: -1, changed: make(chan struct{})}
	h.Pacer = New(Source{Feed: h, Head: b.head, Counts: b.counts}, time.After, slog.New(slog.NewTextHandler(t.Output(), nil)))
	b.hubs = append(b.hubs, h)
	t.Cleanup(h.Close)
	return h
}

func (b *book) head(context.Context, events.ID) (events.Position, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.heads++
	if b.away {
		return events.Position{}, errOutage
	}
	return b.position(int64(len(b.log))), nil
}

func (b *book) position(seq int64) events.Position { return events.Position{Epoch: b.epoch, Seq: seq} }

func (b *book) counts(context.Context, events.ID) (c events.Counts, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.away {
		return c, errOutage
	}
	for _, a := range b.log {
		c.Apply(a)
	}
	return c, nil
}

// change changes the book and wakes who follows.
func (b *book) change(by func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	by()
	for _, h := range b.hubs {
		close(h.changed)
		h.changed = make(chan struct{})
	}
}

// write adds news, with what it takes back taken back.
func (b *book) write(news ...events.Activity) {
	b.change(func() {
		for _, a := range news {
			a.Seq, a.Epoch, a.EditionID = int64(len(b.log)+1), b.epoch, edition
			a.At = time.Date(2026, 12, 12, 5, 0, int(a.Seq), 0, time.UTC)
			for i := range b.log {
				if a.Redacts != events.RedactNothing && b.log[i].EventID == a.EventID {
					b.log[i] = b.log[i].Redact(a)
				}
			}
			b.log = append(b.log, a)
		}
	})
}

// restore puts the book back in a new epoch, as a backup does.
func (b *book) restore(seq int) {
	b.change(func() {
		b.epoch++
		b.log = append([]events.Activity(nil), b.log[:seq]...)
		for i := range b.log {
			b.log[i].Epoch = b.epoch
		}
	})
}

// Follow implements events.Feed.
func (h *hub) Follow(_ events.ID, after events.Position) events.Follower { return &reader{h, after} }

type reader struct {
	hub *hub
	at  events.Position
}

// Next implements events.Follower.
func (r *reader) Next(ctx context.Context) ([]events.Activity, error) {
	for {
		batch, changed, err := r.look()
		if len(batch) > 0 || err != nil {
			return batch, err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

const readAtOnce = 256

func (r *reader) look() ([]events.Activity, <-chan struct{}, error) {
	b := r.hub.book
	b.mu.Lock()
	defer b.mu.Unlock()
	known := b.log
	if r.hub.heard >= 0 {
		known = known[:min(len(known), r.hub.heard)]
	}
	switch {
	case b.away:
		return nil, nil, errOutage
	case r.at.Epoch != b.epoch || r.at.Seq > int64(len(b.log)):
		return []events.Activity{{Kind: events.SnapshotRequired, Epoch: b.epoch, Seq: int64(len(b.log))}}, nil, nil
	case r.at.Seq >= int64(len(known)):
		return nil, r.hub.changed, nil
	}
	batch := append([]events.Activity(nil), known[r.at.Seq:min(len(known), int(r.at.Seq)+readAtOnce)]...)
	r.at.Seq = batch[len(batch)-1].Seq
	return batch, nil, nil
}

func eventNo(n int) events.ID {
	return events.NewID(events.EventPrefix, [16]byte{byte(n), byte(n >> 8)})
}

// listed is the news of an event at a latitude, with its number.
func listed(n int, latitude float64) events.Activity {
	longitude := 85.3
	place := events.Place{Precision: events.ExactPrecision, Latitude: &latitude, Longitude: &longitude, Country: "NP"}
	return events.Activity{
		Kind: events.EventListed, EventID: eventNo(n),
		Card: &events.EventCard{ID: eventNo(n), Title: "Wall", Place: place},
		Deltas: []events.Delta{
			{Scope: events.Scope{Kind: events.WorldScope}, Metric: "events", By: 1},
			{Scope: events.Scope{Kind: events.CountryScope, Key: "NP"}, Metric: "events", By: 1},
		},
	}
}

func removed(n int) events.Activity {
	return events.Activity{
		Kind: events.EventRemoved, EventID: eventNo(n), Tombstone: true, Redacts: events.RedactAll,
		Deltas: []events.Delta{
			{Scope: events.Scope{Kind: events.WorldScope}, Metric: "events", By: -1},
			{Scope: events.Scope{Kind: events.CountryScope, Key: "NP"}, Metric: "events", By: -1},
		},
	}
}

// watch opens a viewer, which must be possible.
func (h *hub) watch(t *testing.T, w Wish) *Viewer {
	t.Helper()
	v, err := h.Pacer.Follow(t.Context(), edition, w)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// must gives the next frame.
func (v *Viewer) must(t *testing.T) events.Frame {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	f, err := v.Next(ctx)
	if err != nil {
		t.Fatalf("no frame: %v", err)
	}
	return f
}

// nothing fails if a frame comes within a while.
func (v *Viewer) nothing(t *testing.T, within time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	if f, err := v.Next(ctx); err == nil {
		t.Errorf("a frame came: %+v", f)
	}
}
