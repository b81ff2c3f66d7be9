package opendataday

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/microgalleries/actionday/events"
)

// duplicateKm is how near two events with the same title must be to be one.
const duplicateKm = 5

// Line is one event of a file: either an Import, or a duplicate, or refused.
type Line struct {
	File   string
	Number int // from 1
	Title  string
	Import *events.Import // nil when it is refused or a duplicate
	// DuplicateOf is the line that said the same before.
	DuplicateOf *Line
	Refused     string   // why it cannot be taken, "" if it can
	Notes       []string // what was repaired or guessed
}

// Reader reads files into one edition and remembers what it has seen, so that duplicates are found
// across files.
type Reader struct {
	edition events.Edition
	atlas   Atlas
	seen    map[string][]*Line // by year and folded title
	ids     map[string]*Line   // by source id
}

// NewReader makes a Reader for events that are to take place on the edition's date.
func NewReader(edition events.Edition, atlas Atlas) *Reader {
	return &Reader{edition: edition, atlas: atlas, seen: map[string][]*Line{}, ids: map[string]*Line{}}
}

// Read reads one file whole. The name is for the report.
func (r *Reader) Read(name string, file io.Reader) ([]*Line, error) {
	raw, err := readLines(name, file)
	if err != nil {
		return nil, err
	}
	lines := make([]*Line, 0, len(raw))
	for _, l := range raw {
		lines = append(lines, r.read(l))
	}
	return lines, nil
}

func (r *Reader) read(raw line) *Line {
	l := &Line{File: raw.file, Number: raw.number, Title: strings.TrimSpace(raw.record.Title)}
	if raw.err != nil {
		l.Refused = raw.err.Error()
		return l
	}
	item, notes, err := convert(raw.record, r.edition, r.atlas)
	l.Notes = notes
	if err != nil {
		l.Refused = err.Error()
		return l
	}
	if l.DuplicateOf = r.twin(raw.record, item); l.DuplicateOf != nil {
		return l
	}
	l.Import = &item
	r.remember(raw.record, l)
	return l
}

// twin finds an earlier line of the same year with the same id, or with the same title and
// hardly another place.
func (r *Reader) twin(rec record, item events.Import) *Line {
	if known := r.ids[item.Source.ID]; known != nil {
		return known
	}
	for _, known := range r.seen[titleKey(rec)] {
		if sameEvent(known.Import.Registration, item.Registration) {
			return known
		}
	}
	return nil
}

func (r *Reader) remember(rec record, l *Line) {
	r.ids[l.Import.Source.ID] = l
	r.seen[titleKey(rec)] = append(r.seen[titleKey(rec)], l)
}

// titleKey is the year and the letters of the title.
func titleKey(rec record) string {
	return fmt.Sprintf("%d %s", rec.Year, letters(rec.Title))
}

// letters are the letters, digits and symbols of a text in lower case, or the text as it is when
// there are none.
func letters(text string) string {
	kept := strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c) || unicode.IsSymbol(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, text)
	if kept == "" {
		return text
	}
	return kept
}

// sameEvent tells of two events with one title whether they are one. Where a pin is missing, the
// country alone would join every "Open Data Day" in it: town or host must be alike, too.
func sameEvent(a, b events.Registration) bool {
	p, q := a.Place, b.Place
	if p.Latitude == nil || q.Latitude == nil {
		return p.Country == q.Country &&
			(alike(p.Locality, q.Locality) || alike(a.Host.DisplayName, b.Host.DisplayName))
	}
	return events.DistanceKm(*p.Latitude, *p.Longitude, *q.Latitude, *q.Longitude) <= duplicateKm
}

// alike tells whether one text holds the other, but for case, spaces and punctuation.
func alike(a, b string) bool {
	a, b = letters(a), letters(b)
	return strings.Contains(a, b) || strings.Contains(b, a)
}
