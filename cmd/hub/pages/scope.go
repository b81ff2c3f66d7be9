package pages

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/microgalleries/actionday/cmd/hub/pages/poster"
	"github.com/microgalleries/actionday/events"
)

// wrongScope is what is wrong with the parameters of a scope; its value ends a key of the words.
type wrongScope string

func (e wrongScope) Error() string { return "the scope is wrong: " + string(e) }

// A scope is the part of the day that a box of others or a calendar is about.
type scope struct {
	Kind    string // "world", "country", "theme", "event", "area" or "host"
	Title   string
	edition events.Edition // that of the event, else the current one
	filter  events.Filter
	tally   events.Scope   // where its numbers are kept; the zero Scope for nowhere
	events  []events.Event // of kind "event"
	page    string         // of the hub, with the same events, or the fewest that hold them
	box     *events.Box    // where its events are, nil for the whole world
}

// Condition is the scope as the script asks for it in GraphQL, by kind.
func (c scope) Condition() string {
	switch c.Kind {
	case "country":
		return c.filter.Countries[0]
	case "theme":
		return c.filter.Themes[0]
	case "host":
		return c.filter.HostID.String()
	case "event":
		return c.events[0].ID.String()
	}
	return ""
}

// Bounds is where the map looks: "west,south,east,north", "" for the whole world.
func (c scope) Bounds() string {
	if c.box == nil {
		return ""
	}
	return fmt.Sprintf("%.4f,%.4f,%.4f,%.4f", c.box.West, c.box.South, c.box.East, c.box.North)
}

// window is the part of the picture that shows the scope, as the end of the picture's address.
func (c scope) window() string {
	if c.box == nil {
		return ""
	}
	w := poster.Around(c.box.West, c.box.South, c.box.East, c.box.North)
	return fmt.Sprintf("#svgView(viewBox(%d,%d,%d,%d))", w.X, w.Y, w.Wide, w.High)
}

// see lets the scope's view be where its first events are, unless it is an area of its own.
func (c *scope) see(found []events.Event) {
	if c.Kind == "area" || c.Kind == "world" {
		return
	}
	var longitudes []float64
	south, north := 90.0, -90.0
	for _, e := range found {
		if e.Place.IsSomewhere() {
			longitudes = append(longitudes, *e.Place.Longitude)
			south, north = min(south, *e.Place.Latitude), max(north, *e.Place.Latitude)
		}
	}
	if len(longitudes) > 0 {
		west, east := events.Narrowest(longitudes)
		c.box = &events.Box{West: west, South: south, East: east, North: north}
	}
}

// scope reads the parameters country, theme, event, area and host, of which there is at most one.
func (s *site) scope(r *http.Request, p *page, ed events.Edition) (scope, error) {
	values := r.URL.Query()
	read := map[string]func(scope, string, *page) (scope, error){
		"country": s.inCountry, "area": inArea,
		"host":  func(c scope, id string, p *page) (scope, error) { return s.byHost(r, c, id, p) },
		"theme": func(c scope, slug string, p *page) (scope, error) { return onTheme(c, slug, p, ed) },
		"event": func(c scope, slug string, _ *page) (scope, error) { return s.ofEvent(r, c, slug) },
	}
	c := scope{Kind: "world", Title: ed.Title, edition: ed, filter: events.Filter{EditionID: ed.ID}, tally: events.Scope{Kind: events.WorldScope}, page: "/"}
	kind := ""
	for name := range read {
		if !values.Has(name) {
			continue
		}
		if kind != "" || len(values[name]) > 1 {
			return c, wrongScope("many")
		}
		kind = name
	}
	if kind == "" {
		return c, nil
	}
	c.Kind, c.tally = kind, events.Scope{}
	c, err := read[kind](c, values.Get(kind), p)
	if errors.Is(err, events.ErrNotFound) {
		return c, wrongScope(kind)
	}
	return c, err
}

