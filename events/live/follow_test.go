package live

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

// filled is a feed whose ring has the last kept activities of a log of the given length.
func filled(t testing.TB, b *book, id events.ID, length, kept int) *Feed {
	t.Helper()
	f := NewFeed(b.source(), testClock, testLog(t))
	b.write(id, cheers(length-kept)...)
	if _, err := f.ring(context.Background(), id); err != nil {
		t.Fatal(err)
	}
	b.write(id, cheers(kept)...)
	if err := f.catchUp(context.Background(), f.known(id)); err != nil {
		t.Fatal(err)
	}
	return f
}

// read follows until activity seq and checks that each comes after the one before.
func read(t *testing.T, w events.Follower, after, seq int64) {
	t.Helper()
	for after < seq {
		news, err := w.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(news) == 0 || len(news) > chunkSize {
			t.Fatalf("%d activities at once", len(news))
		}
		for _, a := range news {
			if a.Seq != after+1 {
				t.Fatalf("%d comes after %d", a.Seq, after)
			}
			after = a.Seq
		}
	}
}

func TestAViewerResumesAtEveryPosition(t *testing.T) {
	t.Parallel()
	const length = 2*pageSize + 2*chunkSize + 7
	here := edition(1)
	b := newBook(here)
	f := filled(t, b, here, length, chunkSize+3)
	for after := range int64(length) {
		w := f.Follow(here, events.Position{Epoch: b.epoch, Seq: after})
		read(t, w, after, min(length, after+2*chunkSize))
	}
}

func TestAViewerIsOvertakenByTheRing(t *testing.T) {
	t.Parallel()
	here := edition(1)
	b := newBook(here)
	f := filled(t, b, here, 10, 10)
	slow := f.Follow(here, events.Position{Epoch: b.epoch})
	read(t, slow, 0, 10)
	for range 3 * ringSize / 700 {
		f.take(f.known(here), b.write(here, cheers(700)...))
	}
	v := f.known(here).view.Load()
	if v.floor == 0 || v.last-v.floor > ringSize || v.last-v.floor <= ringSize-chunkSize {
		t.Errorf("the ring holds %d to %d", v.floor+1, v.last)
	}
	read(t, slow, 10, v.last)
}

func TestAViewerWithoutAPositionStartsWithWhatComesNext(t *testing.T) {
	t.Parallel()
	here := edition(1)
	b := newBook(here)
	f := filled(t, b, here, 20, 10)
	early := f.Follow(here, events.Position{})
	f.take(f.known(here), b.write(here, cheers(5)...))
	read(t, early, 20, 25)
	late := f.Follow(here, events.Position{})
	f.take(f.known(here), b.write(here, cheers(5)...))
	read(t, late, 25, 30)

	stranger := NewFeed(b.source(), testClock, testLog(t)) // a hub that nobody has asked yet
	w := stranger.Follow(here, events.Position{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
	if _, err := stranger.ring(t.Context(), here); err != nil {
		t.Fatal(err)
	}
	if news, err := w.(*follower).look(done(t), stranger.known(here)); news != nil || err == nil {
		t.Errorf("the past came as news: %v, %v", news, err)
	}
	stranger.take(stranger.known(here), b.write(here, cheers(5)...))
	read(t, w, 30, 35)
}

// done is a context that has ended.
func done(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestAPositionThatTheLogDoesNotKnowNeedsASnapshot(t *testing.T) {
	t.Parallel()
	here := edition(1)
	b := newBook(here)
	f := filled(t, b, here, 20, 10)
	for name, at := range map[string]events.Position{
		"another epoch": {Epoch: b.epoch + 1, Seq: 5},
		"no epoch":      {Seq: 5},
		"the future":    {Epoch: b.epoch, Seq: 21},
	} {
		t.Run(name, func(t *testing.T) {
			w := f.Follow(here, at)
			news, err := w.Next(t.Context())
			if err != nil || len(news) != 1 {
				t.Fatalf("%v, %v", news, err)
			}
			want := events.Position{Epoch: b.epoch, Seq: 20}
			if got := news[0]; got.Kind != events.SnapshotRequired || got.Position() != want ||
				got.EditionID != here || got.At != testClock() {
				t.Errorf("got %+v", got)
			}
			for range 2 {
				if _, err := w.Next(t.Context()); err != io.EOF {
					t.Errorf("after it: %v", err)
				}
			}
		})
	}
}

// A viewer comes from another hub, which has heard more than this one.
func TestAPositionAheadOfThisHubIsNotTheFuture(t *testing.T) {
	t.Parallel()
	here := edition(1)
	b := newBook(here)
	f := filled(t, b, here, 20, 10)
	b.write(here, cheers(5)...)
	w := f.Follow(here, events.Position{Epoch: b.epoch, Seq: 24})
	read(t, w, 24, 25)
}

func TestARestoredDatabaseEndsOldPositions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here := edition(1)
		b := newBook(here)
		b.write(here, cheers(20)...)
		h := newHub(t, b, nil, pollEvery)
		synctest.Wait()
		w := h.Follow(here, events.Position{Epoch: b.epoch, Seq: 10})
		read(t, w, 10, 20)
		b.restore(here, 15)
		news, err := w.Next(t.Context()) // woken by the poll
		if err != nil || news[0].Kind != events.SnapshotRequired || news[0].Seq != 15 || news[0].Epoch != b.epoch {
			t.Fatalf("%+v, %v", news, err)
		}
		again := h.Follow(here, news[0].Position())
		b.write(here, cheers(3)...)
		read(t, again, 15, 18)
	})
}

