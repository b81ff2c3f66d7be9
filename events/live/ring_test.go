package live

import (
	"math/rand/v2"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

func TestWhatIsTakenBackIsForgotten(t *testing.T) {
	t.Parallel()
	here := edition(1)
	b := newBook(here)
	f := filled(t, b, here, 1, 1)
	r := f.known(here)
	f.take(r, b.write(here, listed(7, "Secret garden"), listed(8, "Lanterns")))
	f.take(r, b.write(here, cheers(2*chunkSize)...))
	f.take(r, b.write(here, listed(7, "Secret garden, again")))

	before := r.view.Load().after(1)
	gone := events.Activity{Kind: events.EventRemoved, EventID: testID(events.EventPrefix, 7), Redacts: events.RedactAll}
	f.take(r, b.write(here, gone))

	w := f.Follow(here, events.Position{Epoch: b.epoch})
	titles, stones := "", 0
	for seq := int64(0); seq < r.position().Seq; {
		news, err := w.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range news {
			if seq = a.Seq; a.Card != nil {
				titles += a.Card.Title + ";"
			}
			if a.Tombstone {
				stones++
			}
		}
	}
	if titles != "Lanterns;" || stones != 2 {
		t.Errorf("the ring still tells %q with %d tombstones", titles, stones)
	}
	if before[0].Card == nil {
		t.Error("what a viewer had been given was changed under its hands")
	}
}

func TestAHarderPlaceReplacesEarlierOnes(t *testing.T) {
	t.Parallel()
	here := edition(1)
	b := newBook(here)
	f := filled(t, b, here, 1, 1)
	f.take(f.known(here), b.write(here, listed(7, "Secret garden")))
	now := listed(7, "Secret garden")
	now.Kind, now.Redacts = events.EventRevised, events.RedactPlace
	now.Card.Place = events.Place{Precision: events.HiddenPrecision}
	f.take(f.known(here), b.write(here, now))
	news, err := f.Follow(here, events.Position{Epoch: b.epoch, Seq: 1}).Next(t.Context())
	if err != nil || news[0].Card == nil || news[0].Card.Place.IsMapped() || news[0].Card.Title != "Secret garden" {
		t.Errorf("%+v, %v", news[0].Card, err)
	}
}

// The ring against a plain list, with batches that overlap, repeat and skip.
func TestRingHoldsTheEndOfTheLog(t *testing.T) {
	t.Parallel()
	here := edition(1)
	b := newBook(here)
	all := b.write(here, cheers(3*chunkSize)...)
	rapid.Check(t, func(t *rapid.T) {
		r, last := newRing(here, events.Position{Epoch: b.epoch}), 0
		for range rapid.IntRange(1, 40).Draw(t, "batches") {
			from := rapid.IntRange(max(0, last-20), min(len(all), last+3)).Draw(t, "from")
			to := rapid.IntRange(from, min(len(all), from+100)).Draw(t, "to")
			result := r.take(all[from:to])
			if hole := from > last && to > from; result.hole != hole {
				t.Fatalf("%d..%d after %d: hole = %v", from, to, last, result.hole)
			}
			if from <= last {
				last = max(last, to)
			}
			at := rapid.IntRange(0, last).Draw(t, "at")
			v := r.view.Load()
			if v.last != int64(last) {
				t.Fatalf("ring ends at %d, not %d", v.last, last)
			}
			if at < last {
				if got := v.after(int64(at)); got[0].Seq != int64(at+1) {
					t.Fatalf("%d follows %d", got[0].Seq, at)
				}
			}
		}
	})
}

func TestActivitiesOfAnotherEpochAreNotTaken(t *testing.T) {
	t.Parallel()
	r := newRing(edition(1), events.Position{Epoch: 1, Seq: 4})
	if got := r.take([]events.Activity{{Seq: 5, Epoch: 2}}); !got.foreign || r.position().Seq != 4 {
		t.Errorf("taken: %+v at %v", got, r.position())
	}
}

// Two hundred viewers follow a writer that redacts now and then; some stop for a while, so that the
// ring overtakes them.
func TestManyViewersReadWhileTheRingTurns(t *testing.T) {
	t.Parallel()
	const viewers, total = 200, 3 * ringSize
	here := edition(1)
	b := newBook(here)
	f := filled(t, b, here, 1, 1)
	var all sync.WaitGroup
	for i := range viewers {
		all.Go(func() {
			at := int64(0)
			dice := rand.New(rand.NewPCG(uint64(i), 1))
			w := f.Follow(here, events.Position{Epoch: b.epoch})
			for at < total {
				news, err := w.Next(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				for _, a := range news {
					if a.Seq != at+1 || a.Kind == events.SnapshotRequired {
						t.Errorf("viewer %d: %s after %d", i, a.Position(), at)
						return
					}
					at = a.Seq
				}
				if dice.IntN(500) == 0 { // out for a coffee
					for v := f.known(here).view.Load(); v.last < min(total, at+ringSize+chunkSize); {
						<-v.changed
						v = f.known(here).view.Load()
					}
				}
			}
		})
	}
	dice := rand.New(rand.NewPCG(1, 2))
	for last := int64(1); last < total; {
		news := cheers(int(min(total-last, 1+dice.Int64N(200))))
		if dice.IntN(10) == 0 {
			news[0] = listed(1, "Wall of birds")
			news[0].Redacts = events.RedactAll
		}
		last += int64(len(news))
		f.take(f.known(here), b.write(here, news...))
	}
	all.Wait()
}
