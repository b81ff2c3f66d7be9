package pages

import (
	"net/http"
	"testing"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

func TestBeforeAnyDayIsAnnounced(t *testing.T) {
	t.Parallel()
	h := emptyHouse(t)
	for _, target := range []string{"/", "/about/data", "/sitemap.xml", "/robots.txt", "/favicon.svg"} {
		h.anybody().open(target)
	}
	wantText(t, h.anybody().open("/").text(), "No day is announced yet.")
}

func TestFrontPageListsWhatIsListed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.host()
	h.add(host, eventstest.Whereabouts(), titled("Wall of Birds", "wall-of-birds-1"), listed)
	h.add(host, eventstest.Whereabouts(), titled("Secret Wall", "secret-wall-1"), inReview(events.Submitted))

	a := h.anybody().open("/")
	wantText(t, a.text(), "Wall of Birds", "Sparrow", "Lalitpur", "Nepal", "17:00–19:30",
		"Saturday 12 December 2026")
	wantNone(t, a.Body.String(), "Secret Wall", "Mangal Bazar")
	if len(a.all("a", "href", "/e/wall-of-birds-1")) == 0 {
		t.Error("the event is not linked")
	}
	if got := a.Header().Get("Cache-Control"); got != publicShort {
		t.Errorf("Cache-Control = %q", got)
	}
}

func TestFrontPageFilters(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.host()
	brazil := eventstest.Whereabouts(eventstest.In(eventstest.Town{
		Name: "São Paulo", Country: "BR", Zone: "America/Sao_Paulo", Latitude: -23.55, Longitude: -46.6333,
	}))
	h.add(host, eventstest.Whereabouts(), titled("Wall of Birds", "birds-1"), listed)
	h.add(host, brazil, titled("River of Paper", "river-1"), listed, func(e *events.Event) { e.Way = events.Blueprint })
	h.add(host, brazil, titled("Night of Lamps", "lamps-1"), listed, eventstest.OnDay(events.Live, events.ByHost))

	for target, wanted := range map[string]string{
		"/?q=paper": "River of Paper", "/?country=NP": "Wall of Birds", "/?way=BLUEPRINT": "River of Paper",
		"/?phase=LIVE": "Night of Lamps", "/?country=BR&phase=UPCOMING": "River of Paper",
	} {
		rows := h.anybody().open(target).all("li", "class", "row")
		if len(rows) != 1 {
			t.Errorf("%s lists %d events", target, len(rows))
			continue
		}
		wantText(t, textOf(rows[0]), wanted)
	}
	wantText(t, h.anybody().open("/?q=nothing").text(), "No event fits")
	if got := len(h.anybody().open("/?way=SIDEWAYS&phase=ONCE").all("li", "class", "row")); got != 3 {
		t.Errorf("conditions that do not exist leave %d events, want all three", got)
	}
}

func TestFrontPagePages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.host()
	for i := range listPage + 3 {
		h.add(host, eventstest.Whereabouts(), titled(sprint("Number %d", i), sprint("number-%d", i)), listed)
	}
	seen := map[string]bool{}
	a := h.anybody().open("/")
	for {
		for _, row := range a.all("li", "class", "row") {
			for link := range row.Descendants() {
				if link.Data == "a" {
					seen[attribute(link, "href")] = true
				}
			}
		}
		more := a.all("a", "class", "button button-plain")
		if len(more) == 0 || attribute(more[0], "href") == "" {
			break
		}
		a = h.anybody().open(attribute(more[0], "href"))
	}
	if len(seen) != listPage+3 {
		t.Errorf("the pages list %d events, want %d", len(seen), listPage+3)
	}
	if got := h.anybody().get("/?after=rubbish").Code; got != http.StatusBadRequest {
		t.Errorf("a cursor that is none gives %d", got)
	}
}

func TestFrontPageStandsWithoutNumbers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add(h.host(), eventstest.Whereabouts(), listed)
	h.build(brokenCounts{h.store})
	wantText(t, h.anybody().open("/").text(), "Wall of Birds", "The numbers are not available")
}

// Before the first activity there is no time of the last one.
func TestQuietMapHasNoFalseTimes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a := h.anybody().open("/")
	wantNone(t, a.Body.String(), "0001-01-01")
	for _, at := range a.all("time") {
		if hasAttribute(at, "data-as-of") && (hasAttribute(at, "datetime") || textOf(at) != "–") {
			t.Errorf("the numbers are of %v %q", at.Attr, textOf(at))
		}
	}
}