func (s *site) inCountry(c scope, code string, p *page) (scope, error) {
	if code = s.Atlas.country(code); code == "" {
		return c, wrongScope("country")
	}
	c.filter.Countries, c.tally = []string{code}, events.Scope{Kind: events.CountryScope, Key: code}
	c.Title, c.page = p.T("embed.country", p.Country(code)), MapFilter{Country: code}.url("")
	return c, nil
}

func onTheme(c scope, slug string, p *page, ed events.Edition) (scope, error) {
	at := slices.IndexFunc(ed.Themes, func(t events.Theme) bool { return t.Slug == slug })
	if at < 0 {
		return c, wrongScope("theme")
	}
	c.filter.Themes, c.tally = []string{slug}, events.Scope{Kind: events.ThemeScope, Key: slug}
	c.Title, c.page = p.T("embed.theme", ed.Themes[at].Title), MapFilter{Theme: slug}.url("")
	return c, nil
}

// ofEvent takes listed events alone: a secret link is for its host's friends, not for a page.
func (s *site) ofEvent(r *http.Request, c scope, slug string) (scope, error) {
	e, err := s.Hub.EventByName(r.Context(), events.Actor{}, slug)
	if err != nil || !e.IsPublic() {
		return c, events.ErrNotFound
	}
	c.events, c.Title, c.page = []events.Event{e}, e.Title, pathOf(e)
	if e.EditionID != c.edition.ID {
		c.filter.EditionID = e.EditionID
		c.edition, err = s.Hub.Edition(r.Context(), events.Actor{}, e.EditionID)
	}
	return c, err
}

// byHost takes hosts who have a listed event: the name of the others is not public.
func (s *site) byHost(r *http.Request, c scope, text string, p *page) (scope, error) {
	id, err := events.ParseID(text)
	if err != nil {
		return c, wrongScope("host")
	}
	c.filter.HostID = id
	n, err := s.Hub.CountFound(r.Context(), events.Query{Filter: c.filter})
	if err != nil {
		return c, err
	}
	if n == 0 {
		return c, wrongScope("host")
	}
	host, err := s.Hub.Host(r.Context(), id)
	c.Title, c.page = p.T("embed.host", host.DisplayName), MapFilter{Text: host.DisplayName}.url("")
	return c, err
}

func inArea(c scope, text string, p *page) (scope, error) {
	parts := strings.Split(text, ",")
	var degrees [4]float64
	if len(parts) != len(degrees) {
		return c, wrongScope("area")
	}
	for i, part := range parts {
		d, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil {
			return c, wrongScope("area")
		}
		degrees[i] = d
	}
	box := &events.Box{West: degrees[0], South: degrees[1], East: degrees[2], North: degrees[3]}
	if _, err := (events.Query{Filter: events.Filter{Box: box}}).Check(); err != nil || box.South == box.North || box.West == box.East {
		return c, wrongScope("area")
	}
	c.filter.Box, c.box, c.Title = box, box, p.T("embed.area")
	c.page = MapFilter{Near: circleAround(*box)}.url("")
	return c, nil
}

// circleAround is the circle that the list of the hub takes for a box: the corners are farthest from its
// middle. No circle is much smaller than the earth where a box is wider than half of it.
func circleAround(b events.Box) *events.Near {
	wide := b.East - b.West
	if wide < 0 {
		wide += 360
	}
	if wide > 180 {
		return nil
	}
	middle := b.West + wide/2
	if middle > 180 {
		middle -= 360
	}
	near := &events.Near{Latitude: cents((b.South + b.North) / 2), Longitude: cents(middle)}
	for _, latitude := range []float64{b.South, b.North} {
		for _, longitude := range []float64{b.West, b.East} {
			near.WithinKm = max(near.WithinKm, math.Ceil(events.DistanceKm(near.Latitude, near.Longitude, latitude, longitude)))
		}
	}
	return near
}
