package main

import (
	"fmt"
	"sync"
	"time"
)

// presence is one device at one event in one way.
type presence struct{ event, kind, device string }

// record is what the hubs have acknowledged, as their clients remember it.
type record struct {
	mu       sync.Mutex
	acked    int
	kinds    map[string]int
	counted  map[presence]bool           // acknowledged as counted
	maybe    map[presence]bool           // tried, and then refused: it may or may not be counted
	events   map[string]string           // id by title, which no two events share
	listings map[string]int              // acknowledged approvals by event
	versions map[string]int64            // the highest version that was told, by event
	people   map[string][]int64          // head counts that were acknowledged, by event
	gone     map[string]bool             // events that were hidden
	broken   []string                    // what was wrong with an answer by itself
	shown    map[string]map[int64]string // activity ids by edition and seq, as anybody was shown

	last     time.Time // of the last acknowledgement
	longest  time.Duration
	counts   map[int64]string // the counts that were told at a position, by anybody
	reads    int
	failed   map[string]int // reads that failed, by the fault at that time
	failures []string
	fault    string
}

func newRecord() *record {
	return &record{
		kinds: map[string]int{}, counted: map[presence]bool{}, maybe: map[presence]bool{},
		events: map[string]string{}, listings: map[string]int{}, versions: map[string]int64{},
		people: map[string][]int64{}, gone: map[string]bool{}, shown: map[string]map[int64]string{},
		counts: map[int64]string{}, failed: map[string]int{}, last: time.Now(),
	}
}

// ack notes an acknowledged write; note says what it was.
func (r *record) ack(kind string, note func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.acked++
	r.kinds[kind]++
	now := time.Now()
	r.longest = max(r.longest, now.Sub(r.last))
	r.last = now
	note()
}

// wrong notes an answer that cannot be right.
func (r *record) wrong(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.broken) < maxNotes {
		r.broken = append(r.broken, fmt.Sprintf(format, args...))
	}
}

// maxNotes is how many sentences of a kind are kept.
const maxNotes = 100

// count is how many writes have been acknowledged.
func (r *record) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.acked
}

// begin starts the time of a fault, end tells what it was like.
func (r *record) begin(fault string) (acked int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault, r.longest, r.last = fault, 0, time.Now()
	return r.acked
}

func (r *record) end() (acked int, pause time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	pause = max(r.longest, time.Since(r.last)) // it may last still
	r.fault = ""
	return r.acked, pause
}

// show notes an activity that a viewer was shown. Two viewers must not be shown different ones at the
// same place.
func (r *record) show(edition string, seq int64, id string) (same bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.shown[edition]
	if all == nil {
		all = map[int64]string{}
		r.shown[edition] = all
	}
	if was, known := all[seq]; known {
		return was == id
	}
	all[seq] = id
	return true
}

// tell notes counts that a hub told: at one position all must tell the same.
func (r *record) tell(seq int64, counts string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reads++
	if was, known := r.counts[seq]; known && was != counts && len(r.broken) < maxNotes {
		r.broken = append(r.broken, fmt.Sprintf("at %d the counts were told as %s and as %s", seq, was, counts))
	}
	r.counts[seq] = counts
}

// miss notes a read that failed.
func (r *record) miss(why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reads++
	r.failed[r.fault]++
	of := victims()[r.fault]
	if (of == "redis" || of == "nats" || of == "") && len(r.failures) < maxNotes {
		r.failures = append(r.failures, "a read failed during "+r.fault+": "+why)
	}
}

// version notes the version that was told, for a caller who holds the record.
func (r *record) version(t told) {
	r.versions[t.Event.ID] = max(r.versions[t.Event.ID], t.Event.Version)
}

// hidden notes that what the log says of an event is taken back, for a caller who holds the record.
func (r *record) hidden(event string) { r.gone[event] = true }

// doubt notes somebody who tried and was refused in the end.
func (r *record) doubt(who presence) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.maybe[who] = true
}
