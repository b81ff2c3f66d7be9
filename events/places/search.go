package places

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/microgalleries/actionday/events"
)

// Limits of a search for places.
const (
	MaxPlaces    = 10 // most places that one search answers
	maxCountries = 3  // most countries among them
)

// townReach is how far, in degrees of latitude, a map shows around a town.
const townReach = 0.25

// Search finds the countries and towns whose name begins with a text. Countries are found by their
// names in every language and script; towns as Towns finds them; "Patan, Nepal" narrows to a
// country, and "Kota Roma" is Roma where nothing else begins so. Countries of that name come first,
// then the towns that are sooner meant than any that only begins so, then countries that do. Countries
// are named in the language nearest to lang. One letter of an alphabet finds nothing.
func (a *Atlas) Search(text, lang string, limit int) []events.FoundPlace {
	text = clip(strings.TrimSpace(text), MaxTownQuery)
	limit = min(limit, MaxPlaces)
	found := a.search(text, lang, limit)
	if len(found) == 0 {
		if name, ok := a.countries().words.withoutKind(text); ok {
			return a.search(name, lang, limit)
		}
	}
	return found
}

func (a *Atlas) search(text, lang string, limit int) (found []events.FoundPlace) {
	folded := Fold(text)
	if len(folded) < 2 || limit <= 0 {
		return nil
	}
	var begun []events.FoundPlace // countries that only begin so
	for _, code := range a.countries().startingWith(folded, min(maxCountries, (limit+1)/2)) {
		p, ok := a.countryPlace(code, lang)
		switch p.Exact = a.countries().byName[folded] == code; {
		case ok && p.Exact:
			found = append(found, p)
		case ok:
			begun = append(begun, p)
		}
	}
	town, country := a.townAndCountry(text)
	for _, t := range a.townsCalled(town, country, max(1, limit-len(found)-len(begun))) {
		p := townPlace(t.Town)
		if p.Exact = t.whole; !p.Exact {
			found, begun = append(found, begun...), nil
		}
		found = append(found, p)
	}
	found = append(found, begun...)
	return found[:min(len(found), limit)]
}

// townAndCountry parts "Patan, Nepal"; what follows the comma must be a country.
func (a *Atlas) townAndCountry(text string) (town, country string) {
	if at := strings.LastIndexAny(text, ",،，、"); at > 0 {
		rest := strings.TrimLeft(text[at:], ",،，、")
		if code, ok := a.CountryByName(strings.TrimSpace(rest)); ok {
			return strings.TrimSpace(text[:at]), code
		}
	}
	return text, ""
}

func townPlace(t Town) events.FoundPlace {
	wide := townReach / math.Max(0.1, math.Cos(t.Latitude*math.Pi/180))
	return events.FoundPlace{
		Kind: events.TownPlace, Name: t.Name, Country: t.Country, Latitude: t.Latitude, Longitude: t.Longitude,
		Box: events.Box{
			West: around(t.Longitude - wide), South: math.Max(-90, t.Latitude-townReach),
			East: around(t.Longitude + wide), North: math.Min(90, t.Latitude+townReach),
		},
	}
}

// around brings a longitude past the antimeridian back onto the map.
func around(longitude float64) float64 {
	switch {
	case longitude > 180:
		return longitude - 360
	case longitude < -180:
		return longitude + 360
	}
	return longitude
}

func (a *Atlas) countryPlace(code, lang string) (events.FoundPlace, bool) {
	lat, lon, ok := a.CountryPoint(code)
	return events.FoundPlace{
		Kind: events.CountryPlace, Name: a.CountryName(code, lang), Country: code, Latitude: lat, Longitude: lon,
		Box: a.towns().extents()[code],
	}, ok
}

// startingWith lists the countries of which some name begins with a folded text: those with this
// very name first, then by the shortest of their names; at most limit.
func (t *countryTable) startingWith(folded string, limit int) (codes []string) {
	names := t.sorted()
	at, _ := slices.BinarySearch(names, folded)
	var some []string
	for ; at < len(names) && strings.HasPrefix(names[at], folded); at++ {
		some = append(some, names[at])
	}
	slices.SortStableFunc(some, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	for _, name := range some {
		if code := t.byName[name]; !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
		if len(codes) == limit {
			break
		}
	}
	return codes
}

// maxKindWords is how many words say at most what kind of place a name is of.
const maxKindWords = 2

// withoutKind takes the words off a name that only say that it is a town: "Kota Roma", "Rome city",
// "罗马市".
func (w *addressWords) withoutKind(text string) (name string, ok bool) {
	words := strings.Fields(text)
	for n := 1; n <= maxKindWords && n < len(words); n++ {
		front, end := words[:n], words[len(words)-n:]
		if w.before[Fold(strings.Join(front, " "))] {
			return strings.Join(words[n:], " "), true
		}
		if w.behind[Fold(strings.Join(end, " "))] {
			return strings.Join(words[:len(words)-n], " "), true
		}
	}
	for kind := range w.joined {
		if name, ok = strings.CutSuffix(text, kind); ok {
			return name, true
		}
	}
	return "", false
}
