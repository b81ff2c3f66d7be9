package places

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The tree finds what looking at every town finds, wherever one stands: on the poles, on either
// side of the antimeridian, far out at sea, on a town.
func TestNearestIsWhatLookingAtAllFinds(t *testing.T) {
	t.Parallel()
	g := loadTowns()
	latitudes := rapid.OneOf(rapid.Float64Range(-90, 90), rapid.SampledFrom([]float64{-90, 0, 90}))
	longitudes := rapid.OneOf(rapid.Float64Range(-180, 180), rapid.Float64Range(179.5, 180),
		rapid.Float64Range(-180, -179.5), rapid.SampledFrom([]float64{-180, 0, 180}))
	rapid.Check(t, func(t *rapid.T) {
		lat, lon := latitudes.Draw(t, "lat"), longitudes.Draw(t, "lon")
		maxKm := rapid.SampledFrom([]float64{1, 30, 60, 1000, 30_000}).Draw(t, "maxKm")
		wanted := rapid.SampledFrom([]func(int) bool{anyTown, g.isCity}).Draw(t, "wanted")
		got, ok := g.nearest(lat, lon, maxKm, wanted)
		best, km := lookAtAll(g, lat, lon, wanted)
		if math.Abs(km-maxKm) < 0.01 {
			return // too near to the limit to be told by 32-bit coordinates
		}
		if ok != (km < maxKm) {
			t.Fatalf("nearest = %v, and %s is %v km off", ok, g.name(best), km)
		}
		if ok && math.Abs(distanceKm(g, got, lat, lon)-km) > 0.01 {
			t.Fatalf("nearest is %s, %v km off; %s is %v km off",
				g.name(got), distanceKm(g, got, lat, lon), g.name(best), km)
		}
	})
}

func TestNearestLooksAcrossTheAntimeridian(t *testing.T) {
	t.Parallel()
	g := loadTowns()
	east, _ := g.nearest(-16.8, 179.999, 500, anyTown)
	west, _ := g.nearest(-16.8, -179.999, 500, anyTown)
	if east != west || g.country(east) != "FJ" {
		t.Errorf("from the east %+v, from the west %+v", g.town(east), g.town(west))
	}
	for lon := -180.0; lon <= 180; lon += 45 {
		if i, _ := g.nearest(90, lon, 30_000, anyTown); g.name(i) != "Alert" && g.country(i) != "SJ" {
			t.Errorf("nearest to the North Pole by %v is %+v", lon, g.town(i))
		}
	}
}

func TestPlantOfFewTowns(t *testing.T) {
	t.Parallel()
	none := &gazetteer{}
	none.tree = plant(none)
	if _, ok := none.nearest(0, 0, 30_000, anyTown); ok {
		t.Error("found a town among none")
	}
	same := &gazetteer{population: make([]uint32, 100), lat: make([]uint32, 100), lon: make([]uint32, 100)}
	same.tree = plant(same) // all at one point: the selection must end
	if _, ok := same.nearest(-90, 0, 1, anyTown); !ok {
		t.Error("found none of a hundred towns on the pole")
	}
}

func lookAtAll(g *gazetteer, lat, lon float64, wanted func(int) bool) (best int, km float64) {
	km = math.Inf(1)
	for i := range g.len() {
		if townLat, _ := g.point(i); math.Abs(townLat-lat)*111 > km || !wanted(i) {
			continue
		}
		if d := distanceKm(g, i, lat, lon); d < km {
			best, km = i, d
		}
	}
	return best, km
}

// distanceKm is the haversine formula, which has nothing in common with the tree's chords.
func distanceKm(g *gazetteer, town int, lat, lon float64) float64 {
	townLat, townLon := g.point(town)
	radians := math.Pi / 180
	sinLat := math.Sin((townLat - lat) * radians / 2)
	sinLon := math.Sin((townLon - lon) * radians / 2)
	h := sinLat*sinLat + math.Cos(lat*radians)*math.Cos(townLat*radians)*sinLon*sinLon
	return 2 * earthRadiusKm * math.Asin(min(1, math.Sqrt(h)))
}
