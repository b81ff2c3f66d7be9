package places

import (
	"math"

	"github.com/microgalleries/actionday/events"
)

// extent collects where the towns of a country are: how far south and north, and which of the 360
// degrees of longitude hold one.
type extent struct {
	south, north float64
	degrees      [360]bool
}

// margin is how much of the map is shown around the outermost towns, in degrees.
const margin = 0.5

// boxesOf makes a box around the towns of each country. A box may cross the antimeridian, as those
// of Fiji, New Zealand and Russia do.
func boxesOf(g *gazetteer) map[string]events.Box {
	extents := map[string]*extent{}
	for i := range g.len() {
		lat, lon := g.point(i)
		x, ok := extents[g.country(i)]
		if !ok {
			x = &extent{south: lat, north: lat}
			extents[g.country(i)] = x
		}
		x.south, x.north = math.Min(x.south, lat), math.Max(x.north, lat)
		x.degrees[min(359, int(lon+180))] = true
	}
	boxes := make(map[string]events.Box, len(extents))
	for code, x := range extents {
		boxes[code] = x.box()
	}
	return boxes
}

// box leaves the widest run of empty degrees out; the rest is the country.
func (x *extent) box() events.Box {
	widest, end, run := 0, 0, 0
	for i := range 2 * len(x.degrees) {
		if x.degrees[i%len(x.degrees)] {
			run = 0
			continue
		}
		if run++; run > widest && run <= len(x.degrees) {
			widest, end = run, i%len(x.degrees)
		}
	}
	west := end + 1
	return events.Box{
		West: around(float64(west%360) - 180), South: math.Max(-90, x.south-margin),
		East: around(float64((west+360-widest)%360) - 180), North: math.Min(90, x.north+margin),
	}
}
