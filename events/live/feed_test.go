package live

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microgalleries/actionday/events"
)

func TestWithoutNatsUpdatesComeByThePoll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here := edition(1)
		b := newBook(here)
		h := newHub(t, b, nil, pollEvery)
		check := h.tail(t, events.Position{})
		synctest.Wait()
		begin := time.Now()
		b.write(here, cheers(3)...)
		check.reaches(t, 3)
		if late := time.Since(begin); late > pollEvery {
			t.Errorf("a lost last message was found after %v", late)
		}
	})
}

func TestANewEditionIsFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBook(edition(1))
		h := newHub(t, b, nil, pollEvery)
		check := h.tail(t, events.Position{})
		synctest.Wait()
		begin := time.Now()
		b.write(edition(2), cheers(3)...)
		check.reaches(t, 3)
		if late := time.Since(begin); late > editionsEvery+pollEvery {
			t.Errorf("a new edition was found after %v", late)
		}
	})
}

func TestTroubleIsLoggedOnceAndItsEndToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here := edition(1)
		b, said := newBook(here), &logged{}
		f := NewFeed(b.source(), testClock, slog.New(slog.NewTextHandler(said, nil)))
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { f.Run(ctx, nil) })
		synctest.Wait()
		b.setAway(true)
		time.Sleep(20 * pollEvery)
		b.setAway(false)
		time.Sleep(20 * pollEvery)
		cancel()
		running.Wait()
		if n := strings.Count(said.String(), "\n"); n != 2 {
			t.Errorf("an outage was logged in %d lines:\n%s", n, said)
		}
	})
}

// A hub that was away for long does not read all that it missed into a ring that cannot hold it.
func TestARingFarBehindSkipsWhatItCannotHold(t *testing.T) {
	t.Parallel()
	here := edition(1)
	b := newBook(here)
	f := NewFeed(b.source(), testClock, testLog(t))
	r, err := f.ring(t.Context(), here)
	if err != nil {
		t.Fatal(err)
	}
	b.write(here, cheers(5*ringSize)...)
	if err := f.catchUp(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if at := r.position().Seq; at != 5*ringSize || b.pagesRead() > ringSize/pageSize+1 {
		t.Errorf("at %d after %d pages", at, b.pagesRead())
	}
}

func TestAnUnknownEditionIsNotFollowed(t *testing.T) {
	t.Parallel()
	f := NewFeed(newBook().source(), testClock, testLog(t))
	if _, err := f.Follow(edition(9), events.Position{}).Next(t.Context()); !errors.Is(err, events.ErrNotFound) {
		t.Errorf("err = %v", err)
	}
	if rings, _ := f.editions(); len(rings) != 0 {
		t.Errorf("%d rings for nothing", len(rings))
	}
}

func TestEditionsHaveALimit(t *testing.T) {
	t.Parallel()
	f := NewFeed(newBook().source(), testClock, testLog(t))
	for i := range maxEditions {
		if _, err := f.open(edition(i), events.Position{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.open(edition(maxEditions), events.Position{}); !errors.Is(err, errManyEditions) {
		t.Errorf("err = %v", err)
	}
}
