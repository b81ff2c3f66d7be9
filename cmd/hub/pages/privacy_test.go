package pages

import (
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// canaries are the private facts of one host and one event.
func canaries() []string {
	return []string{
		"CANARY-address", "canary-mail@example.org", "CANARY-reason", "27.681357", "85.317913", "27.68136", "85.31791",
		"27.6813", "85.3179", "27,6813", "85,3179",
	}
}

// Whatever the precision, nobody but the host and the stewards may learn the exact point, the
// address, the e-mail or what a steward wrote.
func TestNoPageGivesAwayWhatIsPrivate(t *testing.T) {
	t.Parallel()
	for _, precision := range []events.Precision{events.AreaPrecision, events.CityPrecision, events.CountryPrecision, events.HiddenPrecision} {
		for _, review := range []events.ReviewState{events.Listed, events.Submitted, events.NeedsInfo, events.LinkOnly, events.Withdrawn} {
			t.Run(string(precision)+" "+string(review), func(t *testing.T) {
				t.Parallel()
				h := newHouse(t)
				host := h.host()
				where := eventstest.Whereabouts(eventstest.Shown(precision), eventstest.At(27.681357, 85.317913),
					func(w *events.Whereabouts) { w.Address = "CANARY-address" })
				e := h.add(host, where, titled("Birds", "birds-1"), inReview(review), func(e *events.Event) { e.ReviewReason = "CANARY-reason" })
				owner := h.signedIn("canary-mail@example.org", host.ID)
				other, _ := h.hosting(eventstest.Whereabouts())

				for _, reader := range []*browser{h.anybody(), other} {
					for _, target := range []string{
						"/", "/?q=birds", "/?q=CANARY", "/?country=NP", "/e/birds-1", "/e/" + e.LinkKey, "/sitemap.xml", "/about/data",
						"/host", ownPath(e), ownPath(e) + "/withdraw", "/steward", "/e/birds-1?cheered=FRESH",
						ownPath(e) + "/code", ownPath(e) + "/poster", "/c/" + h.codes(e).Printed.Code, "/c/" + h.codes(e).Rotating.Code,
						"/map.svg", "/screen", "/embed", "/embed?country=NP", "/embed?event=birds-1", "/embed?event=" + e.LinkKey,
						"/embed?area=85,27,86,28", "/embed?host=" + host.ID.String(), "/calendar.ics", "/calendar.ics?country=NP",
						"/e/birds-1.ics", "/e/" + e.LinkKey + ".ics", "/sw.js", "/manifest.webmanifest",
					} {
						wantNone(t, strings.ReplaceAll(reader.get(target).Body.String(), "q=CANARY", ""), canaries()...)
					}
				}
				wantText(t, owner.open(ownPath(e)).Body.String(), "CANARY-address", "27.681357")
				wantNone(t, h.log.String(), canaries()...)
			})
		}
	}
}

// What belongs to another host looks like nothing, for looking and for every act.
func TestOthersEventsDoNotExist(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, e := h.hosting(eventstest.Whereabouts(), titled("Birds", "birds-1"), inReview(events.Submitted))
	_, public := h.hosting(eventstest.Whereabouts(), titled("Public Birds", "public-1"), listed)
	thief, _ := h.hosting(eventstest.Whereabouts())
	fresh := h.signedIn("fresh@example.org", events.ID{})
	for _, who := range []*browser{thief, fresh} {
		for _, theirs := range []events.Event{e, public} {
			for _, target := range []string{ownPath(theirs), ownPath(theirs) + "/withdraw", ownPath(theirs) + "/code", ownPath(theirs) + "/poster"} {
				if got := who.get(target).Code; got != 404 {
					t.Errorf("GET %s = %d", target, got)
				}
			}
			for _, act := range []string{"", "/submit", "/day", "/withdraw", "/poster"} {
				if got := who.post(ownPath(theirs)+act, map[string][]string{"title": {"Stolen"}, "state": {"CANCELLED"}, "reason": {"Stolen."}}).Code; got != 404 {
					t.Errorf("POST %s = %d", act, got)
				}
			}
			after, err := h.store.Event(t.Context(), theirs.ID)
			if err != nil || after.Version != theirs.Version {
				t.Errorf("the event was changed: %+v, %v", after, err)
			}
		}
	}
	if got := thief.get("/host/events/rubbish").Code; got != 404 {
		t.Errorf("an id that is none = %d", got)
	}
}
