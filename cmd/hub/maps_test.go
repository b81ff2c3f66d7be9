package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

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
		mux.Handle("GET /tiles/{edition}/{z}/{x}/{y}", newMaps(nil).handler(t.Context(), func(context.Context, string) (events.Edition, error) {
			return events.Edition{}, c.err
		}))
		answer := httptest.NewRecorder()
		mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/tiles/today/0/0/0.mvt", nil))
		if answer.Code != c.status {
			t.Errorf("%v: %d", c.err, answer.Code)
		}
	}
}
