package events

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"strings"
	"time"
)

// The limits of a page.
const (
	DefaultPage = 20
	MaxPage     = 100
	// MaxSearchText is how many characters of a search text are taken.
	MaxSearchText = 200
)

// Filter chooses events; its conditions add up. The zero Filter is every listed event.
type Filter struct {
	EditionID    ID
	Countries    []string // ISO 3166-1 alpha-2, at most 50
	Phases       []Phase
	Ways         []Way
	Themes       []string
	Languages    []string     // BCP 47 tags; "pt" finds "pt-BR", too
	Access       []AccessFact // all of them, because who needs two things needs both
	Text         string       // words to be found in title, summary, locality, host name or story
	Box          *Box
	Near         *Near
	UpdatedSince time.Time
	HostID       ID
}

// Box is a bounding box in WGS 84 degrees. West greater than East crosses the antimeridian.
type Box struct {
	West, South, East, North float64
}

// Near asks for events within a distance of a point, by their public places.
type Near struct {
	Latitude, Longitude float64
	WithinKm            float64 // more than 0, at most 20,100 (half the earth's girth)
}

// Order is how found events are sorted. Every order ends with the ID, so that pages never skip.
type Order string

// The orders. BY_DISTANCE needs Filter.Near.
const (
	ByStart    Order = "STARTS_AT" // soonest first
	ByListed   Order = "LISTED_AT" // newest listing first
	ByUpdated  Order = "UPDATED_AT"
	ByDistance Order = "DISTANCE" // nearest first, by public places
	ByDue      Order = "DUE"      // the stewards' queue: least time left first
)

// Query is one page of found events.
type Query struct {
	Filter Filter
	// Reviews are the review states wanted; empty means LISTED only. Services set it, never the public.
	Reviews []ReviewState
	Order   Order // "" is ByStart
	First   int   // 1 to MaxPage, 0 is DefaultPage
	After   string
}

// EventPage is a page of events and how to get the next.
type EventPage struct {
	Events  []Event
	Cursors []string // one per event
	HasNext bool
}

// Check completes the defaults and refuses what is out of bounds.
func (q Query) Check() (Query, error) {
	if q.Order == "" {
		q.Order = ByStart
	}
	if q.First == 0 {
		q.First = DefaultPage
	}
	var ps Problems
	if q.First < 1 || q.First > MaxPage {
		ps = append(ps, problem(OutOfRange, "first", "A page has 1 to %d items.", MaxPage))
	}
	if q.Order == ByDistance && q.Filter.Near == nil {
		ps = append(ps, problem(Required, "filter.near", "To sort by distance, say near what."))
	}
	ps = append(ps, q.Filter.check()...)
	return q, ps.orNil()
}

func (f Filter) check() (ps Problems) {
	if len([]rune(f.Text)) > MaxSearchText {
		ps = append(ps, problem(TooLong, "filter.text", "Please search for at most %d characters.", MaxSearchText))
	}
	if strings.ContainsRune(f.Text, 0) {
		ps = append(ps, problem(Invalid, "filter.text", "The search text holds a character that cannot be searched."))
	}
	if len(f.Countries) > 50 || len(f.Themes) > 50 {
		ps = append(ps, problem(TooLong, "filter", "At most 50 countries and 50 themes can be asked for at once."))
	}
	if len(f.Languages) > MaxItems || len(f.Access) > MaxItems {
		ps = append(ps, problem(TooLong, "filter", "At most %d languages and %d facts can be asked for at once.", MaxItems, MaxItems))
	}
	for _, language := range f.Languages {
		if !isLanguageTag(language) {
			ps = append(ps, problem(Invalid, "filter.languages", "A language is told by its tag, such as pt or pt-BR."))
			break
		}
	}
	if b := f.Box; b != nil && (!isLatitude(b.South) || !isLatitude(b.North) || b.South > b.North ||
		!isLongitude(b.West) || !isLongitude(b.East)) {
		ps = append(ps, problem(OutOfRange, "filter.box",
			"A box needs south <= north from -90 to 90 and west, east from -180 to 180 degrees."))
	}
	if n := f.Near; n != nil {
		if !isLatitude(n.Latitude) || !isLongitude(n.Longitude) {
			ps = append(ps, problem(OutOfRange, "filter.near",
				"Latitude is -90 to 90 and longitude -180 to 180 degrees."))
		}
		if !(n.WithinKm > 0 && n.WithinKm <= 20100) {
			ps = append(ps, problem(OutOfRange, "filter.near.withinKm",
				"The distance must be more than 0 and at most 20,100 km."))
		}
	}
	return ps
}

func isLatitude(d float64) bool  { return d >= -90 && d <= 90 }
func isLongitude(d float64) bool { return d >= -180 && d <= 180 }

// EarthRadiusKm is the mean radius of the earth (IUGG), which all distances use.
const EarthRadiusKm = 6371.0088

// DistanceKm is the great-circle distance between two points in WGS 84 degrees, by the haversine
// formula.
func DistanceKm(lat1, lon1, lat2, lon2 float64) float64 {
	rad := math.Pi / 180
	dLat, dLon := (lat2-lat1)*rad/2, (lon2-lon1)*rad/2
	h := math.Sin(dLat)*math.Sin(dLat) +
		math.Cos(lat1*rad)*math.Cos(lat2*rad)*math.Sin(dLon)*math.Sin(dLon)
	return 2 * EarthRadiusKm * math.Asin(math.Min(1, math.Sqrt(h)))
}

// Contains tells whether a point lies in the box, borders included.
func (b Box) Contains(latitude, longitude float64) bool {
	if latitude < b.South || latitude > b.North {
		return false
	}
	if b.West <= b.East {
		return longitude >= b.West && longitude <= b.East
	}
	return longitude >= b.West || longitude <= b.East
}

// cursorVersion changes when the content of cursors does; older cursors are then refused.
const cursorVersion = 1

// Cursor is where a page ended: the order's key of the last event and its ID. Clients see it as
// opaque text.
type Cursor struct {
	Version int       `json:"v"`
	Order   Order     `json:"o"`
	At      time.Time `json:"t,omitzero"`
	Km      float64   `json:"k,omitempty"`
	ID      ID        `json:"i"`
}

// NewCursor makes the cursor of an event under an order.
func NewCursor(order Order, e Event, km float64) Cursor {
	c := Cursor{Version: cursorVersion, Order: order, ID: e.ID, Km: km}
	switch order {
	case ByStart, ByDue:
		c.At = e.Schedule.StartsAt
	case ByListed:
		c.At = e.ListedAt
	case ByUpdated:
		c.At = e.UpdatedAt
	}
	return c
}

// Text is the opaque form.
func (c Cursor) Text() string {
	raw, err := json.Marshal(c)
	if err != nil { // plain values: cannot fail
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// ParseCursor reads the opaque form; a cursor of another order or version is a Problem.
func ParseCursor(text string, order Order) (Cursor, error) {
	var c Cursor
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil || c.Version != cursorVersion || c.Order != order || c.ID.IsZero() {
		return Cursor{}, problem(Invalid, "after", "This cursor does not belong to this list: start again without it.")
	}
	return c, nil
}