func TestANewEpochReachesOldPages(t *testing.T) {
	t.Parallel()
	here := edition(1)
	b := newBook(here)
	f := filled(t, b, here, 2*pageSize, 10)
	w := f.Follow(here, events.Position{Epoch: b.epoch, Seq: 5})
	b.restore(here, 1500)
	news, err := w.Next(t.Context())
	if err != nil || news[0].Kind != events.SnapshotRequired || news[0].Seq != 1500 {
		t.Errorf("%+v, %v", news, err)
	}
}

func TestAViewerGoesOnAfterAnOutage(t *testing.T) {
	t.Parallel()
	here := edition(1)
	b := newBook(here)
	f := filled(t, b, here, 50, 10)
	w := f.Follow(here, events.Position{Epoch: b.epoch, Seq: 5})
	b.setAway(true)
	if _, err := w.Next(t.Context()); !errors.Is(err, errOutage) {
		t.Errorf("err = %v", err)
	}
	read(t, f.Follow(here, events.Position{Epoch: b.epoch, Seq: 41}), 41, 50) // the ring needs no database
	b.setAway(false)
	read(t, w, 5, 50)
}

func TestALogWithAHoleIsRefused(t *testing.T) {
	t.Parallel()
	here := edition(1)
	b := newBook(here)
	f := filled(t, b, here, 50, 10)
	b.logs[here] = append(b.logs[here][:20:20], b.logs[here][21:]...)
	if news, err := f.Follow(here, events.Position{Epoch: b.epoch, Seq: 5}).Next(t.Context()); err == nil {
		t.Errorf("got %d activities over a hole", len(news))
	}
}

func TestAThousandResumesReadAPageOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here := edition(1)
		b := newBook(here)
		f := filled(t, b, here, 1500, 10)
		before := b.pagesRead()
		b.gate = make(chan struct{})
		var all sync.WaitGroup
		for i := range int64(1000) {
			all.Go(func() {
				at := i % 200
				read(t, f.Follow(here, events.Position{Epoch: b.epoch, Seq: at}), at, 1500)
			})
		}
		synctest.Wait() // all of them are waiting for the first page
		close(b.gate)
		all.Wait()
		if reads := b.pagesRead() - before; reads > 3 {
			t.Errorf("%d pages were read", reads)
		}
	})
}

func TestAPageIsNotWaitedForWithoutEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here := edition(1)
		b := newBook(here)
		f := filled(t, b, here, 1500, 10)
		b.gate = make(chan struct{}) // is never opened
		if _, err := f.Follow(here, events.Position{Epoch: b.epoch}).Next(t.Context()); err == nil {
			t.Error("a database that never answers gave a page")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := f.Follow(here, events.Position{Epoch: b.epoch}).Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("err = %v", err)
		}
		time.Sleep(readTimeout + catchUpTimeout) // the shared read ends by itself
	})
}

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

func TestPagesForgetWhatIsTakenBack(t *testing.T) {
	t.Parallel()
	here := edition(1)
	b := newBook(here)
	b.write(here, listed(7, "Secret garden"))
	f := filled(t, b, here, 2*pageSize, 10)
	first := func() events.Activity {
		news, err := f.Follow(here, events.Position{Epoch: b.epoch}).Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return news[0]
	}
	if a := first(); a.Card == nil {
		t.Fatal("the first activity says nothing")
	}
	reads := b.pagesRead()
	if first(); b.pagesRead() != reads {
		t.Error("a whole page was read twice")
	}
	f.take(f.known(here), b.write(here, events.Activity{
		Kind: events.EventRemoved, EventID: testID(events.EventPrefix, 7), Redacts: events.RedactAll,
	}))
	if a := first(); a.Card != nil {
		t.Errorf("an old page still tells %q", a.Card.Title)
	}
}

// A page that was read just before something was taken back must not be kept or shared after it.
func TestAPageInFlightIsNotSharedWithThoseWhoComeAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here, gate := edition(1), make(chan struct{})
		reads := 0
		p := &pages{past: func(_ context.Context, _ events.ID, after int64, limit int) ([]events.Activity, error) {
			reads++
			news := cheers(limit)
			for i := range news {
				news[i].Seq, news[i].Count = after+1+int64(i), int64(reads)
			}
			if reads == 1 {
				<-gate
			}
			return news, nil
		}}
		get := func() int64 {
			news, err := p.after(t.Context(), here, events.Position{})
			if err != nil {
				t.Error(err)
				return 0
			}
			return news[0].Count
		}
		var early sync.WaitGroup
		early.Go(func() { get() })
		synctest.Wait()
		p.forget()
		if got := get(); got != 2 {
			t.Errorf("got the page of read %d", got)
		}
		close(gate)
		early.Wait()
		if got := get(); got != 2 {
			t.Errorf("then got the page of read %d", got)
		}
	})
}

func TestPagesKeepOnlyAFew(t *testing.T) {
	t.Parallel()
	here := edition(1)
	b := newBook(here)
	b.write(here, cheers(2*keptPages*pageSize)...)
	p := &pages{past: b.past}
	for i := range int64(2 * keptPages) {
		if _, err := p.after(t.Context(), here, events.Position{Epoch: b.epoch, Seq: i * pageSize}); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.kept) != keptPages || p.kept[keptPages-1].at.after != (2*keptPages-1)*pageSize {
		t.Errorf("%d pages are kept", len(p.kept))
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
					if a.Seq != at+1 || strings.HasPrefix(string(a.Kind), "SNAP") {
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
