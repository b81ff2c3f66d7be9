package events_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

func day() events.LocalDate { return date(2026, time.December, 12) }

// secret is a place on a side street of Kathmandu, with an address that must not come out.
func secret(precision events.Precision) events.Whereabouts {
	return eventstest.Whereabouts(eventstest.At(27.712345678, 85.318765432), eventstest.Shown(precision),
		func(w *events.Whereabouts) { w.Address, w.Locality = "Canary Lane 7", "Canaryville" })
}

func public(t *testing.T, w events.Whereabouts) (events.Place, events.Schedule) {
	t.Helper()
	place, schedule, err := w.Public(day(), eventstest.Atlas{})
	if err != nil {
		t.Fatal(err)
	}
	return place, schedule
}

func at(latitude, longitude float64) (lat, lon *float64) { return &latitude, &longitude }

func TestPublicPlaceOfEachPrecision(t *testing.T) {
	t.Parallel()
	town := eventstest.Towns()[0]
	for precision, want := range map[events.Precision]events.Place{
		events.ExactPrecision:   {Locality: "Canaryville", Country: "NP"},
		events.AreaPrecision:    {Locality: "Canaryville", Country: "NP"},
		events.CityPrecision:    {Locality: "Canaryville", Country: "NP"},
		events.CountryPrecision: {Country: "NP"},
		events.HiddenPrecision:  {},
	} {
		want.Precision = precision
		switch precision {
		case events.ExactPrecision:
			want.Latitude, want.Longitude = at(27.712346, 85.318765)
		case events.AreaPrecision:
			want.Latitude, want.Longitude = at(27.715, 85.320531) // cells are 0.0113 degrees wide here
		case events.CityPrecision:
			want.Latitude, want.Longitude = at(town.Latitude, town.Longitude)
		case events.CountryPrecision:
			want.Latitude, want.Longitude = at(town.Latitude+1, town.Longitude+1)
		}
		got, _ := public(t, secret(precision))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", precision, diff)
		}
	}
}

func TestPublicScheduleOfEachPrecision(t *testing.T) {
	t.Parallel()
	starts, ends := utc(t, "2026-12-12T11:15:00Z"), utc(t, "2026-12-12T13:45:00Z")
	opens, closes := day().Window()
	const kathmandu = 5*3600 + 45*60
	for precision, want := range map[events.Precision]events.Schedule{
		events.ExactPrecision:   {StartsAt: starts, EndsAt: ends, Zone: "Asia/Kathmandu", Offset: kathmandu},
		events.AreaPrecision:    {StartsAt: starts, EndsAt: ends, Zone: "Asia/Kathmandu", Offset: kathmandu},
		events.CityPrecision:    {StartsAt: starts, EndsAt: ends, Zone: "Asia/Kathmandu", Offset: kathmandu},
		events.CountryPrecision: {StartsAt: starts, EndsAt: ends, Offset: kathmandu},
		events.HiddenPrecision:  {StartsAt: opens, EndsAt: closes, AllDay: true},
	} {
		_, got := public(t, secret(precision))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", precision, diff)
		}
	}
}

// What is less than exact must not hold the exact point, the address or, where the precision says
// so, the town and the zone, in any spelling that JSON could give it.
func TestPublicSideKeepsSecrets(t *testing.T) {
	t.Parallel()
	always := []string{"Canary Lane", "27.7123", "85.3187", "27.71234", "85.31876"}
	for precision, more := range map[events.Precision][]string{
		events.AreaPrecision:    nil,
		events.CityPrecision:    nil,
		events.CountryPrecision: {"Canaryville", "Kathmandu", "27.71", "85.3"},
		events.HiddenPrecision:  {"Canaryville", "Kathmandu", "NP", "27.", "85.", "20700", "11:15", "latitude"},
	} {
		place, schedule := public(t, secret(precision))
		raw, err := json.Marshal([]any{place, schedule})
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range append(always, more...) {
			if strings.Contains(string(raw), text) {
				t.Errorf("%s tells %q: %s", precision, text, raw)
			}
		}
	}
}

// All that lies in one cell looks the same from outside: nobody can tell two hidden neighbors
// apart, and asking again and again gives nothing new.
func TestAreaIsOneAnswerForAWholeCell(t *testing.T) {
	t.Parallel()
	first, _ := public(t, secret(events.AreaPrecision))
	for i := range 100 {
		w := secret(events.AreaPrecision)
		w.Latitude, w.Longitude = at(27.71+0.0099*float64(i)/100, 85.315+0.0111*float64(i)/100)
		got, _ := public(t, w)
		if diff := cmp.Diff(first, got); diff != "" {
			t.Fatalf("a neighbor in the same cell looks different:\n%s", diff)
		}
	}
}

func TestAreaIsNearAndStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := secret(events.AreaPrecision)
		w.Latitude, w.Longitude = at(latitudes().Draw(t, "latitude"), longitudes().Draw(t, "longitude"))
		got, _, err := w.Public(day(), eventstest.Atlas{})
		if err != nil {
			t.Fatal(err)
		}
		inRange(t, got)
		// Half the diagonal of a cell of 0.01 degrees is 0.79 km.
		if km := events.DistanceKm(*w.Latitude, *w.Longitude, *got.Latitude, *got.Longitude); km > 0.8 {
			t.Errorf("%v, %v is shown %.3f km away", *w.Latitude, *w.Longitude, km)
		}
		w.Latitude, w.Longitude = got.Latitude, got.Longitude
		again, _, err := w.Public(day(), eventstest.Atlas{})
		if diff := cmp.Diff(got, again); err != nil || diff != "" {
			t.Errorf("the middle of a cell lies in another one (%v):\n%s", err, diff)
		}
	})
}

// A cell hides as much in the far north as at the equator: it is about as wide as it is high.
func TestAreaIsAsWideAsHighEverywhere(t *testing.T) {
	t.Parallel()
	for _, latitude := range []float64{0, 27.7, 60.2, -54.8, 78.2, 85} {
		w := secret(events.AreaPrecision)
		seen := map[float64]bool{}
		for i := range 1000 { // a walk of one degree eastwards
			w.Latitude, w.Longitude = at(latitude, 20+float64(i)/1000)
			got, _ := public(t, w)
			seen[*got.Longitude] = true
		}
		width := events.DistanceKm(latitude, 20, latitude, 21) / float64(len(seen))
		if width < 0.9 || width > 1.4 {
			t.Errorf("at latitude %v a cell is %.2f km wide", latitude, width)
		}
	}
}

func TestCityWithoutATownIsACoarseCell(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := secret(events.CityPrecision)
		w.Latitude, w.Longitude = at(latitudes().Draw(t, "latitude"), longitudes().Draw(t, "longitude"))
		if _, _, near := (eventstest.Atlas{}).TownPoint(*w.Latitude, *w.Longitude); near {
			return
		}
		got, _, err := w.Public(day(), eventstest.Atlas{})
		if err != nil {
			t.Fatal(err)
		}
		inRange(t, got)
		if km := events.DistanceKm(*w.Latitude, *w.Longitude, *got.Latitude, *got.Longitude); km > 8 {
			t.Errorf("%v, %v is shown %.3f km away", *w.Latitude, *w.Longitude, km)
		}
	})
}

// latitudes and longitudes like the edges of the earth and of cells.
func latitudes() *rapid.Generator[float64] {
	return rapid.OneOf(rapid.Float64Range(-90, 90), rapid.SampledFrom([]float64{
		-90, 90, 0, math.Copysign(0, -1), 89.999999, -89.999999, 0.29, 0.57, 45.01,
	}))
}

func longitudes() *rapid.Generator[float64] {
	return rapid.OneOf(rapid.Float64Range(-180, 180), rapid.SampledFrom([]float64{
		-180, 180, 0, 179.999999, -179.999999, 0.29, 0.57, 100.01,
	}))
}

func inRange(t *rapid.T, p events.Place) {
	t.Helper()
	if !p.IsMapped() || math.Abs(*p.Latitude) > 90 || math.Abs(*p.Longitude) > 180 {
		t.Fatalf("the point of %+v is not on earth", p)
	}
}

func TestPlaceWithoutAPin(t *testing.T) {
	t.Parallel()
	for _, precision := range []events.Precision{
		events.ExactPrecision, events.AreaPrecision, events.CityPrecision, events.HiddenPrecision, "",
		"NONSENSE",
	} {
		w := secret(precision)
		w.Latitude, w.Longitude = nil, nil
		if got, _ := public(t, w); got.IsMapped() {
			t.Errorf("%q: an event without a pin is at %v, %v", precision, *got.Latitude, *got.Longitude)
		}
	}
	w := secret(events.CountryPrecision)
	w.Latitude, w.Longitude = nil, nil
	if got, _ := public(t, w); !got.IsMapped() {
		t.Error("an event somewhere in a country has not the country's point")
	}
	w.Country = ""
	if got, _ := public(t, w); got.IsMapped() {
		t.Error("an event in no country has a country's point")
	}
}

