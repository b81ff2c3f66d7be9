package tiles

import "slices"

// maxNews is how many changed places a snapshot remembers. On a busy day (100 changes a second)
// a tile that nobody asked for in ten seconds is made anew though it might have been good.
const maxNews = 1024

// news remembers where the map changed lately, so that a tile made from an older snapshot can be
// known to be good still: nothing has changed within it.
type news struct {
	since   uint64 // tiles of versions before this one cannot be judged
	changes []changed
}

type changed struct {
	version uint64
	at      key
}

// with adds the places of an edit of s, which makes the given version.
func (n news) with(version uint64, s *snapshot, e edit) news {
	next := news{n.since, slices.Clone(n.changes)}
	for _, at := range e.cuts {
		next.changes = append(next.changes, changed{version, s.keys[at]})
	}
	for _, p := range e.adds {
		next.changes = append(next.changes, changed{version, p.key})
	}
	if over := len(next.changes) - maxNews; over > 0 {
		next.since = next.changes[over-1].version
		next.changes = next.changes[over:]
	}
	return next
}

// spares tells whether a tile that was made from the given version is unchanged.
func (n news) spares(t tile, version uint64) bool {
	if version < n.since {
		return false
	}
	for _, c := range slices.Backward(n.changes) {
		if c.version <= version {
			return true
		}
		if t.reaches(c.at) {
			return false
		}
	}
	return true
}
