package opendataday

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/microgalleries/actionday/events"
)

// Atlas is what the reader must know about the earth.
type Atlas interface {
	ZoneAt(latitude, longitude float64) (zone string, ok bool)
	CountryAt(latitude, longitude float64) (country string, ok bool)
	CountryPoint(country string) (latitude, longitude float64, ok bool)
	CountryByName(text string) (country string, ok bool)
	CountryInText(text string) (country string, ok bool)
	CountryOfTown(text string) (country string, ok bool)
	ZoneQuestioned(zone string, longitude float64, at time.Time) bool
}

// spot is where an event is, as far as its line can tell.
type spot struct {
	latitude, longitude *float64 // nil when the pin cannot be believed
	country             string
	guessed             bool // nobody named the country
	zone                string
}

// locate finds country, pin and zone, and says what had to be repaired. It fails when nothing tells
// the country.
func locate(r record, atlas Atlas, on time.Time) (s spot, notes []string, err error) {
	s.latitude, s.longitude, notes = pin(r)
	var from string
	s.country, from = country(r, s, atlas)
	s.guessed = from != ""
	switch {
	case s.country == "":
		return s, notes, fmt.Errorf("no country: %q and %.80q name none, and the pin %s lies in none",
			r.Country, r.Place, pinText(r))
	case s.guessed:
		notes = append(notes, fmt.Sprintf("country %s guessed from the %s", s.country, from))
	}
	notes = append(notes, s.mend(r, atlas)...)
	zoneNotes, err := s.findZone(r, atlas, on)
	return s, append(notes, zoneNotes...), err
}

// pin believes a point on the map, and repairs two common slips: latitude and longitude swapped,
// and a longitude from a map that was turned round the globe more than once.
func pin(r record) (latitude, longitude *float64, notes []string) {
	if r.Latitude == nil || r.Longitude == nil {
		return nil, nil, []string{"no pin"}
	}
	lat, lon := *r.Latitude, *r.Longitude
	switch {
	case lat == 0 && lon == 0:
		return nil, nil, []string{"the pin is 0, 0, which nobody meant"}
	case math.Abs(lat) <= 90 && math.Abs(lon) <= 180:
		return &lat, &lon, nil
	case math.Abs(lat) <= 90 && math.Abs(lon) <= 540:
		turned := math.Mod(lon+540, 360) - 180
		if turned < -180 {
			turned += 360
		}
		return &lat, &turned, []string{fmt.Sprintf("longitude %g turned to %.6f", lon, turned)}
	case math.Abs(lat) <= 180 && math.Abs(lon) <= 90:
		return &lon, &lat, []string{fmt.Sprintf("latitude and longitude %g, %g swapped", lat, lon)}
	}
	return nil, nil, []string{fmt.Sprintf("the pin %s is not on earth", pinText(r))}
}

func pinText(r record) string {
	if r.Latitude == nil || r.Longitude == nil {
		return "(none)"
	}
	return fmt.Sprintf("%.6g, %.6g", *r.Latitude, *r.Longitude)
}

// country believes the typed country, then one at the end of the typed place. What else may tell
// it is a guess: the pin, a country at the end of the title, a large town in the place.
func country(r record, s spot, atlas Atlas) (code, guessedFrom string) {
	if code, ok := atlas.CountryByName(r.Country); ok {
		return code, ""
	}
	if code, ok := atlas.CountryInText(r.Country); ok {
		return code, ""
	}
	if code, ok := atlas.CountryInText(r.Place); ok {
		return code, ""
	}
	if s.latitude != nil {
		if code, ok := atlas.CountryAt(*s.latitude, *s.longitude); ok {
			return code, "pin"
		}
	}
	if code, ok := atlas.CountryInText(r.Title); ok {
		return code, "title"
	}
	if code, ok := atlas.CountryOfTown(r.Place); ok {
		return code, "town"
	}
	return "", ""
}

// nearBorder is how far outside its country a pin may lie, in degrees of about 2 km: borders are
// drawn that roughly.
const nearBorder = 0.02