// An unknown precision, as a newer hub may have stored, must tell nothing rather than all.
func TestUnknownPrecisionTellsNoPlace(t *testing.T) {
	t.Parallel()
	got, _ := public(t, secret("NONSENSE"))
	if got.IsMapped() || got.Locality != "" || got.Country != "" {
		t.Errorf("an unknown precision tells %+v", got)
	}
}

func TestScheduleFollowsTheClocksOfThePlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, zone    string
		date         events.LocalDate
		start, end   events.LocalTime
		allDay       bool
		starts, ends string
		offset       int
	}{
		{
			"into the next morning", "Asia/Kathmandu", day(), 22 * 60, 2 * 60, false,
			"2026-12-12T16:15:00Z", "2026-12-12T20:15:00Z", 20700,
		},
		{
			"until midnight", "Africa/Nairobi", day(), 20 * 60, 0, false,
			"2026-12-12T17:00:00Z", "2026-12-12T21:00:00Z", 10800,
		},
		{
			"the same time is a whole day later", "Africa/Nairobi", day(), 20 * 60, 20 * 60, false,
			"2026-12-12T17:00:00Z", "2026-12-13T17:00:00Z", 10800,
		},
		{
			"all day of 25 hours", "Asia/Tehran", date(2019, 9, 21), 0, 0, true,
			"2019-09-20T19:30:00Z", "2019-09-21T20:30:00Z", 16200,
		},
		{
			"all of a day without a midnight", "America/Sao_Paulo", date(2018, 11, 4), 0, 0, true,
			"2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z", -7200,
		},
		{
			"from a skipped time", "Europe/Berlin", date(2026, 3, 29), 150, 240, false,
			"2026-03-29T01:30:00Z", "2026-03-29T02:00:00Z", 7200,
		},
		{
			"to the end within a skipped hour", "Europe/Berlin", date(2026, 3, 29), 150, 185, false,
			"2026-03-29T01:30:00Z", "2026-03-29T02:30:00Z", 7200,
		},
		{
			"from the first of two", "America/New_York", date(2021, 11, 7), 90, 180, false,
			"2021-11-07T05:30:00Z", "2021-11-07T08:00:00Z", -14400,
		},
	} {
		w := eventstest.Whereabouts(eventstest.Between(c.start, c.end), func(w *events.Whereabouts) {
			w.Zone, w.AllDay = c.zone, c.allDay
		})
		_, got, err := w.Public(c.date, eventstest.Atlas{})
		want := events.Schedule{
			StartsAt: utc(t, c.starts), EndsAt: utc(t, c.ends), AllDay: c.allDay, Zone: c.zone, Offset: c.offset,
		}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s (%v, -want +got):\n%s", c.why, err, diff)
		}
	}
}

func TestScheduleNeverEndsBeforeItStarts(t *testing.T) {
	t.Parallel()
	names := events.ZoneNames()
	rapid.Check(t, func(t *rapid.T) {
		minutes := rapid.IntRange(0, 24*60-1)
		w := eventstest.Whereabouts(func(w *events.Whereabouts) {
			w.Zone, w.AllDay = rapid.SampledFrom(names).Draw(t, "zone"), rapid.Bool().Draw(t, "all day")
			w.Start = events.LocalTime(minutes.Draw(t, "start"))
			w.End = events.LocalTime(minutes.Draw(t, "end"))
		})
		on := date(2019, 1, 1).AddDays(rapid.IntRange(0, 8*365).Draw(t, "date"))
		_, schedule, err := w.Public(on, eventstest.Atlas{})
		if err != nil {
			t.Fatal(err)
		}
		if length := schedule.EndsAt.Sub(schedule.StartsAt); length <= 0 || length > 27*time.Hour {
			t.Errorf("%s %s-%s on %s lasts %v", w.Zone, w.Start, w.End, on, length)
		}
	})
}

func TestPlaceInNoZoneIsRefused(t *testing.T) {
	t.Parallel()
	for _, precision := range []events.Precision{events.ExactPrecision, events.HiddenPrecision} {
		w := secret(precision)
		w.Zone = "Mars/Olympus"
		_, _, err := w.Public(day(), eventstest.Atlas{})
		if problems, other := events.ProblemsIn(err); other != nil || len(problems) != 1 {
			t.Errorf("%s in no zone: %v", precision, err)
		}
	}
}
