package pages

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/microgalleries/actionday/events"
)

// MapFilter is the list's conditions as the form and the address carry them; "" is no condition.
// Together with the parameters that only scripts read ("view", the middle and zoom of the map), the
// address is all that is needed to see the same thing.
type MapFilter struct {
	Text     string       // q
	Country  string       // country, ISO 3166-1 alpha-2
	Phase    string       // phase: UPCOMING, LIVE, OVER, OFF
	Way      string       // way: OWN_WORK, BLUEPRINT, DIGITAL
	Theme    string       // theme, a slug of the edition's
	Language string       // language, BCP 47, of the event; the page's own is lang
	Access   []string     // access, each as in GraphQL
	Near     *events.Near // near: latitude, longitude, kilometers
	Sort     string       // sort: start, listed or distance; "" is by start, or by distance when near
	Table    bool         // as=table rather than a list
	Panel    string       // panel: now or list; "" is list when there is a condition
	Event    string       // event, the slug of the event whose card is open
	At       string       // at, the moment that is replayed; the list stays that of now
}

// sharedParameters are those that a link to the same view in another language keeps.
func sharedParameters() []string {
	return []string{
		"q", "country", "phase", "way", "theme", "language", "access", "near", "sort", "as", "panel", "event", "view",
		"projection", "at",
	}
}

// maxShared is how long such a parameter may be, in bytes: links repeat it in every language.
func maxShared(name string) int {
	switch name {
	case "q":
		return utf8.UTFMax * events.MaxSearchText
	case "event":
		return utf8.UTFMax * events.MaxTitle // the slug is made of the title
	}
	return 100
}

// nearDefaultKm is how far around a point is looked when the address does not say.
const nearDefaultKm = 100

// filterFrom reads an address. What is no country, phase, way, theme, language or point is left out: an
// old or mistyped address still shows a list.
func (a Atlas) filterFrom(values url.Values, ed events.Edition) MapFilter {
	f := MapFilter{
		Text: values.Get("q"), Country: a.country(values.Get("country")), Near: nearFrom(values.Get("near")), Table: values.Get("as") == "table",
	}
	if slug := values.Get("event"); len(slug) <= maxShared("event") {
		f.Event = slug
	}
	if _, ok := momentAsked(values.Get("at")); ok {
		f.At = values.Get("at")
	}
	f.Phase = oneOf(values.Get("phase"), f.Phases())
	f.Way = oneOf(values.Get("way"), f.Ways())
	f.Panel = oneOf(values.Get("panel"), []string{"now", "list"})
	f.Sort = oneOf(values.Get("sort"), []string{"start", "listed", "distance"})
	if f.Sort == "distance" && f.Near == nil {
		f.Sort = ""
	}
	for _, theme := range ed.Themes {
		if theme.Slug == values.Get("theme") {
			f.Theme = theme.Slug
		}
	}
	if languages := []string{values.Get("language")}; languages[0] != "" {
		if _, err := (events.Query{Filter: events.Filter{Languages: languages}}).Check(); err == nil {
			f.Language = languages[0]
		}
	}
	for _, fact := range accessFacts() {
		if slices.Contains(values["access"], string(fact)) {
			f.Access = append(f.Access, string(fact))
		}
	}
	return f
}

// country is the code of a country in the letters that addresses may write small, or "" if it is none.
func (a Atlas) country(code string) string {
	code = strings.ToUpper(code[:min(len(code), 3)])
	known := a.Countries("en")
	letters := len(code) == 2 && code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' && code[1] <= 'Z'
	if !letters || len(known) > 0 && !slices.ContainsFunc(known, func(k Country) bool { return k.Code == code }) {
		return ""
	}
	return code
}

func oneOf(value string, known []string) string {
	if slices.Contains(known, value) {
		return value
	}
	return ""
}

