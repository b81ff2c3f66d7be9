// Package ical writes calendars (RFC 5545). It knows as much of the format as the day needs, so that
// every value goes through one of four functions, and none of them lets a text end its line:
//
//	text   is escaped, and what is no character of the format is replaced
//	date   a calendar date without a zone, which no reader's clock can shift
//	time   an instant in UTC, which needs no table of zones
//	word   a value of ours, such as CANCELLED
//
// Lines are folded at 75 bytes, never within a character.
package ical

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/microgalleries/actionday/events"
)

// MediaType is what a calendar is served as.
const MediaType = "text/calendar; charset=utf-8"

// widest is how many bytes a line may have before its end (RFC 5545, section 3.1).
const widest = 75

// A Calendar is published for reading, not for answering.
type Calendar struct {
	Name, About string
	Entries     []Entry
}

// Status is what has become of an entry.
type Status string

// The states of an entry.
const (
	Confirmed Status = "CONFIRMED"
	Tentative Status = "TENTATIVE"
	Cancelled Status = "CANCELLED"
)

// An Entry is an event as calendars know it. With a Date it is all of that day, by any clock; else
// it lasts from Starts to Ends.
type Entry struct {
	UID          string // stays the same for good
	Version      int64  // rises with each change
	Stamped      time.Time
	Changed      time.Time // zero when that is not public
	Date         events.LocalDate
	Starts, Ends time.Time
	Title, About string
	Where        string // "" when that is not public
	Point        *[2]float64
	URL          string // must be written as addresses are: no spaces, no controls
	Status       Status
	Category     string
}

// Encode writes the calendar.
func (c Calendar) Encode() []byte {
	var w writer
	w.word("BEGIN", "VCALENDAR")
	w.word("VERSION", "2.0")
	w.word("PRODID", "-//Micro Galleries//Actionday//EN")
	w.word("CALSCALE", "GREGORIAN")
	w.word("METHOD", "PUBLISH")
	w.text("X-WR-CALNAME", c.Name)
	w.text("X-WR-CALDESC", c.About)
	w.word("REFRESH-INTERVAL;VALUE=DURATION", "PT1H")
	w.word("X-PUBLISHED-TTL", "PT1H")
	for _, e := range c.Entries {
		e.encode(&w)
	}
	w.word("END", "VCALENDAR")
	return []byte(w.out.String())
}

func (e Entry) encode(w *writer) {
	w.word("BEGIN", "VEVENT")
	w.text("UID", e.UID)
	w.word("SEQUENCE", fmt.Sprint(max(0, e.Version)))
	w.time("DTSTAMP", e.Stamped)
	if !e.Changed.IsZero() {
		w.time("LAST-MODIFIED", e.Changed)
	}
	if e.Date.IsZero() {
		w.time("DTSTART", e.Starts)
		w.time("DTEND", e.Ends)
	} else {
		w.date("DTSTART", e.Date)
		w.date("DTEND", next(e.Date))
		w.word("TRANSP", "TRANSPARENT") // a day to know of does not keep its reader busy
	}
	w.text("SUMMARY", e.Title)
	w.text("DESCRIPTION", e.About)
	w.text("LOCATION", e.Where)
	if e.Point != nil {
		w.word("GEO", fmt.Sprintf("%.5f;%.5f", e.Point[0], e.Point[1]))
	}
	w.address("URL", e.URL)
	w.text("CATEGORIES", e.Category)
	w.word("STATUS", string(e.Status))
	w.word("END", "VEVENT")
}

func next(d events.LocalDate) events.LocalDate {
	y, m, day := time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, time.UTC).Date()
	return events.LocalDate{Year: y, Month: m, Day: day}
}

// A writer writes content lines. An empty text is left out.
type writer struct{ out strings.Builder }

func (w *writer) word(name, value string) { w.line(name + ":" + value) }

func (w *writer) time(name string, at time.Time) { w.word(name, at.UTC().Format("20060102T150405Z")) }

func (w *writer) date(name string, d events.LocalDate) {
	w.word(name+";VALUE=DATE", fmt.Sprintf("%04d%02d%02d", d.Year, d.Month, d.Day))
}

func (w *writer) text(name, value string) {
	if value != "" {
		w.line(name + ":" + escaped(value))
	}
}

// address leaves out what is no address on one line.
func (w *writer) address(name, value string) {
	if value != "" && !strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		w.line(name + ":" + value)
	}
}

// line folds: what goes on begins with a space.
func (w *writer) line(line string) {
	room := widest
	for len(line) > room {
		at := room
		for at > 0 && !utf8.RuneStart(line[at]) {
			at--
		}
		w.out.WriteString(line[:at] + "\r\n ")
		line, room = line[at:], widest-1
	}
	w.out.WriteString(line + "\r\n")
}

// escaped is a TEXT value (section 3.3.11). Line ends of all kinds are one; other controls, which
// the format forbids, and broken characters become U+FFFD.
func escaped(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(text)
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\\' || r == ';' || r == ',':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0:
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
