package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// polygons joins the edges of a class to polygons: each an outline and the holes in it. What is
// smaller than least square degrees and lies in the sea, or is a lake, is left out.
func (m *mosaic) polygons(class int, least float64) ([][]line, error) {
	rings, err := m.rings(class)
	if err != nil {
		return nil, err
	}
	var outlines, holes [][]vertex
	for _, ring := range rings {
		if area(lineOf(ring)) < least && m.onCoast(class, ring) {
			continue
		}
		if turn(ring) > 0 {
			outlines = append(outlines, ring)
		} else {
			holes = append(holes, ring)
		}
	}
	slices.SortStableFunc(outlines, func(a, b []vertex) int { return cmp.Compare(turn(b), turn(a)) })
	list := make([][]line, len(outlines))
	for i, ring := range outlines {
		list[i] = []line{lineOf(ring)}
	}
	for _, hole := range holes {
		for i := len(outlines) - 1; i >= 0; i-- { // the smallest that holds it
			if encloses(outlines[i], hole) {
				list[i] = append(list[i], lineOf(hole))
				break
			}
		}
	}
	return list, nil
}

// rings walks along the edges, always by the leftmost turn, until each is used.
func (m *mosaic) rings(class int) (rings [][]vertex, err error) {
	from := map[vertex][]vertex{}
	for e, n := range m.edges[class] {
		for range n {
			from[e[0]] = append(from[e[0]], e[1])
		}
	}
	starts := make([]vertex, 0, len(from))
	for v, ends := range from {
		slices.SortFunc(ends, compareVertices)
		starts = append(starts, v)
	}
	slices.SortFunc(starts, compareVertices)
	for _, start := range starts {
		for len(from[start]) > 0 {
			ring := []vertex{start}
			for {
				here := ring[len(ring)-1]
				ends := from[here]
				if len(ends) == 0 {
					return nil, fmt.Errorf("basemap: the outline of class %d breaks off at %v", class, here.point())
				}
				next := 0
				if len(ring) > 1 {
					next = leftmost(ring[len(ring)-2], here, ends)
				}
				ring = append(ring, ends[next])
				from[here] = slices.Delete(ends, next, next+1)
				if ring[len(ring)-1] == start {
					break
				}
			}
			rings = append(rings, ring)
		}
	}
	return rings, nil
}

func compareVertices(a, b vertex) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) }

// leftmost is which way on turns most to the left of where one comes from.
func leftmost(before, here vertex, ends []vertex) (best int) {
	if len(ends) == 1 {
		return 0
	}
	came := math.Atan2(float64(here.y-before.y), float64(here.x-before.x))
	most := -10.0
	for i, end := range ends {
		turned := math.Atan2(float64(end.y-here.y), float64(end.x-here.x)) - came
		turned = math.Remainder(turned, 2*math.Pi)
		if end == before {
			turned = -5
		}
		if turned > most {
			best, most = i, turned
		}
	}
	return best
}

// onCoast tells whether no other class has an edge of the ring.
func (m *mosaic) onCoast(class int, ring []vertex) bool {
	for other, edges := range m.edges {
		if other == class {
			continue
		}
		for i := 1; i < len(ring); i++ {
			if edges[[2]vertex{ring[i], ring[i-1]}] > 0 {
				return false
			}
		}
	}
	return true
}

// lineOf is a ring in the direction of the source, with the land on the right: the coast says the
// same points once more, and a compressor sees that.
func lineOf(vertices []vertex) line {
	out := make(line, 0, len(vertices))
	for _, v := range slices.Backward(vertices) {
		out = append(out, v.point())
	}
	return out
}

// encloses tells whether a ring lies in an outline, which it may touch.
func encloses(outline, ring []vertex) bool {
	t := tile{rings: [][]vertex{outline}}
	for _, v := range ring {
		if !slices.Contains(outline, v) {
			return t.holds(v)
		}
	}
	return turn(outline) > -turn(ring)
}

// A seam is the lines along which two classes meet.
type seam struct {
	a, b  int
	lines []line
}

// seams finds all pairs of classes that meet.
func (m *mosaic) seams() (list []seam) {
	sharing := map[[2]vertex][]int{}
	for class, edges := range m.edges {
		for e := range edges {
			key, _ := edgeKey(e[0], e[1])
			sharing[key] = append(sharing[key], class)
		}
	}
	byPair := map[[2]int][][2]vertex{}
	for key, who := range sharing {
		if len(who) == 2 {
			slices.Sort(who)
			pair := [2]int{who[0], who[1]}
			byPair[pair] = append(byPair[pair], key)
		}
	}
	for pair, edges := range byPair {
		list = append(list, seam{pair[0], pair[1], joined(edges)})
	}
	slices.SortFunc(list, func(x, y seam) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	return list
}

// joined makes lines of edges that meet end to end.
func joined(edges [][2]vertex) (lines []line) {
	slices.SortFunc(edges, func(x, y [2]vertex) int {
		return cmp.Or(compareVertices(x[0], y[0]), compareVertices(x[1], y[1]))
	})
	near := map[vertex][]int{}
	for i, e := range edges {
		near[e[0]] = append(near[e[0]], i)
		near[e[1]] = append(near[e[1]], i)
	}
	used := make([]bool, len(edges))
	follow := func(start vertex) {
		l := line{start.point()}
		for here := start; ; {
			i := slices.IndexFunc(near[here], func(i int) bool { return !used[i] })
			if i < 0 {
				break
			}
			e := edges[near[here][i]]
			used[near[here][i]] = true
			if e[0] == here {
				here = e[1]
			} else {
				here = e[0]
			}
			l = append(l, here.point())
			if len(near[here]) != 2 {
				break
			}
		}
		if len(l) > 1 {
			lines = append(lines, l)
		}
	}
	for _, e := range edges {
		for _, end := range e {
			for range near[end] {
				if len(near[end]) != 2 {
					follow(end)
				}
			}
		}
	}
	for i, e := range edges { // what is left goes round
		if !used[i] {
			follow(e[0])
		}
	}
	return lines
}
