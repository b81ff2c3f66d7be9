package events_test

import (
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

func TestLocalTimesHaveTheirOwnOffsets(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		instant, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return instant
	}
	for name, c := range map[string]struct {
		precision    events.Precision
		schedule     events.Schedule
		starts, ends string
	}{
		"an odd offset": {
			events.ExactPrecision,
			events.Schedule{StartsAt: at("2026-12-12T04:15:00Z"), EndsAt: at("2026-12-12T06:15:00Z"), Zone: "Asia/Kathmandu", Offset: 20700},
			"2026-12-12T10:00:00+05:45", "2026-12-12T12:00:00+05:45",
		},
		"the clocks go back between": {
			events.ExactPrecision,
			events.Schedule{StartsAt: at("2026-10-24T22:00:00Z"), EndsAt: at("2026-10-25T02:00:00Z"), Zone: "Europe/Berlin", Offset: 7200},
			"2026-10-25T00:00:00+02:00", "2026-10-25T03:00:00+01:00",
		},
		"a zone that is not shown": {
			events.CountryPrecision,
			events.Schedule{StartsAt: at("2026-12-12T10:00:00Z"), EndsAt: at("2026-12-12T12:00:00Z"), Offset: -34200},
			"2026-12-12T00:30:00-09:30", "2026-12-12T02:30:00-09:30",
		},
		"no hour": {
			events.HiddenPrecision,
			events.Schedule{StartsAt: at("2026-12-11T10:00:00Z"), EndsAt: at("2026-12-13T12:00:00Z")},
			"", "",
		},
	} {
		e := events.Event{Place: events.Place{Precision: c.precision}, Schedule: c.schedule}
		if e.StartsAtLocal() != c.starts || e.EndsAtLocal() != c.ends {
			t.Errorf("%s: %s to %s, want %s to %s", name, e.StartsAtLocal(), e.EndsAtLocal(), c.starts, c.ends)
		}
		if e.StartsAt() != c.schedule.StartsAt || e.EndsAt() != c.schedule.EndsAt || e.Zone() != c.schedule.Zone {
			t.Errorf("%s: the schedule is not shown as it is", name)
		}
	}
}

// Hosts set their own events live by the clock of the place.
func TestNoHourIsShownOfAnEventThatHidesIts(t *testing.T) {
	t.Parallel()
	live, done := time.Date(2026, 12, 12, 4, 15, 0, 0, time.UTC), time.Date(2026, 12, 12, 6, 15, 0, 0, time.UTC)
	e := events.Event{Place: events.Place{Precision: events.CountryPrecision}, LiveAt: live, DoneAt: done}
	if e.PublicLiveAt() != live || e.PublicDoneAt() != done {
		t.Errorf("live at %v, done at %v", e.PublicLiveAt(), e.PublicDoneAt())
	}
	if e.Place.Precision = events.HiddenPrecision; !e.PublicLiveAt().IsZero() || !e.PublicDoneAt().IsZero() {
		t.Errorf("a hidden event was live at %v, done at %v", e.PublicLiveAt(), e.PublicDoneAt())
	}
}

func TestReachedIsTheLargerNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		checkIns, cheers int64
		declared         int
		want             int64
	}{{0, 0, 0, 0}, {3, 4, 0, 7}, {3, 4, 6, 7}, {3, 4, 50, 50}} {
		e := events.Event{CheckIns: c.checkIns, Cheers: c.cheers, DeclaredPeople: c.declared}
		if got := e.Reached(); got != c.want {
			t.Errorf("%+v reached %d", c, got)
		}
	}
}

func TestSlugAndReasonAreShownToWhomTheyConcern(t *testing.T) {
	t.Parallel()
	host := events.NewID(events.HostPrefix, [16]byte{1})
	e := events.Event{HostID: host, Slug: "wall-of-birds", Review: events.NeedsInfo, ReviewReason: "Which wall?"}
	if e.PublicSlug() != "" {
		t.Errorf("the slug of an event that is not listed shows: %s", e.PublicSlug())
	}
	e.Review = events.Listed
	if e.PublicSlug() != "wall-of-birds" {
		t.Errorf("the slug of a listed event is %q", e.PublicSlug())
	}
	for name, c := range map[string]struct {
		who  events.Actor
		want string
	}{
		"anybody": {events.Actor{}, ""},
		"another": {events.Actor{HostID: events.NewID(events.HostPrefix, [16]byte{2})}, ""},
		"owner":   {events.Actor{HostID: host}, "Which wall?"},
		"steward": {events.Actor{Roles: []events.Role{events.StewardRole}}, "Which wall?"},
	} {
		if got := e.ReviewReasonFor(c.who); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
