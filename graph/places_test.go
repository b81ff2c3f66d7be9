package graph_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
	"github.com/microgalleries/actionday/graph"
)

func TestPlacesAreFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(p *graph.Parts) {
		p.Places = func(text, language string, limit int) []events.FoundPlace {
			if text != "नेपाल" || language != "fr" || limit != 3 {
				t.Errorf("searched for %q in %q, %d at most", text, language, limit)
			}
			return []events.FoundPlace{{
				Kind: events.CountryPlace, Name: "Népal", Country: "NP", Latitude: 27.7, Longitude: 85.3,
				Box: events.Box{West: 80, South: 26, East: 89, North: 31}, Exact: true,
			}}
		}
	})
	answer := h.anonymous().must(`query ($text: String!) { places(text: $text, language: "fr", first: 3) {
		kind name country latitude longitude isExact box { west south east north } } }`, "text", "नेपाल")
	want := `{"places":[{"kind":"COUNTRY","name":"Népal","country":"NP","latitude":27.7,"longitude":85.3,"isExact":true,"box":{"west":80,"south":26,"east":89,"north":31}}]}`
	if string(answer.Data) != want {
		t.Errorf("%s\nwant %s", answer.Data, want)
	}
}

func TestASearchForPlacesIsBounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, arguments := range []string{`text: "Nepal", first: 0`, `text: "Nepal", first: 101`, `text: "` + strings.Repeat("न", 101) + `"`} {
		if code := h.anonymous().ask("{ places(" + arguments + ") { name } }").code(); code != "BAD_REQUEST" {
			t.Errorf("%.40s gets %q", arguments, code)
		}
	}
	if data := h.anonymous().must(`{ places(text: "") { name } }`).Data; string(data) != `{"places":[]}` {
		t.Errorf("nothing finds %s", data)
	}
}

func TestEventsAreFoundByLanguageAndAccess(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := eventstest.Host(h.ids)
	if err := h.store.SaveHost(t.Context(), &host); err != nil {
		t.Fatal(err)
	}
	add := func(title, language string, access ...events.AccessFact) {
		e := eventstest.Event(h.ids, h.edition, host, eventstest.Titled(title), eventstest.Listed(eventstest.Morning()))
		e.Language, e.Access = language, access
		where := eventstest.Whereabouts()
		if err := h.store.SaveEvents(t.Context(), events.Change{Event: &e, Whereabouts: &where}); err != nil {
			t.Fatal(err)
		}
	}
	add("Rua", "pt-BR", events.Captions)
	add("Mar", "pt", events.Captions, events.Wheelchair)
	add("Sea", "en", events.Wheelchair)
	for filter, want := range map[string]int{
		`languages: ["pt"]`: 2, `languages: ["pt-BR", "en"]`: 2, `access: [CAPTIONS, WHEELCHAIR]`: 1,
		`languages: ["pt"], access: [CAPTIONS]`: 2, `languages: ["pt"], access: [WHEELCHAIR]`: 1, `languages: []`: 3,
	} {
		var found struct {
			Events struct{ Nodes []struct{ Title string } }
		}
		answer := h.anonymous().must("{ events(filter: {" + filter + "}) { nodes { title } } }")
		if err := json.Unmarshal(answer.Data, &found); err != nil || len(found.Events.Nodes) != want {
			t.Errorf("%s finds %s, want %d", filter, answer.Data, want)
		}
	}
	if code := h.anonymous().ask(`{ events(filter: {languages: ["%"]}) { nodes { id } } }`).code(); code == "" {
		t.Error("a wildcard passes for a language")
	}
}
