package pages

import (
	"net/url"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// Without a script the form asks for all of it, and links take it back.
func TestFrontPageFiltersByThemeLanguageAndAccess(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.host()
	h.add(host, eventstest.Whereabouts(), titled("Wall of Birds", "birds-1"), listed)
	h.add(host, eventstest.Whereabouts(), titled("Rua de Papel", "rua-1"), listed, func(e *events.Event) {
		e.Language, e.Access, e.Themes = "pt-BR", []events.AccessFact{events.Captions, events.Wheelchair}, []string{"crossing-boundaries"}
	})
	for target, want := range map[string]int{
		"/?language=pt": 1, "/?language=en": 1, "/?language=%25": 2, "/?theme=crossing-boundaries": 1, "/?theme=none": 2,
		"/?access=CAPTIONS&access=WHEELCHAIR": 1, "/?access=CAPTIONS&access=TOILETS": 0, "/?access=WINGS": 2,
		"/?near=27.67,85.33,5": 2, "/?near=-23,-46": 0, "/?near=somewhere": 2, "/?near=NaN,1": 2, "/?near=1,1,-5": 2,
	} {
		if got := len(h.anybody().open(target).all("li", "class", "row")); got != want {
			t.Errorf("%s lists %d events, want %d", target, got, want)
		}
	}
	a := h.anybody().open("/?access=CAPTIONS&access=WHEELCHAIR&language=pt")
	wantText(t, a.text(), "português", "Captions", "Wheelchair access")
	if len(a.all("a", "href", "/?access=WHEELCHAIR&language=pt#list")) != 1 {
		t.Error("no chip takes the captions back")
	}
}

// An address is everybody's to write: what is no country makes no condition, chip, calendar or box, and
// what is too long for what it is makes no page of its own.
func TestFrontPageTakesWhatACountryIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add(h.host(), eventstest.Whereabouts(), titled("Wall of Birds", "birds-1"), listed)
	plain := h.anybody().open("/").Body.Len()
	for country, rows := range map[string]int{"NP": 1, "np": 1, "Np": 1, "BR": 0, "br": 0, "zz": 1, "Nepal": 1, "ſp": 1, "ſ": 1, "é": 1, "": 1, strings.Repeat("N", 12<<10): 1} {
		a := h.anybody().open("/?country=" + country)
		if got := len(a.all("li", "class", "row")); got != rows {
			t.Errorf("%.10s lists %d events, want %d", country, got, rows)
		}
		if got := a.Body.Len(); got > plain+4<<10 {
			t.Errorf("%.10s makes a page of %d bytes, without it is one of %d", country, got, plain)
		}
		for _, link := range a.all("a") {
			to, _ := url.Parse(attribute(link, "href"))
			if to.Path == "/calendar.ics" && h.anybody().get(to.String()).Code != 200 {
				t.Errorf("%.10s links to a calendar that is none", country)
			}
		}
	}
	for _, name := range sharedParameters() {
		if got := h.anybody().get("/?" + name + "=" + strings.Repeat("n", 12<<10)).Body.Len(); got > plain+8<<10 {
			t.Errorf("a long %s makes a page of %d bytes, without it is one of %d", name, got, plain)
		}
	}
}

func TestTheSameAsATable(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add(h.host(), eventstest.Whereabouts(), titled("Wall of Birds", "birds-1"), listed)
	a := h.anybody().open("/?as=table&near=27.6,85.3")
	if rows, table := a.all("li", "class", "row"), a.all("tr", "data-way", "OWN_WORK"); len(rows) != 0 || len(table) != 1 {
		t.Errorf("%d rows of the list and %d of the table", len(rows), len(table))
	}
	if sorted := a.all("th", "aria-sort", "ascending"); len(sorted) != 1 || textOf(sorted[0]) != "Distance" {
		t.Errorf("sorted by %d columns", len(sorted))
	}
	wantText(t, a.text(), "Wall of Birds", "8 km", "2026-12-01")
	if len(a.all("a", "href", "/?as=table&near=27.6%2C85.3%2C100&sort=start#list")) != 1 {
		t.Error("the table cannot be sorted by its begin")
	}
}

func TestAPlaceThatIsNamedIsLinked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := &site{Parts: Parts{Atlas: Atlas{Places: func(string, string, int) []events.FoundPlace {
		return []events.FoundPlace{
			{Kind: events.TownPlace, Name: "Kathmandu", Country: "NP", Latitude: 27.7017, Longitude: 85.3206, Exact: true},
			{Kind: events.CountryPlace, Name: "Nepal", Country: "NP", Exact: true},
			{Kind: events.TownPlace, Name: "Kathmandus"},
		}
	}}}}
	l, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	p := &page{tongue: newTongue("en", l.byLang["en"], l.byLang["en"], testAtlas().CountryName)}
	links := s.namedPlaces(p, MapFilter{Text: "kathmandu"})
	if len(links) != 2 || links[0].Text != "Events near Kathmandu, Nepal" || links[0].URL != "/?near=27.7%2C85.32%2C100#list" || links[1].URL != "/?country=NP#list" {
		t.Errorf("links %+v", links)
	}
	if links = s.namedPlaces(p, MapFilter{Text: "kathmandu", At: "2026-12-12T11:00Z"}); links[1].URL != "/?at=2026-12-12T11%3A00Z&country=NP#list" {
		t.Errorf("from a moment a place leads to %s", links[1].URL)
	}
	_ = h
}

// An address that asks for a card names its event to those without a script, if everybody may see it.
func TestAnOpenCardInTheAddress(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.host()
	e := h.add(host, eventstest.Whereabouts(), titled("Wall of Birds", "birds-1"), listed)
	secret := h.add(host, eventstest.Whereabouts(), titled("Secret Wall", "secret-1"), inReview(events.Submitted))
	if got := h.anybody().open("/?event=birds-1").all("div", "data-open", e.ID.String()); len(got) != 1 {
		t.Error("the card's event is not told")
	}
	for _, name := range []string{"secret-1", secret.LinkKey, "none"} {
		if body := h.anybody().open("/?event=" + name).Body.String(); strings.Contains(body, "data-open=") || strings.Contains(body, "Secret") {
			t.Errorf("an event that is not listed shows by %s", name)
		}
	}
}
