package pages

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// filled is the form as a host with a phone fills it in.
func filled(a *answer) url.Values {
	values := a.fields("/host/register")
	maps.Copy(values, url.Values{
		"host.displayName": {"Sparrow"}, "title": {"Wall of Birds"}, "way": {"OWN_WORK"}, "summary": {"A mural."},
		"media": {"MURAL", "WORKSHOP"}, "themes": {"emergent-futures"}, "place.country": {"NP"},
		"place.locality": {"Lalitpur"}, "place.address": {"Mangal Bazar 7"}, "place.latitude": {"27,672813"},
		"place.longitude": {"85.325147"}, "startsAt": {"17:00"}, "endsAt": {"19:30"}, "access": {"TOILETS"},
		"expectedPeople": {"40"},
	})
	return values
}

// ownEvents lists what an account has registered.
func (h *house) ownEvents(b *browser) []events.Event {
	h.t.Helper()
	who, err := h.hub.ActorOf(h.t.Context(), b.cookies["hub"])
	if err != nil {
		h.t.Fatal(err)
	}
	page, err := h.hub.OwnEvents(h.t.Context(), who, events.MaxPage, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return page.Events
}

func TestRegisteringOnAPhone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org", events.ID{})
	form := ana.open("/host/register")
	a := ana.post("/host/register", filled(form))
	next := ana.follow(a)
	wantText(t, next.text(), "Your event is registered.", "Wall of Birds", "Waiting for review", "works by its secret link")

	list := h.ownEvents(ana)
	if len(list) != 1 {
		t.Fatalf("%d events", len(list))
	}
	e := list[0]
	if e.Title != "Wall of Birds" || e.Review != events.Submitted || e.Schedule.Zone != "Asia/Kathmandu" ||
		e.ExpectedPeople != 40 || len(e.Media) != 2 || !e.Place.IsMapped() || *e.Place.Latitude != 27.672813 ||
		e.Schedule.StartsAt.Format(time.RFC3339) != "2026-12-12T11:15:00Z" {
		t.Errorf("event = %+v", e)
	}
	link := attribute(next.all("input", "id", "link")[0], "value")
	wantText(t, h.anybody().open(strings.TrimPrefix(link, hubAddress)).text(), "Wall of Birds")
	wantText(t, ana.open("/host").text(), "Wall of Birds", "Waiting for review")
	wantNone(t, ana.open("/host/register").text(), "Your name") // the hub knows the host now
}

// A finger presses twice, and a bad network sends a form again.
func TestSendingTwiceMakesOneEvent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org", events.ID{})
	values := filled(ana.open("/host/register"))
	first, second := ana.post("/host/register", values), ana.post("/host/register", values)
	if first.Code != http.StatusSeeOther || second.Header().Get("Location") != first.Header().Get("Location") {
		t.Errorf("the second time: %d to %q, not %q", second.Code, second.Header().Get("Location"), first.Header().Get("Location"))
	}
	if n := len(h.ownEvents(ana)); n != 1 {
		t.Errorf("%d events", n)
	}
	values.Set("title", "Another Wall")
	other := ana.post("/host/register", values)
	wantText(t, other.text(), "idempotency key")
	if again := ana.post("/host/register", changed(other.fields("/host/register"), "title", "Another Wall")); again.Code != http.StatusSeeOther {
		t.Errorf("a new event from the old form = %d", again.Code)
	}
	if n := len(h.ownEvents(ana)); n != 2 {
		t.Errorf("%d events", n)
	}
}

func changed(values url.Values, name, value string) url.Values {
	values.Set(name, value)
	return values
}

func TestEveryFormHasAKeyOfItsOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org", events.ID{})
	a, b := ana.open("/host/register").fields("/host/register"), ana.open("/host/register").fields("/host/register")
	if a.Get("key") == "" || a.Get("key") == b.Get("key") {
		t.Errorf("keys %q and %q", a.Get("key"), b.Get("key"))
	}
}

func TestProblemsStandAtTheirFields(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org", events.ID{})
	values := filled(ana.open("/host/register"))
	for name, value := range map[string]string{
		"host.displayName": "", "title": "x", "way": "", "onlineUrl": "javascript:alert(1)", "place.country": "",
		"place.latitude": "", "place.longitude": "", "expectedPeople": "200000", "place.zone": "", "story": "<b>kept</b>",
	} {
		values.Set(name, value)
	}
	a := ana.post("/host/register", values)
	if a.Code != http.StatusUnprocessableEntity {
		t.Fatalf("= %d", a.Code)
	}
	for _, field := range []string{"host.displayName", "title", "way", "onlineUrl", "place.country", "place.latitude", "expectedPeople", "place.zone"} {
		if len(a.all("a", "href", "#"+field)) != 1 {
			t.Errorf("the summary does not lead to %s", field)
		}
		if byID(a, field) == nil {
			t.Errorf("there is no field %s to lead to", field)
		}
	}
	for _, field := range []string{"host.displayName", "title", "onlineUrl", "place.country", "place.latitude", "expectedPeople", "place.zone"} {
		n := byID(a, field)
		described := attribute(n, "aria-describedby")
		if attribute(n, "aria-invalid") != "true" || !strings.Contains(described, field+"-wrong") || byID(a, field+"-wrong") == nil {
			t.Errorf("%s does not say what is wrong with it (%q)", field, described)
		}
	}
	kept := a.fields("/host/register")
	for name, want := range values {
		if name != "way" && strings.Join(kept[name], ",") != strings.Join(want, ",") && want[0] != "" {
			t.Errorf("%s was %q, is %q", name, want, kept[name])
		}
	}
	if len(h.ownEvents(ana)) != 0 {
		t.Error("something was registered")
	}
}

