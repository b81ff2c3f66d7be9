package tiles

import "slices"

// build makes a snapshot of points that are in order and have an id each of their own.
func build(points []point) *snapshot {
	s := &snapshot{}
	s.room(len(points))
	for _, p := range points {
		s.add(p)
	}
	return s
}

// An edit is what changes between two snapshots: where points of the old one are cut out, and
// the points that come in, both in order. A point that changes is cut and comes in again.
type edit struct {
	cuts []int
	adds []point
	left uint64 // how many of those that are cut do not come in again at the same place
}

func (e edit) isEmpty() bool { return len(e.cuts)+len(e.adds) == 0 }

// edited is the snapshot after an edit. Its position, version and news are left to the caller.
func (s *snapshot) edited(e edit) *snapshot {
	next := s.restyled
	if !s.staysInPlace(e) {
		next = s.woven
	}
	after := next(e)
	if after.shelf.wantsSweep() {
		after.sweep()
	}
	return after
}

// staysInPlace tells whether the edit changes only what points look like. On the day most news is
// of this kind: an event goes live, an event is over.
func (s *snapshot) staysInPlace(e edit) bool {
	if len(e.cuts) != len(e.adds) {
		return false
	}
	for i, at := range e.cuts {
		if e.adds[i].key != s.keys[at] || e.adds[i].id != s.ids[at] {
			return false
		}
	}
	return true
}

// restyled shares the columns of keys and ids with the snapshot it comes from.
func (s *snapshot) restyled(e edit) *snapshot {
	next := &snapshot{
		keys: s.keys, ids: s.ids, shelf: s.shelf,
		marks: slices.Clone(s.marks), texts: slices.Clone(s.texts), sums: slices.Clone(s.sums),
	}
	var shift tally
	for i, at := range e.cuts {
		p := e.adds[i]
		next.shelf.drop(s.texts[at])
		next.marks[at], next.texts[at] = p.mark, next.shelf.put(p.title, p.slug)
		shift = shift.add(tally{}.plus(p.mark)).sub(tally{}.plus(s.marks[at]))
		end := len(s.keys)
		if i+1 < len(e.cuts) {
			end = e.cuts[i+1]
		}
		if shift != (tally{}) {
			shiftAll(next.sums[at+1:end+1], shift)
		}
	}
	return next
}

// woven copies the runs between the edits and adds the new points among them.
func (s *snapshot) woven(e edit) *snapshot {
	next := &snapshot{shelf: s.shelf}
	next.room(len(s.keys) - len(e.cuts) + len(e.adds))
	cuts, adds, from := e.cuts, e.adds, 0
	for len(cuts)+len(adds) > 0 {
		at := len(s.keys)
		if len(adds) > 0 {
			at, _ = s.find(adds[0].key, adds[0].id)
		}
		if len(cuts) > 0 && (cuts[0] < at || len(adds) == 0) {
			next.copyRun(s, span{from, cuts[0]})
			next.shelf.drop(s.texts[cuts[0]])
			from, cuts = cuts[0]+1, cuts[1:]
			continue
		}
		next.copyRun(s, span{from, at})
		next.add(adds[0])
		from, adds = at, adds[1:]
	}
	next.copyRun(s, span{from, len(s.keys)})
	return next
}

func (s *snapshot) copyRun(old *snapshot, run span) {
	s.keys = append(s.keys, old.keys[run.lo:run.hi]...)
	s.ids = append(s.ids, old.ids[run.lo:run.hi]...)
	s.marks = append(s.marks, old.marks[run.lo:run.hi]...)
	s.texts = append(s.texts, old.texts[run.lo:run.hi]...)
	shift := s.sums[len(s.sums)-1].sub(old.sums[run.lo])
	start := len(s.sums)
	s.sums = append(s.sums, old.sums[run.lo+1:run.hi+1]...)
	shiftAll(s.sums[start:], shift)
}

func shiftAll(sums []tally, by tally) {
	for i := range sums {
		sums[i].ownWork += by.ownWork
		sums[i].blueprint += by.blueprint
		sums[i].live += by.live
	}
}

// sweep moves the texts to a new shelf, without the dead ones. The snapshot must not have been
// shown to anybody yet.
func (s *snapshot) sweep() {
	old := s.shelf
	s.shelf = shelf{bytes: make([]byte, 0, len(old.bytes)-old.dead)}
	for i, offset := range s.texts {
		title, slug := old.at(offset)
		s.texts[i] = s.shelf.put(string(title), string(slug))
	}
}

func (t tally) add(u tally) tally {
	return tally{t.ownWork + u.ownWork, t.blueprint + u.blueprint, t.live + u.live}
}

// sub may go below zero: unsigned numbers wrap, and wrap back when the difference is added.
func (t tally) sub(u tally) tally {
	return tally{t.ownWork - u.ownWork, t.blueprint - u.blueprint, t.live - u.live}
}
