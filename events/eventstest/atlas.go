package eventstest

import (
	"slices"

	"github.com/microgalleries/actionday/events"
)

// How far the places of the small atlas reach, in kilometers.
const (
	townReachKm    = 30
	countryReachKm = 400
)

// Town is a place that the small atlas knows.
type Town struct {
	Name, Country, Zone string
	Latitude, Longitude float64
}

// Towns lists what the small atlas knows, one town a country, chosen for odd offsets, both sides
// of the antimeridian and all continents.
func Towns() []Town {
	return []Town{
		{"Kathmandu", "NP", "Asia/Kathmandu", 27.7172, 85.3240},
		{"Nairobi", "KE", "Africa/Nairobi", -1.2864, 36.8172},
		{"Gaza", "PS", "Asia/Gaza", 31.5017, 34.4668},
		{"Manila", "PH", "Asia/Manila", 14.5995, 120.9842},
		{"Sydney", "AU", "Australia/Sydney", -33.8688, 151.2093},
		{"Berlin", "DE", "Europe/Berlin", 52.5200, 13.4050},
		{"São Paulo", "BR", "America/Sao_Paulo", -23.5505, -46.6333},
		{"New York", "US", "America/New_York", 40.7128, -74.0060},
		{"Tehran", "IR", "Asia/Tehran", 35.6892, 51.3890},
		{"Suva", "FJ", "Pacific/Fiji", -18.1416, 178.4419},
		{"Apia", "WS", "Pacific/Apia", -13.8333, -171.7667},
		{"South Tarawa", "KI", "Pacific/Kiritimati", 1.8721, -157.4278},
		{"Waitangi", "NZ", "Pacific/Chatham", -43.9535, -176.5597},
		{"St. John's", "CA", "America/St_Johns", 47.5615, -52.7126},
	}
}

// Atlas knows the few towns of Towns, and that everything near one belongs to its country and
// zone. The zero Atlas is ready.
type Atlas struct{}

var _ events.Atlas = Atlas{}

// ZoneAt is the zone of the nearest town within 400 km.
func (Atlas) ZoneAt(latitude, longitude float64) (string, bool) {
	town, ok := nearest(latitude, longitude, countryReachKm)
	return town.Zone, ok
}

// CountryAt is the country of the nearest town within 400 km.
func (Atlas) CountryAt(latitude, longitude float64) (string, bool) {
	town, ok := nearest(latitude, longitude, countryReachKm)
	return town.Country, ok
}

// CountryPoint is a point one degree north and east of the country's only town.
func (Atlas) CountryPoint(country string) (latitude, longitude float64, ok bool) {
	i := indexOf(country)
	if i < 0 {
		return 0, 0, false
	}
	return Towns()[i].Latitude + 1, Towns()[i].Longitude + 1, true
}

// TownPoint is the nearest town within 30 km.
func (Atlas) TownPoint(latitude, longitude float64) (townLatitude, townLongitude float64, ok bool) {
	town, ok := nearest(latitude, longitude, townReachKm)
	return town.Latitude, town.Longitude, ok
}

// IsCountry tells whether the atlas has a town in the country.
func (Atlas) IsCountry(code string) bool { return indexOf(code) >= 0 }

func indexOf(country string) int {
	return slices.IndexFunc(Towns(), func(t Town) bool { return t.Country == country })
}

func nearest(latitude, longitude, withinKm float64) (found Town, ok bool) {
	for _, town := range Towns() {
		km := events.DistanceKm(latitude, longitude, town.Latitude, town.Longitude)
		if km <= withinKm {
			found, withinKm, ok = town, km, true
		}
	}
	return found, ok
}
