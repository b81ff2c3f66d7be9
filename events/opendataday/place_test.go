package opendataday

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestPins(t *testing.T) {
	t.Parallel()
	none := math.NaN()
	cases := []struct {
		name             string
		country          string
		lat, lon         float64
		wantLat, wantLon float64
		note             string // "" wants none
	}{
		{"as it should be", "Nepal", 27.7, 85.3, 27.7, 85.3, ""},
		{"no country named", "", 27.7, 85.3, 27.7, 85.3, "country NP guessed from the pin"},
		{"swapped past the poles", "Japan", 139.7, 35.7, 35.7, 139.7, "139.7, 35.7 swapped"},
		{"swapped within the globe", "Nepal", 85.3, 27.7, 27.7, 85.3, "not in NP: latitude and longitude swapped"},
		{"turned once to the west", "Japan", 35.7, -220.3, 35.7, 139.7, "longitude -220.3 turned to 139.7"},
		{"turned once to the east", "Uruguay", -34.9, 303.8, -34.9, -56.2, "longitude 303.8 turned to -56.2"},
		{"at the end of the turn", "", 55, 360, 55, 0, "longitude 360 turned to 0"},
		{"turned twice", "Japan", 35.7, 859.7, none, none, "is not on earth"},
		{"south forgotten", "Uruguay", 34.9, -56.2, -34.9, -56.2, "other side of the equator"},
		{"west forgotten", "Uruguay", -34.9, 56.2, -34.9, -56.2, "other side of Greenwich"},
		{"both forgotten is too much", "Uruguay", 34.9, 56.2, none, none, "not in UY: not used"},
		{"an ocean away", "United Kingdom", 55, -50, none, none, "not in GB: not used"},
		{"in another country than named", "Nepal", 35.7, 139.7, none, none, "not in NP: not used"},
		{"at sea", "Nepal", 0, 80, none, none, "not in NP: not used"},
		{"a little beyond the border", "Nepal", 31.011, 84, 31.011, 84, ""},
		{"well beyond the border", "Nepal", 31.2, 84, none, none, "not in NP: not used"},
		{"off the earth", "Nepal", 888, 888, none, none, "the pin 888, 888 is not on earth"},
		{"far off the earth", "Nepal", 2.6e7, 1e300, none, none, "is not on earth"},
		{"where nobody meant", "Nepal", 0, 0, none, none, "0, 0, which nobody meant"},
	}
	for _, c := range cases {
		r := pinned(c.lat, c.lon)
		r.Country = c.country
		got, notes, err := locate(r, testAtlas{}, testEdition().OpensAt())
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		samePoint(t, c.name, got.latitude, got.longitude, c.wantLat, c.wantLon)
		if c.note == "" && len(notes) > 0 || !hasNote(notes, c.note) {
			t.Errorf("%s: notes %q, want %q", c.name, notes, c.note)
		}
	}
}

// Two slips explain a pin only where the country is on both: here they would, so nothing is done.
func TestPinThatTwoSlipsExplainIsDropped(t *testing.T) {
	t.Parallel()
	atlas := everywhere{testAtlas{}, "NP"}
	got, notes, err := locate(record{Country: "Nepal", Latitude: new(1.0), Longitude: new(2.0)}, atlas, time.Time{})
	if err != nil || got.latitude != nil || !hasNote(notes, "not used") {
		t.Errorf("spot %+v, notes %q, %v", got, notes, err)
	}
}

// everywhere is an atlas on which a country is everywhere but in the northeast.
type everywhere struct {
	testAtlas
	code string
}

func (e everywhere) CountryAt(lat, lon float64) (string, bool) {
	if lat > 0 && lon > 0 && lat < lon {
		return "JP", true
	}
	return e.code, true
}

func TestHalfAPinIsNone(t *testing.T) {
	t.Parallel()
	for _, r := range []record{{}, {Latitude: new(27.7)}, {Longitude: new(85.3)}} {
		r.Country = "Nepal"
		got, notes, err := locate(r, testAtlas{}, time.Time{})
		if err != nil || got.latitude != nil || got.longitude != nil || !hasNote(notes, "no pin") {
			t.Errorf("spot %+v, notes %q, %v", got, notes, err)
		}
	}
}

