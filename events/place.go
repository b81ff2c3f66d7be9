package events

import (
	"math"
	"time"
)

// Precision is how exactly the public may know where an event is. The host chooses it, for the
// safety of those who come.
type Precision string

// The precisions, from the finest to none.
const (
	ExactPrecision   Precision = "EXACT"   // the point as given
	AreaPrecision    Precision = "AREA"    // the middle of a cell of about one kilometer
	CityPrecision    Precision = "CITY"    // the town
	CountryPrecision Precision = "COUNTRY" // one point for the whole country
	HiddenPrecision  Precision = "HIDDEN"  // counted, never placed: no point, town, country or hour
)

// Place is the public side of where an event is, already coarsened to its precision.
type Place struct {
	Precision Precision `json:"precision"`
	Latitude  *float64  `json:"latitude,omitempty"`  // WGS 84 degrees, nil when not mapped
	Longitude *float64  `json:"longitude,omitempty"` // WGS 84 degrees, nil when not mapped
	Locality  string    `json:"locality,omitempty"`
	Country   string    `json:"country,omitempty"` // ISO 3166-1 alpha-2
}

// IsMapped tells whether the place has a point.
func (p Place) IsMapped() bool { return p.Latitude != nil && p.Longitude != nil }

// IsSomewhere tells whether the place's point is about where it is. The one point of a whole country
// is not: it would be in, or near, the town that happens to be there.
func (p Place) IsSomewhere() bool {
	return p.IsMapped() && p.Precision != CountryPrecision && p.Precision != HiddenPrecision
}

// Schedule is the public side of when an event is. Zone is "" where the zone would tell more
// about the place than its precision allows; Offset still gives the local hour for COUNTRY.
type Schedule struct {
	StartsAt time.Time `json:"startsAt"`
	EndsAt   time.Time `json:"endsAt"`
	AllDay   bool      `json:"allDay,omitempty"`
	Zone     string    `json:"zone,omitempty"`   // IANA name
	Offset   int       `json:"offset,omitempty"` // seconds east of UTC at StartsAt
}

// Whereabouts is the private truth about where and when an event takes place. It is stored apart
// from the event and read only for its host and for stewards.
type Whereabouts struct {
	Precision Precision
	Latitude  *float64 // WGS 84 degrees; nil for an event without a pin
	Longitude *float64
	Address   string
	Locality  string
	Country   string // ISO 3166-1 alpha-2
	// CountryGuessed says that the country was proposed from the pin and not given by the host.
	CountryGuessed bool
	Zone           string    // IANA name
	Start, End     LocalTime // local wall times; End before Start means the next morning
	AllDay         bool
}

// Atlas knows the earth: what a pin lies in and where a country is. Implementations answer from
// memory and never fail.
type Atlas interface {
	// ZoneAt proposes the IANA time zone of a point on land.
	ZoneAt(latitude, longitude float64) (zone string, ok bool)
	// CountryAt guesses the country of a point; a guess must be flagged as one.
	CountryAt(latitude, longitude float64) (country string, ok bool)
	// CountryPoint is one fixed point for a whole country.
	CountryPoint(country string) (latitude, longitude float64, ok bool)
	// TownPoint is the fixed point of the town nearest to a point, if one is near.
	TownPoint(latitude, longitude float64) (townLatitude, townLongitude float64, ok bool)
	// IsCountry tells whether code is an ISO 3166-1 alpha-2 code in use.
	IsCountry(code string) bool
}

const (
	areaCellDegrees = 0.01 // about 1.1 km from north to south
	cityCellDegrees = 0.1  // about 11 km, where no town is near
	exactStep       = 0.000001
)

// Public is the one place where the private whereabouts become what others may see: the place
// coarsened to its precision and the schedule on the edition's date. It always gives the same
// answer for the same input, so that repeated looks cannot be averaged into the exact point.
// Problems name wall times that a clock change skipped or doubled.
func (w Whereabouts) Public(date LocalDate, atlas Atlas) (Place, Schedule, error) {
	zone, err := LoadZone(w.Zone)
	if err != nil {
		return Place{}, Schedule{}, err
	}
	return w.place(atlas), w.schedule(date, zone), nil
}

