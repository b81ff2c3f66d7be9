package main

import (
	"math"
	"slices"
)

// A field is a grid of square cells over a polygon, each with the class of its place. Borders of
// countries are as Natural Earth draws them and those of zones as OpenStreetMap does; where the two
// mean the same line they differ by some kilometers. Cells near the polygon's edge therefore take
// after the cells further in, and a country never gets a fringe of its neighbor's time.
type field struct {
	west, south, step float64
	columns, rows     int
	depth             []int16 // steps to the nearest cell outside, 0 outside
	class             []int16
}

const (
	unknown = -1 // a cell that has no class yet
	beyond  = -2 // a cell too far outside to matter
)

// gridShift keeps the lines of the grid off round coordinates, on which borders like to run.
const gridShift = 0.003137

// skirt is how many cells around a polygon have a class, too, so that borders run out of it.
const skirt = 3

func newField(polygon []line, step float64) *field {
	west, south, east, north := bound(polygon[0])
	f := &field{step: step}
	f.west = (math.Floor(west/step)-skirt-1)*step + gridShift
	f.south = (math.Floor(south/step)-skirt-1)*step + gridShift
	f.columns = int((east-f.west)/step) + skirt + 2
	f.rows = int((north-f.south)/step) + skirt + 2
	f.depth = make([]int16, f.columns*f.rows)
	f.class = make([]int16, f.columns*f.rows)
	for i := range f.class {
		f.class[i] = unknown
	}
	for row := range f.rows {
		f.fillRow(polygon, row)
	}
	f.measure()
	return f
}

func bound(ring line) (west, south, east, north float64) {
	west, south, east, north = 180, 90, -180, -90
	for _, p := range ring {
		west, east = min(west, p[0]), max(east, p[0])
		south, north = min(south, p[1]), max(north, p[1])
	}
	return west, south, east, north
}

func (f *field) center(cell int) point {
	row, column := cell/f.columns, cell%f.columns
	return point{f.west + (float64(column)+0.5)*f.step, f.south + (float64(row)+0.5)*f.step}
}

func (f *field) cellAt(p point) int {
	column := max(0, min(f.columns-1, int((p[0]-f.west)/f.step)))
	row := max(0, min(f.rows-1, int((p[1]-f.south)/f.step)))
	return row*f.columns + column
}

// fillRow marks the cells of a row whose centers are inside, by where the rings cross it.
func (f *field) fillRow(polygon []line, row int) {
	y := f.south + (float64(row)+0.5)*f.step
	var crossings []float64
	for _, ring := range polygon {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a[1] > y) != (b[1] > y) {
				crossings = append(crossings, a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]))
			}
		}
	}
	slices.Sort(crossings)
	for i := 0; i+1 < len(crossings); i += 2 {
		from := int(math.Ceil((crossings[i]-f.west)/f.step - 0.5))
		to := int(math.Floor((crossings[i+1]-f.west)/f.step - 0.5))
		for column := max(0, from); column <= min(f.columns-1, to); column++ {
			f.depth[row*f.columns+column] = math.MaxInt16
		}
	}
}

// around are the four neighbors of a cell.
func (f *field) around(cell int) (list [4]int, n int) {
	row, column := cell/f.columns, cell%f.columns
	for _, step := range [4][2]int{{-1, 0}, {1, 0}, {0, -1}, {0, 1}} {
		r, c := row+step[0], column+step[1]
		if r >= 0 && r < f.rows && c >= 0 && c < f.columns {
			list[n] = r*f.columns + c
			n++
		}
	}
	return list, n
}

// measure finds how deep inside each cell is.
func (f *field) measure() {
	var queue []int
	for cell, d := range f.depth {
		if d == 0 {
			queue = append(queue, cell)
		}
	}
	for len(queue) > 0 {
		cell := queue[0]
		queue = queue[1:]
		near, n := f.around(cell)
		for _, next := range near[:n] {
			if f.depth[next] == math.MaxInt16 {
				f.depth[next] = f.depth[cell] + 1
				queue = append(queue, next)
			}
		}
	}
}

// survey gives each cell its class: deep cells that of their place, those nearer to the edge that of
// the nearest deep one. Patches of fewer than least cells are taken for their surroundings.
func (f *field) survey(classAt func(point) int, edge int16, least int) {
	deepest := int16(0)
	for _, d := range f.depth {
		deepest = max(deepest, d)
	}
	edge = min(edge, deepest)
	for cell, d := range f.depth {
		if d >= edge && d > 0 {
			f.class[cell] = int16(classAt(f.center(cell)))
		}
	}
	f.dropPatches(least)
	f.spread()
}

// dropPatches forgets patches that are too small to be seen, but never all.
func (f *field) dropPatches(least int) {
	seen := make([]bool, len(f.class))
	var small [][]int
	kept := false
	for cell, class := range f.class {
		if seen[cell] || class < 0 {
			continue
		}
		patch := f.patch(cell, seen)
		if len(patch) < least {
			small = append(small, patch)
		} else {
			kept = true
		}
	}
	if !kept && len(small) > 0 { // the largest stays
		slices.SortStableFunc(small, func(a, b []int) int { return len(b) - len(a) })
		small = small[1:]
	}
	for _, patch := range small {
		for _, cell := range patch {
			f.class[cell] = unknown
		}
	}
}

func (f *field) patch(start int, seen []bool) []int {
	patch := []int{start}
	seen[start] = true
	for i := 0; i < len(patch); i++ {
		near, n := f.around(patch[i])
		for _, next := range near[:n] {
			if !seen[next] && f.class[next] == f.class[start] {
				seen[next] = true
				patch = append(patch, next)
			}
		}
	}
	return patch
}

// spread lets classes grow over cells that have none, evenly from all sides, and a little way out
// of the polygon.
func (f *field) spread() {
	out := make([]int16, len(f.class)) // steps out of the polygon
	var queue []int
	for cell, class := range f.class {
		if class >= 0 {
			queue = append(queue, cell)
		}
	}
	for len(queue) > 0 {
		cell := queue[0]
		queue = queue[1:]
		near, n := f.around(cell)
		for _, next := range near[:n] {
			if f.class[next] >= 0 {
				continue
			}
			if f.depth[next] == 0 {
				if out[next] = out[cell] + 1; out[next] > skirt {
					continue
				}
			}
			f.class[next] = f.class[cell]
			queue = append(queue, next)
		}
	}
	for cell, class := range f.class {
		if class == unknown {
			f.class[cell] = beyond
		}
	}
}

// classes lists the classes that there are.
func (f *field) classes() (list []int) {
	for _, class := range f.class {
		if class >= 0 && !slices.Contains(list, int(class)) {
			list = append(list, int(class))
		}
	}
	return list
}
