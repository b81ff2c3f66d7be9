package pages

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// hosting is somebody with an event of their own.
func (h *house) hosting(where events.Whereabouts, options ...func(*events.Event)) (*browser, events.Event) {
	h.t.Helper()
	host := h.host()
	e := h.add(host, where, options...)
	return h.signedIn("host-"+host.ID.String()+"@example.org", host.ID), e
}

func ownPath(e events.Event) string { return "/host/events/" + e.ID.String() }

func TestRevisingKeepsWhatIsNotChanged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana, e := h.hosting(eventstest.Whereabouts(eventstest.Shown(events.AreaPrecision)), titled("Birds", "birds-1"), listed)
	form := ana.open(ownPath(e)).fields(ownPath(e))
	form.Set("title", "More Birds")
	wantText(t, ana.follow(ana.post(ownPath(e), form)).text(), "Your changes are saved.", "More Birds")

	after, err := h.store.Event(t.Context(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	if after.Title != "More Birds" || after.Summary != e.Summary || after.Story != e.Story || len(after.Media) != len(e.Media) ||
		len(after.Themes) != 1 || len(after.Access) != 2 || after.Place.Precision != events.AreaPrecision ||
		!after.Schedule.StartsAt.Equal(e.Schedule.StartsAt) || after.ExpectedPeople != 40 || !after.IsPublic() {
		t.Errorf("before %+v\nafter %+v", e, after)
	}
	where, err := h.store.Whereabouts(t.Context(), e.ID)
	if err != nil || where.Address != "Mangal Bazar 7" || *where.Latitude != 27.672813 || where.Zone != "Asia/Kathmandu" {
		t.Errorf("whereabouts = %+v, %v", where, err)
	}
	stale := ana.post(ownPath(e), changed(form, "title", "Stale Birds"))
	if stale.Code != http.StatusUnprocessableEntity {
		t.Errorf("a form from before the change = %d", stale.Code)
	}
	form.Set("key", "another")
	wantText(t, ana.post(ownPath(e), form).text(), "Somebody changed this event meanwhile")
}

func TestRevisingCanEmptyFields(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana, e := h.hosting(eventstest.Whereabouts(), listed)
	form := ana.open(ownPath(e)).fields(ownPath(e))
	for _, name := range []string{"media", "themes", "access", "startsAt", "endsAt", "expectedPeople"} {
		form.Del(name)
	}
	form.Set("summary", "")
	form.Set("allDay", "yes")
	ana.follow(ana.post(ownPath(e), form))
	after, err := h.store.Event(t.Context(), e.ID)
	if err != nil || len(after.Media)+len(after.Themes)+len(after.Access) != 0 || after.Summary != "" ||
		!after.Schedule.AllDay || after.ExpectedPeople != 0 {
		t.Errorf("after = %+v, %v", after, err)
	}
	bad := ana.open(ownPath(e)).fields(ownPath(e))
	a := ana.post(ownPath(e), changed(bad, "title", ""))
	if a.Code != http.StatusUnprocessableEntity || len(a.all("a", "href", "#title")) != 1 {
		t.Errorf("a revision without a title = %d", a.Code)
	}
}

func TestTheDaysButtons(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana, e := h.hosting(eventstest.Whereabouts(), titled("Birds", "birds-1"), listed)
	day := ownPath(e) + "/day"

	early := ana.post(day, url.Values{"state": {"LIVE"}})
	if early.Code != http.StatusUnprocessableEntity {
		t.Errorf("live eleven days early = %d", early.Code)
	}
	wantText(t, early.text(), "It can go live on 2026-12-12 by the clock of the place")

	h.clock.Set(e.Schedule.StartsAt.Add(time.Minute))
	wantText(t, ana.follow(ana.post(day, url.Values{"state": {"LIVE"}})).text(), "on record", "Live now")
	ana.follow(ana.post(day, url.Values{"people": {"35"}}))
	wantText(t, h.anybody().open("/e/birds-1").text(), "Live now", "The host said so.", "35 people by the host's head count")
	ana.follow(ana.post(day, url.Values{"state": {"DONE"}}))
	wantText(t, h.anybody().open("/e/birds-1").text(), "Done")

	for _, bad := range []url.Values{
		{},
		{"state": {"DOCUMENTED"}},
		{"state": {"NONSENSE"}},
		{"people": {"-1"}},
		{"people": {"many"}},
		{"people": {"99999999"}},
		{"state": {"CANCELLED"}},
		{"state": {"POSTPONED"}, "reason": {"Rain."}},
		{"state": {"POSTPONED"}, "reason": {"Rain."}, "postponedTo": {"soon"}},
		{"state": {"WENT_DIGITAL"}},
		{"state": {"WENT_DIGITAL"}, "newOnlineUrl": {"javascript:alert(1)"}},
	} {
		if got := ana.post(day, bad).Code; got != http.StatusUnprocessableEntity {
			t.Errorf("%v = %d", bad, got)
		}
	}
}

func TestWhenItCannotHappenAsPlanned(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for state, values := range map[string]url.Values{
		"This event is postponed": {"state": {"POSTPONED"}, "reason": {"The river rose."}, "postponedTo": {"2026-12-19"}},
		"takes place online":      {"state": {"WENT_DIGITAL"}, "newOnlineUrl": {"https://example.org/live"}},
		"This event is cancelled": {"state": {"CANCELLED"}, "reason": {"The river rose."}},
		"moved to another place":  {"state": {"MOVED"}, "new.locality": {"Bhaktapur"}, "new.latitude": {"27.67"}, "new.longitude": {"85.43"}},
		"has moved":               {"state": {"MOVED"}},
	} {
		slug := strings.ReplaceAll(strings.ToLower(state), " ", "-")
		ana, e := h.hosting(eventstest.Whereabouts(), titled("Birds", slug), listed)
		ana.follow(ana.post(ownPath(e)+"/day", values))
		wantText(t, h.anybody().open("/e/"+slug).text(), state)
	}
}

// Somebody who moves in a hurry must not become easier to find.
func TestMovingKeepsThePrecision(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana, e := h.hosting(eventstest.Whereabouts(eventstest.Shown(events.AreaPrecision)), titled("Birds", "birds-1"), listed)
	ana.follow(ana.post(ownPath(e)+"/day", url.Values{
		"state": {"MOVED"}, "new.locality": {"Bhaktapur"}, "new.latitude": {"27.671231"}, "new.longitude": {"85.428234"},
	}))
	body := h.anybody().open("/e/birds-1").Body.String()
	wantText(t, body, "Bhaktapur")
	wantNone(t, body, "27.6712", "85.4282")
	e, err := h.store.Event(t.Context(), e.ID)
	if err != nil || e.Place.Precision != events.AreaPrecision {
		t.Errorf("place = %+v, %v", e.Place, err)
	}
}

func TestWithdrawingTakesItDownEverywhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana, e := h.hosting(eventstest.Whereabouts(), titled("Birds", "birds-1"), listed)
	page := ana.open(ownPath(e) + "/withdraw")
	wantText(t, page.text(), "Withdraw this event?", "disappears everywhere")
	h.anybody().open("/e/birds-1") // asking is not doing
	wantText(t, ana.follow(ana.post(ownPath(e)+"/withdraw", page.fields(ownPath(e)+"/withdraw"))).text(), "gone everywhere", "Withdrawn")
	h.settle()
	if got := h.anybody().get("/e/birds-1").Code; got != http.StatusNotFound {
		t.Errorf("its page = %d", got)
	}
	for _, target := range []string{"/", "/sitemap.xml", "/?q=birds"} {
		wantNone(t, h.anybody().open(target).Body.String(), "birds-1")
	}
	wantText(t, ana.follow(ana.post(ownPath(e)+"/submit", nil)).text(), "sent in", "Waiting for review")
	if got := ana.post(ownPath(e)+"/submit", nil).Code; got != http.StatusConflict {
		t.Errorf("sent in twice = %d", got)
	}
	long := ana.post(ownPath(e)+"/withdraw", url.Values{"reason": {strings.Repeat("x", events.MaxNote+1)}})
	if long.Code != http.StatusUnprocessableEntity {
		t.Errorf("a long reason = %d", long.Code)
	}
}

