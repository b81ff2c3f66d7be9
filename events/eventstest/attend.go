package eventstest

import (
	"context"
	"slices"

	"github.com/microgalleries/actionday/events"
)

// attendance is what counts once.
type attendance struct {
	event  events.ID
	kind   events.AttendanceKind
	device [32]byte
}

// Attend implements events.AttendanceStore.
func (s *Store) Attend(
	_ context.Context, all []events.Attendance, newID func() [16]byte,
) ([]events.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	outcomes := make([]events.Outcome, len(all))
	var news []events.Activity
	for i, a := range all {
		counted := false
		outcomes[i], counted = s.attend(a)
		if counted {
			news = countIn(news, a, s.events[a.EventID].EditionID)
		}
	}
	for i := range news {
		news[i].ID = events.NewID(events.ActivityPrefix, newID())
	}
	s.putNews(news)
	return outcomes, nil
}

// attend tells an attendance's outcome and whether it was counted just now: the repeat of a fresh
// one is fresh, too, but counts nothing.
func (s *Store) attend(a events.Attendance) (outcome events.Outcome, counted bool) {
	e, ok := s.events[a.EventID]
	if !ok || e.Review != events.Listed {
		return events.UnknownEvent, false
	}
	once := attendance{a.EventID, a.Kind, a.Device}
	if first, before := s.attended[once]; before {
		if first.Key == a.Key && a.Key != [32]byte{} {
			return events.Fresh, false
		}
		return events.AlreadyCounted, false
	}
	s.attended[once] = a
	if a.Kind == events.CheckIn {
		e.CheckIns++
	} else {
		e.Cheers++
	}
	s.events[e.ID] = e
	return events.Fresh, true
}

// countIn adds a fresh attendance to the one activity of its event and kind.
func countIn(news []events.Activity, a events.Attendance, edition events.ID) []events.Activity {
	kind := events.CheckedIn
	if a.Kind == events.Cheer {
		kind = events.Cheered
	}
	i := slices.IndexFunc(news, func(n events.Activity) bool {
		return n.EventID == a.EventID && n.Kind == kind
	})
	if i < 0 {
		i = len(news)
		news = append(news, events.Activity{EditionID: edition, Kind: kind, EventID: a.EventID, At: a.At})
	}
	news[i].Count++
	if a.At.After(news[i].At) {
		news[i].At = a.At
	}
	return news
}

// CheckInProofs implements events.AttendanceStore.
func (s *Store) CheckInProofs(_ context.Context, event events.ID) (p events.CheckInProofs, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.attended {
		switch {
		case a.EventID != event || a.Kind != events.CheckIn:
		case a.Proof == events.RotatingProof:
			p.Rotating++
		case a.Proof == events.PrintedProof:
			p.Printed++
		}
	}
	return p, nil
}
