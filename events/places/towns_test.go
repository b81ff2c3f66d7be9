package places_test

import (
	"math"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events/places"
	"pgregory.net/rapid"
)

func TestTowns(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	cases := []struct{ query, country, first string }{
		{"Nairobi", "", "Nairobi KE"},
		{"nairo", "", "Nairobi KE"},
		{"SÃO PAU", "", "São Paulo BR"},
		{"sao pau", "", "São Paulo BR"},
		{"Kathm", "NP", "Kathmandu NP"},
		{"Gaza", "", "Gaza PS"},
		{"paris", "", "Paris FR"},
		{"paris", "US", "Paris US"},
		{"london", "CA", "London CA"},
		{"  Bogota!", "", "Bogotá CO"},
		{"l", "NG", "Lagos NG"},
		{"lodz", "", "Łódź PL"},
	}
	for _, c := range cases {
		found := atlas.Towns(c.query, c.country, 3)
		if len(found) == 0 || found[0].Name+" "+found[0].Country != c.first {
			t.Errorf("Towns(%q, %q) = %+v, want %s first", c.query, c.country, found, c.first)
		}
	}
}

func TestTownsKnowsNairobi(t *testing.T) {
	t.Parallel()
	want := places.Town{
		Name: "Nairobi", Country: "KE", Latitude: -1.283, Longitude: 36.817, Population: 2750547,
	}
	if got := sharedAtlas().Towns("nairobi", "KE", 1); len(got) != 1 || got[0] != want {
		t.Errorf("Towns = %+v, want %+v", got, want)
	}
}

func TestTownsHoldsItsLimits(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	if got := atlas.Towns("a", "", 1_000_000); len(got) != places.MaxTowns {
		t.Errorf("%d towns, at most %d", len(got), places.MaxTowns)
	}
	nothing := []struct {
		query, country string
		limit          int
	}{
		{"", "", 5},
		{" .,", "", 5},
		{"Nairobi", "", 0},
		{"Nairobi", "", -1},
		{"Nairobi", "UG", 5},
		{"Nairobi", "kenya", 5},
		{"zzzzz", "", 5},
		{"\xff", "", 5},
		{strings.Repeat("a", 1<<20), "", 5},
		{strings.Repeat("é", 1<<19), "", 5},
	}
	for _, c := range nothing {
		if got := atlas.Towns(c.query, c.country, c.limit); len(got) != 0 {
			t.Errorf("Towns(%.20q, %q, %d) = %+v", c.query, c.country, c.limit, got)
		}
	}
}

func TestTownsAreOrderedAndFit(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	rapid.Check(t, func(t *rapid.T) {
		query := rapid.StringMatching(`[a-zéøß ]{1,4}`).Draw(t, "query")
		country := rapid.SampledFrom([]string{"", "KE", "US", "FR", "JP"}).Draw(t, "country")
		limit := rapid.IntRange(1, places.MaxTowns).Draw(t, "limit")
		found := atlas.Towns(query, country, limit)
		longer := atlas.Towns(query, country, places.MaxTowns)
		if len(found) > limit || len(found) > len(longer) {
			t.Fatalf("%d towns for a limit of %d", len(found), limit)
		}
		last := places.Town{Population: math.MaxInt} // of those whose own name only begins so
		for i, town := range found {
			if country != "" && town.Country != country {
				t.Fatalf("%+v is not in %s", town, country)
			}
			if longer[i] != town {
				t.Fatalf("a limit of %d changes town %d from %+v to %+v", limit, i, longer[i], town)
			}
			switch name, typed := places.Fold(town.Name), places.Fold(query); {
			case name == typed:
			case !strings.HasPrefix(name, typed):
				if town.Population < places.TownsBegunPeople {
					t.Fatalf("%+v is found by the beginning %q", town, query)
				}
			case last.Population < town.Population:
				t.Fatalf("%+v comes before %+v", last, town)
			default:
				last = town
			}
		}
	})
}

