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

// during puts the clock into an event of a host and gives the codes that are shown.
func (h *house) during(options ...func(*events.Event)) (*browser, events.Event, events.CheckInCodes) {
	h.t.Helper()
	ana, e := h.hosting(eventstest.Whereabouts(), append([]func(*events.Event){titled("Birds", "birds-1"), listed}, options...)...)
	h.clock.Set(e.Schedule.StartsAt)
	return ana, e, h.codes(e)
}

// stored is how many people are counted at an event.
func (h *house) stored(e events.Event) int64 {
	h.t.Helper()
	h.settle()
	now, err := h.store.Event(h.t.Context(), e.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return now.CheckIns
}

func TestAPhoneScansAndIsCountedOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, e, codes := h.during()
	for i, address := range []string{"/c/" + codes.Rotating.Code, "/C/" + codes.Printed.Code, "/c/" + strings.ToLower(codes.Rotating.Code)} {
		phone := h.anybody()
		for range 3 { // looking counts nobody, nor does a link preview
			wantText(t, phone.open(address).text(), "Birds", "I am here")
		}
		if got := h.stored(e); got != int64(i) {
			t.Fatalf("looking counted: %d", got)
		}
		action := "/c/" + address[len("/c/"):]
		first := phone.open(address).fields(action)
		wantText(t, phone.follow(phone.post(action, first)).text(), "You are counted")
		wantText(t, phone.follow(phone.post(action, first)).text(), "You are counted") // the same tap twice
		wantText(t, phone.follow(phone.post(action, phone.open(address).fields(action))).text(), "counted already")
		if got := h.stored(e); got != int64(i+1) {
			t.Errorf("%s: %d counted, want %d", address, got, i+1)
		}
	}
}

// A phone keeps one token for check-ins and cheers, and the page's script may bring another.
func TestACheckInUsesTheDeviceOfCheers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, e, codes := h.during()
	phone := h.anybody()
	phone.follow(phone.post("/e/birds-1/cheer", url.Values{}))
	token := phone.cookies[deviceCookie]
	phone.follow(phone.post("/c/"+codes.Printed.Code, url.Values{}))
	if phone.cookies[deviceCookie] != token || token == "" {
		t.Errorf("the device was %q and is %q", token, phone.cookies[deviceCookie])
	}
	other := h.anybody()
	a := other.follow(other.post("/c/"+codes.Printed.Code, url.Values{"device": {token}}))
	wantText(t, a.text(), "counted already")
	if got := other.post("/c/"+codes.Printed.Code, url.Values{"device": {"short"}}); got.Code != http.StatusUnprocessableEntity {
		t.Errorf("a short token = %d", got.Code)
	}
	if got := h.stored(e); got != 1 {
		t.Errorf("%d counted", got)
	}
}

func TestACodeThatDoesNotCountSaysWhy(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, e, codes := h.during()
	_, off := h.hosting(eventstest.Whereabouts(), titled("No Birds", "none-1"), listed, eventstest.OnDay(events.Cancelled, events.ByHost))
	ofOff := h.codes(off).Printed.Code
	_, waiting := h.hosting(eventstest.Whereabouts(), titled("Secret Birds", "secret-1"), inReview(events.Submitted))
	ofWaiting := h.codes(waiting).Printed.Code
	for _, c := range []struct {
		name, code string
		at         time.Time
		get, post  int
		says       string
	}{
		{"long before", codes.Printed.Code, e.Schedule.StartsAt.Add(-24 * time.Hour), 200, 409, "You can check in: "},
		{"long after", codes.Printed.Code, e.Schedule.EndsAt.Add(24 * time.Hour), 200, 409, "Nobody is counted here at this hour"},
		{"too old", codes.Rotating.Code, e.Schedule.StartsAt.Add(30 * time.Minute), 410, 410, "scan again"},
		{"cancelled", ofOff, e.Schedule.StartsAt, 200, 409, "does not take place"},
		{"not public", ofWaiting, e.Schedule.StartsAt, 404, 404, "do not know this code"},
		{"invented", "V1.RUBBISH", e.Schedule.StartsAt, 404, 404, "do not know this code"},
	} {
		h.clock.Set(c.at)
		phone := h.anybody()
		for act, a := range map[int]*answer{c.get: phone.get("/c/" + c.code), c.post: phone.post("/c/"+c.code, url.Values{})} {
			if a.Code != act {
				t.Errorf("%s: %d, want %d", c.name, a.Code, act)
			}
			wantText(t, a.text(), c.says)
			wantNone(t, a.text(), "Secret Birds", "I am here", "You are counted")
		}
	}
	wantText(t, h.anybody().get("/c/V1.RUBBISH?counted=FRESH").text(), "do not know this code")
	if h.stored(e) != 0 {
		t.Error("somebody was counted")
	}
}

// The opening is told by the clock of the place: Kathmandu is at UTC+05:45.
func TestTheOpeningIsToldInLocalTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, e, codes := h.during()
	opens, _ := e.CheckInsOpen()
	h.clock.Set(opens.Add(-time.Hour))
	local := opens.In(zoneOf(e))
	wantText(t, h.anybody().open("/c/"+codes.Printed.Code).text(), local.Format("15:04"), "UTC+05:45")
}

