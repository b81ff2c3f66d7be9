package pages

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

func TestTheQueueIsForStewards(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana, e := h.hosting(eventstest.Whereabouts(), inReview(events.Submitted))
	a := ana.get("/steward")
	if a.Code != http.StatusForbidden {
		t.Errorf("a host sees the queue: %d", a.Code)
	}
	wantText(t, a.text(), "This page is not for you")
	for _, act := range []string{"approve", "changes", "reject", "hide"} {
		if got := ana.post("/steward/events/"+e.ID.String(), url.Values{"act": {act}, "reason": {"Because."}}).Code; got != http.StatusForbidden {
			t.Errorf("a host may %s: %d", act, got)
		}
		if got := h.anybody().post("/steward/events/"+e.ID.String(), url.Values{"act": {act}}).Code; got != http.StatusSeeOther {
			t.Errorf("anybody may %s: %d", act, got)
		}
	}
	wantNone(t, ana.open("/").Body.String(), `href="/steward"`)
	wantText(t, h.steward().open("/").Body.String(), `href="/steward"`)
}

// Midnight comes to Kiritimati a day before Brazil: what starts first on the globe comes first.
func TestTheQueueFollowsTheSun(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.host()
	for _, town := range []eventstest.Town{
		{Name: "São Paulo", Country: "BR", Zone: "America/Sao_Paulo", Latitude: -23.55, Longitude: -46.6333},
		{Name: "South Tarawa", Country: "KI", Zone: "Pacific/Kiritimati", Latitude: 1.8721, Longitude: -157.4278},
		{Name: "Kathmandu", Country: "NP", Zone: "Asia/Kathmandu", Latitude: 27.7172, Longitude: 85.324},
	} {
		where := eventstest.Whereabouts(eventstest.In(town), eventstest.Between(9*60, 10*60))
		h.add(host, where, titled("In "+town.Name, strings.ToLower(town.Country)), inReview(events.Submitted))
	}
	text := h.steward().open("/steward").text()
	first, second, third := strings.Index(text, "In South Tarawa"), strings.Index(text, "In Kathmandu"), strings.Index(text, "In São Paulo")
	if first < 0 || first > second || second > third {
		t.Errorf("order %d %d %d in %s", first, second, third, text)
	}
	wantText(t, text, "3 events wait", "10 days left until the local start", "Sparrow", "new here")
}

func TestAStewardSeesWhereItReallyIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add(h.host(), eventstest.Whereabouts(eventstest.Shown(events.HiddenPrecision)), inReview(events.Submitted))
	wantText(t, h.steward().open("/steward").text(), "Mangal Bazar 7", "27.67281, 85.32515", "The public sees: Not at all", "The ward office agreed.")
}

func TestDecisions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.host()
	steward := h.steward()
	decide := func(e events.Event, act, reason string) *answer {
		return steward.post("/steward/events/"+e.ID.String(), url.Values{"act": {act}, "reason": {reason}, "key": {e.ID.String() + act}})
	}
	for act, want := range map[string]struct {
		state events.ReviewState
		says  string
	}{
		"approve": {events.Listed, "Listed:"},
		"changes": {events.NeedsInfo, "Sent back with your question:"},
		"reject":  {events.Rejected, "Not accepted:"},
	} {
		e := h.add(host, eventstest.Whereabouts(), titled("Birds "+act, act+"-1"), inReview(events.Submitted))
		wantText(t, steward.follow(decide(e, act, "Which wall?")).text(), want.says, "Birds "+act)
		after, err := h.store.Event(t.Context(), e.ID)
		if err != nil || after.Review != want.state {
			t.Errorf("%s: %s, %v", act, after.Review, err)
		}
		if again := decide(e, act, "Which wall?"); again.Code != http.StatusSeeOther {
			t.Errorf("%s twice with one key = %d", act, again.Code)
		}
	}
	shown := h.add(host, eventstest.Whereabouts(), titled("Shown Birds", "shown-1"), listed)
	wantText(t, steward.open("/e/shown-1").text(), "Take it down")
	wantNone(t, h.anybody().open("/e/shown-1").text(), "Take it down")
	a := steward.follow(decide(shown, "hide", "A copy."))
	wantText(t, a.text(), "Taken down:", "Undo")
	if got := h.anybody().get("/e/shown-1").Code; got != http.StatusNotFound {
		t.Errorf("the hidden event = %d", got)
	}
	undo := a.fields("/steward/events/" + shown.ID.String())
	undo.Set("act", "approve")
	steward.follow(steward.post("/steward/events/"+shown.ID.String(), undo))
	h.anybody().open("/e/shown-1")
}

