package tiles

import "math"

// A shelf holds the titles and slugs of all points in one piece of memory, because a million
// strings of their own would cost more than their letters. A text is found by its offset: the
// length of the title in one byte, the title, the same for the slug.
//
// A shelf only ever grows at its end, so that snapshots of different age read the same bytes
// without locks. What is no longer referred to is swept by moving to a new shelf.
type shelf struct {
	bytes []byte
	dead  int // bytes that no point of the newest snapshot refers to
}

// sweepFrom is how many dead bytes a shelf may hold before they are worth sweeping.
const sweepFrom = 64 << 10

// maxPoints is how many events one map takes: as many as keep every offset of a shelf that is
// half dead within 32 bits.
const maxPoints = math.MaxUint32 / (2 * (maxTitle + maxSlug + 2))

func (s *shelf) put(title, slug string) (offset uint32) {
	offset = uint32(len(s.bytes))
	s.bytes = append(s.bytes, byte(len(title)))
	s.bytes = append(s.bytes, title...)
	s.bytes = append(s.bytes, byte(len(slug)))
	s.bytes = append(s.bytes, slug...)
	return offset
}

func (s *shelf) at(offset uint32) (title, slug []byte) {
	rest := s.bytes[offset:]
	title, rest = rest[1:1+rest[0]], rest[1+rest[0]:]
	return title, rest[1 : 1+rest[0]]
}

// drop tells the shelf that the text at offset is no longer wanted.
func (s *shelf) drop(offset uint32) {
	title, slug := s.at(offset)
	s.dead += 2 + len(title) + len(slug)
}

func (s *shelf) wantsSweep() bool { return s.dead > sweepFrom && s.dead > len(s.bytes)/2 }
