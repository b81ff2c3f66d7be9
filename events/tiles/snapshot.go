package tiles

import (
	"slices"
	"sort"

	"github.com/microgalleries/actionday/events"
)

// A snapshot is the map at one log position. It never changes, so any number of readers use it
// without locks while the next one is made. Points are kept as columns in key order: 41 bytes
// each, beside their texts.
type snapshot struct {
	position  events.Position
	version   uint64        // counts the changes that this hub's map has seen
	takenBack uint64        // counts those by which something left its place
	replaced  chan struct{} // closed when the next snapshot takes this one's place

	keys  []key
	ids   [][16]byte
	marks []mark
	texts []uint32 // offsets into shelf
	sums  []tally  // sums[i] is the tally of the first i points, so it has one more
	shelf shelf

	news news
}

// A tally counts points: how many are of a way, how many are live. Digital is the rest.
type tally struct{ ownWork, blueprint, live uint32 }

func (t tally) plus(m mark) tally {
	switch m & wayBits {
	case ownWork:
		t.ownWork++
	case blueprint:
		t.blueprint++
	}
	if m&phaseBits == live {
		t.live++
	}
	return t
}

// A span is the points from lo up to but not including hi.
type span struct{ lo, hi int }

func (s span) len() int { return s.hi - s.lo }

// middle is the point that stands for the span on the map. A real place looks right where the
// average of all of them would stand in the sea or in a grid.
func (s span) middle() int { return s.lo + s.len()/2 }

// tally counts the points of a span in two look-ups, whatever its length.
func (s *snapshot) tally(of span) tally {
	lo, hi := s.sums[of.lo], s.sums[of.hi]
	return tally{hi.ownWork - lo.ownWork, hi.blueprint - lo.blueprint, hi.live - lo.live}
}

// within is the span of the points in a square of the given zoom, searched inside a span that
// holds all of them.
func (s *snapshot) within(cell uint64, zoom int, inside span) span {
	shift := cellShift(zoom)
	from, to := key(cell<<shift), key((cell+1)<<shift)
	lo, _ := slices.BinarySearch(s.keys[inside.lo:inside.hi], from)
	lo += inside.lo
	return span{lo, s.gallop(lo, inside.hi, to)}
}

// gallop finds the first point from lo on whose key is not below bound: by doubling steps and
// then by halves, so that a small cell costs a step or two and a large one its logarithm.
func (s *snapshot) gallop(lo, limit int, bound key) int {
	step := 1
	for lo+step <= limit && s.keys[lo+step-1] < bound {
		lo += step
		step *= 2
	}
	hi := min(lo+step-1, limit)
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if s.keys[mid] < bound {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// find is where a point stands, or would stand.
func (s *snapshot) find(k key, id [16]byte) (at int, found bool) {
	return sort.Find(len(s.keys), func(i int) int { return order(k, id, s.keys[i], s.ids[i]) })
}

func (s *snapshot) add(p point) {
	s.keys = append(s.keys, p.key)
	s.ids = append(s.ids, p.id)
	s.marks = append(s.marks, p.mark)
	s.texts = append(s.texts, s.shelf.put(p.title, p.slug))
	s.sums = append(s.sums, s.sums[len(s.sums)-1].plus(p.mark))
}

// room makes empty columns for n points.
func (s *snapshot) room(n int) {
	s.keys = make([]key, 0, n)
	s.ids = make([][16]byte, 0, n)
	s.marks = make([]mark, 0, n)
	s.texts = make([]uint32, 0, n)
	s.sums = append(make([]tally, 0, n+1), tally{})
}
