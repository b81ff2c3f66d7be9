package events_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

// counted gives each activity the deltas that the sequencer gives it.
func counted(log []events.Activity) []events.Activity {
	standings := map[events.ID]events.Standing{}
	for i, a := range log {
		standings[a.EventID], log[i].Deltas = events.Fold(standings[a.EventID], a)
	}
	return log
}

func countsAt(log []events.Activity) (c events.Counts) {
	for _, a := range log {
		c.Apply(a)
	}
	return c
}

// Whoever has the numbers of any earlier position and puts in their place those that changed, once or
// twice, has the numbers of now.
func TestChangesLeadFromAnyPositionToNow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		log := counted(acts(t))
		begun := rapid.IntRange(0, len(log)).Draw(t, "begun")
		l := events.NewLedger(countsAt(log[:begun]))
		for _, a := range log { // those before are known and ignored
			l.Apply(a)
		}
		from := rapid.IntRange(0, len(log)).Draw(t, "from")
		mine := countsAt(log[:from])
		change := l.Since(int64(from))
		if change == nil {
			change = &events.CountsChange{Counts: events.Counts{Tallies: mine.Tallies}}
		} else if change.AsOfSeq != int64(len(log)) {
			t.Fatalf("as of %d, want %d", change.AsOfSeq, len(log))
		}
		if change.Whole != (from < begun) {
			t.Fatalf("whole: %t from %d in a ledger since %d", change.Whole, from, begun)
		}
		now := countsAt(log)
		for range 2 {
			for _, kind := range []events.ScopeKind{events.CountryScope, events.WayScope, events.ThemeScope} {
				if got, want := put(mine.By(kind), change, kind), now.By(kind); !slices.Equal(got, want) {
					t.Fatalf("%s: %+v, want %+v", kind, got, want)
				}
			}
		}
		if change.World() != now.World() || change.Countries() != now.Countries() && len(log) != from {
			t.Fatalf("the world is %+v, want %+v", change.World(), now.World())
		}
	})
}

// put puts what is told in the place of what somebody has.
func put(mine []events.ScopedTally, change *events.CountsChange, kind events.ScopeKind) (all []events.ScopedTally) {
	told := change.By(kind)
	counts := events.Counts{Tallies: map[events.Scope]events.Tally{}}
	if !change.Whole {
		for _, t := range mine {
			counts.Tallies[events.Scope{Kind: kind, Key: t.Key}] = t.Tally
		}
	}
	for _, t := range told {
		counts.Tallies[events.Scope{Kind: kind, Key: t.Key}] = t.Tally
	}
	return counts.By(kind)
}

func TestALedgerTellsOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	nepal := events.Scope{Kind: events.CountryScope, Key: "NP"}
	kenya := events.Scope{Kind: events.CountryScope, Key: "KE"}
	l := events.NewLedger(events.Counts{AsOfSeq: 10, Tallies: map[events.Scope]events.Tally{nepal: {Events: 2}, kenya: {Events: 1}}})
	before := l.Clone()
	l.Apply(events.Activity{Seq: 11, Deltas: []events.Delta{{Scope: kenya, Metric: "events", By: -1}}})
	l.Apply(events.Activity{Seq: 12}) // changes no number

	if got := l.Since(10).By(events.CountryScope); len(got) != 1 || got[0].Key != "KE" || got[0].Events != 0 {
		t.Errorf("after 10: %+v", got)
	}
	if got := l.Since(11); got != nil {
		t.Errorf("after 11: %+v", got)
	}
	if got := l.Since(9); !got.Whole || len(got.By(events.CountryScope)) != 1 || got.By(events.CountryScope)[0].Key != "NP" {
		t.Errorf("after 9, before the ledger: %+v", got)
	}
	if before.Counts().Tallies[kenya].Events != 1 || before.Since(10) != nil {
		t.Error("a clone has changed")
	}
}