func TestACrowdIsTurnedAwayKindly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, _, codes := h.during()
	h.refuse = "check-in"
	a := h.anybody().post("/c/"+codes.Printed.Code, url.Values{})
	if a.Code != http.StatusTooManyRequests || a.Header().Get("Retry-After") != "7" {
		t.Errorf("%d, Retry-After %q", a.Code, a.Header().Get("Retry-After"))
	}
}

func TestTheHostShowsCodes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana, e, _ := h.during()
	wantText(t, ana.open(ownPath(e)).text(), "Show the code", "Print a poster")
	screen, poster := ana.open(ownPath(e)+"/code"), ana.open(ownPath(e)+"/poster")
	wantText(t, screen.text(), "Birds", "changes every ten minutes")
	wantText(t, poster.text(), "Birds", "does not change", "hub.example/e/birds-1")
	first, printed := drawing(t, screen), drawing(t, poster)
	const reload = `<noscript><meta http-equiv="refresh" content="`
	if len(screen.all("div", "data-renew", "60")) != 1 || !strings.Contains(screen.Body.String(), reload+`60"></noscript>`) {
		t.Error("the screen does not draw itself again, with scripts and without")
	}
	if len(poster.all("div", "data-renew", "60")) != 0 || strings.Contains(poster.Body.String(), reload) {
		t.Error("the poster draws itself again")
	}
	h.clock.Advance(events.CodeWindow)
	if next := drawing(t, ana.open(ownPath(e)+"/code")); next == first {
		t.Error("the screen shows the same code in the next window")
	}
	if same := drawing(t, ana.open(ownPath(e)+"/poster")); same != printed {
		t.Error("the poster has changed")
	}
	h.clock.Set(e.Schedule.StartsAt.Truncate(events.CodeWindow).Add(events.CodeWindow - 10*time.Second))
	if late := ana.open(ownPath(e) + "/code"); len(late.all("div", "data-renew", "11")) != 1 || !strings.Contains(late.Body.String(), reload+`11"`) {
		t.Errorf("10 s before the next code the screen does not wait for 11: %s", late.Body)
	}
}

func drawing(t *testing.T, a *answer) string {
	t.Helper()
	for _, svg := range a.all("svg", "class", "qr") {
		for n := range svg.Descendants() {
			if n.Data == "path" {
				return attribute(n, "d")
			}
		}
	}
	t.Fatal("no code is drawn")
	return ""
}

func TestOldPostersAreMadeVoid(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana, e, codes := h.during()
	poster := ana.open(ownPath(e) + "/poster")
	before := drawing(t, poster)
	form := poster.fields(ownPath(e) + "/poster")
	for range 2 { // pressed twice
		a := ana.follow(ana.post(ownPath(e)+"/poster", form))
		wantText(t, a.text(), "The old posters are void")
		if drawing(t, a) == before {
			t.Error("the poster is the old one")
		}
	}
	h.clock.Advance(time.Second)
	if got := h.anybody().get("/c/" + codes.Printed.Code).Code; got != http.StatusGone {
		t.Errorf("the old poster = %d", got)
	}
	h.anybody().open("/c/" + h.codes(e).Printed.Code)
}

func TestTheHostSeesHowPeopleCheckedIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana, e, codes := h.during()
	wantNone(t, ana.open(ownPath(e)).text(), "Confirmed on site:")
	for _, code := range []string{codes.Rotating.Code, codes.Rotating.Code, codes.Printed.Code} {
		phone := h.anybody()
		phone.follow(phone.post("/c/"+code, url.Values{}))
	}
	wantText(t, ana.open(ownPath(e)).text(), "2 by the screen", "1 by the poster")
	if h.stored(e) != 3 {
		t.Error("not all are counted")
	}
	wantNone(t, h.anybody().open("/e/birds-1").text(), "by the screen", "by the poster")
}

func TestStewardsClearFlagsOnTheirPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana, e, _ := h.during()
	at := h.clock.Now()
	err := h.store.RaiseFlags(t.Context(), []events.Flag{{EventID: e.ID, Kind: events.ManyFromOneNetwork, FirstAt: at, LastAt: at, Count: 712}})
	if err != nil {
		t.Fatal(err)
	}
	steward := h.steward()
	a := steward.open("/steward")
	wantText(t, a.text(), "Unusual check-ins", "Birds", "712 above the usual pace", "from one network")
	target := "/steward/events/" + e.ID.String()
	values := a.fields(target)
	values.Set("act", "clear")
	if got := ana.post(target, values).Code; got != http.StatusForbidden {
		t.Errorf("the host clears a flag: %d", got)
	}
	a = steward.follow(steward.post(target, values))
	wantText(t, a.text(), "The flag is gone from: Birds")
	wantNone(t, a.text(), "Unusual check-ins")
	values.Set("kind", "RUBBISH")
	values.Set("key", "another")
	if got := steward.post(target, values).Code; got != http.StatusUnprocessableEntity {
		t.Errorf("a flag that is none = %d", got)
	}
}
