package pages

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/microgalleries/actionday/cmd/hub/pages/ical"
	"github.com/microgalleries/actionday/events"
)

const (
	calendarSuffix = ".ics"
	// calendarMost is how many events a calendar has; it says so when there are more.
	calendarMost = 500
)

// eventCalendar is one listed event as a calendar. Like all calendars it is made of the public side
// alone, and the same for everybody.
func (s *site) eventCalendar(w http.ResponseWriter, r *http.Request, slug string) error {
	e, err := s.Hub.EventByName(r.Context(), events.Actor{}, slug)
	if err != nil {
		return err
	}
	if !e.IsPublic() { // a secret link does not belong into a calendar that others may see
		return events.ErrNotFound
	}
	edition, err := s.Hub.Edition(r.Context(), events.Actor{}, e.EditionID)
	if err != nil {
		return err
	}
	p := s.openPage(r, "site.name")
	return s.sendCalendar(w, r, p, e.Slug, ical.Calendar{Name: e.Title, Entries: []ical.Entry{s.entry(p, edition, e)}})
}

// calendar is the day's list, or a scope of it, to subscribe to.
func (s *site) calendar(w http.ResponseWriter, r *http.Request) error {
	p := s.openPage(r, "site.name")
	edition, err := s.Hub.EditionBySlug(r.Context(), events.Actor{}, "")
	if err != nil {
		return err
	}
	c, err := s.scope(r, p, edition)
	var wrong wrongScope
	if errors.As(err, &wrong) {
		w.Header().Set("Cache-Control", noStore)
		http.Error(w, p.T("embed.wrong."+string(wrong)), http.StatusBadRequest)
		return nil
	}
	if err != nil {
		return err
	}
	found, more, err := s.upTo(r.Context(), c, calendarMost)
	if err != nil {
		return err
	}
	list := ical.Calendar{Name: c.Title, About: c.edition.Attribution}
	if more {
		list.About = strings.TrimSpace(strconv.Itoa(calendarMost) + "+ · " + s.Site() + c.page + " " + list.About)
	}
	for _, e := range found {
		list.Entries = append(list.Entries, s.entry(p, c.edition, e))
	}
	return s.sendCalendar(w, r, p, c.edition.Slug, list)
}

// upTo finds so many events of a scope, and whether there are more.
func (s *site) upTo(ctx context.Context, c scope, most int) (found []events.Event, more bool, err error) {
	if c.Kind == "event" {
		return c.events, false, nil
	}
	q := events.Query{Filter: c.filter, First: events.MaxPage}
	for len(found) < most {
		page, err := s.Hub.Find(ctx, q)
		if err != nil {
			return nil, false, err
		}
		found = append(found, page.Events...)
		if more = page.HasNext; !more {
			break
		}
		q.After = page.Cursors[len(page.Cursors)-1]
	}
	return found, more, nil
}

func (s *site) sendCalendar(w http.ResponseWriter, r *http.Request, p *page, name string, c ical.Calendar) error {
	h := w.Header()
	h.Set("Content-Type", ical.MediaType)
	h.Set("Content-Language", p.Lang)
	h.Set("Content-Disposition", `attachment; filename="`+asciiName(name)+calendarSuffix+`"`)
	h.Set("Cache-Control", publicShort)
	h.Set("Vary", "Accept-Language")
	h.Set("X-Robots-Tag", "noindex")
	if r.Method == http.MethodHead {
		return nil
	}
	_, _ = w.Write(c.Encode()) // the reader left: nothing to mend
	return nil
}

// asciiName is the part of a slug that every system takes as the name of a file.
func asciiName(slug string) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return -1
	}, slug)
	if strings.Trim(name, "-") == "" {
		return "event"
	}
	return name
}

// entry is an event as calendars know it. Its identity never changes; its version makes calendars
// take over what has changed. Where its hour is not public it is a day without one.
func (s *site) entry(p *page, ed events.Edition, e events.Event) ical.Entry {
	address := s.Site() + pathOf(e)
	entry := ical.Entry{
		UID: e.ID.String() + "@actionday", Version: e.Version, Stamped: e.UpdatedAt, Changed: e.UpdatedAt,
		Starts: e.Schedule.StartsAt, Ends: e.Schedule.EndsAt, Title: e.Title, URL: address,
		Where: p.placeName(e.Place), Status: ical.Confirmed, Category: p.T("way." + string(e.Way)),
	}
	if e.Place.Precision == events.HiddenPrecision {
		// The last change may be the host's own LIVE.
		entry.Date, entry.Where, entry.Stamped, entry.Changed = ed.Date, "", e.ListedAt, time.Time{}
	} else if e.Schedule.AllDay {
		entry.Date = dateOf(e.Schedule.StartsAt.In(zoneOf(e)))
	}
	if e.Place.Precision == events.ExactPrecision && e.Place.IsMapped() {
		entry.Point = &[2]float64{*e.Place.Latitude, *e.Place.Longitude}
	}
	if entry.Where == "" || e.Day == events.WentDigital {
		if e.OnlineURL != "" {
			entry.Where, entry.Point = e.OnlineURL, nil
		}
	}
	p.rescue(&entry, e)
	var about []string
	for _, part := range []string{e.DayReason, e.Summary, e.OnlineURL, address} {
		if part != "" {
			about = append(about, part)
		}
	}
	if ed.Mode == events.RehearsalMode {
		about = append([]string{p.T("site.rehearsal")}, about...)
	}
	entry.About = strings.Join(about, "\n\n")
	return entry
}

// rescue says first what does not happen as planned, so that nobody comes in vain.
func (t tongue) rescue(entry *ical.Entry, e events.Event) {
	word := ""
	switch e.Day {
	case events.Cancelled:
		word, entry.Status = t.T("calendar.cancelled"), ical.Cancelled
	case events.Postponed:
		word, entry.Status = t.T("calendar.postponed"), ical.Tentative
		if !e.PostponedTo.IsZero() {
			entry.Date = e.PostponedTo
		}
	case events.Moved:
		word = t.T("calendar.moved")
	case events.WentDigital:
		word = t.T("calendar.digital")
	}
	if word != "" {
		entry.Title = word + ": " + entry.Title
	}
}
