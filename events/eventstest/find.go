package eventstest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/microgalleries/actionday/events"
)

// found is an event that a query wants, and how far it is from where it looks.
type found struct {
	event  events.Event
	cursor events.Cursor
}

// FindEvents implements events.EventStore.
func (s *Store) FindEvents(_ context.Context, q events.Query) (page events.EventPage, err error) {
	q, err = q.Check()
	if err != nil {
		return page, err
	}
	list := s.wanted(q)
	if q.After != "" {
		after, err := events.ParseCursor(q.After, q.Order)
		if err != nil {
			return page, err
		}
		list = slices.DeleteFunc(list, func(f found) bool { return compareCursors(f.cursor, after) <= 0 })
	}
	page.HasNext = len(list) > q.First
	for _, f := range list[:min(len(list), q.First)] {
		page.Events = append(page.Events, cloneEvent(f.event))
		page.Cursors = append(page.Cursors, f.cursor.Text())
	}
	return page, nil
}

// CountEvents implements events.EventStore.
func (s *Store) CountEvents(_ context.Context, q events.Query) (int64, error) {
	q.First, q.After = 0, ""
	q, err := q.Check()
	if err != nil {
		return 0, err
	}
	return int64(len(s.wanted(q))), nil
}

// EventsDue implements events.EventStore.
func (s *Store) EventsDue(
	_ context.Context, at time.Time, grace time.Duration, limit int,
) (due []events.Event, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.events {
		stage := s.editions[e.EditionID].Stage
		over := stage == events.FrozenStage || stage == events.ArchivedStage
		if e.Review == events.Listed && !over && isDue(e, at, grace) {
			due = append(due, cloneEvent(e))
		}
	}
	slices.SortFunc(due, func(a, b events.Event) int {
		return cmp.Or(a.Schedule.StartsAt.Compare(b.Schedule.StartsAt), compareIDs(a.ID, b.ID))
	})
	return due[:min(len(due), limit)], nil
}

func isDue(e events.Event, at time.Time, grace time.Duration) bool {
	switch e.Day.Phase() {
	case events.Upcoming:
		return !e.Schedule.StartsAt.After(at)
	case events.Now:
		if e.DayBy == events.ByClock {
			grace = 0
		}
		return !e.Schedule.EndsAt.After(at.Add(-grace))
	}
	return false
}

// wanted lists all that a query finds, in its order.
func (s *Store) wanted(q events.Query) (list []found) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.events {
		if !isReviewed(e, q.Reviews) || !s.matches(q.Filter, e) {
			continue
		}
		km := 0.0
		if q.Order == events.ByDistance {
			km = distance(q.Filter.Near, e.Place)
		}
		list = append(list, found{e, events.NewCursor(q.Order, e, km)})
	}
	slices.SortFunc(list, func(a, b found) int { return compareCursors(a.cursor, b.cursor) })
	return list
}

func isReviewed(e events.Event, reviews []events.ReviewState) bool {
	if len(reviews) == 0 {
		return e.Review == events.Listed
	}
	return slices.Contains(reviews, e.Review)
}

func (s *Store) matches(f events.Filter, e events.Event) bool {
	return (f.EditionID.IsZero() || f.EditionID == e.EditionID) &&
		(f.HostID.IsZero() || f.HostID == e.HostID) &&
		isOneOf(f.Countries, e.Place.Country) &&
		isOneOf(f.Phases, e.Day.Phase()) &&
		isOneOf(f.Ways, e.Way) &&
		sharesOne(f.Themes, e.Themes) &&
		(len(f.Languages) == 0 || slices.ContainsFunc(f.Languages, e.Speaks)) && e.Offers(f.Access) &&
		!e.UpdatedAt.Before(f.UpdatedSince) &&
		isIn(f.Box, e.Place) && isNear(f.Near, e.Place) &&
		s.reads(f.Text, e)
}

func isOneOf[T comparable](wanted []T, value T) bool {
	return len(wanted) == 0 || slices.Contains(wanted, value)
}

func sharesOne(wanted, values []string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(values, func(value string) bool {
		return slices.Contains(wanted, value)
	})
}

func isIn(box *events.Box, p events.Place) bool {
	return box == nil || p.IsSomewhere() && box.Contains(*p.Latitude, *p.Longitude)
}

func isNear(near *events.Near, p events.Place) bool {
	return near == nil || p.IsSomewhere() && distance(near, p) <= near.WithinKm
}

func distance(from *events.Near, to events.Place) float64 {
	return events.DistanceKm(from.Latitude, from.Longitude, *to.Latitude, *to.Longitude)
}

// compareCursors puts events in the order of their cursors: newest first where an order says so,
// and by id where the keys are equal.
func compareCursors(a, b events.Cursor) int {
	at := a.At.Compare(b.At)
	if a.Order == events.ByListed || a.Order == events.ByUpdated {
		at = -at
	}
	return cmp.Or(at, cmp.Compare(a.Km, b.Km), compareIDs(a.ID, b.ID))
}
