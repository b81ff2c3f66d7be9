package events

import "slices"

// Narrowest is the narrowest span of longitudes that holds all of some, in degrees from west to east:
// all but the widest gap between neighbors on the circle. West is greater than east where that is the
// way over the antimeridian.
func Narrowest(longitudes []float64) (west, east float64) {
	if len(longitudes) == 0 {
		return 0, 0
	}
	sorted := slices.Sorted(slices.Values(longitudes))
	last := len(sorted) - 1
	west, east = sorted[0], sorted[last]
	widest := sorted[0] + 360 - sorted[last]
	for i := range last {
		if gap := sorted[i+1] - sorted[i]; gap > widest {
			widest, west, east = gap, sorted[i+1], sorted[i]
		}
	}
	return west, east
}
