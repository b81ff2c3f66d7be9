package main

// A front is a line between two classes: left of it, in its direction, is one and right the other.
type front struct {
	line        line
	left, right int
}

// step is one side of a cell, between two corners of the grid.
type step struct {
	from, to    int // corners
	left, right int16
}

// fronts are the lines between the classes of a field. They run from node to node, where three
// classes meet or the field ends, or are closed. Slanted lines are stairs on a grid: they go
// through the middles of the stairs' sides, which is straight again.
func (f *field) fronts() (list []front) {
	steps, at := f.steps()
	isNode := func(corner int) bool {
		around := at[corner]
		return len(around) != 2 || steps[around[0]].left != steps[around[1]].left ||
			steps[around[0]].right != steps[around[1]].right
	}
	used := make([]bool, len(steps))
	walk := func(first int) {
		current := front{left: int(steps[first].left), right: int(steps[first].right)}
		current.line = line{f.corner(steps[first].from)}
		for i := first; ; {
			used[i] = true
			a, b := f.corner(steps[i].from), f.corner(steps[i].to)
			current.line = append(current.line, point{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2})
			end := steps[i].to
			next := onward(steps, at[end], used, end)
			if isNode(end) || next < 0 {
				current.line = append(current.line, b)
				break
			}
			i = next
		}
		list = append(list, current)
	}
	for i := range steps {
		if !used[i] && isNode(steps[i].from) {
			walk(i)
		}
	}
	for i := range steps { // what is left goes round
		if !used[i] {
			walk(i)
		}
	}
	return list
}

func onward(steps []step, around []int, used []bool, from int) int {
	for _, i := range around {
		if !used[i] && steps[i].from == from {
			return i
		}
	}
	return -1
}

// steps are all sides between cells of different classes, directed so that the smaller class is on
// the left, and those at each corner.
func (f *field) steps() (steps []step, at map[int][]int) {
	at = map[int][]int{}
	add := func(from, to int, left, right int16) {
		if left == right || left < 0 || right < 0 {
			return
		}
		if left > right {
			from, to, left, right = to, from, right, left
		}
		at[from] = append(at[from], len(steps))
		at[to] = append(at[to], len(steps))
		steps = append(steps, step{from, to, left, right})
	}
	width := f.columns + 1
	for row := range f.rows {
		for column := range f.columns {
			cell := row*f.columns + column
			corner := row*width + column // the south-western one
			if column > 0 {
				add(corner, corner+width, f.class[cell-1], f.class[cell])
			}
			if row > 0 {
				add(corner, corner+1, f.class[cell], f.class[cell-f.columns])
			}
		}
	}
	return steps, at
}

func (f *field) corner(corner int) point {
	width := f.columns + 1
	row, column := corner/width, corner%width
	return point{f.west + float64(column)*f.step, f.south + float64(row)*f.step}
}
