package db_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
)

// benchEvents is how many events the lists are measured with.
const benchEvents = 100_000

// BenchmarkFindEvents measures a page of fifty events deep in the list, by its cursor and by the
// OFFSET that a program without cursors would use, in turns and on the same data.
func BenchmarkFindEvents(b *testing.B) {
	address := dbtest.New(b)
	w := newWorld(b, openAt(b, address))
	fill(b, address, w, benchEvents)
	edition := events.Filter{EditionID: w.edition.ID}
	country := events.Filter{EditionID: w.edition.ID, Countries: []string{"NP"}}
	for name, filter := range map[string]events.Filter{"all": edition, "country": country} {
		b.Run("first page/"+name, func(b *testing.B) {
			for b.Loop() {
				w.page(events.Query{Filter: filter, First: 50})
			}
		})
	}
	b.Run("deep page", func(b *testing.B) {
		depth := benchEvents / 2
		deep := w.page(events.Query{Filter: edition, First: 50, After: w.cursorAt(edition, depth)})
		if len(deep.Events) != 50 {
			b.Fatalf("the deep page has %d events", len(deep.Events))
		}
		cursor := w.cursorAt(edition, depth)
		var byKey, byOffset time.Duration
		for b.Loop() {
			start := time.Now()
			w.page(events.Query{Filter: edition, First: 50, After: cursor})
			byKey += time.Since(start)
			start = time.Now()
			w.ok(w.PageByOffset(b.Context(), w.edition.ID, 50, depth))
			byOffset += time.Since(start)
		}
		b.ReportMetric(float64(byKey.Microseconds())/float64(b.N)/1000, "keyset-ms")
		b.ReportMetric(float64(byOffset.Microseconds())/float64(b.N)/1000, "offset-ms")
		b.ReportMetric(float64(byOffset)/float64(byKey), "events_keyset_vs_offset")
	})
	for name, text := range map[string]string{"rare word": "needle", "common word": "wall"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				w.page(events.Query{Filter: events.Filter{Text: text}, First: 50})
			}
		})
	}
	b.Run("near", func(b *testing.B) {
		near := events.Filter{Near: &events.Near{Latitude: 10, Longitude: 179.9, WithinKm: 500}}
		for b.Loop() {
			w.page(events.Query{Filter: near, Order: events.ByDistance, First: 50})
		}
	})
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			_, err := w.CountEvents(b.Context(), events.Query{Filter: edition})
			w.ok(err)
		}
	})
	b.Run("cards", func(b *testing.B) {
		for b.Loop() {
			_, _, err := w.Cards(b.Context(), w.edition.ID)
			w.ok(err)
		}
	})
}

func (w *world) page(q events.Query) events.EventPage {
	page, err := w.FindEvents(w.Context(), q)
	w.ok(err)
	return page
}

// cursorAt walks to a place in the list.
func (w *world) cursorAt(f events.Filter, depth int) (cursor string) {
	for range depth / events.MaxPage {
		page := w.page(events.Query{Filter: f, First: events.MaxPage, After: cursor})
		cursor = page.Cursors[len(page.Cursors)-1]
	}
	return cursor
}

// crowd makes check-ins of devices that nobody has seen.
type crowd struct {
	*world
	event  events.Event
	number uint64
}

func (c *crowd) next(n int) []events.Attendance {
	batch := make([]events.Attendance, n)
	for i := range batch {
		c.number++
		batch[i] = c.attendance(c.event, events.CheckIn, 0)
		batch[i].Device = sha256.Sum256(binary.BigEndian.AppendUint64(nil, c.number))
	}
	return batch
}

// BenchmarkAttend measures the check-ins of a hundred people, once gathered into one statement and
// once each by itself, in turns.
func BenchmarkAttend(b *testing.B) {
	const people = 100
	w := newWorld(b, open(b))
	c := &crowd{world: w, event: w.list()}
	var together, apart time.Duration
	for b.Loop() {
		batch, alone := c.next(people), c.next(people)
		start := time.Now()
		_, err := w.Attend(b.Context(), batch, w.ids.UUID)
		w.ok(err)
		together += time.Since(start)
		start = time.Now()
		for i := range alone {
			_, err := w.Attend(b.Context(), alone[i:i+1], w.ids.UUID)
			w.ok(err)
		}
		apart += time.Since(start)
	}
	b.ReportMetric(float64(b.N)*people/together.Seconds(), "gathered/s")
	b.ReportMetric(float64(b.N)*people/apart.Seconds(), "single/s")
	b.ReportMetric(float64(apart)/float64(together), "checkins_vs_single")
}

// BenchmarkSequence measures how fast news moves into the log, with all that is folded on the way.
func BenchmarkSequence(b *testing.B) {
	for _, batch := range []int{1, 50, 500} {
		b.Run(fmt.Sprint("batches of ", batch), func(b *testing.B) {
			w := newWorld(b, open(b))
			var changes []events.Change
			for range batch {
				changes = append(changes, w.listing())
			}
			w.ok(w.SaveEvents(b.Context(), changes...))
			w.drain()
			crowds := make([]*crowd, batch)
			for i := range crowds {
				crowds[i] = &crowd{world: w, event: *changes[i].Event, number: uint64(i) << 32}
			}
			var busy time.Duration
			for b.Loop() {
				var arrived []events.Attendance
				for _, c := range crowds {
					arrived = append(arrived, c.next(1)...)
				}
				_, err := w.Attend(b.Context(), arrived, w.ids.UUID)
				w.ok(err)
				start := time.Now()
				moved, err := w.Sequence(b.Context(), batch)
				busy += time.Since(start)
				if err != nil || len(moved) != batch {
					b.Fatalf("%d activities moved, want %d: %v", len(moved), batch, err)
				}
			}
			b.ReportMetric(float64(b.N)*float64(batch)/busy.Seconds(), "activities/s")
			b.ReportMetric(float64(busy.Microseconds())/float64(b.N)/1000, "ms/batch")
		})
	}
}

// BenchmarkSaveEvents measures an import in one transaction.
func BenchmarkSaveEvents(b *testing.B) {
	const imported = 500
	w := newWorld(b, open(b))
	for b.Loop() {
		var changes []events.Change
		for range imported {
			changes = append(changes, w.listing())
		}
		w.ok(w.SaveEvents(context.WithoutCancel(b.Context()), changes...))
	}
	b.ReportMetric(float64(b.N)*imported/b.Elapsed().Seconds(), "events/s")
}
