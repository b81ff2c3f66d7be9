package eventstest

import (
	"slices"
	"time"

	"github.com/microgalleries/actionday/events"
)

// dueGrace is how long the clock lets a host's live event run on.
const dueGrace = 3 * time.Hour

func dueTests() map[string]func(*stage) {
	return map[string]func(*stage){
		"the clock starts and ends":      dueEvents,
		"no more than the limit":         dueLimit,
		"not in an edition that is over": dueInFrozenEdition,
	}
}

// due lists the titles of what is due, sorted.
func (s *stage) due(at time.Time, limit int) (titles []string) {
	s.Helper()
	list, err := s.store.EventsDue(s.ctx, at, dueGrace, limit)
	s.ok(err)
	for _, e := range list {
		titles = append(titles, e.Title)
	}
	slices.Sort(titles)
	return titles
}

func dueEvents(s *stage) {
	for title, option := range map[string]func(*events.Event){
		"planned":          OnDay(events.Planned, events.ByHost),
		"confirmed":        OnDay(events.Confirmed, events.ByHost),
		"moved":            OnDay(events.Moved, events.ByHost),
		"digital now":      OnDay(events.WentDigital, events.ByHost),
		"live by clock":    OnDay(events.Live, events.ByClock),
		"live by host":     OnDay(events.Live, events.ByHost),
		"done":             OnDay(events.Done, events.ByHost),
		"documented":       OnDay(events.Documented, events.ByHost),
		"postponed":        OnDay(events.Postponed, events.ByHost),
		"cancelled":        OnDay(events.Cancelled, events.ByHost),
		"waits for review": func(e *events.Event) { e.Review = events.Submitted },
		"withdrawn":        func(e *events.Event) { e.Review = events.Withdrawn },
	} {
		s.list(Titled(title), option)
	}
	starts, ends := s.draft().Schedule.StartsAt, s.draft().Schedule.EndsAt
	upcoming := []string{"confirmed", "digital now", "moved", "planned"}
	for _, moment := range []struct {
		what string
		at   time.Time
		want []string
	}{
		{"before the start", starts.Add(-time.Microsecond), nil},
		{"at the start", starts, upcoming},
		{"before the end", ends.Add(-time.Microsecond), upcoming},
		{"at the end", ends, append([]string{"confirmed", "digital now", "live by clock"}, upcoming[2:]...)},
		{
			"before the grace is over", ends.Add(dueGrace - time.Microsecond),
			append([]string{"confirmed", "digital now", "live by clock"}, upcoming[2:]...),
		},
		{
			"when the grace is over", ends.Add(dueGrace),
			append([]string{"confirmed", "digital now", "live by clock", "live by host"}, upcoming[2:]...),
		},
	} {
		s.same("due "+moment.what, moment.want, s.due(moment.at, 50))
	}
}

func dueLimit(s *stage) {
	for range 5 {
		s.list()
	}
	if n := len(s.due(s.draft().Schedule.StartsAt, 3)); n != 3 {
		s.Errorf("%d events due under a limit of 3", n)
	}
	if n := len(s.due(s.draft().Schedule.StartsAt, 50)); n != 5 {
		s.Errorf("%d events due, want 5", n)
	}
}

func dueInFrozenEdition(s *stage) {
	s.list(Titled("planned"))
	at := s.draft().Schedule.StartsAt
	for _, stage := range []struct {
		events.Stage
		want []string
	}{
		{events.OpenStage, []string{"planned"}},
		{events.AnnouncedStage, []string{"planned"}},
		{events.FrozenStage, nil},
		{events.ArchivedStage, nil},
	} {
		s.edition.Stage = stage.Stage
		s.ok(s.store.SaveEdition(s.ctx, &s.edition))
		s.same("due in an edition that is "+string(stage.Stage), stage.want, s.due(at, 50))
	}
}
