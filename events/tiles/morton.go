package tiles

import "math"

// A key is a place on the Web Mercator square as one number: x and y at zoom 31, their bits
// interleaved (y in the odd ones). The keys that share a prefix are the places of one tile, and
// numerical order walks the tiles along Morton's Z curve.
type key uint64

const (
	// keyZoom is the zoom whose tiles are the finest places: 1.9 cm wide at the equator.
	keyZoom = 31
	// mercatorLimit is the latitude, in degrees, where the Web Mercator square ends.
	mercatorLimit = 85.05112877980659
)

// keyAt is the key of a place in WGS 84 degrees. Places beyond the Mercator limit are drawn at
// it, and longitude 180 is the same meridian as -180. It is not ok for what is not on the earth.
func keyAt(latitude, longitude float64) (k key, ok bool) {
	if !(math.Abs(latitude) <= 90) || !(math.Abs(longitude) <= 180) {
		return 0, false
	}
	if longitude == 180 {
		longitude = -180
	}
	sin := math.Sin(max(-mercatorLimit, min(mercatorLimit, latitude)) * math.Pi / 180)
	x := longitude/360 + 0.5
	y := 0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)
	return keyOf(gridLine(x), gridLine(y)), true
}

// gridLine scales 0..1 to the grid of keyZoom.
func gridLine(unit float64) uint32 {
	const last = 1<<keyZoom - 1
	return uint32(max(0, min(last, math.Floor(unit*(1<<keyZoom)))))
}

func keyOf(x, y uint32) key { return key(spread(x) | spread(y)<<1) }

func (k key) x() uint32 { return gather(uint64(k)) }
func (k key) y() uint32 { return gather(uint64(k) >> 1) }

// cell is the number of the square of the given zoom that holds the key.
func (k key) cell(zoom int) uint64 { return uint64(k) >> cellShift(zoom) }

// cellShift is how many low bits of a key tell places within one square of the zoom apart.
func cellShift(zoom int) int { return 2 * (keyZoom - zoom) }

// spread moves the bits of v apart, to the even places; gather is its inverse. Both are the
// usual five steps of "bit twiddling hacks": halve the distance, mask, repeat.
func spread(v uint32) uint64 {
	w := uint64(v)
	w = (w | w<<16) & 0x0000ffff0000ffff
	w = (w | w<<8) & 0x00ff00ff00ff00ff
	w = (w | w<<4) & 0x0f0f0f0f0f0f0f0f
	w = (w | w<<2) & 0x3333333333333333
	return (w | w<<1) & 0x5555555555555555
}

func gather(w uint64) uint32 {
	w &= 0x5555555555555555
	w = (w | w>>1) & 0x3333333333333333
	w = (w | w>>2) & 0x0f0f0f0f0f0f0f0f
	w = (w | w>>4) & 0x00ff00ff00ff00ff
	w = (w | w>>8) & 0x0000ffff0000ffff
	return uint32(w | w>>16)
}
