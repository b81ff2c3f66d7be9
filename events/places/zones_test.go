package places_test

import (
	"math"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

func TestZoneAt(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	cases := []struct {
		where    string
		lat, lon float64
		zone     string
	}{
		{"Nairobi", -1.286, 36.817, "Africa/Nairobi"},
		{"Gaza", 31.5, 34.46, "Asia/Gaza"},
		{"Kathmandu", 27.717, 85.324, "Asia/Kathmandu"},
		{"Manila", 14.599, 120.984, "Asia/Manila"},
		{"Kyiv", 50.45, 30.523, "Europe/Kyiv"},
		{"Kolkata", 22.57, 88.36, "Asia/Kolkata"},
		{"Tehran", 35.69, 51.39, "Asia/Tehran"},
		{"Eucla", -31.677, 128.889, "Australia/Eucla"},
		{"Chatham", -43.95, -176.56, "Pacific/Chatham"},
		{"Marquesas", -8.91, -140.1, "Pacific/Marquesas"},
		{"Kiritimati", 1.87, -157.43, "Pacific/Kiritimati"},
		{"Pago Pago", -14.276, -170.702, "Pacific/Pago_Pago"},
		{"Fiji, on the antimeridian", -16.8, 180, "Pacific/Fiji"},
		{"Fiji, on its other side", -16.8, -180, "Pacific/Fiji"},
		{"South Pole", -90, 0, "Antarctica/McMurdo"},
		{"off the beach of Salvador", -13.02, -38.55, "America/Bahia"},
		{"Kosovo", 42.66, 21.16, "Europe/Belgrade"},
		{"Urumqi", 43.8, 87.6, "Asia/Shanghai"},
	}
	for _, c := range cases {
		if zone, ok := atlas.ZoneAt(c.lat, c.lon); zone != c.zone || !ok {
			t.Errorf("ZoneAt(%s) = %q, %v; want %s", c.where, zone, ok, c.zone)
		}
	}
}

func TestZoneAtSea(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	for _, p := range [][2]float64{{0, -30}, {90, 0}, {0, 180}, {0, -180}, {-45, -120}, {12.96, -38.5}} {
		zone, ok := atlas.ZoneAt(p[0], p[1])
		if ok || !strings.HasPrefix(zone, "Etc/") {
			t.Errorf("ZoneAt(%v) = %q, %v", p, zone, ok)
		}
	}
}

func TestZoneAtNowhere(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	for _, p := range offTheGlobe() {
		if zone, ok := atlas.ZoneAt(p[0], p[1]); ok || zone != "" {
			t.Errorf("ZoneAt(%v) = %q, %v", p, zone, ok)
		}
	}
}

func TestZonesAreKnownToGo(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	zones := atlas.Zones()
	for _, zone := range zones {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Errorf("zone %s: %v", zone, err)
		}
		if today, ok := atlas.Zone(zone); today != zone || !ok {
			t.Errorf("Zone(%s) = %q, %v", zone, today, ok)
		}
	}
	zones[0] = "changed"
	if atlas.Zones()[0] == "changed" {
		t.Error("a caller changed the atlas")
	}
}

func TestZoneUnderstandsOlderNames(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	for old, today := range map[string]string{
		"Asia/Calcutta": "Asia/Kolkata", "Asia/Katmandu": "Asia/Kathmandu", "Europe/Kiev": "Europe/Kyiv",
		"America/Buenos_Aires": "America/Argentina/Buenos_Aires", "Asia/Saigon": "Asia/Ho_Chi_Minh",
		"US/Eastern": "America/New_York", "Asia/Rangoon": "Asia/Yangon", "Japan": "Asia/Tokyo",
		"America/Godthab": "America/Nuuk",
	} {
		if got, ok := atlas.Zone(old); got != today || !ok {
			t.Errorf("Zone(%s) = %q, %v; want %s", old, got, ok, today)
		}
	}
	for _, name := range []string{"", "Local", "UTC", "Etc/GMT+5", "EST", "Mars/Base", "asia/tokyo"} {
		if got, ok := atlas.Zone(name); ok {
			t.Errorf("Zone(%q) = %q", name, got)
		}
	}
}

func TestZoneQuestioned(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	day := time.Date(2025, time.December, 12, 12, 0, 0, 0, time.UTC)
	cases := []struct {
		zone string
		lon  float64
		want bool
	}{
		{"Africa/Nairobi", 36.8, false},
		{"Africa/Nairobi", -1.3, false}, // 3.1 hours: a swap near the equator's start is not seen
		{"Asia/Kathmandu", 27.7, true},  // latitude typed as longitude
		{"Asia/Manila", 14.6, true},
		{"Asia/Shanghai", 75.9, false}, // Kashgar, 2.9 hours ahead of the sun
		{"Pacific/Kiritimati", -157.4, false},
		{"Pacific/Pago_Pago", -170.7, false},
		{"Pacific/Auckland", -176.5, false},
		{"America/New_York", 74, true}, // the sign forgotten
		{"Europe/London", 0, false},
		{"Europe/London", 180, true},
		{"Europe/London", 52.4, false},
		{"Europe/London", 52.6, true}, // just past three and a half hours
		{"Nowhere/Land", 0, true},
		{"", 0, true},
		{"Europe/London", math.NaN(), true},
		{"Europe/London", 361, true},
		{"Europe/London", math.Inf(1), true},
		{strings.Repeat("x", 1<<20), 0, true},
	}
	for _, c := range cases {
		if got := atlas.ZoneQuestioned(c.zone, c.lon, day); got != c.want {
			t.Errorf("ZoneQuestioned(%.30q, %v) = %v", c.zone, c.lon, got)
		}
	}
}

// No pin anywhere has the atlas question the zone that the atlas proposed.
func TestProposedZonesAreNotQuestioned(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	rapid.Check(t, func(t *rapid.T) {
		lat := rapid.Float64Range(-60, 75).Draw(t, "lat")
		lon := rapid.Float64Range(-180, 180).Draw(t, "lon")
		at := time.Unix(rapid.Int64Range(1.5e9, 2e9).Draw(t, "at"), 0)
		zone, ok := atlas.ZoneAt(lat, lon)
		if _, err := time.LoadLocation(zone); err != nil {
			t.Fatalf("zone %q at %v, %v: %v", zone, lat, lon, err)
		}
		if ok && atlas.ZoneQuestioned(zone, lon, at) {
			t.Fatalf("%s at %v, %v is questioned", zone, lat, lon)
		}
	})
}

func offTheGlobe() [][2]float64 {
	nan, inf := math.NaN(), math.Inf(1)
	return [][2]float64{
		{nan, 0},
		{0, nan},
		{nan, nan},
		{inf, 0},
		{0, -inf},
		{90.001, 0},
		{-91, 0},
		{0, 180.5},
		{0, -360},
		{888, 888},
		{math.MaxFloat64, math.MaxFloat64},
	}
}
