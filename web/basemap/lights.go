package main

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/microgalleries/actionday/events/places"
)

// lightsFrom is how many people a town needs to be seen at night.
const lightsFrom = 40_000

// A light is a town from above.
type light struct {
	place      uint32 // where, by Morton's order
	brightness byte   // eighths of a doubling of its people, from lightsFrom on
}

// lightsOf writes the towns as lights: the number of them (uint32, little endian), their places in
// Morton's order, each as the difference from the one before (uvarint), and a byte of brightness
// for each. A place is longitude and latitude in 65536ths of 360 degrees from 180 W and 90 S, their
// bits laced into one number, longitude in the even ones: neighbors on the map are neighbors in the
// file, and a difference takes two bytes.
func lightsOf(towns []places.Town) []byte {
	lights := make([]light, 0, len(towns))
	for _, t := range towns {
		x := uint32(math.Round((t.Longitude+180)/360*65536)) & 0xffff
		y := uint32(math.Round((t.Latitude + 90) / 360 * 65536))
		doublings := math.Log2(float64(t.Population) / lightsFrom)
		lights = append(lights, light{spaced(x) | spaced(y)<<1, byte(min(255, math.Round(8*doublings)))})
	}
	slices.SortFunc(lights, func(a, b light) int {
		if a.place != b.place {
			return int(int64(a.place) - int64(b.place))
		}
		return int(b.brightness) - int(a.brightness)
	})
	lights = slices.CompactFunc(lights, func(a, b light) bool { return a.place == b.place })
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(lights)))
	last := uint32(0)
	for _, l := range lights {
		out = binary.AppendUvarint(out, uint64(l.place-last))
		last = l.place
	}
	for _, l := range lights {
		out = append(out, l.brightness)
	}
	return out
}

// spaced puts a zero before each of 16 bits.
func spaced(v uint32) uint32 {
	v = (v | v<<8) & 0x00ff00ff
	v = (v | v<<4) & 0x0f0f0f0f
	v = (v | v<<2) & 0x33333333
	return (v | v<<1) & 0x55555555
}