func (w Whereabouts) place(atlas Atlas) Place {
	place := Place{Precision: w.Precision}
	switch w.Precision {
	case ExactPrecision, AreaPrecision, CityPrecision:
		place.Locality, place.Country = w.Locality, w.Country
	case CountryPrecision:
		place.Country = w.Country
	}
	if lat, lon, ok := w.point(atlas); ok {
		place.Latitude, place.Longitude = &lat, &lon
	}
	return place
}

func (w Whereabouts) point(atlas Atlas) (lat, lon float64, ok bool) {
	switch w.Precision {
	case CountryPrecision:
		return atlas.CountryPoint(w.Country)
	case ExactPrecision, AreaPrecision, CityPrecision:
		if w.Latitude == nil || w.Longitude == nil {
			return 0, 0, false
		}
	default:
		return 0, 0, false
	}
	lat, lon = *w.Latitude, *w.Longitude
	switch w.Precision {
	case ExactPrecision:
		return snap(lat, exactStep), snap(lon, exactStep), true
	case CityPrecision:
		if townLat, townLon, near := atlas.TownPoint(lat, lon); near {
			return townLat, townLon, true
		}
		lat, lon = cellMiddle(lat, lon, cityCellDegrees)
		return lat, lon, true
	}
	lat, lon = cellMiddle(lat, lon, areaCellDegrees)
	return lat, lon, true
}

// cellMiddle is the middle of the grid cell that holds a point. Rows are cell degrees high; each row
// is divided into as many equal cells as keeps them about as wide as they are high, so that a cell
// hides as much in the far north as at the equator.
func cellMiddle(lat, lon, cell float64) (float64, float64) {
	rows := math.Round(180 / cell)
	row := min(math.Floor((lat+90)/cell), rows-1)
	middle := -90 + (row+0.5)*cell
	columns := max(1, math.Floor(360*math.Cos(middle*math.Pi/180)/cell))
	column := min(math.Floor((lon+180)/360*columns), columns-1)
	return snap(middle, exactStep), snap(-180+(column+0.5)*360/columns, exactStep)
}

func snap(degrees, step float64) float64 {
	perDegree := math.Round(1 / step)
	return math.Round(degrees*perDegree) / perDegree
}

func (w Whereabouts) schedule(date LocalDate, zone *time.Location) Schedule {
	if w.Precision == HiddenPrecision {
		opens, closes := date.Window()
		return Schedule{StartsAt: opens, EndsAt: closes, AllDay: true}
	}
	starts, ends := w.instants(date, zone)
	_, offset := starts.In(zone).Zone()
	schedule := Schedule{StartsAt: starts, EndsAt: ends, AllDay: w.AllDay, Zone: w.Zone, Offset: offset}
	if w.Precision == CountryPrecision {
		schedule.Zone = ""
	}
	return schedule
}

func (w Whereabouts) instants(date LocalDate, zone *time.Location) (starts, ends time.Time) {
	dayStarts, dayEnds := date.In(zone)
	if w.AllDay {
		return dayStarts, dayEnds
	}
	starts, _ = Resolve(date, w.Start, zone)
	endDate := date
	if w.End <= w.Start {
		endDate = date.AddDays(1)
	}
	ends, _ = Resolve(endDate, w.End, zone)
	if !ends.After(starts) { // both ends inside one clock change
		ends = starts.Add(time.Hour)
	}
	return starts, ends
}

// LoadZone loads an IANA time zone. Names that depend on the machine ("Local", "") are refused
// with a Problem.
func LoadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, problem(Required, "place.zone", "Please choose the time zone of the place.")
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, problem(Invalid, "place.zone", "%.60q is not a time zone name such as Asia/Kathmandu.", name)
	}
	return zone, nil
}