func TestTheHostIsToldOfClockChanges(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(e *events.Edition) { e.Date = events.LocalDate{Year: 2026, Month: time.October, Day: 25} })
	lisbon := eventstest.Whereabouts(eventstest.Between(1*60+30, 3*60), func(w *events.Whereabouts) {
		w.Zone, w.Locality = "Europe/Lisbon", "Lisboa"
	})
	ana, e := h.hosting(lisbon, inReview(events.Draft))
	wantText(t, ana.open(ownPath(e)).text(), "The clocks show 01:30 twice on that day", "Europe/Lisbon is unusual for a place at this longitude")
}

func TestStewardsQuestionsReachTheHost(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana, e := h.hosting(eventstest.Whereabouts(), inReview(events.NeedsInfo), func(e *events.Event) { e.ReviewReason = "Which wall?" })
	wantText(t, ana.open("/host").text(), "A question for you", "Which wall?")
	wantText(t, ana.open(ownPath(e)).text(), "Which wall?", "Send it in")
	wantNone(t, h.anybody().open("/e/"+e.LinkKey).Body.String(), "Which wall?")
}

func TestHostsPagesArePaged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.host()
	for range hostPageSize + 2 {
		h.add(host, eventstest.Whereabouts())
	}
	ana := h.signedIn("ana@example.org", host.ID)
	first := ana.open("/host")
	more := first.all("a", "class", "button button-plain")
	if len(first.all("li", "class", "card-line")) != hostPageSize || len(more) != 1 {
		t.Fatalf("the first page has %d events", len(first.all("li", "class", "card-line")))
	}
	if n := len(ana.open(attribute(more[0], "href")).all("li", "class", "card-line")); n != 3 { // one came with the account
		t.Errorf("the second page has %d events", n)
	}
}
