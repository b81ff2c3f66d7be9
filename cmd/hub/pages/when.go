package pages

import (
	"strings"
	"time"

	"github.com/microgalleries/actionday/events"
)

// when is the hours of an event, ready to be read: by the clock of the place first, in UTC beside
// it. A script adds the reader's own clock from StartsISO and EndsISO.
type when struct {
	Date      string // the local date
	Hours     string // "17:00–19:30", or words for the whole day
	EndDate   string // set when it ends on another date
	UTC       string // "12 December 11:15–13:45", with both dates where they differ
	Zone      string // "Asia/Kathmandu", or the offset where the zone is not shown
	StartsISO string // RFC 3339
	EndsISO   string
	Unknown   bool // HIDDEN: only the date is known
	AllDay    bool
}

func (t tongue) when(e events.Event) when {
	zone := zoneOf(e)
	starts, ends := e.Schedule.StartsAt.In(zone), e.Schedule.EndsAt.In(zone)
	v := when{
		Date: t.Date(dateOf(starts)), Zone: zoneName(e), AllDay: e.Schedule.AllDay,
		StartsISO: starts.Format(time.RFC3339), EndsISO: ends.Format(time.RFC3339),
	}
	if e.Place.Precision == events.HiddenPrecision {
		// The window of the whole edition begins the evening before, by UTC.
		v.Date = t.Date(dateOf(e.Schedule.StartsAt.Add(14 * time.Hour)))
		v.Unknown, v.Hours, v.Zone, v.StartsISO, v.EndsISO = true, t.T("when.hidden"), "", "", ""
		return v
	}
	v.Hours = t.hours(starts, ends)
	if e.Schedule.AllDay {
		v.Hours = t.T("when.allDay")
	} else if dateOf(starts) != dateOf(ends) {
		v.EndDate = t.Day(dateOf(ends))
	}
	v.UTC = t.span(starts.UTC(), ends.UTC())
	return v
}

// clockForm is a time of day as all pages write it, in every language.
const clockForm = "15:04"

// hours are two times of one clock, from left to right also where words run from right to left, as in
// the rows that scripts write.
func (t tongue) hours(from, to time.Time) string {
	text := from.Format(clockForm) + "–" + to.Format(clockForm)
	if t.Dir == "rtl" {
		const leftToRight, end = "\u2066", "\u2069"
		return leftToRight + text + end
	}
	return text
}

// span names the second date only where it is another.
func (t tongue) span(from, to time.Time) string {
	if dateOf(from) == dateOf(to) {
		return t.Day(dateOf(from)) + " " + t.hours(from, to)
	}
	return t.moment(from) + " – " + t.moment(to)
}

func (t tongue) moment(at time.Time) string { return t.Day(dateOf(at)) + " " + at.Format(clockForm) }

func dateOf(at time.Time) events.LocalDate {
	y, m, d := at.Date()
	return events.LocalDate{Year: y, Month: m, Day: d}
}

// zoneOf is the zone as far as the public may know it.
func zoneOf(e events.Event) *time.Location {
	if zone, err := events.LoadZone(e.Schedule.Zone); err == nil {
		return zone
	}
	return time.FixedZone("", e.Schedule.Offset)
}

// zoneName is "Asia/Kathmandu (UTC+05:45)", or the offset alone.
func zoneName(e events.Event) string {
	offset := "UTC" + e.Schedule.StartsAt.In(zoneOf(e)).Format("-07:00")
	if e.Schedule.Zone == "" {
		return offset
	}
	return strings.ReplaceAll(e.Schedule.Zone, "_", " ") + " (" + offset + ")"
}
