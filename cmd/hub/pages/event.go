package pages

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph/auth"
)

// eventView is the page of one event.
type eventView struct {
	*page
	Event   events.Event
	Now     time.Time
	Edition events.Edition
	Host    events.Host
	Story   template.HTML
	When    when
	Path    string
	Social  social
	Data    structured // JSON-LD
	Listed  bool
	Owner   bool
	Embed   snippet
	CanHide bool   // a steward may take it down
	Cheered string // what became of the reader's cheer: "FRESH", "ALREADY_COUNTED" or ""
	Problem string // why a cheer was not counted
	Key     string
}

// eventPage shows an event under its slug or its secret link. One that was withdrawn or hidden is
// not told from one that never was.
func (s *site) eventPage(w http.ResponseWriter, r *http.Request) error {
	if slug, ok := strings.CutSuffix(r.PathValue("name"), calendarSuffix); ok {
		return s.eventCalendar(w, r, slug)
	}
	v, err := s.eventView(w, r)
	if err != nil {
		return err
	}
	switch outcome := events.Outcome(r.URL.Query().Get("cheered")); outcome {
	case events.Fresh, events.AlreadyCounted:
		v.Cheered, v.private = string(outcome), true
	}
	return s.render(w, r, http.StatusOK, "event", v)
}

func (s *site) eventView(w http.ResponseWriter, r *http.Request) (eventView, error) {
	who := auth.Actor(r.Context())
	e, err := s.Hub.EventByName(r.Context(), who, r.PathValue("name"))
	if err != nil {
		return eventView{}, err
	}
	v := eventView{page: s.page(w, r, "event.title"), Event: e, Now: s.Hub.Now(), Listed: e.IsPublic(), Owner: who.Owns(e)}
	if v.Edition, err = s.Hub.Edition(r.Context(), who, e.EditionID); err != nil {
		return v, err
	}
	if v.Host, err = s.Hub.Host(r.Context(), e.HostID); err != nil {
		return v, err
	}
	if v.Story, err = s.story.html(e.Story); err != nil {
		return v, err
	}
	v.When, v.Path, v.Title = v.page.when(e), "/e/"+url.PathEscape(r.PathValue("name")), e.Title
	v.Description, v.Rehearsal = v.describe(), v.Edition.Mode == events.RehearsalMode
	v.NoIndex = !v.Listed || v.Rehearsal
	v.private = !v.Listed
	v.CanHide = who.Moderates() && (v.Listed || e.Review == events.LinkOnly)
	if v.Listed {
		v.Canonical = s.Site() + pathOf(e)
	}
	v.Social, v.Data = v.social(), v.structured()
	if v.Listed {
		v.Embed = s.snippetOf(v.page, url.Values{"event": {e.Slug}}, e.Title, v.Edition.Title)
	}
	v.Key = newKey()
	return v, nil
}

// describe is one line about the event for link previews.
func (v eventView) describe() string {
	line := v.When.Date + " · " + v.T("way."+string(v.Event.Way))
	if place := v.Place(); place != "" {
		line += " · " + place
	}
	if v.Event.Summary != "" {
		line = v.Event.Summary + " · " + line
	}
	return line
}

// Place is the town and country, as far as the precision shows them.
func (v eventView) Place() string { return v.placeName(v.Event.Place) }

func (t tongue) placeName(p events.Place) string {
	country := t.Country(p.Country)
	if p.Locality == "" || country == "" {
		return p.Locality + country
	}
	return t.T("place.both", p.Locality, country)
}

// ThemeTitles are the titles of the event's themes.
func (v eventView) ThemeTitles() (titles []string) {
	for _, slug := range v.Event.Themes {
		for _, theme := range v.Edition.Themes {
			if theme.Slug == slug {
				titles = append(titles, theme.Title)
			}
		}
	}
	return titles
}

// Rescue tells whether what was planned does not happen as planned, so that nobody comes in vain.
func (v eventView) Rescue() bool {
	switch v.Event.Day {
	case events.Postponed, events.Moved, events.WentDigital, events.Cancelled:
		return true
	}
	return false
}

// PostponedTo is the new date, "" if there is none.
func (v eventView) PostponedTo() string {
	if v.Event.PostponedTo.IsZero() {
		return ""
	}
	return v.Date(v.Event.PostponedTo)
}

// Since is since when it is live or over, by the clock of the place, with the day once that is over,
// too; "" where it is not known.
func (v eventView) Since() string {
	today, before, at := "find.live_since", "event.live_since", v.Event.PublicLiveAt()
	switch v.Event.Day.Phase() {
	case events.Now:
	case events.Over:
		today, before, at = "find.over_since", "event.over_since", v.Event.PublicDoneAt()
	default:
		return ""
	}
	if at.IsZero() {
		return ""
	}
	at = at.In(zoneOf(v.Event))
	if dateOf(at) == dateOf(v.Now.In(zoneOf(v.Event))) {
		return v.T(today, at.Format(clockForm))
	}
	return v.T(before, v.Day(dateOf(at)), at.Format(clockForm))
}

// LanguageName is the language of the event's texts, as it calls itself.
func (v eventView) LanguageName() string {
	if v.Event.Language == "" {
		return ""
	}
	return languageName(v.Event.Language)
}

// Confirmed is how many people were counted one by one.
func (v eventView) Confirmed() int64 { return v.Event.CheckIns + v.Event.Cheers }

// pathOf is the address of a listed event. Slugs are written in any script.
func pathOf(e events.Event) string { return (&url.URL{Path: e.Path()}).EscapedPath() }
