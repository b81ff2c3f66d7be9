package opendataday

import (
	"math"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/microgalleries/actionday/events"
)

// land is a country of the tests' atlas: a box with one zone.
type land struct {
	code, names, zone        string // names parted by commas, in lower case
	south, west, north, east float64
	lat, lon                 float64 // its point
}

// testAtlas knows five boxes and the sea. Sealand has no pin, no zone and no point.
type testAtlas struct{}

func lands() []land {
	return []land{
		{"NP", "nepal,नेपाल,népal", "Asia/Kathmandu", 26, 80, 31, 88, 27.7, 85.3},
		{"UY", "uruguay", "America/Montevideo", -35, -59, -30, -53, -34.9, -56.2},
		{"JP", "japan,日本,japón", "Asia/Tokyo", 30, 129, 46, 146, 35.7, 139.7},
		{"GB", "united kingdom,royaume-uni,uk", "Europe/London", 50, -8, 59, 2, 51.5, -0.1},
		{"CN", "china,中国", "Asia/Shanghai", 31.01, 74, 45, 122, 39.9, 116.4},
		{code: "XS", names: "sealand", south: 1, north: -1},
	}
}

func landAt(lat, lon float64) (land, bool) {
	for _, l := range lands() {
		if l.south <= lat && lat <= l.north && l.west <= lon && lon <= l.east {
			return l, true
		}
	}
	return land{}, false
}

func (testAtlas) ZoneAt(lat, lon float64) (string, bool) {
	l, ok := landAt(lat, lon)
	if !ok || lon > 145 { // off the coast of Japan
		return "Etc/GMT-10", false
	}
	return l.zone, true
}

func (testAtlas) CountryAt(lat, lon float64) (string, bool) {
	l, ok := landAt(lat, lon)
	return l.code, ok
}

func (testAtlas) CountryPoint(code string) (lat, lon float64, ok bool) {
	for _, l := range lands() {
		if l.code == code && l.zone != "" {
			return l.lat, l.lon, true
		}
	}
	return 0, 0, false
}

func (testAtlas) CountryByName(text string) (string, bool) {
	for _, l := range lands() {
		for name := range strings.SplitSeq(l.names, ",") {
			if name == strings.ToLower(strings.TrimSpace(text)) {
				return l.code, true
			}
		}
	}
	return "", false
}

func (a testAtlas) CountryInText(text string) (string, bool) {
	parts := strings.Split(text, ",")
	return a.CountryByName(parts[len(parts)-1])
}

func (testAtlas) CountryOfTown(text string) (string, bool) {
	code, ok := map[string]string{"Montevideo": "UY", "Osaka": "JP"}[text]
	return code, ok
}

func (testAtlas) ZoneQuestioned(zone string, lon float64, at time.Time) bool {
	place, err := time.LoadLocation(zone)
	_, seconds := at.In(place).Zone()
	return err != nil || math.Abs(float64(seconds)/3600-lon/15) > 3
}

func testEdition() events.Edition {
	return events.Edition{
		Date:   events.LocalDate{Year: 2026, Month: time.December, Day: 12},
		Themes: []events.Theme{{Slug: ThemeOf(2024), Title: "2024"}},
	}
}

// pinned is a record with a pin.
func pinned(lat, lon float64) record { return record{Latitude: &lat, Longitude: &lon} }

// hasNote tells whether a note holds a text.
func hasNote(notes []string, text string) bool {
	return strings.Contains(strings.Join(notes, "\n"), text)
}

// samePoint compares a pin with the wanted one; NaN wants none.
func samePoint(t *testing.T, name string, lat, lon *float64, wantLat, wantLon float64) {
	t.Helper()
	switch {
	case lat == nil || lon == nil:
		if lat != lon || !math.IsNaN(wantLat) {
			t.Errorf("%s: pin %v, %v, want %v, %v", name, lat, lon, wantLat, wantLon)
		}
	case math.IsNaN(wantLat) || math.Abs(*lat-wantLat)+math.Abs(*lon-wantLon) > 1e-6:
		t.Errorf("%s: pin %v, %v, want %v, %v", name, *lat, *lon, wantLat, wantLon)
	}
}
