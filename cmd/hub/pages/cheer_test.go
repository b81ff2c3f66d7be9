package pages

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

func TestCheeringCountsADeviceOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.add(h.host(), eventstest.Whereabouts(), titled("Birds", "birds-1"), listed)
	h.clock.Set(e.Schedule.StartsAt)

	reader := h.anybody()
	wantText(t, reader.follow(reader.post("/e/birds-1/cheer", nil)).text(), "you are counted")
	wantText(t, reader.follow(reader.post("/e/birds-1/cheer", nil)).text(), "Once is enough")
	other := h.anybody()
	other.follow(other.post("/e/birds-1/cheer", url.Values{}))
	h.settle()
	wantText(t, h.anybody().open("/e/birds-1").text(), "2 cheers from afar")
}

func TestCheersCountOnTheDayOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add(h.host(), eventstest.Whereabouts(), titled("Birds", "birds-1"), listed)
	a := h.anybody().post("/e/birds-1/cheer", nil)
	if a.Code != http.StatusConflict {
		t.Fatalf("too early = %d", a.Code)
	}
	wantText(t, a.text(), "Counting is open from")
	if got := h.anybody().post("/e/nobody-knows/cheer", nil).Code; got != http.StatusNotFound {
		t.Errorf("a cheer for nothing = %d", got)
	}
}

func TestTheDeviceIsASecretOfTheBrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.add(h.host(), eventstest.Whereabouts(), titled("Birds", "birds-1"), listed)
	h.clock.Set(e.Schedule.StartsAt.Add(time.Minute))
	a := h.anybody().post("/e/birds-1/cheer", nil)
	cookies := a.Result().Cookies()
	if len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode || len(cookies[0].Value) < 26 {
		t.Errorf("cookies = %v", cookies)
	}
	wantNone(t, a.Header().Get("Location"), cookies[0].Value)
}

func TestUnlistedEventsTakeNoCheers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.add(h.host(), eventstest.Whereabouts(), inReview(events.LinkOnly))
	if got := h.anybody().post("/e/"+e.LinkKey+"/cheer", nil).Code; got != http.StatusNotFound {
		t.Errorf("a cheer by the secret link = %d", got)
	}
	wantNone(t, h.anybody().open("/e/"+e.LinkKey).text(), "Cheer from afar")
}

// The map's card and the event's page count one browser once: the script gives both its token.
func TestAFormCheersWithTheScriptsToken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.add(h.host(), eventstest.Whereabouts(), titled("Birds", "birds-1"), listed)
	h.clock.Set(e.Schedule.StartsAt)
	const token = "the token of the script in this browser"
	if _, _, err := h.hub.Cheer(t.Context(), "", e.ID, token); err != nil {
		t.Fatal(err)
	}
	reader := h.anybody()
	again := reader.post("/e/birds-1/cheer", url.Values{"device": {token}})
	wantText(t, reader.follow(again).text(), "Once is enough")
}
