package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// A mosaic is the land laid out in pieces, each of one class. It is made of directed edges with
// their class on the left: pieces of one class that meet cancel each other's edges, and what is
// left is the outline of the class. Neighbors have the very same points, so that there is neither
// gap nor overlap between them, however much was simplified before.
type mosaic struct {
	tiles []*tile
	cuts  map[[2]vertex][]cut // where fronts cross an edge, which a neighbor has as well
	edges map[int]map[[2]vertex]int
}

// A vertex is a point in steps of a hundred-thousandth of a degree: on whole numbers it is never a
// matter of rounding on which side of a line something lies.
type vertex struct{ x, y int32 }

const vertexSteps = 100_000

func vertexOf(p point) vertex {
	return vertex{int32(math.Round(p[0] * vertexSteps)), int32(math.Round(p[1] * vertexSteps))}
}

func (v vertex) point() point { return point{float64(v.x) / vertexSteps, float64(v.y) / vertexSteps} }

// A tile is a polygon of a country: of one class, or cut by fronts.
type tile struct {
	rings  [][]vertex // closed, the land on the left
	class  int        // where there are no fronts
	fronts []border
	field  *field
}

type border struct {
	line        []vertex
	left, right int
	cuts        [][]cut // by edge
}

// A cut is a crossing of an edge of a tile and one of a front.
type cut struct {
	along float64 // from the edge's first end to its second
	at    vertex
	// The classes before and behind the cut along the edge, and whose they are.
	before, behind int
	of             *tile
}

func newMosaic() *mosaic {
	return &mosaic{cuts: map[[2]vertex][]cut{}, edges: map[int]map[[2]vertex]int{}}
}

// lay adds a flat polygon, whose rings are closed and whose places are of the classes that classAt
// tells.
func (m *mosaic) lay(polygon []line, w weight, classAt func(point) int) {
	t := &tile{}
	for i, ring := range polygon {
		if vertices := verticesOf(ring); len(vertices) > 3 {
			if (turn(vertices) > 0) != (i == 0) {
				slices.Reverse(vertices)
			}
			t.rings = append(t.rings, vertices)
		} else if i == 0 {
			return
		}
	}
	m.tiles = append(m.tiles, t)
	f := newField(polygon, w.grid)
	f.survey(classAt, int16(w.fringe/w.grid), int(w.patch/(w.grid*w.grid)))
	found := f.classes()
	switch len(found) {
	case 0: // too small for the grid
		t.class = classAt(polygon[0][0])
		return
	case 1:
		t.class = found[0]
		return
	}
	t.field = f
	for _, front := range f.fronts() {
		line := verticesOf(simplify(front.line, w.bend))
		t.fronts = append(t.fronts, border{line: line, left: front.left, right: front.right})
	}
	m.cross(t)
}

func verticesOf(l line) (out []vertex) {
	for _, p := range l {
		if v := vertexOf(p); len(out) == 0 || out[len(out)-1] != v {
			out = append(out, v)
		}
	}
	return out
}

// turn is twice the area that a ring encloses, positive if it goes round counterclockwise.
func turn(ring []vertex) (sum int64) {
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		sum += int64(a.x)*int64(b.y) - int64(b.x)*int64(a.y)
	}
	return sum
}

// cross finds where the fronts of a tile cross its edges.
func (m *mosaic) cross(t *tile) {
	for i := range t.fronts {
		b := &t.fronts[i]
		b.cuts = make([][]cut, len(b.line))
		for k := 1; k < len(b.line); k++ {
			for _, ring := range t.rings {
				for n := 1; n < len(ring); n++ {
					m.crossEdges(t, b, k, ring[n-1], ring[n])
				}
			}
			slices.SortFunc(b.cuts[k], func(x, y cut) int { return cmp.Compare(x.along, y.along) })
		}
	}
}

func (m *mosaic) crossEdges(t *tile, b *border, k int, from, to vertex) {
	p, q := b.line[k-1], b.line[k]
	if max(p.x, q.x) < min(from.x, to.x) || max(from.x, to.x) < min(p.x, q.x) ||
		max(p.y, q.y) < min(from.y, to.y) || max(from.y, to.y) < min(p.y, q.y) {
		return
	}
	s, u := side(p, q, from), side(p, q, to)
	v, w := side(from, to, p), side(from, to, q)
	if (s > 0) == (u > 0) || (v > 0) == (w > 0) {
		return
	}
	along := float64(s) / float64(s-u)
	at := vertex{
		from.x + int32(math.Round(along*float64(to.x-from.x))),
		from.y + int32(math.Round(along*float64(to.y-from.y))),
	}
	before, behind := b.right, b.left // the edge comes from the right of the front
	if s > 0 {
		before, behind = b.left, b.right
	}
	key, forward := edgeKey(from, to)
	onEdge := cut{along, at, before, behind, t}
	if !forward {
		onEdge = cut{1 - along, at, behind, before, t}
	}
	m.cuts[key] = append(m.cuts[key], onEdge)
	b.cuts[k] = append(b.cuts[k], cut{along: float64(v) / float64(v-w), at: at})
}

