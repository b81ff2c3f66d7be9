package events_test

import (
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

func TestStageComesFromTheClock(t *testing.T) {
	t.Parallel()
	opens, closes := day().Window()
	for _, c := range []struct {
		stored events.Stage
		at     time.Time
		want   events.Stage
	}{
		{events.OpenStage, opens.Add(-time.Nanosecond), events.OpenStage},
		{events.OpenStage, opens, events.WaveStage},
		{events.OpenStage, closes.Add(-time.Nanosecond), events.WaveStage},
		{events.OpenStage, closes, events.ClosingStage},
		{events.AnnouncedStage, opens.Add(-time.Hour), events.AnnouncedStage},
		{events.AnnouncedStage, opens.Add(time.Hour), events.WaveStage},
		{events.DraftStage, opens.Add(time.Hour), events.DraftStage},
		{events.FrozenStage, opens.Add(time.Hour), events.FrozenStage},
		{events.ArchivedStage, closes.Add(time.Hour), events.ArchivedStage},
	} {
		e := events.Edition{Date: day(), Stage: c.stored}
		if got := e.StageAt(c.at); got != c.want {
			t.Errorf("%s at %v is %s, want %s", c.stored, c.at, got, c.want)
		}
	}
}

func TestEditionLastsFiftyHours(t *testing.T) {
	t.Parallel()
	e := events.Edition{Date: date(2025, 12, 12)}
	if !e.OpensAt().Equal(utc(t, "2025-12-11T10:00:00Z")) || !e.ClosesAt().Equal(utc(t, "2025-12-13T12:00:00Z")) {
		t.Errorf("edition lasts from %v to %v", e.OpensAt(), e.ClosesAt())
	}
}

func TestRegistrationWindow(t *testing.T) {
	t.Parallel()
	opens, closes := day().Window()
	from, until := opens.AddDate(0, -2, 0), opens.Add(20*time.Hour)
	for _, c := range []struct {
		why    string
		change func(*events.Edition)
		at     time.Time
		want   bool
	}{
		{"no bounds, long before", nil, opens.AddDate(-1, 0, 0), true},
		{"on the day itself", nil, opens.Add(time.Hour), true},
		{"while reports come in", nil, closes.Add(time.Hour), true},
		{"too early", func(e *events.Edition) { e.RegistrationOpensAt = from }, from.Add(-time.Nanosecond), false},
		{"at the first moment", func(e *events.Edition) { e.RegistrationOpensAt = from }, from, true},
		{"late on the day", func(e *events.Edition) { e.RegistrationClosesAt = until }, until.Add(-time.Nanosecond), true},
		{"at the last moment", func(e *events.Edition) { e.RegistrationClosesAt = until }, until, false},
		{"draft", func(e *events.Edition) { e.Stage = events.DraftStage }, from, false},
		{"announced only", func(e *events.Edition) { e.Stage = events.AnnouncedStage }, from, false},
		{"frozen", func(e *events.Edition) { e.Stage = events.FrozenStage }, from, false},
		{"archived", func(e *events.Edition) { e.Stage = events.ArchivedStage }, from, false},
	} {
		e := eventstest.Edition(eventstest.NewIDs(1))
		if c.change != nil {
			c.change(&e)
		}
		if got := e.TakesRegistrations(c.at); got != c.want {
			t.Errorf("%s: takes registrations %v, want %v", c.why, got, c.want)
		}
	}
}

func TestEditionIsPublicOnceAnnounced(t *testing.T) {
	t.Parallel()
	for stage, want := range map[events.Stage]bool{
		events.DraftStage: false, events.AnnouncedStage: true, events.OpenStage: true, events.FrozenStage: true,
		events.ArchivedStage: true,
	} {
		if got := (events.Edition{Stage: stage}).IsPublic(); got != want {
			t.Errorf("%s is public: %v", stage, got)
		}
	}
	e := eventstest.Edition(eventstest.NewIDs(1))
	if !e.HasTheme(e.Themes[1].Slug) || e.HasTheme("no-such-theme") || e.HasTheme("") {
		t.Error("the edition does not know its themes")
	}
}
