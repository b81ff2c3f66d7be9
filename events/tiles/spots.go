package tiles

import (
	"math"

	"github.com/microgalleries/actionday/events"
)

// maxSpotZoom is the finest zoom of a Spot: 128 by 128 cells of the world, as fine as a picture of
// all of it needs.
const maxSpotZoom = 7

// A Spot is the events of one cell of the map, for pictures of the whole world that are no tiles.
// It stands where the middle one of them does. Of its counts, Digital is what the other ways leave.
type Spot struct {
	Latitude, Longitude                      float64 // WGS 84 degrees
	Count, OwnWork, Blueprint, Digital, Live int
	Phase                                    events.Phase // of a single event, "" for more
}

// Spots is everything on the map in at most so many spots, from the finest cells that allow it. Few
// or a million events cost about the same to draw.
func (x *Index) Spots(most int) []Spot {
	s := x.now.Load()
	all := span{0, len(s.keys)}
	for zoom := maxSpotZoom; zoom >= 0; zoom-- {
		if groups, fits := s.cells(all, zoom, most); fits {
			spots := make([]Spot, len(groups))
			for i, g := range groups {
				spots[i] = s.spot(g)
			}
			return spots
		}
	}
	return nil
}

// cells splits a span by the cells of a zoom, unless there are more than wanted.
func (s *snapshot) cells(in span, zoom, most int) (groups []span, fits bool) {
	shift := cellShift(zoom)
	for lo := in.lo; lo < in.hi; {
		if len(groups) == most {
			return nil, false
		}
		hi := s.gallop(lo, in.hi, (s.keys[lo]>>shift+1)<<shift)
		groups = append(groups, span{lo, hi})
		lo = hi
	}
	return groups, true
}

func (s *snapshot) spot(of span) Spot {
	t, n := s.tally(of), of.len()
	spot := Spot{
		Count: n, OwnWork: int(t.ownWork), Blueprint: int(t.blueprint), Live: int(t.live),
		Digital: n - int(t.ownWork) - int(t.blueprint),
	}
	spot.Latitude, spot.Longitude = s.keys[of.middle()].place()
	if n == 1 {
		spot.Phase = s.marks[of.lo].phase()
	}
	return spot
}

// place is the middle of the key's finest square, in degrees: keyAt read backwards.
func (k key) place() (latitude, longitude float64) {
	const side = 1 << keyZoom
	x, y := (float64(k.x())+0.5)/side, (float64(k.y())+0.5)/side
	return math.Atan(math.Sinh(math.Pi*(1-2*y))) * 180 / math.Pi, x*360 - 180
}
