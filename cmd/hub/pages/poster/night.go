package poster

import (
	"math"
	"time"
)

// A sun is where the sun stands in the zenith, in degrees.
type sun struct{ latitude, longitude float64 }

const radian = math.Pi / 180

// sunAt follows the low-precision formulas of the Astronomical Almanac (good to 0.01 degrees until
// 2050), as the page's own map does in web/src/daylight.ts.
func sunAt(now time.Time) sun {
	noon := time.Date(2000, 1, 1, 12, 0, 0, 0, time.UTC)
	n := now.Sub(noon).Hours() / 24
	anomaly := (357.528 + 0.9856003*n) * radian
	mean := 280.46 + 0.9856474*n
	ecliptic := (mean + 1.915*math.Sin(anomaly) + 0.02*math.Sin(2*anomaly)) * radian
	tilt := (23.439 - 0.0000004*n) * radian
	ascension := math.Atan2(math.Cos(tilt)*math.Sin(ecliptic), math.Cos(ecliptic)) / radian
	sidereal := 280.46062 + 360.98564737*n
	turn := math.Mod(ascension-sidereal+180, 360)
	return sun{
		latitude:  math.Asin(math.Sin(tilt)*math.Sin(ecliptic)) / radian,
		longitude: math.Mod(turn+360, 360) - 180,
	}
}

// nightStep is how far apart, in degrees, the meridians are along which night is looked for.
const nightStep = 3

// dusks are the heights of the sun, in degrees, below which it is night in three steps.
func dusks() []float64 { return []float64{-0.8, -6, -12} }

// dark is from which to which latitude a meridian lies below a height of the sun. Along a meridian
// the sine of the sun's height is a sine itself, so it is solved directly.
func (s sun) dark(longitude, height float64) (south, north float64, ok bool) {
	a := math.Sin(s.latitude * radian)
	b := math.Cos(s.latitude*radian) * math.Cos((longitude-s.longitude)*radian)
	level := math.Sin(height*radian) / math.Hypot(a, b)
	switch {
	case level <= -1:
		return 0, 0, false
	case level >= 1:
		return -90, 90, true
	}
	shift := math.Atan2(b, a)
	from, until := math.Pi-math.Asin(level)-shift, 2*math.Pi+math.Asin(level)-shift
	for turn := -4.0; turn <= 2; turn += 2 {
		south, north = max(-90, (from+turn*math.Pi)/radian), min(90, (until+turn*math.Pi)/radian)
		if south < north {
			return south, north, true
		}
	}
	return 0, 0, false
}

// night is the path of everywhere that the sun stands below a height: one ring for each run of
// meridians that have a dark part.
func (s sun) night(height float64) []byte {
	var p path
	var lower, upper []dot
	var last [2]float64
	flush := func(edge float64) {
		if len(lower) > 1 {
			p.ring(ringOf(lower, upper, last, edge))
		}
		lower, upper = nil, nil
	}
	for longitude := -180.0; longitude <= 180; longitude += nightStep {
		south, north, ok := s.dark(longitude, height)
		if !ok {
			flush(longitude - nightStep)
			continue
		}
		if len(lower) == 0 {
			upper = append(upper, along(longitude, south, north)...)
		}
		lower, upper = append(lower, at(south, longitude)), append(upper, at(north, longitude))
		last = [2]float64{south, north}
	}
	flush(180)
	return p.out
}

// ringOf goes along the northern edge to the east, down the last meridian and back.
func ringOf(lower, upper []dot, last [2]float64, longitude float64) []dot {
	ring := upper
	down := along(longitude, last[0], last[1])
	for i := len(down) - 1; i >= 0; i-- {
		ring = append(ring, down[i])
	}
	for i := len(lower) - 1; i >= 0; i-- {
		ring = append(ring, lower[i])
	}
	return ring
}

// along is the points of a meridian between two latitudes, which is a curve on this map.
func along(longitude, south, north float64) (dots []dot) {
	for latitude := south; latitude < north; latitude += meridianStep {
		dots = append(dots, at(latitude, longitude))
	}
	return append(dots, at(north, longitude))
}
