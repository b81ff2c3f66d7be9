package tiles

// How the map is cut into cells. Sizes are in pixels of a map that draws a tile 512 pixels wide,
// as MapLibre does with vector tiles; a map that draws tiles 256 wide sees cells half as large.
const (
	// MaxZoom is the deepest zoom that has tiles.
	MaxZoom = 22
	// Extent is how many units a tile is wide; eight of them are a pixel.
	Extent = 1 << extentZoom
	// Buffer is how many units beyond its edges a tile shows what its neighbors hold, so that a
	// circle on the edge is drawn whole by maps that draw each tile by itself.
	Buffer = Extent >> blockZoom

	extentZoom = 12
	blockZoom  = 4 // a tile is 16 x 16 blocks of 32 pixels; the buffer is one block wide
	farZoom    = 2 // the last zoom whose cells are 16 pixels
	farCells   = 5 // 32 x 32 cells of 16 pixels
	nearCells  = 6 // 64 x 64 cells of 8 pixels
	titlesFrom = 8 // the first zoom whose points carry title and slug
)

// A tile is the square x, y of the 2^z by 2^z that make up the world at zoom z.
type tile struct {
	z    uint8
	x, y uint32
}

func tileAt(z, x, y int) (t tile, ok bool) {
	if z < 0 || z > MaxZoom || x < 0 || y < 0 || x >= 1<<z || y >= 1<<z {
		return tile{}, false
	}
	return tile{uint8(z), uint32(x), uint32(y)}, true
}

// cell is the tile as a square of its zoom.
func (t tile) cell() uint64 { return uint64(keyOf(t.x, t.y)) }

// cellZoom is the zoom whose squares are the cells of tiles at zoom z.
func cellZoom(z int) int {
	if z <= farZoom {
		return z + farCells
	}
	return z + nearCells
}

// reaches tells whether the tile or its buffer holds the key.
func (t tile) reaches(k key) bool {
	shift := keyZoom - int(t.z) - blockZoom
	const blocks = 1 << blockZoom
	world := uint32(blocks) << t.z
	x := (k.x()>>shift - t.x*blocks + 1) % world // world is a power of two: wrapping below 0 is right
	y := k.y()>>shift - t.y*blocks + 1
	return x <= blocks+1 && y <= blocks+1
}

// A group is the points of one cell, drawn as one feature: a point when it holds one, a cluster
// when it holds more. Worlds is 1 or -1 for a group from the other side of the antimeridian, seen
// in the next copy of the world to the east or west.
type group struct {
	span
	worlds int
}

// groups appends the groups of a tile and its buffer. A cell never reaches over the edge of a
// block or tile, so a group is in one tile and, whole, in its neighbors' buffers.
func (s *snapshot) groups(t tile, to []group) []group {
	all := span{0, len(s.keys)}
	to = s.split(s.within(t.cell(), int(t.z), all), t, 0, to)
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			if dx != 0 || dy != 0 {
				to = s.fringe(t, dx, dy, to)
			}
		}
	}
	return to
}

// split groups a span by cells.
func (s *snapshot) split(in span, t tile, worlds int, to []group) []group {
	shift := cellShift(cellZoom(int(t.z)))
	for lo := in.lo; lo < in.hi; {
		hi := s.gallop(lo, in.hi, (s.keys[lo]>>shift+1)<<shift)
		to = append(to, group{span{lo, hi}, worlds})
		lo = hi
	}
	return to
}

// fringe appends what the neighbor in direction dx, dy holds next to the tile: a row of blocks
// or one at the corner. East and west the world goes on, north and south it ends.
func (s *snapshot) fringe(t tile, dx, dy int, to []group) []group {
	size := 1 << t.z
	x, y := int(t.x)+dx, int(t.y)+dy
	if y < 0 || y >= size {
		return to
	}
	worlds := 0
	switch {
	case x < 0:
		x, worlds = size-1, -1
	case x >= size:
		x, worlds = 0, 1
	}
	neighbor := tile{t.z, uint32(x), uint32(y)}
	in := s.within(neighbor.cell(), int(t.z), span{0, len(s.keys)})
	if in.len() == 0 {
		return to
	}
	fromX, toX := facing(dx)
	fromY, toY := facing(dy)
	for by := fromY; by <= toY; by++ {
		for bx := fromX; bx <= toX; bx++ {
			block := uint64(keyOf(neighbor.x<<blockZoom+bx, neighbor.y<<blockZoom+by))
			to = s.split(s.within(block, int(t.z)+blockZoom, in), t, worlds, to)
		}
	}
	return to
}

// facing is the first and last row of a neighbor's blocks that lie next to the tile.
func facing(direction int) (from, to uint32) {
	const last = 1<<blockZoom - 1
	switch direction {
	case -1:
		return last, last
	case 1:
		return 0, 0
	}
	return 0, last
}

// splitZoom is the first zoom at which the points of a group are no longer in one cell, or more
// than MaxZoom when they stay together: events at one place.
func (s *snapshot) splitZoom(g span, z int) int {
	first, last := s.keys[g.lo], s.keys[g.hi-1]
	for z++; z <= MaxZoom && first.cell(cellZoom(z)) == last.cell(cellZoom(z)); z++ {
	}
	return z
}

// position is where point number at is drawn, in units from the tile's north-west corner.
func (t tile) position(k key, worlds int) (x, y int) {
	side := int64(1) << (keyZoom - t.z)
	dx := int64(k.x()) + int64(worlds)<<keyZoom - int64(t.x)*side
	dy := int64(k.y()) - int64(t.y)*side
	return units(dx, int(t.z)), units(dy, int(t.z))
}

// units scales a distance on the grid of keyZoom to units of a tile, rounding down.
func units(distance int64, z int) int {
	if shift := keyZoom - z - extentZoom; shift > 0 {
		return int(distance >> shift)
	}
	return int(distance << (z + extentZoom - keyZoom))
}
