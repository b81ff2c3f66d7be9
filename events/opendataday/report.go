package opendataday

import (
	"fmt"
	"io"

	"github.com/microgalleries/actionday/events"
)

// Imports lists what the lines have to import, in order.
func Imports(lines []*Line) []events.Import {
	var items []events.Import
	for _, l := range lines {
		if l.Import != nil {
			items = append(items, *l.Import)
		}
	}
	return items
}

// Report says what an import did, for people.
type Report struct {
	Created, Updated, Unchanged, Duplicates, Refused int
	GuessedCountries                                 int
	Details                                          []string // one a line that is a duplicate, refused or repaired
}

// NewReport joins the lines with what became of their imports, which must be in the lines' order.
func NewReport(lines []*Line, done []events.Imported) Report {
	var r Report
	for _, l := range lines {
		switch {
		case l.Refused != "":
			r.refuse(l, l.Refused)
		case l.DuplicateOf != nil:
			r.Duplicates++
			r.detail(l, "duplicate", fmt.Sprintf("of %s:%d", l.DuplicateOf.File, l.DuplicateOf.Number))
		default:
			r.add(l, done[0])
			done = done[1:]
		}
	}
	return r
}

func (r *Report) add(l *Line, done events.Imported) {
	switch done.Result {
	case events.ImportCreated:
		r.Created++
	case events.ImportUpdated:
		r.Updated++
	case events.ImportUnchanged:
		r.Unchanged++
	case events.ImportRefused:
		r.refuse(l, done.Err.Error())
		return
	}
	if l.Import.CountryGuessed {
		r.GuessedCountries++
	}
	for _, note := range l.Notes {
		r.detail(l, "note", note)
	}
}

func (r *Report) refuse(l *Line, why string) {
	r.Refused++
	r.detail(l, "refused", why)
}

func (r *Report) detail(l *Line, what, why string) {
	r.Details = append(r.Details, fmt.Sprintf("%s:%d %s: %s (%.60q)", l.File, l.Number, what, why, l.Title))
}

// Print writes the report: the lines that need a look, then the totals.
func (r Report) Print(w io.Writer) error {
	for _, detail := range r.Details {
		if _, err := fmt.Fprintln(w, detail); err != nil {
			return fmt.Errorf("opendataday: print the report: %w", err)
		}
	}
	_, err := fmt.Fprintf(w, "created %d, updated %d, unchanged %d, duplicate %d, refused %d; country guessed for %d\n",
		r.Created, r.Updated, r.Unchanged, r.Duplicates, r.Refused, r.GuessedCountries)
	return err
}
