package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

// While the database was away a map that was not known yet was told not to exist, and caches kept that.
func TestAMapThatCannotBeLookedUpIsNotMissing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err    error
		status int
	}{
		{errors.New("the database is away"), http.StatusServiceUnavailable},
		{events.ErrNotFound, http.StatusNotFound},
	} {
		mux := http.NewServeMux()
		mux.Handle("GET /tiles/{edition}/{z}/{x}/{y}", newMaps(nil).handler(func(context.Context, string) (events.ID, error) {
			return events.ID{}, c.err
		}))
		answer := httptest.NewRecorder()
		mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/tiles/today/0/0/0.mvt", nil))
		if answer.Code != c.status {
			t.Errorf("%v: %d", c.err, answer.Code)
		}
	}
}

// While the database stands still, those who ask for a first tile are gone when they have given up, and
// one load is waited for, not one each.
func TestWhoGivesUpOnAMapWaitsNoLonger(t *testing.T) {
	t.Parallel()
	ends := make(chan struct{})
	loads := make(chan struct{}, 100)
	m := newMaps(func(ctx context.Context, _ events.ID) ([]events.EventCard, events.Position, error) {
		loads <- struct{}{}
		<-ends
		return nil, events.Position{Epoch: 1, Seq: 1}, nil
	})
	edition := events.NewID(events.EditionPrefix, [16]byte{1})
	patient := make(chan error)
	go func() { patient <- m.await(t.Context(), edition) }()
	<-loads
	ctx, giveUp := context.WithCancel(t.Context())
	gone := make(chan error)
	for range 10 {
		go func() { gone <- m.await(ctx, edition) }()
	}
	giveUp()
	for range 10 {
		select {
		case err := <-gone:
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		case <-time.After(patience):
			t.Fatal("somebody who has given up still waits")
		}
	}
	close(ends)
	if err := <-patient; err != nil || len(loads) != 0 {
		t.Errorf("%v, and %d more loads", err, len(loads))
	}
}

// A hub that had just opened showed an empty map until its own copy was loaded.
func TestAHubThatHasJustOpenedShowsTheWholeMap(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.lists("Wall of birds")
	fresh := newMaps(p.a.store.Cards) // nothing has loaded it
	mux := http.NewServeMux()
	mux.Handle("GET /tiles/{edition}/{z}/{x}/{y}", fresh.handler(p.a.knownEditions(t.Context())))
	answer := httptest.NewRecorder()
	mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/tiles/"+p.edition.Slug+"/0/0/0.mvt", nil))
	if answer.Code != http.StatusOK || answer.Body.Len() == 0 {
		t.Errorf("%d with %d bytes", answer.Code, answer.Body.Len())
	}
}
