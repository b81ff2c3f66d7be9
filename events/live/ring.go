package live

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/microgalleries/actionday/events"
)

const (
	// chunkSize is how many activities are stored side by side, and so the most that a follower is
	// given at once.
	chunkSize = 256
	// ringSize is how many of an edition's newest activities are kept in memory; they take a few
	// megabytes.
	ringSize   = 8192
	ringChunks = ringSize / chunkSize
)

// ring is the newest part of one edition's log, without gap or repeat. Writers take turns; readers
// take the view of the moment, which nobody changes, and hold no lock.
type ring struct {
	edition events.ID
	writing sync.Mutex
	view    atomic.Pointer[view]
}

// view is what the ring held at one moment: the activities floor+1 to last of an epoch. All chunks
// but the last are full. Views share chunks: a later view may have more activities in the unused
// rest of one, which an earlier view does not look at.
type view struct {
	epoch   uint32
	floor   int64
	last    int64
	chunks  [][]events.Activity
	changed chan struct{} // closed when the next view takes this one's place
}

func newRing(edition events.ID, at events.Position) *ring {
	r := &ring{edition: edition}
	r.view.Store(emptyView(at))
	return r
}

func emptyView(at events.Position) *view {
	return &view{epoch: at.Epoch, floor: at.Seq, last: at.Seq, changed: make(chan struct{})}
}

// taken is what became of activities that were offered to a ring.
type taken struct {
	hole     bool // one was beyond the next number
	foreign  bool // one was of another epoch
	redacted bool // one took back what others had said
}

// take adds those activities that come next, in order, and drops those that the ring has had.
func (r *ring) take(news []events.Activity) (result taken) {
	r.writing.Lock()
	defer r.writing.Unlock()
	old := r.view.Load()
	next := old.successor()
	for _, a := range news {
		switch {
		case a.Epoch != next.epoch:
			result.foreign = true
		case a.Seq > next.last+1:
			result.hole = true
		case a.Seq == next.last+1:
			result.redacted = next.push(a) || result.redacted
		}
	}
	if next.last != old.last {
		r.show(old, next)
	}
	return result
}

// restart empties the ring and has it go on after another position.
func (r *ring) restart(at events.Position) {
	r.writing.Lock()
	defer r.writing.Unlock()
	r.show(r.view.Load(), emptyView(at))
}

func (r *ring) show(old, next *view) {
	r.view.Store(next)
	close(old.changed)
}

func (r *ring) position() events.Position {
	v := r.view.Load()
	return events.Position{Epoch: v.epoch, Seq: v.last}
}

func (v *view) successor() *view {
	next := *v
	next.chunks = slices.Clone(v.chunks)
	next.changed = make(chan struct{})
	return &next
}

// push adds the next activity to a view that nobody has seen yet and tells whether that took back
// what others had said.
func (v *view) push(a events.Activity) (redacted bool) {
	if redacted = a.Redacts != events.RedactNothing; redacted {
		v.scrub(a)
	}
	newest := len(v.chunks) - 1
	if newest < 0 || len(v.chunks[newest]) == chunkSize {
		v.chunks = append(v.chunks, make([]events.Activity, 0, chunkSize))
		newest++
	}
	v.chunks[newest] = append(v.chunks[newest], a)
	v.last = a.Seq
	if len(v.chunks) > ringChunks {
		v.chunks = v.chunks[1:]
		v.floor += chunkSize
	}
	return redacted
}

// scrub redacts what earlier activities said of the same event. It copies the chunks that it
// changes, because readers may be in them.
func (v *view) scrub(later events.Activity) {
	for i, chunk := range v.chunks {
		copied := false
		for j := range chunk {
			if !isRedactedBy(chunk[j], later) {
				continue
			}
			if !copied {
				chunk = append(make([]events.Activity, 0, chunkSize), chunk...)
				v.chunks[i], copied = chunk, true
			}
			chunk[j] = chunk[j].Redact(later)
		}
	}
}

// isRedactedBy tells whether redacting a would change it.
func isRedactedBy(a, later events.Activity) bool {
	if a.EventID != later.EventID || a.EventID.IsZero() {
		return false
	}
	return a.Card != nil || later.Redacts == events.RedactAll && !a.Tombstone
}

// after gives activities that follow seq, which the view must reach: floor <= seq < last.
func (v *view) after(seq int64) []events.Activity {
	i := seq - v.floor
	return slices.Clip(v.chunks[i/chunkSize][i%chunkSize:])
}