func TestWhatCannotBeReadIsAProblemToo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org", events.ID{})
	for field, rubbish := range map[string]string{
		"place.latitude": "north", "startsAt": "noon", "endsAt": "25:99", "expectedPeople": "many",
	} {
		a := ana.post("/host/register", changed(filled(ana.open("/host/register")), field, rubbish))
		if a.Code != http.StatusUnprocessableEntity || len(a.all("a", "href", "#"+field)) != 1 ||
			a.fields("/host/register").Get(field) != rubbish {
			t.Errorf("%s=%s: %d", field, rubbish, a.Code)
		}
	}
	for _, values := range []url.Values{{}, {"place.precision": {"EXACTLY"}}, {"media": {"MURAL", "NONSENSE"}}, {"themes": {"none"}}} {
		if got := ana.post("/host/register", values).Code; got != http.StatusUnprocessableEntity {
			t.Errorf("%v = %d", values, got)
		}
	}
}

func TestDraftsAndLinksStayOffTheQueue(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org", events.ID{})
	draft := changed(filled(ana.open("/host/register")), "draft", "yes")
	wantText(t, ana.follow(ana.post("/host/register", draft)).text(), "Draft", "Only you can see it")
	link := changed(filled(ana.open("/host/register")), "visibility", "link")
	wantText(t, ana.follow(ana.post("/host/register", link)).text(), "By link only")
	wantText(t, h.steward().open("/steward").text(), "Nothing waits for review")
}

func TestAllDayNeedsNoHours(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org", events.ID{})
	ana.follow(ana.post("/host/register", changed(filled(ana.open("/host/register")), "allDay", "yes")))
	e := h.ownEvents(ana)[0]
	if !e.Schedule.AllDay || e.Schedule.EndsAt.Sub(e.Schedule.StartsAt) != 24*time.Hour {
		t.Errorf("schedule = %+v", e.Schedule)
	}
}

func TestRegistrationIsClosed(t *testing.T) {
	t.Parallel()
	for name, option := range map[string]func(*events.Edition){
		"announced": func(e *events.Edition) { e.Stage = events.AnnouncedStage },
		"frozen":    func(e *events.Edition) { e.Stage = events.FrozenStage },
		"not yet":   func(e *events.Edition) { e.RegistrationOpensAt = eventstest.Morning().Add(24 * time.Hour) },
		"over":      func(e *events.Edition) { e.RegistrationClosesAt = eventstest.Morning().Add(-time.Hour) },
	} {
		h := newHouse(t, option)
		ana := h.signedIn("ana@example.org", events.ID{})
		a := ana.open("/host/register")
		wantText(t, a.text(), "Registration is not open")
		if len(a.fields("/host/register")) != 0 {
			t.Errorf("%s: there is a form", name)
		}
		if name == "not yet" {
			wantText(t, a.text(), "It opens on Wednesday 2 December 2026")
		}
		if got := ana.post("/host/register", url.Values{"title": {"Late"}}).Code; got != http.StatusUnprocessableEntity {
			t.Errorf("%s: a registration = %d", name, got)
		}
	}
	h := emptyHouse(t)
	ana := h.signedIn("ana@example.org", events.ID{})
	wantText(t, ana.open("/host/register").text(), "No day is announced yet.")
	if got := ana.post("/host/register", url.Values{"title": {"Early"}}).Code; got != http.StatusConflict {
		t.Errorf("without an edition: %d", got)
	}
}

func TestTownsAndZonesForTheForm(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org", events.ID{})
	var towns []foundTown
	if err := json.Unmarshal(ana.open("/host/towns?q=kath").Body.Bytes(), &towns); err != nil || len(towns) == 0 {
		t.Fatalf("towns = %v %v", towns, err)
	}
	if town := towns[0]; town.Name != "Kathmandu" || town.Zone != "Asia/Kathmandu" || town.CountryName != "Nepal" || town.Latitude == 0 {
		t.Errorf("town = %+v", town)
	}
	for _, target := range []string{"/host/towns", "/host/towns?q=kath&country=BR", "/host/towns?q=" + strings.Repeat("a", 5000)} {
		if got := strings.TrimSpace(ana.open(target).Body.String()); got != "[]" {
			t.Errorf("%.40s = %s", target, got)
		}
	}
	wantText(t, ana.open("/host/zone?lat=27.7&lon=85.3").Body.String(), `{"zone":"Asia/Kathmandu"}`)
	wantText(t, ana.open("/host/zone?lat=0&lon=-30").Body.String(), `{"zone":""}`)
	for _, target := range []string{"/host/zone", "/host/zone?lat=x&lon=1", "/host/zone?lat=1"} {
		if got := ana.get(target).Code; got != http.StatusBadRequest {
			t.Errorf("%s = %d", target, got)
		}
	}
	wantText(t, ana.open("/host/zone?lat=NaN&lon=1e300").Body.String(), `""`)
	for _, target := range []string{"/host/towns?q=kath", "/host/zone?lat=1&lon=1"} {
		if got := h.anybody().get(target).Code; got != http.StatusUnauthorized {
			t.Errorf("%s for anybody = %d", target, got)
		}
	}
}
