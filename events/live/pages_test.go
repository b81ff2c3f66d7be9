package live

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microgalleries/actionday/events"
)

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
