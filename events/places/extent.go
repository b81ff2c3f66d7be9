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

// box is around the degrees that hold a town.
func (x *extent) box() events.Box {
	var edges []float64
	for i, hasTown := range x.degrees {
		if hasTown {
			edges = append(edges, float64(i)-180, float64(i)-179)
		}
	}
	west, east := events.Narrowest(edges)
	return events.Box{
		West: west, South: math.Max(-90, x.south-margin), East: east, North: math.Min(90, x.north+margin),
	}
}
