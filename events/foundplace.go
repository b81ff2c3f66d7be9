package events

// FoundPlace is a town or a country that a search for places finds: where a map goes to.
type FoundPlace struct {
	Kind      FoundPlaceKind
	Name      string // the town's, as it was searched for; the country's in its language
	Country   string // ISO 3166-1 alpha-2
	Latitude  float64
	Longitude float64
	Box       Box  // what to show of the map
	Exact     bool // whether the searched text is its whole name, and not only a beginning
}

// FoundPlaceKind is a town or a country.
type FoundPlaceKind string

// The kinds of places to be found.
const (
	TownPlace    FoundPlaceKind = "TOWN"
	CountryPlace FoundPlaceKind = "COUNTRY"
)
