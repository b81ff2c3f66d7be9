package events

import (
	"fmt"
	"time"
)

// ClockNotes tells the host in sentences what clock changes do to the times they gave, and when
// the zone does not seem to fit the pin.
func (w Whereabouts) ClockNotes(date LocalDate) []string {
	zone, err := LoadZone(w.Zone)
	if err != nil {
		return nil
	}
	var notes []string
	for _, at := range []LocalTime{w.Start, w.End} {
		if w.AllDay {
			break
		}
		instant, shift := Resolve(date, at, zone)
		switch shift {
		case Skipped:
			notes = append(notes, fmt.Sprintf("The clocks jump over %s on that day, so it becomes %s.", at, instant.In(zone).Format("15:04")))
		case Doubled:
			notes = append(notes, fmt.Sprintf("The clocks show %s twice on that day; the first is meant.", at))
		}
	}
	if w.Longitude != nil && zoneIsFar(zone, *w.Longitude, date) {
		notes = append(notes, fmt.Sprintf("%s is unusual for a place at this longitude. Is it right?", w.Zone))
	}
	return notes
}

// zoneIsFar is true where the zone's offset differs from the sun's by more than 3.5 hours.
func zoneIsFar(zone *time.Location, longitude float64, date LocalDate) bool {
	offset := offsetAt(date.wall(12*60), zone).Hours()
	difference := offset - longitude/15
	for difference > 12 {
		difference -= 24
	}
	for difference < -12 {
		difference += 24
	}
	return difference > 3.5 || difference < -3.5
}
