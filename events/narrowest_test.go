package events_test

import (
	"testing"

	"github.com/microgalleries/actionday/events"
)

func TestTheNarrowestSpanMayCrossTheAntimeridian(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		longitudes []float64
		west, east float64
	}{
		"nothing":           {nil, 0, 0},
		"one":               {[]float64{85.3}, 85.3, 85.3},
		"Nepal":             {[]float64{85.3, 80.2, 88}, 80.2, 88},
		"Fiji":              {[]float64{178.4, -179.9, 177.4}, 177.4, -179.9},
		"Russia":            {[]float64{20.5, 37.6, 131.9, 177.5, -173.2, 82.9}, 20.5, -173.2},
		"the meridian":      {[]float64{-3.7, 2.3, 13.4}, -3.7, 13.4},
		"both ends of 180°": {[]float64{180, -180}, 180, -180},
		"the same twice":    {[]float64{-70, -70}, -70, -70},
	} {
		if west, east := events.Narrowest(c.longitudes); west != c.west || east != c.east {
			t.Errorf("%s: %v to %v, want %v to %v", name, west, east, c.west, c.east)
		}
	}
}