// side is positive if v lies to the left of the line from a to b.
func side(a, b, v vertex) int64 {
	return int64(b.x-a.x)*int64(v.y-a.y) - int64(b.y-a.y)*int64(v.x-a.x)
}

// edgeKey names an edge alike in both directions.
func edgeKey(a, b vertex) (key [2]vertex, forward bool) {
	if a.x < b.x || a.x == b.x && a.y < b.y {
		return [2]vertex{a, b}, true
	}
	return [2]vertex{b, a}, false
}

// finish turns all tiles into edges.
func (m *mosaic) finish() error {
	for key := range m.cuts {
		slices.SortFunc(m.cuts[key], func(x, y cut) int { return cmp.Compare(x.along, y.along) })
	}
	for _, t := range m.tiles {
		for _, ring := range t.rings {
			if err := m.layRing(t, ring); err != nil {
				return err
			}
		}
		for _, b := range t.fronts {
			m.layFront(t, b)
		}
	}
	return nil
}

func (m *mosaic) edge(class int, from, to vertex) {
	if from == to {
		return
	}
	edges := m.edges[class]
	if edges == nil {
		edges = map[[2]vertex]int{}
		m.edges[class] = edges
	}
	if back := [2]vertex{to, from}; edges[back] > 0 {
		if edges[back]--; edges[back] == 0 {
			delete(edges, back)
		}
		return
	}
	edges[[2]vertex{from, to}]++
}

// layRing lays the edges of a ring. Its class changes where a front of the tile crosses it.
func (m *mosaic) layRing(t *tile, ring []vertex) error {
	class, known := t.class, t.field == nil
	if !known {
		class = m.startClass(t, ring)
	}
	for i := 1; i < len(ring); i++ {
		last := ring[i-1]
		for _, c := range m.cutsAlong(ring[i-1], ring[i]) {
			m.edge(class, last, c.at)
			last = c.at
			if c.of != t {
				continue
			}
			if c.before != class {
				return fmt.Errorf("basemap: an edge at %v is of class %d and of %d", c.at.point(), class, c.before)
			}
			class = c.behind
		}
		m.edge(class, last, ring[i])
	}
	return nil
}

// cutsAlong is the cuts of an edge in its own direction.
func (m *mosaic) cutsAlong(from, to vertex) []cut {
	key, forward := edgeKey(from, to)
	cuts := m.cuts[key]
	if forward || len(cuts) == 0 {
		return cuts
	}
	back := make([]cut, 0, len(cuts))
	for _, c := range slices.Backward(cuts) {
		c.before, c.behind = c.behind, c.before
		back = append(back, c)
	}
	return back
}

// startClass is the class with which a ring begins: what its first cut says is before it, or what
// most of its cells are.
func (m *mosaic) startClass(t *tile, ring []vertex) int {
	for i := 1; i < len(ring); i++ {
		for _, c := range m.cutsAlong(ring[i-1], ring[i]) {
			if c.of == t {
				return c.before
			}
		}
	}
	votes, best := map[int16]int{}, int16(0)
	for _, v := range ring {
		class := t.field.class[t.field.cellAt(v.point())]
		if votes[class]++; class >= 0 && votes[class] > votes[best] {
			best = class
		}
	}
	return int(best)
}

// layFront lays the part of a front that is inside its tile, once for each side.
func (m *mosaic) layFront(t *tile, b border) {
	inside := t.holds(b.line[0])
	last := b.line[0]
	lay := func(to vertex) {
		if inside {
			m.edge(b.left, last, to)
			m.edge(b.right, to, last)
		}
		last = to
	}
	for k := 1; k < len(b.line); k++ {
		for _, c := range b.cuts[k] {
			lay(c.at)
			inside = !inside
		}
		lay(b.line[k])
	}
}

// holds counts the edges to the right of a point.
func (t *tile) holds(v vertex) bool {
	inside := false
	for _, ring := range t.rings {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a.y > v.y) != (b.y > v.y) && (side(a, b, v) > 0) == (b.y > a.y) {
				inside = !inside
			}
		}
	}
	return inside
}
