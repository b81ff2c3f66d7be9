package pages

import (
	"strconv"
	"strings"
	"time"
)

// MapView is what the page "/" shows: the day's map, its numbers and a first page of its events as
// a list. The page is whole without a script; scripts take over from the same values, which stand
// in data attributes.
type MapView struct {
	Edition MapEdition
	// Now is the hub's clock. The page goes on counting from it, so that a clock that was set (for
	// a rehearsal) is seen everywhere.
	Now time.Time
	// Position is the log position that the numbers and rows include at least; the live stream goes
	// on after it. Empty to begin with whatever comes next.
	Position string
	Moment   *MapMoment   // nil for now; else the numbers are of this moment
	Counts   *MapCounts   // nil when the numbers cannot be had for the moment
	Filter   MapFilter    // the list's conditions, from the address
	Choices  []MapCountry // the countries to choose from
	Rows     []MapRow
	Finder   MapFinder // what the list can be asked for, and what it is asked for
	Next     string    // the address of the list's next page, "" on the last
	// Hours is how many events begin in each hour of the day's fifty, from OpensAt on. Nil leaves
	// the bars of the time line out.
	Hours []int64
	Wave  MapWave
}

// MapEdition is the day.
type MapEdition struct {
	ID, Slug, Title, Summary string
	Date                     time.Time // midnight UTC of the calendar date
	OpensAt, ClosesAt        time.Time // the date's first and last instant anywhere
	Rehearsal                bool      // whether everything on the page is only played
	Attribution              string    // who must be credited with the data, "" for nobody
	Licence                  string    // SPDX name of the data's licence
}

// MapCounts is the world's numbers. Confirmed stands apart from declared.
type MapCounts struct {
	AsOf                       time.Time
	AsOfSeq                    int64
	Events, Countries, Live    int64
	CheckIns, Cheers, Declared int64 // people on site, people online, head counts by hosts
	CheckInEvents, CheerEvents int64 // how many events each number comes from
	DeclaredEvents             int64
}

// People is how many were confirmed, on site or online.
func (c MapCounts) People() int64 { return c.CheckIns + c.Cheers }

// MapCountry is a country to choose.
type MapCountry struct {
	Code, Name string
	Events     int64
}

// MapRow is an event in the list, as its public place allows.
type MapRow struct {
	ID, Path, Title, Host string
	Language              string // BCP 47 of the title, "" when not told
	Way, Phase, Day       string // as in GraphQL
	Place                 string // town and country, as far as they are public
	StartsAt, EndsAt      time.Time
	ListedAt              time.Time
	Distance              string // "12 km", "" when nothing is near anything
	LocalTime             string // "10:00–12:00" by the clock of the place, "" when that is not public
	AllDay                bool
}

// HourList is Hours as a data attribute carries it.
func (v MapView) HourList() string {
	texts := make([]string, 0, len(v.Hours))
	for _, n := range v.Hours {
		texts = append(texts, strconv.FormatInt(n, 10))
	}
	return strings.Join(texts, ",")
}

// Instant is a time as data and datetime attributes carry it (RFC 3339, UTC).
func (MapView) Instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }
