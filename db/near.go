package db

import (
	"math"

	"github.com/microgalleries/actionday/events"
)

// inBox is the condition that an event's public point lies in a box, borders included. The point of
// a whole country lies in none: it is not where the event is (events.Place.IsSomewhere).
func inBox(b events.Box) clause {
	c := inRoundBox(b)
	c.text = "(e.precision <> 'COUNTRY' and " + c.text + ")"
	return c
}

// inRoundBox asks for a box over the antimeridian as for two: the index of points, which answers the
// geometric half, knows no circles round the globe.
func inRoundBox(b events.Box) clause {
	if b.West <= b.East {
		return inPlainBox(b)
	}
	west := inPlainBox(events.Box{West: b.West, South: b.South, East: 180, North: b.North})
	east := inPlainBox(events.Box{West: -180, South: b.South, East: b.East, North: b.North})
	return clause{"(" + west.text + " or " + east.text + ")", append(west.args, east.args...)}
}

// inPlainBox asks twice, because Postgres' geometric types take points a millionth beside a border
// for points on it.
func inPlainBox(b events.Box) clause {
	return clause{
		`(e.latitude is not null
			and point(e.longitude, e.latitude) <@ box(point(?, ?), point(?, ?))
			and e.latitude between ? and ? and e.longitude between ? and ?)`,
		[]any{b.West, b.South, b.East, b.North, b.South, b.North, b.West, b.East},
	}
}

// kmFrom is the great-circle distance of an event's public point in kilometers, by the haversine
// formula of events.DistanceKm.
func kmFrom(n events.Near) clause {
	return clause{
		`2 * ? * asin(least(1, sqrt(power(sin(radians(e.latitude - ?) / 2), 2)
			+ cos(radians(?)) * cos(radians(e.latitude)) * power(sin(radians(e.longitude - ?) / 2), 2))))`,
		[]any{events.EarthRadiusKm, n.Latitude, n.Latitude, n.Longitude},
	}
}

// isNear is the condition that an event's public point is within a distance: first by the box
// round the circle, which the index answers, then exactly.
func isNear(n events.Near) clause {
	box, km := inBox(boxAround(n)), kmFrom(n)
	args := append(append(box.args, km.args...), n.WithinKm)
	return clause{"(" + box.text + " and " + km.text + " <= ?)", args}
}

// boxAround is the smallest box that holds all points within a distance, and a little more against
// rounding. A circle that touches a pole holds every longitude (Bronstein, spherical triangles:
// the meridians that touch the circle are asin(sin r / cos latitude) away).
func boxAround(n events.Near) events.Box {
	const margin = 1e-6 // degrees, about 10 cm
	radius := n.WithinKm / events.EarthRadiusKm
	high := radius*180/math.Pi + margin
	box := events.Box{
		West: -180, East: 180,
		South: max(-90, n.Latitude-high), North: min(90, n.Latitude+high),
	}
	if box.South == -90 || box.North == 90 {
		return box
	}
	wide := math.Asin(min(1, math.Sin(radius)/math.Cos(n.Latitude*math.Pi/180)))*180/math.Pi + margin
	if wide < 180 {
		box.West, box.East = wrap(n.Longitude-wide), wrap(n.Longitude+wide)
	}
	return box
}

// wrap brings a longitude back into -180 to 180.
func wrap(longitude float64) float64 {
	switch {
	case longitude < -180:
		return longitude + 360
	case longitude > 180:
		return longitude - 360
	}
	return longitude
}
