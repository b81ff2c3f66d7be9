package events

import (
	"slices"
	"time"
)

// The limits of a frame.
const (
	// MaxFrameActivities is how many activities a frame shows; the newest.
	MaxFrameActivities = 20
	// MaxFrameTakenBack is how many events a frame can take back something of. None is left out: with
	// more than that the frame says that a snapshot is required.
	MaxFrameTakenBack = 500
	// MaxFrameSpan is how many activities a frame can be about. Whoever is further behind needs a
	// snapshot.
	MaxFrameSpan = 8192
)

// Frame is what happened in a stretch of an edition's log, cut to what a map shows: its size does
// not depend on how much that was. What must not go on being shown is always told whole.
type Frame struct {
	From     Position  // after which it begins
	Position Position  // up to which it goes
	At       time.Time // when the activity at Position happened; the zero time before the first
	// Counts is the numbers of the whole edition that changed, nil if none did.
	Counts     *CountsChange
	Activities []Activity // the newest of the area, at most MaxFrameActivities, oldest first
	Omitted    int64      // how many more there were in the area
	// Removed lists events that are not public any more, Relocated those that are still but whose
	// earlier place or hour was taken back. They are of all areas: who may have shown one before is
	// not known.
	Removed, Relocated []ID
	// SnapshotRequired says that what lies between cannot be told: everything that is shown must be
	// loaded anew. Counts are whole then.
	SnapshotRequired bool
}

// SnapshotFrame says to somebody at a position where the log stands now, and all numbers.
func SnapshotFrame(from, now Position, l *Ledger) Frame {
	return Frame{From: from, Position: now, At: l.counts.AsOf, Counts: l.Whole(), SnapshotRequired: true}
}

// Framing makes a frame of activities, which it is given in log order.
type Framing struct {
	area   *Area
	newest []Activity
	seen   int64
	order  []ID // events of which something was taken back
	public map[ID]bool
}

// NewFraming begins a frame of an area, or of the whole world if that is nil.
func NewFraming(area *Area) *Framing { return &Framing{area: area, public: map[ID]bool{}} }

// Add takes the next activity.
func (f *Framing) Add(a Activity) {
	f.takeBack(a)
	if !f.covers(a) {
		return
	}
	f.seen++
	f.newest = append(f.newest, a)
	if len(f.newest) == 2*MaxFrameActivities {
		f.newest = append([]Activity(nil), f.newest[MaxFrameActivities:]...)
	}
}

// covers tells whether an activity is of the area. One that has no place is of the whole world alone.
func (f *Framing) covers(a Activity) bool {
	return f.area == nil || a.Card != nil && f.area.Holds(a.Card.Place)
}

// takeBack notes what an activity takes back, and takes it back from what was added before.
func (f *Framing) takeBack(a Activity) {
	_, noted := f.public[a.EventID]
	if gone := a.Kind == EventRemoved || a.Tombstone; gone || a.Redacts != RedactNothing {
		if !noted {
			f.order = append(f.order, a.EventID)
		}
		f.public[a.EventID] = !gone
	} else if noted && a.Card != nil {
		f.public[a.EventID] = true
	}
	if a.Redacts == RedactNothing {
		return
	}
	for i, earlier := range f.newest {
		if earlier.EventID == a.EventID {
			f.newest[i] = earlier.Redact(a)
		}
	}
	f.newest = slices.DeleteFunc(f.newest, func(a Activity) bool { return !f.covers(a) })
}

// Frame is the frame of what was added, between two positions. The ledger stands at the second.
func (f *Framing) Frame(from, to Position, l *Ledger) Frame {
	if len(f.order) > MaxFrameTakenBack {
		return SnapshotFrame(from, to, l)
	}
	frame := Frame{From: from, Position: to, At: l.counts.AsOf, Counts: l.Since(from.Seq)}
	frame.Activities = f.newest[max(0, len(f.newest)-MaxFrameActivities):]
	frame.Omitted = f.seen - int64(len(frame.Activities))
	for _, id := range f.order {
		if f.public[id] {
			frame.Relocated = append(frame.Relocated, id)
		} else {
			frame.Removed = append(frame.Removed, id)
		}
	}
	return frame
}