func TestTownAt(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	cases := []struct {
		where, want string
		lat, lon    float64
	}{
		{"a street of Nairobi", "Nairobi", -1.2921, 36.8219},
		{"Kreuzberg, which is Berlin", "Berlin", 52.4987, 13.4034},
		{"Thamel, Kathmandu", "Kathmandu", 27.7154, 85.3123},
		{"the middle of the Sahara", "", 23, 10},
		{"the Pacific", "", 0, -150},
		{"the North Pole", "", 90, 0},
	}
	for _, c := range cases {
		town, ok := atlas.TownAt(c.lat, c.lon)
		if town.Name != c.want || ok != (c.want != "") {
			t.Errorf("TownAt(%s) = %+v, %v; want %q", c.where, town, ok, c.want)
		}
		if ok && town.Population < places.TownMinPopulation {
			t.Errorf("TownAt(%s) has only %d people", c.where, town.Population)
		}
		lat, lon, pointOK := atlas.TownPoint(c.lat, c.lon)
		if lat != town.Latitude || lon != town.Longitude || pointOK != ok {
			t.Errorf("TownPoint(%s) = %v, %v, %v, unlike TownAt", c.where, lat, lon, pointOK)
		}
	}
	for _, p := range offTheGlobe() {
		if town, ok := atlas.TownAt(p[0], p[1]); ok {
			t.Errorf("TownAt(%v) = %+v", p, town)
		}
		if town, ok := atlas.Nearest(p[0], p[1]); ok {
			t.Errorf("Nearest(%v) = %+v", p, town)
		}
	}
}

// The point of CITY precision is a fixed one: drawing it again does not move it, so it tells
// nothing of where in the town the pin was.
func TestTownPointIsFixed(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	rapid.Check(t, func(t *rapid.T) {
		lat := rapid.Float64Range(-55, 70).Draw(t, "lat")
		lon := rapid.Float64Range(-180, 180).Draw(t, "lon")
		townLat, townLon, ok := atlas.TownPoint(lat, lon)
		if !ok {
			return
		}
		againLat, againLon, ok := atlas.TownPoint(townLat, townLon)
		if !ok || againLat != townLat || againLon != townLon {
			t.Fatalf("%v, %v goes on to %v, %v", townLat, townLon, againLat, againLon)
		}
	})
}

func TestCountryPoint(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	without, elsewhere := []string{}, []string{}
	for _, c := range atlas.Countries("en") {
		lat, lon, ok := atlas.CountryPoint(c.Code)
		if !ok {
			without = append(without, c.Code)
			continue
		}
		if got, _ := atlas.CountryAt(lat, lon); got != c.Code {
			elsewhere = append(elsewhere, c.Code+" in "+got)
		}
	}
	if got := strings.Join(without, " "); got != "BV IO HM UM" {
		t.Errorf("countries without a point: %s", got)
	}
	if len(elsewhere) > 5 { // none in 246 with the data of today
		t.Errorf("points that lie elsewhere: %q", elsewhere)
	}
	for _, code := range []string{"", "XX", "ke", "KEN", "K"} {
		if _, _, ok := atlas.CountryPoint(code); ok {
			t.Errorf("CountryPoint(%q) is a point", code)
		}
	}
	if lat, lon, _ := atlas.CountryPoint("TR"); lat < 40.9 || lat > 41.2 || lon < 28.8 || lon > 29.1 {
		t.Errorf("the point of Türkiye is %v, %v, not in Istanbul", lat, lon)
	}
}

func TestCountryAt(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	cases := []struct {
		where, want string
		lat, lon    float64
	}{
		{"Nairobi", "KE", -1.286, 36.817},
		{"Gaza", "PS", 31.5, 34.46},
		{"Ramallah", "PS", 31.9, 35.2},
		{"Pristina, in a shared zone", "XK", 42.66, 21.16},
		{"Belgrade", "RS", 44.8, 20.46},
		{"Hanoi, in a shared zone", "VN", 21.03, 105.85},
		{"Bangkok", "TH", 13.75, 100.5},
		{"El Paso", "US", 31.76, -106.49},
		{"Ciudad Juárez, across the river", "MX", 31.69, -106.42},
		{"Kinshasa", "CD", -4.32, 15.31},
		{"Brazzaville, across the river", "CG", -4.27, 15.28},
		{"Hong Kong", "HK", 22.28, 114.16},
		{"Shenzhen", "CN", 22.55, 114.07},
		{"Taipei", "TW", 25.03, 121.56},
		{"Vatican", "VA", 41.902, 12.453},
		{"Maseru", "LS", -29.31, 27.48},
		{"Réunion", "RE", -20.88, 55.45},
		{"Simferopol", "UA", 44.95, 34.1},
		{"Nicosia", "CY", 35.17, 33.36},
		{"Taveuni", "FJ", -16.8, 180},
		{"South Pole", "AQ", -90, 0},
		{"North Pole", "", 90, 0},
		{"the Atlantic", "", 0, -30},
	}
	for _, c := range cases {
		if got, ok := atlas.CountryAt(c.lat, c.lon); got != c.want || ok != (c.want != "") {
			t.Errorf("CountryAt(%s) = %q, %v; want %q", c.where, got, ok, c.want)
		}
	}
	for _, p := range offTheGlobe() {
		if code, ok := atlas.CountryAt(p[0], p[1]); ok || code != "" {
			t.Errorf("CountryAt(%v) = %q, %v", p, code, ok)
		}
	}
}
