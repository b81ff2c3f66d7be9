package pages

import (
	"errors"
	"net/http"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/microgalleries/actionday/events"
)

// MapFinder is what the list can be asked for beside countries, and links to ask otherwise.
type MapFinder struct {
	Themes    []events.Theme
	Languages []MapLanguage
	Access    []string
	Chips     []MapLink // the conditions that are set, each with the address without it
	Places    []MapLink // the places that the searched words name
	Open      *MapOpen  // the event whose card the address asks for
	List      string    // the address of the same as a list
	Table     string    // the address of the same as a table
	ByStart   string    // the same sorted otherwise
	ByListed  string
	ByKm      string // "" when nothing is near anything
	Clear     string // the address of everything at the same moment
	Now       string // the address of the same without the moment
}

// MapLanguage is a language to choose, named in itself.
type MapLanguage struct{ Tag, Name string }

// MapLink is a link within the page.
type MapLink struct{ Text, URL string }

// MapOpen is the event of an open card.
type MapOpen struct{ ID, Path, Title string }

// maxNamedPlaces is how many places a search for words links to.
const maxNamedPlaces = 3

// finder fills in what the form offers.
func (s *site) finder(r *http.Request, p *page, ed events.Edition, v *MapView) {
	f := v.Filter
	v.Finder = MapFinder{
		Themes: ed.Themes, Languages: languagesOf(ed, f.Language), Chips: chipsOf(p, ed, f), Places: s.namedPlaces(p, f),
		Open: s.openEvent(r, ed, f.Event),
	}
	for _, fact := range accessFacts() {
		v.Finder.Access = append(v.Finder.Access, string(fact))
	}
	as := func(change func(*MapFilter)) string {
		other := f
		change(&other)
		return other.url("")
	}
	v.Finder.List = as(func(f *MapFilter) { f.Table = false })
	v.Finder.Table = as(func(f *MapFilter) { f.Table = true })
	v.Finder.ByStart = as(func(f *MapFilter) { f.Sort = "start" })
	v.Finder.ByListed = as(func(f *MapFilter) { f.Sort = "listed" })
	if f.Near != nil {
		v.Finder.ByKm = as(func(f *MapFilter) { f.Sort = "distance" })
	}
	v.Finder.Clear = MapFilter{At: f.At}.url("")
	v.Finder.Now = as(func(f *MapFilter) { f.At = "" })
}

// languagesOf are the edition's languages, and the one that is asked for.
func languagesOf(ed events.Edition, chosen string) (list []MapLanguage) {
	known := false
	for _, tag := range ed.Languages {
		known = known || strings.EqualFold(tag, chosen)
		list = append(list, MapLanguage{tag, languageName(tag)})
	}
	if chosen != "" && !known {
		list = append(list, MapLanguage{chosen, languageName(chosen)})
	}
	return list
}

// languageName is what a language calls itself, or its tag.
func languageName(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.Self.Name(parsed); name != "" {
		return name
	}
	return tag
}

// chipsOf are the conditions that are set, in the order of the form.
func chipsOf(p *page, ed events.Edition, f MapFilter) (chips []MapLink) {
	add := func(set bool, text string, without func(*MapFilter)) {
		if set {
			rest := f
			without(&rest)
			chips = append(chips, MapLink{text, rest.url("")})
		}
	}
	add(f.Text != "", f.Text, func(f *MapFilter) { f.Text = "" })
	add(f.Near != nil, p.T("map.near_title"), func(f *MapFilter) { f.Near, f.Sort = nil, "" })
	add(f.Country != "", countryOr(p, f.Country), func(f *MapFilter) { f.Country = "" })
	add(f.Phase != "", p.T("map.phase."+f.Phase), func(f *MapFilter) { f.Phase = "" })
	add(f.Way != "", p.T("way."+f.Way), func(f *MapFilter) { f.Way = "" })
	for _, theme := range ed.Themes {
		add(theme.Slug == f.Theme, theme.Title, func(f *MapFilter) { f.Theme = "" })
	}
	add(f.Language != "", languageName(f.Language), func(f *MapFilter) { f.Language = "" })
	for _, fact := range f.Access {
		add(true, p.T("access."+fact), func(rest *MapFilter) {
			rest.Access = nil
			for _, other := range f.Access {
				if other != fact {
					rest.Access = append(rest.Access, other)
				}
			}
		})
	}
	return chips
}

func countryOr(p *page, code string) string {
	if name := p.Country(code); name != "" {
		return name
	}
	return code
}

// namedPlaces links to what is near the places that words name as a whole; without a script this is
// how somebody searches by place.
func (s *site) namedPlaces(p *page, f MapFilter) (links []MapLink) {
	for _, place := range s.Atlas.Places(f.Text, p.Lang, maxNamedPlaces) {
		if !place.Exact {
			continue
		}
		link := MapLink{p.T("find.near", place.Name), MapFilter{Country: place.Country, At: f.At}.url("")}
		if place.Kind == events.TownPlace {
			name := p.placeName(events.Place{Locality: place.Name, Country: place.Country})
			near := &events.Near{Latitude: cents(place.Latitude), Longitude: cents(place.Longitude), WithinKm: nearDefaultKm}
			link = MapLink{p.T("find.near", name), MapFilter{Near: near, At: f.At}.url("")}
		}
		links = append(links, link)
	}
	return links
}

// openEvent is the listed event of a slug in the address, if there is one in this edition.
func (s *site) openEvent(r *http.Request, ed events.Edition, slug string) *MapOpen {
	if slug == "" {
		return nil
	}
	e, err := s.Hub.EventByName(r.Context(), events.Actor{}, slug)
	if err != nil && !errors.Is(err, events.ErrNotFound) {
		s.Log.WarnContext(r.Context(), "the event of an open card", "err", err)
	}
	if err != nil || !e.IsPublic() || e.EditionID != ed.ID {
		return nil
	}
	return &MapOpen{ID: e.ID.String(), Path: pathOf(e), Title: e.Title}
}
