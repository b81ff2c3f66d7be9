package replay

import (
	"math"

	"github.com/microgalleries/actionday/events"
)

// place is a point on earth as one number of 48 bits: longitude and latitude in steps of 2.4 and
// 1.2 meters, their bits interleaved (latitude in the odd ones). In this order, Morton's, neighbors on
// earth are neighbors in the file, and the differences from one to the next are small.
type place uint64

// placeBits is how many bits each coordinate has.
const placeBits = 24

// placeOf is where an event is drawn, or nowhere: no public point, HIDDEN precision, or a point that
// is not on the earth.
func placeOf(p events.Place) place {
	if p.Precision == events.HiddenPrecision || !p.IsMapped() {
		return nowhere
	}
	if !(math.Abs(*p.Latitude) <= 90) || !(math.Abs(*p.Longitude) <= 180) {
		return nowhere
	}
	return place(spread(steps(*p.Longitude, 180)) | spread(steps(*p.Latitude, 90))<<1)
}

// steps scales -limit..limit to the whole numbers of placeBits.
func steps(degrees, limit float64) uint32 {
	const last = 1<<placeBits - 1
	return uint32(min(last, math.Floor((degrees+limit)/(2*limit)*(1<<placeBits))))
}

// spread moves the bits of v apart, to the even places: halve the distance, mask, repeat.
func spread(v uint32) uint64 {
	w := uint64(v)
	w = (w | w<<16) & 0x0000ffff0000ffff
	w = (w | w<<8) & 0x00ff00ff00ff00ff
	w = (w | w<<4) & 0x0f0f0f0f0f0f0f0f
	w = (w | w<<2) & 0x3333333333333333
	return (w | w<<1) & 0x5555555555555555
}
