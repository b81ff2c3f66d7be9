package main

import (
	"net/http"
	"testing"

	"github.com/microgalleries/actionday/events"
)

// What scripts and load balancers ask for can be read only, and whoever tries another method is told.
func TestWhatCanOnlyBeReadSaysSo(t *testing.T) {
	t.Parallel()
	h := startHub(t, settings{}, serveCommand{})
	slug := h.today().Slug
	for _, target := range []string{"/tiles/" + slug + "/0/0/0.mvt", "/replay/" + slug + ".bin", "/healthz", "/readyz", "/graphiql/", "/map.svg", "/embed"} {
		for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS"} {
			if a := h.answer(method, target); a.StatusCode != http.StatusMethodNotAllowed || a.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("%s %s: %s, Allow %q", method, target, a.Status, a.Header.Get("Allow"))
			}
		}
		for _, method := range []string{"GET", "HEAD"} {
			if a := h.answer(method, target); a.StatusCode != http.StatusOK {
				t.Errorf("%s %s: %s", method, target, a.Status)
			}
		}
	}
}

// A day that is asked for before it is announced is there at once when it is: caches keep nothing that
// says otherwise for longer than a second, not even by a guess of their own.
func TestADayThatIsNotThereYetIsNotMissingForLong(t *testing.T) {
	t.Parallel()
	h := startHub(t, settings{}, serveCommand{})
	targets := []string{"/tiles/day-2027/0/0/0.mvt", "/replay/day-2027.bin"}
	for _, target := range append(targets, "/tiles/day-2027/0/0/0.png", "/replay/day-2027.json") {
		a := h.answer("GET", target)
		if a.StatusCode != http.StatusNotFound || a.Header.Get("Cache-Control") != keptShortly {
			t.Errorf("%s: %s, may be kept %q", target, a.Status, a.Header.Get("Cache-Control"))
		}
	}
	_, err := h.service.NewEdition(t.Context(), events.Actor{System: true}, events.Edition{
		Slug: "day-2027", Title: "Next day", Date: events.LocalDate{Year: 2027, Month: 12, Day: 12}, GraceDays: 14,
		Licence: "CC-BY-4.0", Languages: []string{"en"}, Mode: events.LiveMode, Stage: events.OpenStage,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range targets {
		if a := h.answer("GET", target); a.StatusCode != http.StatusOK {
			t.Errorf("%s of an open day: %s", target, a.Status)
		}
	}
	for _, target := range []string{"/tiles/day-2027/0/1/0.mvt", "/replay/day-2027"} {
		a := h.answer("GET", target)
		if a.StatusCode != http.StatusNotFound || a.Header.Get("Cache-Control") == "" {
			t.Errorf("%s: %s, may be kept %q", target, a.Status, a.Header.Get("Cache-Control"))
		}
	}
}

// answer is the head of what the hub says to a program.
func (h *house) answer(method, target string) *http.Response {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.site+target, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	a, err := h.client.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	_ = a.Body.Close()
	return a
}
