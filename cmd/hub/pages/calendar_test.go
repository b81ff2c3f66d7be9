package pages

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// unfolded is a calendar as its reader puts the lines together.
func unfolded(a *answer) string { return strings.ReplaceAll(a.Body.String(), "\r\n ", "") }

func TestEventInACalendar(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.add(h.host(), eventstest.Whereabouts(), titled("Wall of Birds", "birds-1"), listed)
	a := h.anybody().open("/e/birds-1.ics")
	wantText(t, unfolded(a), "BEGIN:VCALENDAR\r\n", "UID:"+e.ID.String()+"@actionday\r\n", "SUMMARY:Wall of Birds\r\n",
		"DTSTART:20261212T111500Z\r\n", "DTEND:20261212T134500Z\r\n", `LOCATION:Lalitpur\, Nepal`+"\r\n", "STATUS:CONFIRMED\r\n",
		"URL:"+hubAddress+"/e/birds-1\r\n", "SEQUENCE:"+sprint("%d", e.Version)+"\r\n", "END:VCALENDAR\r\n")
	for name, want := range map[string]string{
		"Content-Type": "text/calendar; charset=utf-8", "Content-Disposition": `attachment; filename="birds-1.ics"`,
		"Cache-Control": publicShort, "Set-Cookie": "", "Vary": "Accept-Language",
	} {
		if got := a.Header().Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	page := h.anybody().open("/e/birds-1")
	links := page.all("a", "type", "text/calendar")
	if len(links) != 1 || attribute(links[0], "href") != "/e/birds-1.ics?lang=en" {
		t.Error("the page of the event leads to no calendar")
	}
}

// What does not happen as planned says so first, and the calendar's entry stays the same one.
func TestCalendarTellsRescues(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for state, wanted := range map[events.DayState][]string{
		events.Cancelled:   {"SUMMARY:Cancelled: Birds", "STATUS:CANCELLED", "Storm"},
		events.Postponed:   {"SUMMARY:Postponed: Birds", "STATUS:TENTATIVE", "DTSTART;VALUE=DATE:20261219"},
		events.Moved:       {"SUMMARY:Moved: Birds", "STATUS:CONFIRMED"},
		events.WentDigital: {"SUMMARY:Went digital: Birds", "LOCATION:https://example.org/live"},
		events.Live:        {"SUMMARY:Birds", "STATUS:CONFIRMED"},
	} {
		slug := "birds-" + strings.ToLower(string(state))
		e := h.add(h.host(), eventstest.Whereabouts(), titled("Birds", slug), listed, func(e *events.Event) {
			e.Day, e.DayReason = state, "Storm"
			if state == events.Postponed {
				e.PostponedTo = events.LocalDate{Year: 2026, Month: time.December, Day: 19}
			}
			if state == events.WentDigital {
				e.OnlineURL = "https://example.org/live"
			}
		})
		text := unfolded(h.anybody().open("/e/" + slug + ".ics"))
		wantText(t, text, append(wanted, "UID:"+e.ID.String())...)
	}
}

// A calendar must not tell by its clock or zone what the page keeps back.
func TestCalendarKeepsHiddenPlaces(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	live := h.clock.Advance(97 * time.Minute)
	for _, precision := range []events.Precision{events.ExactPrecision, events.AreaPrecision, events.CityPrecision, events.CountryPrecision, events.HiddenPrecision} {
		slug := "birds-" + strings.ToLower(string(precision))
		h.add(h.host(), eventstest.Whereabouts(eventstest.Shown(precision)), titled("Birds", slug), listed,
			eventstest.OnDay(events.Live, events.ByHost))
		text := unfolded(h.anybody().open("/e/" + slug + ".ics"))
		if precision != events.ExactPrecision {
			wantNone(t, text, "GEO:")
		}
		wantNone(t, text, "TZID", "Kathmandu", "VTIMEZONE")
		if precision == events.CountryPrecision || precision == events.HiddenPrecision {
			wantNone(t, text, "Lalitpur")
		}
		if precision == events.HiddenPrecision {
			wantText(t, text, "DTSTART;VALUE=DATE:20261212\r\n")
			wantNone(t, text, "LOCATION", "Nepal", "DTSTART:", "LAST-MODIFIED", live.Format("20060102T150405"))
		}
	}
}

func TestCalendarsOfWhatIsNotListed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	owner, e := h.hosting(eventstest.Whereabouts(), titled("Quiet", "quiet-1"), inReview(events.Submitted))
	for _, who := range []*browser{h.anybody(), owner} {
		for _, target := range []string{"/e/quiet-1.ics", "/e/" + e.LinkKey + ".ics", "/e/.ics", "/e/nothing.ics"} {
			if got := who.get(target).Code; got != http.StatusNotFound {
				t.Errorf("%s = %d", target, got)
			}
		}
	}
}

func TestCalendarOfTheList(t *testing.T) {
	t.Parallel()
	h, _ := embedded(t)
	all := unfolded(h.anybody().open("/calendar.ics"))
	wantText(t, all, "SUMMARY:Wall of Birds", "SUMMARY:River of Paper", "SUMMARY:Night of Lamps", "X-WR-CALNAME:")
	nepal := unfolded(h.anybody().open("/calendar.ics?country=NP&lang=fr"))
	wantText(t, nepal, "SUMMARY:Wall of Birds")
	wantNone(t, nepal, "River of Paper")
	for i := range calendarMost {
		h.add(h.host(), eventstest.Whereabouts(), titled("More", sprint("more-%d", i)), listed)
	}
	long := unfolded(h.anybody().open("/calendar.ics"))
	if got := strings.Count(long, "BEGIN:VEVENT"); got != calendarMost {
		t.Errorf("a calendar of %d events", got)
	}
	wantText(t, long, "X-WR-CALDESC:500+")
}

// What hosts type stays within its line.
func TestCalendarTakesNoLines(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	attack := "Birds\r\nATTENDEE:mailto:evil@example.org\nEND:VEVENT\u2028BEGIN:VALARM"
	h.add(h.host(), eventstest.Whereabouts(func(w *events.Whereabouts) { w.Locality = attack }), titled(attack, "birds-1"), listed,
		func(e *events.Event) { e.Summary, e.DayReason = attack, attack })
	for line := range strings.SplitSeq(unfolded(h.anybody().open("/e/birds-1.ics")), "\r\n") {
		if strings.HasPrefix(line, "ATTENDEE") || strings.Contains(line, "\n") || strings.HasPrefix(line, "BEGIN:VALARM") {
			t.Errorf("a line of a stranger: %q", line)
		}
	}
}
