package events

import (
	"maps"
	"sort"
)

// Ledger is the counts of an edition that remember when each tally changed last, so that they can
// tell what has changed after any position since they began. It is used by one goroutine; a Clone
// that nobody applies anything to may be read by many.
type Ledger struct {
	counts  Counts
	begun   int64 // what changed before is not known
	changed map[Scope]int64
}

// NewLedger begins with the counts at a position.
func NewLedger(c Counts) *Ledger {
	c.Tallies = maps.Clone(c.Tallies)
	return &Ledger{counts: c, begun: c.AsOfSeq, changed: map[Scope]int64{}}
}

// Apply counts an activity, unless the ledger includes it.
func (l *Ledger) Apply(a Activity) {
	if a.Seq <= l.counts.AsOfSeq {
		return
	}
	l.counts.Apply(a)
	for _, d := range a.Deltas {
		l.changed[d.Scope] = a.Seq
	}
}

// Counts is the numbers as they are now, which must not be changed.
func (l *Ledger) Counts() Counts { return l.counts }

// Clone is the ledger as it is now.
func (l *Ledger) Clone() *Ledger {
	c := *l
	c.counts.Tallies, c.changed = maps.Clone(l.counts.Tallies), maps.Clone(l.changed)
	return &c
}

// Since is the numbers that changed after a position, or all where that is not known; nil if none
// did.
func (l *Ledger) Since(seq int64) *CountsChange {
	if seq < l.begun {
		return l.Whole()
	}
	change := &CountsChange{Counts: l.counts, changed: map[Scope]Tally{}}
	for scope, last := range l.changed {
		if last > seq {
			change.changed[scope] = l.counts.Tallies[scope]
		}
	}
	if len(change.changed) == 0 {
		return nil
	}
	return change
}

// Whole is all numbers.
func (l *Ledger) Whole() *CountsChange { return &CountsChange{Counts: l.counts, Whole: true} }

// CountsChange is what there is to tell of counts to somebody who knows them as of an earlier
// position. The numbers are those of now, not differences, so that taking them twice does no harm.
type CountsChange struct {
	Counts
	// Whole says that everything is told, so that whatever is not, is nothing.
	Whole   bool
	changed map[Scope]Tally // unless whole
}

// By lists the tallies of one division that are told, in the order of Counts.By. Unless all are told
// there may be some without any event: those have come to nothing.
func (c CountsChange) By(kind ScopeKind) []ScopedTally {
	if c.Whole {
		return c.Counts.By(kind)
	}
	var list []ScopedTally
	for scope, tally := range c.changed {
		if scope.Kind == kind {
			list = append(list, ScopedTally{scope.Key, tally})
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].before(list[j]) })
	return list
}