// mend drops a pin outside the country unless one of the common slips explains it, and only one:
// latitude and longitude swapped, or the sign of one forgotten.
func (s *spot) mend(r record, atlas Atlas) (notes []string) {
	if s.latitude == nil || s.isIn(atlas) {
		return nil
	}
	lat, lon := *s.latitude, *s.longitude
	s.latitude, s.longitude = nil, nil
	for _, slip := range []struct {
		what     string
		lat, lon float64
	}{
		{"latitude and longitude swapped", lon, lat},
		{"latitude turned to the other side of the equator", -lat, lon},
		{"longitude turned to the other side of Greenwich", lat, -lon},
	} {
		if code, ok := atlas.CountryAt(slip.lat, slip.lon); !ok || code != s.country {
			continue
		}
		if notes != nil { // two slips explain it, so none is known
			notes, s.latitude, s.longitude = nil, nil, nil
			break
		}
		notes = []string{fmt.Sprintf("the pin %s is not in %s: %s", pinText(r), s.country, slip.what)}
		s.latitude, s.longitude = &slip.lat, &slip.lon
	}
	if notes == nil {
		return []string{fmt.Sprintf("the pin %s is not in %s: not used", pinText(r), s.country)}
	}
	return notes
}

func (s *spot) isIn(atlas Atlas) bool {
	const d = nearBorder
	for _, by := range [][2]float64{{0, 0}, {0, d}, {0, -d}, {d, 0}, {-d, 0}} {
		code, ok := atlas.CountryAt(*s.latitude+by[0], *s.longitude+by[1])
		if ok && code == s.country {
			return true
		}
	}
	return false
}

// findZone takes the zone of the pin, or of the country's point where there is no pin, and holds
// the typed abbreviation against it.
func (s *spot) findZone(r record, atlas Atlas, on time.Time) (notes []string, err error) {
	if s.latitude != nil {
		if zone, ok := atlas.ZoneAt(*s.latitude, *s.longitude); ok { // else a zone of ships
			s.zone = zone
		}
	}
	if s.zone == "" {
		latitude, longitude, ok := atlas.CountryPoint(s.country)
		if ok {
			s.zone, ok = atlas.ZoneAt(latitude, longitude)
		}
		if !ok {
			return nil, fmt.Errorf("no time zone is known for the place or for the country %s", s.country)
		}
		notes = append(notes, fmt.Sprintf("zone %s taken from the country", s.zone))
	}
	if s.longitude != nil && atlas.ZoneQuestioned(s.zone, *s.longitude, on) {
		notes = append(notes, fmt.Sprintf("zone %s is unusual at this longitude", s.zone))
	}
	return append(notes, s.zoneTyped(r.Timezone, on)...), nil
}

// zoneTyped notes a typed abbreviation that does not fit the zone of the place. The place wins:
// CST alone is used on three continents.
func (s *spot) zoneTyped(typed string, on time.Time) []string {
	typed = strings.ToUpper(strings.TrimSpace(typed))
	zone, err := events.LoadZone(s.zone)
	if typed == "" || err != nil {
		return nil
	}
	offsets := abbreviations()[typed]
	for _, at := range []time.Time{on, on.AddDate(0, 6, 0)} { // standard or summer time
		_, seconds := at.In(zone).Zone()
		for _, hours := range offsets {
			if float64(seconds)/3600 == hours {
				return nil
			}
		}
	}
	if len(offsets) == 0 {
		return []string{fmt.Sprintf("time zone %q is not known; %s is used", typed, s.zone)}
	}
	return []string{fmt.Sprintf("time zone %q does not fit the place; %s is used", typed, s.zone)}
}

// abbreviations are the offsets in hours east of UTC that people mean by what they type. Several
// share a name; the list covers the abbreviations of the IANA data and those that hosts make up.
func abbreviations() map[string][]float64 {
	return map[string][]float64{
		"UTC": {0}, "GMT": {0}, "WET": {0}, "WEST": {1}, "CET": {1}, "CEST": {2}, "EET": {2}, "EEST": {3},
		"MSK": {3}, "TRT": {3}, "BST": {1, 6}, "IST": {5.5, 1, 2}, "WAT": {1}, "CAT": {2}, "EAT": {3}, "SAST": {2},
		"AFT": {4.5}, "PKT": {5}, "NPT": {5.75}, "ICT": {7}, "WIB": {7}, "HKT": {8}, "SGT": {8}, "PHT": {8},
		"AWST": {8}, "JST": {9}, "KST": {9}, "ACST": {9.5}, "AEST": {10}, "AEDT": {11}, "NZST": {12}, "NZDT": {13},
		"GST": {4}, "GET": {4}, "AST": {-4, 3}, "EST": {-5}, "EDT": {-4}, "CST": {-6, 8}, "CDT": {-5},
		"MST": {-7}, "MDT": {-6}, "PST": {-8, 8}, "PDT": {-7}, "BRT": {-3}, "ART": {-3}, "CLT": {-4}, "CLST": {-3},
		"COT": {-5}, "ECT": {-5}, "PET": {-5}, "VET": {-4}, "UYT": {-3}, "BOT": {-4}, "UST": {-8, -7, -6, -5},
	}
}
