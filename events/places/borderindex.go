package places

import "math"

// The index cuts the globe into cells of half a degree. Most cells lie whole in one area, and the
// question is answered by looking at the cell. In the others a ray is sent from the point along
// its latitude, and the lines it crosses are counted (even and odd, as by Jordan's theorem); only
// the lines in the point's row of cells are looked at. As the lines of an outline mostly come in
// one piece through a row, a row keeps runs of them and no list of single lines.
const (
	cellSize = microDegrees / 2
	rows     = 180 * microDegrees / cellSize
	columns  = 360 * microDegrees / cellSize
)

// borderIndex finds the areas at a point without looking at all of them.
type borderIndex struct {
	areas []rowRuns
	runs  []run
	// The areas that reach into cell c are members[cells[c]:cells[c+1]], in the areas' order.
	cells   []uint32
	members []member
}

// rowRuns tells where an area's runs are: those of row top+i are runs[starts[i]:starts[i+1]].
type rowRuns struct {
	top    int
	starts []uint32
}

// run is n lines, from points[first] to points[first+n].
type run struct{ first, n uint32 }

// member is twice the number of an area, and one more where the area covers the cell whole.
type member uint16

const maxAreas = math.MaxUint16 / 2

func rowOf(y int32) int    { return min(int(y+90*microDegrees)/cellSize, rows-1) }
func columnOf(x int32) int { return min(int(x+180*microDegrees)/cellSize, columns-1) }

func middleOf(row, column int) point {
	x, y := column*cellSize+cellSize/2, row*cellSize+cellSize/2
	return point{int32(x - 180*microDegrees), int32(y - 90*microDegrees)}
}

func newBorderIndex(b *borders) borderIndex {
	if len(b.areas) > maxAreas {
		panic("places: more polygons than the index can number")
	}
	var index borderIndex
	for _, a := range b.areas {
		index.addRuns(b.points, a)
	}
	index.runs = append([]run(nil), index.runs...)
	index.addCells(b.points)
	return index
}

// addRuns sorts the lines of an area into rows.
func (index *borderIndex) addRuns(points []point, a area) {
	var byRow [rows][]run
	top, bottom := rows, 0
	for _, r := range a.rings {
		for i := r.first; i < r.last; i++ {
			from, to := rowOf(points[i].y), rowOf(points[i+1].y)
			from, to = min(from, to), max(from, to)
			top, bottom = min(top, from), max(bottom, to)
			for row := from; row <= to; row++ {
				byRow[row] = appendLine(byRow[row], uint32(i), i > r.first)
			}
		}
	}
	found := rowRuns{top: top}
	for row := top; row <= bottom; row++ {
		found.starts = append(found.starts, uint32(len(index.runs)))
		index.runs = append(index.runs, byRow[row]...)
	}
	found.starts = append(found.starts, uint32(len(index.runs)))
	index.areas = append(index.areas, found)
}

// appendLine adds the line from point i on, to the last run where it goes on from there.
func appendLine(runs []run, i uint32, sameRing bool) []run {
	if n := len(runs); n > 0 && sameRing && runs[n-1].first+runs[n-1].n == i {
		runs[n-1].n++
		return runs
	}
	return append(runs, run{i, 1})
}

// at is the lines of an area in a row.
func (index *borderIndex) at(area, row int) []run {
	a := &index.areas[area]
	i := row - a.top
	if i < 0 || i+1 >= len(a.starts) {
		return nil
	}
	return index.runs[a.starts[i]:a.starts[i+1]]
}

// addCells finds which areas reach into which cells.
func (index *borderIndex) addCells(points []point) {
	byCell := make([][]member, rows*columns)
	for a := range index.areas {
		for row := range rows {
			if lines := index.at(a, row); len(lines) > 0 {
				index.addRow(byCell[row*columns:(row+1)*columns], points, a, row)
			}
		}
	}
	index.cells = make([]uint32, 0, len(byCell)+1)
	for _, members := range byCell {
		index.cells = append(index.cells, uint32(len(index.members)))
		index.members = append(index.members, members...)
	}
	index.cells = append(index.cells, uint32(len(index.members)))
}