func TestCountries(t *testing.T) {
	t.Parallel()
	atKathmandu, atSea := pinned(27.7, 85.3), pinned(10, -30)
	cases := []struct {
		name                  string
		pin                   record
		country, place, title string
		want                  string // "" is refused
		guessed               bool
	}{
		{"typed", atSea, "Nepal", "", "", "NP", false},
		{"typed with spaces in small letters", atSea, " nepal ", "", "", "NP", false},
		{"typed in Nepali", atSea, "नेपाल", "", "", "NP", false},
		{"typed in Japanese", atSea, "日本", "", "", "JP", false},
		{"typed in Spanish", atSea, "Japón", "", "", "JP", false},
		{"typed in French", atSea, "Royaume-Uni", "", "", "GB", false},
		{"typed with more before it", atSea, "London, UK", "", "", "GB", false},
		{"in the place", atSea, "", "Pokhara, Nepal", "", "NP", false},
		{"typed beats the place", atSea, "Japan", "Pokhara, Nepal", "", "JP", false},
		{"the place beats the pin", atKathmandu, "", "Osaka, Japan", "", "JP", false},
		{"from the pin", atKathmandu, "", "Thamel", "Maps, Japan", "NP", true},
		{"from the pin, as what was typed is none", atKathmandu, "Atlantis", "", "", "NP", true},
		{"from the title", atSea, "", "online", "Open maps, Japan", "JP", true},
		{"from the town", atSea, "", "Montevideo", "Open maps", "UY", true},
		{"the title beats the town", atSea, "", "Montevideo", "Maps, Japan", "JP", true},
		{"without a pin", record{}, "", "Osaka", "", "JP", true},
		{"from nothing", atSea, "", "online", "Open maps", "", false},
		{"from nothing at all", record{}, "", "", "", "", false},
	}
	for _, c := range cases {
		r := c.pin
		r.Country, r.Place, r.Title = c.country, c.place, c.title
		got, notes, err := locate(r, testAtlas{}, testEdition().OpensAt())
		if got.country != c.want || got.guessed != c.guessed || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q, guessed %v, %v; want %q, %v", c.name, got.country, got.guessed, err, c.want, c.guessed)
		}
		if c.guessed != hasNote(notes, "country "+c.want+" guessed from the ") {
			t.Errorf("%s: notes %q", c.name, notes)
		}
		if err != nil && !strings.Contains(err.Error(), pinText(r)) {
			t.Errorf("%s: %v does not say the pin", c.name, err)
		}
	}
}

func TestZones(t *testing.T) {
	t.Parallel()
	inNepal, inLondon := pinned(27.7, 85.3), pinned(51.5, -0.1)
	cases := []struct {
		name    string
		pin     record
		country string
		typed   string
		zone    string
		note    string // "" wants none about the zone
	}{
		{"of the pin", inNepal, "Nepal", "", "Asia/Kathmandu", ""},
		{"of the country", record{}, "Nepal", "", "Asia/Kathmandu", "zone Asia/Kathmandu taken from the country"},
		{"of the country, off its coast", pinned(36, 145.5), "Japan", "", "Asia/Tokyo", "zone Asia/Tokyo taken from the country"},
		{"typed and fits", inNepal, "Nepal", "NPT", "Asia/Kathmandu", ""},
		{"typed small and fits", inNepal, "Nepal", " npt ", "Asia/Kathmandu", ""},
		{"typed for winter, when the day is", inLondon, "UK", "GMT", "Europe/London", ""},
		{"typed for summer", inLondon, "UK", "BST", "Europe/London", ""},
		{"typed does not fit", inLondon, "UK", "JST", "Europe/London", `time zone "JST" does not fit the place; Europe/London is used`},
		{"typed has many meanings", pinned(39.9, 116.4), "China", "CST", "Asia/Shanghai", ""},
		{"typed is unknown", inNepal, "Nepal", "XYZ", "Asia/Kathmandu", `time zone "XYZ" is not known; Asia/Kathmandu is used`},
		{"clock and sun differ", pinned(39, 74.5), "China", "", "Asia/Shanghai", "zone Asia/Shanghai is unusual at this longitude"},
	}
	for _, c := range cases {
		r := c.pin
		r.Country, r.Timezone = c.country, c.typed
		got, notes, err := locate(r, testAtlas{}, testEdition().OpensAt())
		if err != nil || got.zone != c.zone || !hasNote(notes, c.note) || c.note == "" && hasNote(notes, "zone") {
			t.Errorf("%s: zone %q, notes %q, %v", c.name, got.zone, notes, err)
		}
	}
}

func TestNoZoneIsRefused(t *testing.T) {
	t.Parallel()
	_, _, err := locate(record{Country: "Sealand"}, testAtlas{}, time.Time{})
	if err == nil || !strings.Contains(err.Error(), "no time zone is known for the place or for the country XS") {
		t.Errorf("err = %v", err)
	}
}

func TestAbbreviationsAreOffsetsInUse(t *testing.T) {
	t.Parallel()
	for name, offsets := range abbreviations() {
		if name != strings.ToUpper(name) || len(offsets) == 0 {
			t.Errorf("abbreviation %q has %v", name, offsets)
		}
		for _, hours := range offsets {
			if hours < -12 || hours > 14 || math.Mod(hours, 0.25) != 0 {
				t.Errorf("%s is %v hours east", name, hours)
			}
		}
	}
}
