package events

import "math"

// MaxAreaZoom is how small an area of the map can be: a tile of zoom 8, some 150 km wide at the
// equator. Few areas mean that those who look at the same part of the world share what they are told.
const MaxAreaZoom = 8

// mercatorLimit is the latitude in degrees at which the square Web Mercator map ends.
const mercatorLimit = 85.05112877980659

// Area is a part of the map: the tile X from the west and Y from the north of the square Web
// Mercator map, which Zoom cuts into 2^Zoom by 2^Zoom tiles.
type Area struct {
	Zoom, X, Y int
}

// Check tells what is wrong with an area.
func (a Area) Check() error {
	if a.Zoom < 0 || a.Zoom > MaxAreaZoom {
		return problem(Invalid, "area.zoom", "Please choose a zoom from 0 to %d.", MaxAreaZoom)
	}
	if most := 1<<a.Zoom - 1; a.X < 0 || a.X > most || a.Y < 0 || a.Y > most {
		return problem(Invalid, "area", "At zoom %d the map has tiles 0 to %d each way.", a.Zoom, most)
	}
	return nil
}

// Holds tells whether a public place is in the area. A place without a point is in none, and neither
// is one that shows only its country: the country's point is not where it is.
func (a Area) Holds(p Place) bool {
	if !p.IsSomewhere() {
		return false
	}
	latitude := max(-mercatorLimit, min(mercatorLimit, *p.Latitude))
	sin := math.Sin(latitude * math.Pi / 180)
	x := a.tile(*p.Longitude/360 + 0.5)
	y := a.tile(0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi))
	return x == a.X && y == a.Y
}

// tile is which of the area's kind a share of the whole map, 0 to 1, lies in.
func (a Area) tile(share float64) int {
	tiles := float64(int(1) << a.Zoom)
	return int(max(0, min(tiles-1, math.Floor(share*tiles))))
}
