package main

import (
	"math"
	"slices"
)

// southEnd is where rings round the south pole are closed, in degrees.
const southEnd = -90

// flatten turns a polygon as it lies on the globe into polygons of a flat map from -180 to 180.
// Rings smaller than least square degrees are left out.
func flatten(polygon []line, least float64) (list [][]line) {
	if len(polygon) > 1 && isPole(polygon[0]) {
		polygon = polygon[1:] // the coast around it, given as a hole, is the outline on a flat map
	}
	for i, ring := range polygon {
		polygon[i] = closeAtPole(unwrap(ring))
	}
	if area(polygon[0]) < least {
		return nil
	}
	for world := -360.0; world <= 360; world += 360 {
		var part []line
		for i, ring := range polygon {
			cut := cutRing(ring, world-180, world+180)
			if size := area(cut); size == 0 || (i > 0 && size < least) {
				if i == 0 {
					break // nothing of the outer ring is in this world, so no hole is either
				}
				continue
			}
			part = append(part, shifted(cut, -world))
		}
		if part != nil {
			list = append(list, part)
		}
	}
	return list
}

// isPole tells of a ring that is the south pole itself.
func isPole(ring line) bool {
	return !slices.ContainsFunc(ring, func(p point) bool { return p[1] > southEnd+0.1 })
}

// unwrap lets longitudes run past 180 degrees instead of jumping to the other side.
func unwrap(l line) line {
	out := make(line, 0, len(l))
	shift := 0.0
	for i, p := range l {
		if i > 0 {
			switch d := p[0] + shift - out[i-1][0]; {
			case d > 180:
				shift -= 360
			case d < -180:
				shift += 360
			}
		}
		out = append(out, point{p[0] + shift, p[1]})
	}
	return out
}

// closeAtPole leads a ring that goes once round the world, and so ends 360 degrees from where it
// began, home along the south pole. There is no land at the north pole.
func closeAtPole(ring line) line {
	first, last := ring[0], ring[len(ring)-1]
	if math.Abs(first[0]-last[0]) < 180 {
		return ring
	}
	return append(ring, point{last[0], southEnd}, point{first[0], southEnd}, first)
}

// cutRing keeps what lies between two meridians, by Sutherland and Hodgman: edge by edge, points
// outside are replaced by where the ring crosses.
func cutRing(ring line, west, east float64) line {
	ring = cutSide(ring, func(p point) bool { return p[0] >= west }, west)
	return cutSide(ring, func(p point) bool { return p[0] <= east }, east)
}

func cutSide(ring line, inside func(point) bool, meridian float64) (out line) {
	for i, p := range ring {
		if i > 0 && inside(ring[i-1]) != inside(p) {
			out = append(out, crossing(ring[i-1], p, meridian))
		}
		if inside(p) {
			out = append(out, p)
		}
	}
	if len(out) > 0 && out[0] != out[len(out)-1] {
		out = append(out, out[0])
	}
	return out
}

func crossing(a, b point, meridian float64) point {
	along := (meridian - a[0]) / (b[0] - a[0])
	return point{meridian, a[1] + along*(b[1]-a[1])}
}

func shifted(l line, by float64) line {
	out := make(line, 0, len(l))
	for _, p := range l {
		out = append(out, point{p[0] + by, p[1]})
	}
	return out
}

// area is what a ring encloses, in square degrees, shrunk by the mean latitude of its points.
func area(ring line) float64 {
	if len(ring) == 0 {
		return 0
	}
	sum, shrunk := 0.0, 0.0
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		sum += (a[0]*b[1] - b[0]*a[1]) / 2
		shrunk += math.Cos(b[1] * math.Pi / 180)
	}
	return math.Abs(sum) * shrunk / float64(max(1, len(ring)-1))
}

// cutLines cuts lines at the antimeridian and leaves out rings smaller than least, and pieces that
// run along it, which only mark where the source was cut.
func cutLines(lines []line, least float64) (list []line) {
	for _, l := range lines {
		if l[0] == l[len(l)-1] && area(l) < least {
			continue
		}
		for _, piece := range cutLine(l) {
			if len(piece) > 1 {
				list = append(list, piece)
			}
		}
	}
	return list
}

func cutLine(l line) (pieces []line) {
	piece := line{l[0]}
	for i := 1; i < len(l); i++ {
		a, b := l[i-1], l[i]
		switch {
		case math.Abs(a[0]) == 180 && math.Abs(b[0]) == 180:
			pieces, piece = append(pieces, piece), line{b}
		case math.Abs(a[0]-b[0]) > 180:
			side := math.Copysign(180, a[0])
			at := crossing(a, point{b[0] + 2*side, b[1]}, side)
			pieces = append(pieces, append(piece, at))
			piece = line{{-side, at[1]}, b}
		default:
			piece = append(piece, b)
		}
	}
	return append(pieces, piece)
}
