package live

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"

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
