package model

import "github.com/microgalleries/actionday/events"

// Whereabouts is the private side of an event on the date of its edition.
type Whereabouts struct {
	events.Whereabouts
	Date events.LocalDate
}

// StartsAt is the local begin, nil when the event lasts all day.
func (w Whereabouts) StartsAt() *events.LocalTime { return w.unlessAllDay(w.Start) }

// EndsAt is the local end, nil when the event lasts all day.
func (w Whereabouts) EndsAt() *events.LocalTime { return w.unlessAllDay(w.End) }

func (w Whereabouts) unlessAllDay(at events.LocalTime) *events.LocalTime {
	if w.AllDay {
		return nil
	}
	return &at
}

// Notes says in sentences what is worth a second look.
func (w Whereabouts) Notes() []string { return w.ClockNotes(w.Date) }