// addRow adds an area to the cells of a row: to those that its lines touch, and whole to those
// between that lie inside. Between two lines inside does not change, so one look does for many.
func (index *borderIndex) addRow(cells [][]member, points []point, area, row int) {
	var touched [columns]bool
	first, last := columns, 0
	lines := index.at(area, row)
	for _, r := range lines {
		for i := r.first; i < r.first+r.n; i++ {
			from, to := reach(points[i], points[i+1], row)
			first, last = min(first, from), max(last, to)
			for column := from; column <= to; column++ {
				touched[column] = true
			}
		}
	}
	known, inside := false, false
	for column := first; column <= last; column++ {
		switch {
		case touched[column]:
			cells[column] = append(cells[column], member(2*area))
			known = false
			continue
		case !known:
			known, inside = true, isInside(points, lines, middleOf(row, column))
		}
		if inside {
			cells[column] = append(cells[column], member(2*area+1))
		}
	}
}

// reach is the columns that a line runs through in a row, perhaps one more on each side.
func reach(a, b point, row int) (from, to int) {
	if a.y > b.y {
		a, b = b, a
	}
	bottom := row*cellSize - 90*microDegrees
	left, right := a.x, b.x
	if a.y != b.y {
		left = crossing(a, b, max(bottom, int(a.y)))
		right = crossing(a, b, min(bottom+cellSize, int(b.y)))
	}
	left, right = min(left, right), max(left, right)
	return columnOf(max(left-1, -180*microDegrees)), columnOf(min(right+1, 180*microDegrees))
}

// crossing is where a line that is not level meets a latitude between its ends.
func crossing(a, b point, y int) int32 {
	part := float64(y-int(a.y)) / float64(b.y-a.y)
	return a.x + int32(math.Round(part*float64(b.x-a.x)))
}

// zoneAt is the index of the zone of a point, or -1 in a gap.
func (b *borders) zoneAt(p point) int {
	row := rowOf(p.y)
	cell := row*columns + columnOf(p.x)
	for _, m := range b.index.members[b.index.cells[cell]:b.index.cells[cell+1]] {
		area := int(m / 2)
		if m%2 == 1 || isInside(b.points, b.index.at(area, row), p) {
			return int(b.areas[area].zone)
		}
	}
	return -1
}

// isInside counts the lines to the left of a point at its latitude. A point on a line is inside,
// so that the antimeridian and the poles, where the polygons end, belong to somebody.
func isInside(points []point, lines []run, p point) bool {
	inside := false
	for _, r := range lines {
		a := points[r.first]
		for _, b := range points[r.first+1 : r.first+r.n+1] {
			switch {
			case (a.y > p.y) != (b.y > p.y):
				side := int64(b.x-a.x)*int64(p.y-a.y) - int64(p.x-a.x)*int64(b.y-a.y)
				if side == 0 {
					return true
				}
				if side < 0 == (b.y > a.y) {
					inside = !inside
				}
			case a.y == p.y && (a.x == p.x || b.y == p.y && (a.x > p.x) != (b.x > p.x)):
				return true
			}
			a = b
		}
	}
	return inside
}

// gapSteps are how far from a point in a gap a neighbor is looked for, in degrees.
func gapSteps() []float64 { return []float64{0.002, 0.005, 0.01, 0.02, 0.04} }

// at names the zone of a point on the globe. In a gap between simplified borders it is the zone
// of a neighbor, the nearest of those looked at; "" where none is near.
func (b *borders) at(lat, lon float64) string {
	p := point{int32(math.Round(lon * microDegrees)), int32(math.Round(lat * microDegrees))}
	if zone := b.zoneAt(p); zone >= 0 {
		return b.names[zone]
	}
	for _, step := range gapSteps() {
		d := int32(step * microDegrees)
		for _, to := range []point{{-d, 0}, {d, 0}, {0, -d}, {0, d}, {-d, -d}, {-d, d}, {d, -d}, {d, d}} {
			near := point{p.x + to.x, max(-90*microDegrees, min(90*microDegrees, p.y+to.y))}
			near.x = max(-180*microDegrees, min(180*microDegrees, near.x))
			if zone := b.zoneAt(near); zone >= 0 {
				return b.names[zone]
			}
		}
	}
	return ""
}
