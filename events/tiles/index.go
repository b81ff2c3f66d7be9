package tiles

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/maypok86/otter/v2"

	"github.com/microgalleries/actionday/events"
)

// Index is the map of one edition. Load fills it, Apply keeps it up to date, Tile and Handler
// read it. All methods are safe for concurrent use; readers never wait for a writer.
type Index struct {
	edition events.ID
	now     atomic.Pointer[snapshot]

	writing sync.Mutex
	homes   map[[16]byte]key // where each event stands, for news that only names it

	pens   sync.Pool // of *pen, the scratch space of one encoding
	packed *otter.Cache[tile, *packed]
}

// New makes the empty map of an edition. It starts no goroutine and needs no closing.
func New(edition events.ID) *Index {
	x := &Index{edition: edition, homes: map[[16]byte]key{}, packed: newCache()}
	x.pens.New = func() any { return new(pen) }
	first := build(nil)
	first.replaced = make(chan struct{})
	x.now.Store(first)
	return x
}

// Seq is the log position that the map includes, 0 before anything was loaded or applied.
func (x *Index) Seq() int64 { return x.Position().Seq }

// Position is the log position that the map includes, with its epoch.
func (x *Index) Position() events.Position { return x.now.Load().position }

// TakenBack counts how often events have left their place, by being withdrawn, hidden or moved, and how
// often the map was loaded afresh. A picture of the map is good for a while as long as it stays.
func (x *Index) TakenBack() uint64 { return x.now.Load().takenBack }

// Await waits until the map includes a number of the log, and tells whether it does before ctx ends.
func (x *Index) Await(ctx context.Context, seq int64) bool {
	for {
		s := x.now.Load()
		if s.position.Seq >= seq {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-s.replaced:
		}
	}
}

// show puts the next snapshot in the place of the one that readers have. The caller holds x.writing.
func (x *Index) show(next *snapshot) {
	next.replaced = make(chan struct{})
	close(x.now.Swap(next).replaced)
}

// Len is how many events are on the map.
func (x *Index) Len() int { return len(x.now.Load().keys) }

// replace shows exactly these points, whatever was there before. Of several points with one id
// the last counts.
func (x *Index) replace(to events.Position, points []point) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	points = lastOfEach(points)
	if len(points) > maxPoints {
		return fmt.Errorf("tiles: load map: %d events are more than the %d it takes", len(points), maxPoints)
	}
	slices.SortFunc(points, point.order)
	next := build(points)
	next.position = to
	before := x.now.Load()
	next.version, next.takenBack = before.version+1, before.takenBack+1
	next.news.since = next.version
	x.homes = make(map[[16]byte]key, len(points))
	for _, p := range points {
		x.homes[p.id] = p.key
	}
	x.show(next)
	return nil
}

func lastOfEach(points []point) []point {
	last := make(map[[16]byte]int, len(points))
	for i, p := range points {
		last[p.id] = i
	}
	kept := make([]point, 0, len(last))
	for i, p := range points {
		if last[p.id] == i {
			kept = append(kept, p)
		}
	}
	return kept
}

// A move is what becomes of one event: its new point, or nil when it leaves the map.
type move struct {
	id [16]byte
	to *point
}

// merge makes the next snapshot from moves in log order. The caller holds x.writing.
func (x *Index) merge(to events.Position, moves []move) error {
	s := x.now.Load()
	e := x.edit(s, moves)
	if e.isEmpty() {
		next := *s // the map stays as it is, only the position moves on
		next.position = to
		x.show(&next)
		return nil
	}
	if n := len(s.keys) - len(e.cuts) + len(e.adds); n > maxPoints {
		return fmt.Errorf("tiles: merge news: %d events are more than the %d the map takes", n, maxPoints)
	}
	next := s.edited(e)
	next.position = to
	next.version = s.version + 1
	next.takenBack = s.takenBack + e.left
	next.news = s.news.with(next.version, s, e)
	for _, at := range e.cuts {
		delete(x.homes, s.ids[at])
	}
	for _, p := range e.adds {
		x.homes[p.id] = p.key
	}
	x.show(next)
	return nil
}

// edit boils moves down to what they change in s: the last move of each event counts, and one
// that changes nothing is left out.
func (x *Index) edit(s *snapshot, moves []move) edit {
	last := make(map[[16]byte]*point, len(moves))
	for _, m := range moves {
		last[m.id] = m.to
	}
	var e edit
	for id, p := range last {
		at, found := 0, false
		if home, known := x.homes[id]; known {
			at, found = s.find(home, id)
		}
		if found && p != nil && s.shows(at, p) {
			continue
		}
		if found {
			e.cuts = append(e.cuts, at)
		}
		if found && (p == nil || p.key != s.keys[at]) {
			e.left++
		}
		if p != nil {
			e.adds = append(e.adds, *p)
		}
	}
	slices.Sort(e.cuts)
	slices.SortFunc(e.adds, point.order)
	return e
}

// shows tells whether point number at looks like p already.
func (s *snapshot) shows(at int, p *point) bool {
	title, slug := s.shelf.at(s.texts[at])
	return s.keys[at] == p.key && s.marks[at] == p.mark &&
		string(title) == p.title && string(slug) == p.slug
}
