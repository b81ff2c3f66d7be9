package main

import (
	"encoding/json"
	"fmt"
)

// A point is longitude and latitude in degrees.
type point [2]float64

// A line is open or, as a ring, closed: its last point is its first.
type line []point

// A topology is TopoJSON (the specification of 2013, version 1) with its lines decoded.
type topology struct {
	arcs    []line
	objects map[string]geometry
}

type geometry struct {
	Type       string          `json:"type"`
	Arcs       json.RawMessage `json:"arcs"`
	Geometries []geometry      `json:"geometries"`
}

// parseTopology decodes the delta-encoded, quantized arcs (section 2.1.3 of the specification).
func parseTopology(raw []byte) (*topology, error) {
	var t struct {
		Objects   map[string]geometry `json:"objects"`
		Arcs      [][][2]int          `json:"arcs"`
		Transform struct {
			Scale     point `json:"scale"`
			Translate point `json:"translate"`
		} `json:"transform"`
	}
	if err := json.Unmarshal(raw, &t); err != nil {
		return nil, err
	}
	arcs := make([]line, len(t.Arcs))
	for i, deltas := range t.Arcs {
		x, y := 0, 0
		for _, d := range deltas {
			x, y = x+d[0], y+d[1]
			arcs[i] = append(arcs[i], point{
				float64(x)*t.Transform.Scale[0] + t.Transform.Translate[0],
				float64(y)*t.Transform.Scale[1] + t.Transform.Translate[1],
			})
		}
	}
	found := &topology{arcs: arcs, objects: t.Objects}
	return found, found.check()
}

// check makes sure that every geometry can be read and names only arcs that exist, so that the
// walks below need not.
func (t *topology) check() error {
	for name, g := range t.objects {
		for _, polygon := range g.polygons() {
			for _, ring := range polygon {
				for _, at := range ring {
					if max(at, ^at) >= len(t.arcs) {
						return fmt.Errorf("%s names arc %d of %d", name, at, len(t.arcs))
					}
				}
			}
		}
	}
	return nil
}

// polygons lists a geometry's polygons: each a list of rings, each a list of arc numbers. A
// negative number is the arc ^number, backwards.
func (g geometry) polygons() (list [][][]int) {
	switch g.Type {
	case "GeometryCollection":
		for _, inner := range g.Geometries {
			list = append(list, inner.polygons()...)
		}
	case "Polygon":
		var polygon [][]int
		if json.Unmarshal(g.Arcs, &polygon) == nil {
			list = append(list, polygon)
		}
	case "MultiPolygon":
		var polygons [][][]int
		if json.Unmarshal(g.Arcs, &polygons) == nil {
			list = append(list, polygons...)
		}
	}
	return list
}

// polygons joins the arcs of an object to rings.
func (t *topology) polygons(object string) (list [][]line) {
	for _, polygon := range t.objects[object].polygons() {
		var rings []line
		for _, numbers := range polygon {
			rings = append(rings, t.join(numbers))
		}
		list = append(list, rings)
	}
	return list
}

func (t *topology) join(numbers []int) (ring line) {
	for _, at := range numbers {
		arc := t.arc(at)
		if len(ring) > 0 && len(arc) > 0 {
			arc = arc[1:] // arcs share their ends
		}
		ring = append(ring, arc...)
	}
	return ring
}

func (t *topology) arc(at int) line {
	if at >= 0 {
		return t.arcs[at]
	}
	forward := t.arcs[^at]
	backward := make(line, 0, len(forward))
	for i := len(forward) - 1; i >= 0; i-- {
		backward = append(backward, forward[i])
	}
	return backward
}

// lines divides the arcs of an object into those that one polygon has for itself and those that
// two share.
func (t *topology) lines(object string) (single, shared []line) {
	uses := make([]int, len(t.arcs))
	for _, polygon := range t.objects[object].polygons() {
		for _, ring := range polygon {
			for _, at := range ring {
				uses[max(at, ^at)]++
			}
		}
	}
	for at, n := range uses {
		switch n {
		case 0:
		case 1:
			single = append(single, t.arcs[at])
		default:
			shared = append(shared, t.arcs[at])
		}
	}
	return single, shared
}
