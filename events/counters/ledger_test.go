package counters

import (
	"context"
	"encoding/binary"
	"errors"
	"maps"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/microgalleries/actionday/events"
)

var errOutage = errors.New("the database is away")

// ledger stands in for Postgres: one edition's log and the fold of it.
type ledger struct {
	edition   events.ID
	snapshots atomic.Int64

	mu        sync.Mutex
	epoch     uint32
	log       []events.Activity
	counts    events.Counts
	standings map[events.ID]events.Standing
	away      bool
	onTruth   func() // runs after a snapshot has been taken and before it is given
}

func newLedger() *ledger {
	return &ledger{
		edition: testID(events.EditionPrefix, 1), epoch: 0x5f3a09c1,
		standings: map[events.ID]events.Standing{},
	}
}

func (l *ledger) source() Source { return Source{Truth: l.truth, Head: l.head} }

func (l *ledger) editions(context.Context) ([]events.ID, error) {
	if l.isAway() {
		return nil, errOutage
	}
	return []events.ID{l.edition}, nil
}

// write numbers and folds news as the sequencer does, and gives them as the log has them.
func (l *ledger) write(news ...events.Activity) []events.Activity {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range news {
		a := &news[i]
		a.EditionID, a.Epoch, a.Seq = l.edition, l.epoch, int64(len(l.log)+1)
		a.ID = testID(events.ActivityPrefix, len(l.log)+1)
		a.At = time.Date(2026, 12, 12, 0, 0, len(l.log), 123456000, time.UTC)
		l.standings[a.EventID], a.Deltas = events.Fold(l.standings[a.EventID], *a)
		l.log = append(l.log, *a)
		l.counts.Apply(*a)
	}
	return news
}

func (l *ledger) after(seq int64, most int) []events.Activity {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]events.Activity{}, l.log[seq:min(int(seq)+most, len(l.log))]...)
}

func (l *ledger) truth(context.Context, events.ID) (events.Counts, error) {
	l.snapshots.Add(1)
	l.mu.Lock()
	counts, away, then := own(l.counts), l.away, l.onTruth
	l.onTruth = nil
	l.mu.Unlock()
	if then != nil {
		then()
	}
	if away {
		return events.Counts{}, errOutage
	}
	return counts, nil
}

func (l *ledger) head(context.Context, events.ID) (events.Position, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.away {
		return events.Position{}, errOutage
	}
	return events.Position{Epoch: l.epoch, Seq: int64(len(l.log))}, nil
}

func (l *ledger) setAway(away bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.away = away
}

func (l *ledger) isAway() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.away
}

// whenRead has something happen just after the next snapshot has been taken.
func (l *ledger) whenRead(then func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.onTruth = then
}

// restore begins a new epoch with another log.
func (l *ledger) restore(news ...events.Activity) {
	l.mu.Lock()
	l.epoch++
	l.log, l.counts, l.standings = nil, events.Counts{}, map[events.ID]events.Standing{}
	l.mu.Unlock()
	l.write(news...)
}

func testID(prefix events.Prefix, n int) events.ID {
	var uuid [16]byte
	binary.BigEndian.PutUint64(uuid[8:], uint64(n))
	return events.NewID(prefix, uuid)
}

// aDay is n things that happen at 30 events in some countries: some are listed, live, cheered,
// removed and listed again.
func aDay(dice *rand.Rand, n int) []events.Activity {
	kinds := []events.ActivityKind{
		events.EventListed, events.DayChanged, events.EventRemoved,
		events.CheckedIn, events.CheckedIn, events.Cheered, events.Cheered, events.Cheered,
	}
	days := []events.DayState{"PLANNED", "LIVE", "DONE", "CANCELLED"}
	news := make([]events.Activity, n)
	for i := range news {
		event := dice.IntN(30)
		news[i] = events.Activity{Kind: kinds[dice.IntN(len(kinds))], EventID: testID(events.EventPrefix, event)}
		switch news[i].Kind {
		case events.EventListed, events.DayChanged:
			news[i].Card = &events.EventCard{
				Way: "OWN_WORK", Themes: []string{"emergent-futures", "a|b"}[:dice.IntN(3)],
				Place: events.Place{Country: []string{"NP", "KE", "PH", ""}[event%4]},
				Day:   days[dice.IntN(len(days))], Declared: dice.Int64N(50),
			}
		case events.CheckedIn, events.Cheered:
			news[i].Count = 1 + dice.Int64N(5)
		}
	}
	return news
}

// same fails the test unless two counts are equal; a scope without any number is as good as none.
func same(t testing.TB, got, want events.Counts) {
	t.Helper()
	for _, c := range []events.Counts{got, want} {
		maps.DeleteFunc(c.Tallies, func(_ events.Scope, t events.Tally) bool { return t == events.Tally{} })
	}
	if got.AsOfSeq != want.AsOfSeq || !got.AsOf.Equal(want.AsOf) {
		t.Fatalf("counts as of %d %v, want %d %v", got.AsOfSeq, got.AsOf, want.AsOfSeq, want.AsOf)
	}
	if diff := cmp.Diff(want.Tallies, got.Tallies); diff != "" && len(want.Tallies)+len(got.Tallies) > 0 {
		t.Fatalf("counts (-want +got):\n%s", diff)
	}
}

// foldOf is the counts at a position, by folding the log up to there.
func (l *ledger) foldOf(seq int64) (counts events.Counts) {
	for _, a := range l.after(0, int(seq)) {
		counts.Apply(a)
	}
	return counts
}