func TestDecisionsThatDoNotWork(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.add(h.host(), eventstest.Whereabouts(), inReview(events.Submitted))
	steward := h.steward()
	target := "/steward/events/" + e.ID.String()
	for _, c := range []struct {
		target string
		values url.Values
		status int
	}{
		{target, url.Values{"act": {"reject"}}, http.StatusUnprocessableEntity},
		{target, url.Values{"act": {"hide"}, "reason": {"A copy."}}, http.StatusUnprocessableEntity},
		{target, url.Values{"act": {"crown"}}, http.StatusBadRequest},
		{target, url.Values{}, http.StatusBadRequest},
		{"/steward/events/rubbish", url.Values{"act": {"approve"}}, http.StatusNotFound},
		{"/steward/events/" + h.ids.New(events.EventPrefix).String(), url.Values{"act": {"approve"}}, http.StatusNotFound},
	} {
		if got := steward.post(c.target, c.values).Code; got != c.status {
			t.Errorf("%s %v = %d, want %d", c.target, c.values, got, c.status)
		}
	}
	wantText(t, steward.open("/steward?done=approve&event=rubbish").text(), "1 event waits")
}

func TestTwinsAreShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	far := eventstest.Whereabouts(eventstest.In(eventstest.Town{
		Name: "Suva", Country: "FJ", Zone: "Pacific/Fiji", Latitude: -18.1416, Longitude: 178.4419,
	}))
	near := eventstest.Whereabouts(eventstest.At(27.7, 85.33))
	h.add(h.host(), near, titled("Wáll of BIRDS!", "near-1"), listed)
	h.add(h.host(), far, titled("Wall of Birds", "far-1"), listed)
	h.add(h.host(), near, titled("Wall of Birdsong", "other-1"), listed)
	h.add(h.host(), eventstest.Whereabouts(), titled("Wall of Birds", "new-1"), inReview(events.Submitted))
	notices := h.steward().open("/steward").all("div", "class", "notice")
	if len(notices) != 1 {
		t.Fatalf("%d hints", len(notices))
	}
	wantText(t, textOf(notices[0]), "Possibly the same event:", "Wáll of BIRDS!", "3 km away")
	wantNone(t, textOf(notices[0]), "Birdsong", "km away Wall of Birds")
}

func TestTheQueueIsPaged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.host()
	for range queuePage + 1 {
		h.add(host, eventstest.Whereabouts(), inReview(events.Submitted))
	}
	steward := h.steward()
	first := steward.open("/steward")
	more := first.all("a", "class", "button button-plain")
	if len(first.all("li", "class", "card-line")) != queuePage || len(more) != 1 {
		t.Fatal("the first page is not full")
	}
	if n := len(steward.open(attribute(more[0], "href")).all("li", "class", "card-line")); n != 1 {
		t.Errorf("the second page has %d", n)
	}
	wantText(t, emptyHouse(t).steward().open("/steward").text(), "No day is announced yet.")
}

func TestTimeLeftIsSaidInTheLargestUnit(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.add(h.host(), eventstest.Whereabouts(), inReview(events.Submitted))
	for before, want := range map[string]string{
		"72h": "3 days left", "47h": "47 hours left", "1h": "1 hour left", "10m": "11 minutes left", "-1m": "It has begun",
	} {
		h.clock.Set(e.Schedule.StartsAt.Add(-parsed(t, before)))
		wantText(t, h.steward().open("/steward").text(), want)
	}
}
