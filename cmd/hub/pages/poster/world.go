package poster

import (
	"encoding/json"
	"errors"
	"fmt"
)

// A World is what stays the same in every picture: the land, and the shape of a meridian. It is
// made once and never changes.
type World struct {
	land     []byte // path data
	half     []byte // path data of the half of the world east of the central meridian
	meridian []byte // path data of the line at 180 degrees east
}

// meridianStep is how far apart, in degrees, the points of a meridian are.
const meridianStep = 5

// NewWorld reads the land from the base map, a GeoJSON collection with one feature of kind "land".
func NewWorld(basemap []byte) (*World, error) {
	var collection struct {
		Features []struct {
			Properties struct{ Kind string }
			Geometry   struct{ Coordinates json.RawMessage }
		}
	}
	if err := json.Unmarshal(basemap, &collection); err != nil {
		return nil, fmt.Errorf("poster: read the base map: %w", err)
	}
	w := &World{}
	for _, feature := range collection.Features {
		if feature.Properties.Kind != "land" {
			continue
		}
		var polygons [][][][2]float64
		if err := json.Unmarshal(feature.Geometry.Coordinates, &polygons); err != nil {
			return nil, fmt.Errorf("poster: read the land: %w", err)
		}
		w.land = landOf(polygons)
	}
	if len(w.land) == 0 {
		return nil, errors.New("poster: the base map has no land")
	}
	w.half, w.meridian = halfOf()
	return w, nil
}

func landOf(polygons [][][][2]float64) []byte {
	var p path
	for _, polygon := range polygons {
		for _, ring := range polygon {
			dots := make([]dot, 0, len(ring))
			for _, point := range ring[:max(0, len(ring)-1)] { // the last repeats the first
				if d := at(point[1], point[0]); len(dots) == 0 || dots[len(dots)-1] != d {
					dots = append(dots, d)
				}
			}
			p.ring(dots)
		}
	}
	return p.out
}

func halfOf() (half, meridian []byte) {
	var line path
	dots := []dot{at(90, 0)}
	for latitude := 90.0; latitude >= -90; latitude -= meridianStep {
		d := at(latitude, 180)
		dots = append(dots, d)
		if latitude == 90 {
			line.move(d)
		} else {
			line.line(d)
		}
	}
	var shape path
	shape.ring(append(dots, at(-90, 0)))
	return shape.out, line.out
}