// nearFrom reads "27.67,85.32,100". Two decimals of a degree are about a kilometer: that is as exactly
// as an address tells where somebody is, and a finer one is taken no finer.
func nearFrom(text string) *events.Near {
	parts := strings.Split(text, ",")
	if len(parts) < 2 || len(parts) > 3 {
		return nil
	}
	numbers := [3]float64{2: nearDefaultKm}
	for i, part := range parts {
		n, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || math.IsNaN(n) {
			return nil
		}
		numbers[i] = cents(n)
	}
	near := &events.Near{Latitude: numbers[0], Longitude: numbers[1], WithinKm: numbers[2]}
	if _, err := (events.Query{Filter: events.Filter{Near: near}}).Check(); err != nil {
		return nil
	}
	return near
}

// cents rounds to two decimals.
func cents(n float64) float64 { return math.Round(n*100) / 100 }

// IsSet tells whether the list shows less than everything.
func (f MapFilter) IsSet() bool {
	return cmp.Or(f.Text, f.Country, f.Phase, f.Way, f.Theme, f.Language) != "" || len(f.Access) > 0 || f.Near != nil
}

// IsList tells whether the list is in front, rather than what happens now.
func (f MapFilter) IsList() bool { return f.Panel == "list" || f.Panel == "" && (f.IsSet() || f.Table) }

// More is how many conditions are set among those that the form keeps folded.
func (f MapFilter) More() (n int) {
	for _, value := range []string{f.Theme, f.Language} {
		if value != "" {
			n++
		}
	}
	return n + len(f.Access)
}

// Wants tells whether an access fact is asked for.
func (f MapFilter) Wants(fact string) bool { return slices.Contains(f.Access, fact) }

// Phases lists the values that the form offers, in their order.
func (MapFilter) Phases() []string { return []string{"LIVE", "UPCOMING", "OVER", "OFF"} }

// Ways lists the values that the form offers, in their order.
func (MapFilter) Ways() []string { return []string{"OWN_WORK", "BLUEPRINT", "DIGITAL"} }

// NearText is where to look, as the address has it.
func (f MapFilter) NearText() string {
	if f.Near == nil {
		return ""
	}
	var parts []string
	for _, n := range []float64{f.Near.Latitude, f.Near.Longitude, f.Near.WithinKm} {
		parts = append(parts, strconv.FormatFloat(n, 'f', -1, 64))
	}
	return strings.Join(parts, ",")
}

// Order is how the list is sorted: "start", "listed" or "distance".
func (f MapFilter) Order() string {
	switch {
	case f.Sort != "":
		return f.Sort
	case f.Near != nil:
		return "distance"
	}
	return "start"
}

func (f MapFilter) query(edition events.ID, after string) events.Query {
	filter := events.Filter{EditionID: edition, Text: f.Text, Near: f.Near}
	if f.Country != "" {
		filter.Countries = []string{f.Country}
	}
	if f.Phase != "" {
		filter.Phases = []events.Phase{events.Phase(f.Phase)}
	}
	if f.Way != "" {
		filter.Ways = []events.Way{events.Way(f.Way)}
	}
	if f.Theme != "" {
		filter.Themes = []string{f.Theme}
	}
	if f.Language != "" {
		filter.Languages = []string{f.Language}
	}
	for _, fact := range f.Access {
		filter.Access = append(filter.Access, events.AccessFact(fact))
	}
	orders := map[string]events.Order{"start": events.ByStart, "listed": events.ByListed, "distance": events.ByDistance}
	return events.Query{Filter: filter, Order: orders[f.Order()], First: listPage, After: after}
}

// url is the address of the list with the same conditions, at the same moment, after a cursor.
func (f MapFilter) url(after string) string {
	values := url.Values{"access": f.Access}
	for name, value := range map[string]string{
		"q": f.Text, "country": f.Country, "phase": f.Phase, "way": f.Way, "theme": f.Theme, "language": f.Language,
		"near": f.NearText(), "sort": f.Sort, "after": after, "at": f.At,
	} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if f.Table {
		values.Set("as", "table")
	}
	return (&url.URL{Path: "/", RawQuery: values.Encode(), Fragment: "list"}).String()
}
