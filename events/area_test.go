package events_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

func pointAt(latitude, longitude float64, precision events.Precision) events.Place {
	return events.Place{Precision: precision, Latitude: &latitude, Longitude: &longitude}
}

func TestAnAreaHoldsWhatIsInIt(t *testing.T) {
	t.Parallel()
	kathmandu := pointAt(27.7172, 85.324, events.ExactPrecision)
	for _, c := range []struct {
		name  string
		area  events.Area
		place events.Place
		holds bool
	}{
		{"the whole map", events.Area{}, kathmandu, true},
		{"the north-east quarter", events.Area{Zoom: 1, X: 1}, kathmandu, true},
		{"the south-east quarter", events.Area{Zoom: 1, X: 1, Y: 1}, kathmandu, false},
		{"a small tile", events.Area{Zoom: 8, X: 188, Y: 107}, kathmandu, true},
		{"the tile beside it", events.Area{Zoom: 8, X: 189, Y: 107}, kathmandu, false},
		{"the far north counts to the edge", events.Area{Zoom: 8, X: 128}, pointAt(90, 0, events.CityPrecision), true},
		{"the far south, too", events.Area{Zoom: 8, X: 0, Y: 255}, pointAt(-90, -180, events.AreaPrecision), true},
		{"the date line is in the last tile", events.Area{Zoom: 8, X: 255, Y: 128}, pointAt(-0.1, 180, events.ExactPrecision), true},
		{"a place without a point", events.Area{}, events.Place{Precision: events.AreaPrecision, Country: "NP"}, false},
		{"a country's point is not where it is", events.Area{}, pointAt(28, 84, events.CountryPrecision), false},
		{"a hidden place", events.Area{}, pointAt(28, 84, events.HiddenPrecision), false},
	} {
		if got := c.area.Holds(c.place); got != c.holds {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

func TestAreasOfAZoomCoverTheMapOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		place := pointAt(rapid.Float64Range(-90, 90).Draw(t, "latitude"), rapid.Float64Range(-180, 180).Draw(t, "longitude"), events.ExactPrecision)
		zoom, holding := rapid.IntRange(0, 5).Draw(t, "zoom"), 0
		for x := range 1 << zoom {
			for y := range 1 << zoom {
				area := events.Area{Zoom: zoom, X: x, Y: y}
				if err := area.Check(); err != nil {
					t.Fatal(err)
				}
				if area.Holds(place) {
					holding++
				}
			}
		}
		if holding != 1 {
			t.Errorf("%d areas of zoom %d hold it", holding, zoom)
		}
	})
}

func TestAreasThatAreNotOnTheMap(t *testing.T) {
	t.Parallel()
	for _, area := range []events.Area{
		{Zoom: -1}, {Zoom: 9}, {Zoom: 63}, {X: 1}, {Y: 1}, {Zoom: 3, X: 8}, {Zoom: 3, Y: 8}, {Zoom: 3, X: -1}, {Zoom: 3, Y: -1},
	} {
		problems, err := events.ProblemsIn(area.Check())
		if err != nil || len(problems) != 1 {
			t.Errorf("%+v: %v %v", area, problems, err)
		}
	}
}
