package events

import (
	"fmt"
	"time"
)

// LocalDate is a calendar date, the same words on every wall of the earth but never the same
// hours. The zero LocalDate is not a date.
type LocalDate struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseLocalDate reads YYYY-MM-DD (RFC 3339, full-date), years 1900 to 2200.
func ParseLocalDate(text string) (LocalDate, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return LocalDate{}, problem(Invalid, "date", "%.20q is not a date such as 2026-12-12.", text)
	}
	return LocalDate{t.Year(), t.Month(), t.Day()}, nil
}

// DateIn is the date on the wall at an instant in a zone.
func DateIn(at time.Time, zone *time.Location) LocalDate {
	y, m, d := at.In(zone).Date()
	return LocalDate{y, m, d}
}

func (d LocalDate) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// IsZero tells whether d is no date.
func (d LocalDate) IsZero() bool { return d == LocalDate{} }

// MarshalText implements encoding.TextMarshaler.
func (d LocalDate) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *LocalDate) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*d = LocalDate{}
		return nil
	}
	*d, err = ParseLocalDate(string(text))
	return err
}

// AddDays is the date n days later, or earlier when n is negative.
func (d LocalDate) AddDays(n int) LocalDate {
	return DateIn(d.wall(0).AddDate(0, 0, n), time.UTC)
}

// Before tells whether d comes before other on the calendar.
func (d LocalDate) Before(other LocalDate) bool { return d.wall(0).Before(other.wall(0)) }

// wall is the date and a wall time written down as if it were UTC.
func (d LocalDate) wall(at LocalTime) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, int(at), 0, 0, time.UTC)
}

// The offsets of the first and the last place to see a date, in seconds east of UTC.
const (
	firstOffset         = 14 * 60 * 60  // Pacific/Kiritimati
	lastOffset          = -12 * 60 * 60 // the uninhabited islands west of Hawaii
	lastInhabitedOffset = -11 * 60 * 60 // Pacific/Pago_Pago
)

// Window is the fifty hours during which the date is under way somewhere on earth: from the first
// midnight at UTC+14 to the last at UTC-12. Nobody lives in the last hour.
func (d LocalDate) Window() (opens, closes time.Time) {
	return d.wall(0).Add(-firstOffset * time.Second), d.AddDays(1).wall(0).Add(-lastOffset * time.Second)
}

// InhabitedWindow is the forty-nine hours during which the date is under way where people live.
func (d LocalDate) InhabitedWindow() (opens, closes time.Time) {
	opens, _ = d.Window()
	return opens, d.AddDays(1).wall(0).Add(-lastInhabitedOffset * time.Second)
}

// In is the day of a place: from local midnight to the next local midnight, 23 to 25 hours in
// nearly every year and zone. A midnight that a clock change skips is the instant of the change;
// one that occurs twice is the first. Windows of successive dates therefore tile time without gap
// or overlap; a date that a zone never had (Pacific/Apia 2011-12-30) has an empty window.
func (d LocalDate) In(zone *time.Location) (starts, ends time.Time) {
	return midnight(d, zone), midnight(d.AddDays(1), zone)
}

func midnight(d LocalDate, zone *time.Location) time.Time {
	at, shift := Resolve(d, 0, zone)
	if shift != Skipped {
		return at
	}
	change, _ := at.In(zone).ZoneBounds()
	return change.UTC()
}

// LocalTime is a wall time in minutes after midnight, 0 to 1439.
type LocalTime int

// ParseLocalTime reads HH:MM on a 24-hour clock; a leading zero may be missing.
func ParseLocalTime(text string) (LocalTime, error) {
	t, err := time.Parse("15:04", text)
	if err != nil {
		return 0, problem(Invalid, "", "%.20q is not a time such as 09:30.", text)
	}
	return LocalTime(t.Hour()*60 + t.Minute()), nil
}

func (t LocalTime) String() string { return fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60) }

// MarshalText implements encoding.TextMarshaler.
func (t LocalTime) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (t *LocalTime) UnmarshalText(text []byte) (err error) {
	*t, err = ParseLocalTime(string(text))
	return err
}

// Shift says what a clock change did to a wall time.
type Shift string

// What can happen to a wall time.
const (
	Plain   Shift = ""
	Skipped Shift = "SKIPPED" // the clocks jumped over it
	Doubled Shift = "DOUBLED" // the clocks showed it twice
)

// Resolve finds the instant of a wall time in a zone. A time that a clock change skips moves
// forward by the length of the jump; one that occurs twice is the first of the two. This is the
// reading of RFC 5545, section 3.3.5.
func Resolve(d LocalDate, at LocalTime, zone *time.Location) (time.Time, Shift) {
	wall := d.wall(at)
	before := offsetAt(wall.Add(-36*time.Hour), zone)
	after := offsetAt(wall.Add(36*time.Hour), zone)
	early, late := wall.Add(-before), wall.Add(-after)
	if before == after { // no zone changes its clocks there and back within three days
		return early, Plain
	}
	fitsEarly, fitsLate := offsetAt(early, zone) == before, offsetAt(late, zone) == after
	switch {
	case fitsEarly && fitsLate:
		if late.Before(early) {
			early = late
		}
		return early, Doubled
	case fitsEarly:
		return early, Plain
	case fitsLate:
		return late, Plain
	}
	return early, Skipped
}

func offsetAt(at time.Time, zone *time.Location) time.Duration {
	_, seconds := at.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// PhaseOfDay tells where a place stands in the date at an instant.
type PhaseOfDay string

// Where a place can stand.
const (
	BeforeDay PhaseOfDay = "BEFORE"
	InDay     PhaseOfDay = "IN"
	AfterDay  PhaseOfDay = "AFTER"
)

// PhaseIn tells whether the date has begun or ended in a zone at an instant.
func (d LocalDate) PhaseIn(zone *time.Location, at time.Time) PhaseOfDay {
	starts, ends := d.In(zone)
	switch {
	case at.Before(starts):
		return BeforeDay
	case at.Before(ends):
		return InDay
	}
	return AfterDay
}

// Noon is twelve o'clock UTC on the date, an instant that is on the date nearly everywhere.
func (d LocalDate) Noon() time.Time { return d.wall(12 * 60) }
