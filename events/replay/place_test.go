package replay

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

func TestPlaceKeepsBothCoordinates(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		latitude, longitude := rapid.Float64Range(-90, 90).Draw(t, "latitude"), rapid.Float64Range(-180, 180).Draw(t, "longitude")
		p := placeOf(card(latitude, longitude, events.Live).Place)
		if p >= 1<<(2*placeBits) {
			t.Fatalf("%x has more than %d bits", uint64(p), 2*placeBits)
		}
		x, y := 0.0, 0.0
		for bit := range placeBits {
			x += float64(p>>(2*bit)&1) * math.Exp2(float64(bit-placeBits))
			y += float64(p>>(2*bit+1)&1) * math.Exp2(float64(bit-placeBits))
		}
		if math.Abs(x*360-180-longitude) > 2.2e-5 || math.Abs(y*180-90-latitude) > 1.1e-5 {
			t.Fatalf("%v %v is read as %v %v", latitude, longitude, y*180-90, x*360-180)
		}
	})
}

func TestOnlyPublicPointsHaveAPlace(t *testing.T) {
	t.Parallel()
	half := 0.5
	for name, p := range map[string]events.Place{
		"hidden":           {Precision: events.HiddenPrecision, Latitude: &half, Longitude: &half},
		"a country":        {Precision: events.CountryPrecision, Country: "NP"},
		"half a point":     {Precision: events.ExactPrecision, Latitude: &half},
		"swapped":          card(151.2, -33.9, events.Live).Place,
		"not a number":     card(math.NaN(), 0, events.Live).Place,
		"beyond the world": card(0, 180.01, events.Live).Place,
	} {
		if got := placeOf(p); got != nowhere {
			t.Errorf("%s is drawn at %x", name, uint64(got))
		}
	}
}
