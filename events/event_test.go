package events_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

func TestEveryDayStateHasOnePhase(t *testing.T) {
	t.Parallel()
	var all []events.DayState
	for _, phase := range []events.Phase{events.Upcoming, events.Now, events.Over, events.Off} {
		for _, state := range phase.DayStates() {
			if state.Phase() != phase {
				t.Errorf("%s is in %s by its list and in %s by itself", state, phase, state.Phase())
			}
			all = append(all, state)
		}
	}
	want := everyDayState()
	slices.Sort(all)
	slices.Sort(want)
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("states by phase (-want +got):\n%s", diff)
	}
}

func TestWhoMaySeeAnEvent(t *testing.T) {
	t.Parallel()
	ids := eventstest.NewIDs(1)
	host := eventstest.Host(ids)
	e := eventstest.Event(ids, eventstest.Edition(ids), host)
	account := ids.New(events.AccountPrefix)
	owner := events.Actor{AccountID: account, HostID: host.ID, Roles: []events.Role{events.HostRole}}
	other := events.Actor{AccountID: account, HostID: ids.New(events.HostPrefix), Roles: []events.Role{events.PressRole}}
	for _, state := range []struct {
		events.ReviewState
		public, byLink bool
	}{
		{events.Draft, false, false},
		{events.Submitted, false, true},
		{events.NeedsInfo, false, true},
		{events.LinkOnly, false, true},
		{events.Listed, true, false},
		{events.Rejected, false, false},
		{events.Hidden, false, false},
		{events.Withdrawn, false, false},
	} {
		e.Review = state.ReviewState
		if e.IsPublic() != state.public || e.WorksByLink() != state.byLink {
			t.Errorf("%s: public %v, by its link %v", e.Review, e.IsPublic(), e.WorksByLink())
		}
		for _, insider := range []events.Actor{
			owner, {System: true}, {Roles: []events.Role{events.StewardRole}}, {Roles: []events.Role{events.OrganizerRole}},
		} {
			if !e.VisibleTo(insider) {
				t.Errorf("%s: %+v may not see it", e.Review, insider)
			}
		}
		for _, outsider := range []events.Actor{{}, other} {
			if e.VisibleTo(outsider) != state.public {
				t.Errorf("%s: %+v may see it: %v", e.Review, outsider, e.VisibleTo(outsider))
			}
		}
		if want := "/e/" + map[bool]string{true: e.Slug, false: e.LinkKey}[state.public]; e.Path() != want {
			t.Errorf("%s: its page is %s, want %s", e.Review, e.Path(), want)
		}
	}
}

func TestNobodyOwnsAnEventWithoutAHost(t *testing.T) {
	t.Parallel()
	if (events.Actor{}).Owns(events.Event{}) {
		t.Error("anybody owns an event that names no host")
	}
}

func TestPowersOfRoles(t *testing.T) {
	t.Parallel()
	account := eventstest.NewIDs(1).New(events.AccountPrefix)
	for _, c := range []struct {
		who                            events.Actor
		signedIn, moderates, organizes bool
		scope                          string
	}{
		{events.Actor{}, false, false, false, ""},
		{events.Actor{System: true}, false, true, true, "system"},
		{events.Actor{AccountID: account}, true, false, false, account.String()},
		{events.Actor{AccountID: account, Roles: []events.Role{events.HostRole, events.PressRole}}, true, false, false, account.String()},
		{events.Actor{AccountID: account, Roles: []events.Role{events.StewardRole}}, true, true, false, account.String()},
		{events.Actor{AccountID: account, Roles: []events.Role{events.OrganizerRole}}, true, true, true, account.String()},
	} {
		if c.who.IsSignedIn() != c.signedIn || c.who.Moderates() != c.moderates || c.who.Organizes() != c.organizes {
			t.Errorf("%+v: signed in %v, moderates %v, organizes %v",
				c.who, c.who.IsSignedIn(), c.who.Moderates(), c.who.Organizes())
		}
		if c.who.Scope() != c.scope {
			t.Errorf("%+v: scope %q, want %q", c.who, c.who.Scope(), c.scope)
		}
	}
}

func TestCardIsThePublicSummary(t *testing.T) {
	t.Parallel()
	ids := eventstest.NewIDs(1)
	e := eventstest.Event(ids, eventstest.Edition(ids), eventstest.Host(ids),
		eventstest.OnDay(events.Live, events.ByClock), func(e *events.Event) { e.DeclaredPeople, e.Version = 12, 3 })
	want := &events.EventCard{
		ID: e.ID, Slug: e.Slug, Title: e.Title, HostName: "Sparrow", Way: events.OwnWork, Themes: e.Themes,
		Place: e.Place, StartsAt: e.Schedule.StartsAt, EndsAt: e.Schedule.EndsAt, Day: events.Live,
		DayBy: events.ByClock, Declared: 12, Version: 3,
	}
	if diff := cmp.Diff(want, e.Card("Sparrow"), eventstest.Compare()...); diff != "" {
		t.Errorf("card (-want +got):\n%s", diff)
	}
}
