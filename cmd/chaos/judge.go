package main

import (
	"fmt"
)

// truth is what the database has in the end.
type truth struct {
	present   map[presence]int         // rows by device
	events    map[string][]storedEvent // by title
	listed    map[string]int           // EVENT_LISTED in the log by event
	declared  map[declaration]int      // DAY_CHANGED by hosts in the log
	loggedSum map[string]int64         // people in the log, by event
	log       map[int64]string         // activity ids by seq
	findings  []string                 // the doctor's
}

type storedEvent struct {
	id      string
	version int64
}

type declaration struct {
	event  string
	people int64
}

// view is what one subscriber has seen.
type view struct {
	name          string
	gaps, repeats int
	seen          int64
	last          int64
	cuts          int
	notes         []string
}

// verdict is how it has ended. Everything in it should be 0.
type verdict struct {
	lost, doubled, gaps, repeats, vanished, off int
	notes                                       []string
}

func (v *verdict) note(format string, args ...any) {
	if len(v.notes) < maxNotes {
		v.notes = append(v.notes, fmt.Sprintf(format, args...))
	}
}

func (v *verdict) good() bool {
	return v.lost+v.doubled+v.gaps+v.repeats+v.vanished+v.off+len(v.notes) == 0
}

// judge holds what was acknowledged and shown against what is there.
func judge(r *record, t truth, views []view, edition string) *verdict {
	r.mu.Lock()
	defer r.mu.Unlock()
	v := &verdict{off: len(t.findings)}
	v.notes = append(append(v.notes, t.findings...), r.broken...)
	v.people(r, t)
	v.registrations(r, t)
	v.changes(r, t)
	for seq, id := range r.shown[edition] {
		if t.log[seq] != id {
			v.vanished++
			v.note("activity %d was shown as %s, but the log has %q there", seq, id, t.log[seq])
		}
	}
	for _, view := range views {
		v.gaps += view.gaps
		v.repeats += view.repeats
		v.notes = append(v.notes, view.notes...)
		if end := int64(len(t.log)); view.last != end {
			v.gaps++
			v.note("%s stopped at %d of %d", view.name, view.last, end)
		}
	}
	return v
}

// people: every device that was told that it counts does, once, and nobody else does.
func (v *verdict) people(r *record, t truth) {
	rows := map[string]int64{}
	for who, n := range t.present {
		rows[who.event] += int64(n)
		if n > 1 {
			v.doubled += n - 1
			v.note("%v is there %d times", who, n)
		}
		if !r.counted[who] && !r.maybe[who] {
			v.doubled++
			v.note("%v is counted, but nobody asked for it", who)
		}
	}
	for who := range r.counted {
		if t.present[who] == 0 {
			v.lost++
			v.note("%v was acknowledged and is not there", who)
		}
	}
	for event, n := range rows {
		switch logged := t.loggedSum[event]; {
		case logged < n:
			v.lost += int(n - logged)
			v.note("%d of %d people at %s are not in the log", n-logged, n, event)
		case logged > n:
			v.doubled += int(logged - n)
			v.note("the log has %d people at %s, who are %d", logged, event, n)
		}
	}
}

// registrations: every event is there once, under the id that was told.
func (v *verdict) registrations(r *record, t truth) {
	for title, id := range r.events {
		found := t.events[title]
		if len(found) > 1 {
			v.doubled += len(found) - 1
			v.note("%q was registered %d times", title, len(found))
		}
		known := false
		for _, e := range found {
			known = known || e.id == id
			if e.version < r.versions[e.id] {
				v.lost++
				v.note("%q is of version %d, but %d was told", title, e.version, r.versions[e.id])
			}
		}
		if !known {
			v.lost++
			v.note("%q (%s) was acknowledged and is not there", title, id)
		}
	}
}

// changes: every approval and every head count is in the log, once.
func (v *verdict) changes(r *record, t truth) {
	for event, n := range r.listings {
		v.times(fmt.Sprintf("the listing of %s", event), n, t.listed[event])
	}
	for event, told := range r.people {
		for _, people := range told {
			v.times(fmt.Sprintf("the head count %d of %s", people, event), 1, t.declared[declaration{event, people}])
		}
	}
}

func (v *verdict) times(what string, acknowledged, logged int) {
	switch {
	case logged < acknowledged:
		v.lost += acknowledged - logged
		v.note("%s was acknowledged %d times and is in the log %d times", what, acknowledged, logged)
	case logged > acknowledged:
		v.doubled += logged - acknowledged
		v.note("%s was acknowledged %d times and is in the log %d times", what, acknowledged, logged)
	}
}
