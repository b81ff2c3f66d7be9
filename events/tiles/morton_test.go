package tiles

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestKeyKeepsBothCoordinates(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		grid := rapid.Uint32Range(0, 1<<keyZoom-1)
		x, y := grid.Draw(t, "x"), grid.Draw(t, "y")
		k := keyOf(x, y)
		if k.x() != x || k.y() != y {
			t.Fatalf("key of %d, %d is %d, %d again", x, y, k.x(), k.y())
		}
		if k >= 1<<62 {
			t.Fatalf("key %x has more than 62 bits", uint64(k))
		}
		z := rapid.IntRange(0, keyZoom).Draw(t, "zoom")
		if got, want := k.cell(z), uint64(keyOf(x>>(keyZoom-z), y>>(keyZoom-z))); got != want {
			t.Fatalf("cell at zoom %d = %x, want %x", z, got, want)
		}
	})
}

func TestKeyAtIsWebMercator(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ latitude, longitude, x, y float64 }{
		"null island":            {0, 0, 0.5, 0.5},
		"Kathmandu":              {27.7172, 85.324, 0.7370111, 0.4198162},
		"Nairobi":                {-1.2921, 36.8219, 0.602283, 0.503590},
		"Sydney":                 {-33.8688, 151.2093, 0.9200258, 0.6000923},
		"west of the date line":  {0, 180, 0, 0.5},
		"east of the date line":  {0, -180, 0, 0.5},
		"north pole":             {90, 0, 0.5, 0},
		"south pole":             {-90, 0, 0.5, 1},
		"at the Mercator limit":  {mercatorLimit, 0, 0.5, 0},
		"beyond the limit":       {88, -90, 0.25, 0},
		"a quarter from the top": {66.51326044311186, 90, 0.75, 0.25},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k, ok := keyAt(c.latitude, c.longitude)
			if !ok {
				t.Fatal("refused")
			}
			x, y := float64(k.x())/(1<<keyZoom), float64(k.y())/(1<<keyZoom)
			if math.Abs(x-c.x) > 1e-6 || math.Abs(y-c.y) > 1e-6 {
				t.Errorf("drawn at %.7f, %.7f, want %.7f, %.7f", x, y, c.x, c.y)
			}
		})
	}
}

func TestKeyAtRefusesWhatIsNotOnTheEarth(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]float64{
		{90.001, 0},
		{-91, 0},
		{0, 180.001},
		{0, -181},
		{85.3, 227.7},
		{math.NaN(), 0},
		{0, math.NaN()},
		{math.Inf(1), 0},
		{0, math.Inf(-1)},
		{151.2, -33.9}, // Sydney with latitude and longitude swapped
	} {
		if k, ok := keyAt(c[0], c[1]); ok {
			t.Errorf("%v is at %x", c, uint64(k))
		}
	}
}
