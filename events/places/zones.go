package places

import (
	_ "embed"
	"math"
	"slices"
	"strings"
	"time"
)

// OddHours is how many hours the clock of a place may differ from the sun's before its zone is
// questioned. The widest real difference is about three hours, in the west of China.
const OddHours = 3.5

//go:embed data/zones.txt
var zonesFile string

// zoneTable holds the zones of places: each with its country, and the older names of each.
type zoneTable struct {
	names   []string
	country map[string]string
	today   map[string]string // any name to the one of today's zone data
}

func loadZones() *zoneTable {
	t := &zoneTable{country: map[string]string{}, today: map[string]string{}}
	for line := range strings.Lines(zonesFile) {
		fields := strings.Fields(line)
		name := fields[0]
		t.names = append(t.names, name)
		t.country[name] = fields[1]
		t.today[name] = name
		for _, other := range fields[2:] {
			t.today[other] = name
		}
	}
	slices.Sort(t.names)
	return t
}

// Zones lists the IANA names of all zones of places, in alphabetical order. Zones of the sea,
// fixed offsets and older names are not among them; Zone understands the older names.
func (a *Atlas) Zones() []string { return slices.Clone(a.zones().names) }

// Zone gives today's name for a zone known by any of its names, as browsers still send
// "Asia/Calcutta" and "Europe/Kiev". Fixed offsets and zones of no place are not ok.
func (a *Atlas) Zone(name string) (today string, ok bool) {
	today, ok = a.zones().today[name]
	return today, ok
}

// ZoneAt proposes the IANA zone of a point, a name that time.LoadLocation knows. Coastal waters
// belong to their coast. On the high sea ok is false and zone is the nautical one, as "Etc/GMT+3";
// it is empty for what is no point on the globe.
func (a *Atlas) ZoneAt(lat, lon float64) (zone string, ok bool) {
	if !onGlobe(lat, lon) {
		return "", false
	}
	zone = a.borders().at(lat, lon)
	if today, known := a.Zone(zone); known {
		return today, true
	}
	return zone, false
}

// ZoneQuestioned tells whether the clock of zone at a moment is more than OddHours away from the
// sun over a longitude, which mostly means a swapped pin or a wrong choice. The date line does not
// matter: UTC+14 and UTC-10 are the same sun. A zone that cannot be loaded is questioned, and so
// is a longitude out of range.
func (a *Atlas) ZoneQuestioned(zone string, lon float64, at time.Time) bool {
	place, err := time.LoadLocation(zone)
	if err != nil || zone == "" || !onGlobe(0, lon) {
		return true
	}
	_, seconds := at.In(place).Zone()
	apart := math.Abs(math.Remainder(float64(seconds)/3600-lon/15, 24))
	return apart > OddHours
}
