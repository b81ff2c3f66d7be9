package counters

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

// stage is a board, the truth behind it, and the way to its Redis.
type stage struct {
	*Board
	books *ledger
	line  *line
	clock *clock
	raw   redis.UniversalClient
}

func newStage(t testing.TB, l *line) *stage {
	t.Helper()
	s := &stage{books: newLedger(), line: l, clock: newClock(), raw: l.client(t)}
	s.Board = New(s.raw, s.books.source(), s.clock.now, testLog(t))
	return s
}

// another is a second hub on the same services.
func (s *stage) another(t testing.TB) *Board {
	return New(s.line.client(t), s.books.source(), s.clock.now, testLog(t))
}

func (s *stage) key() string { return hashKey(s.books.edition) }

func (s *stage) applies(t testing.TB, news []events.Activity) {
	t.Helper()
	if err := s.Apply(t.Context(), news); err != nil {
		t.Fatal(err)
	}
}

// holds fails the test unless Redis itself has the fold of the whole log.
func (s *stage) holds(t testing.TB) {
	t.Helper()
	got, err := s.look(context.Background(), s.books.edition)
	if err != nil {
		t.Fatal(err)
	}
	head, _ := s.books.head(context.Background(), s.books.edition)
	same(t, got, s.books.foldOf(head.Seq))
	if at, ok, err := s.position(context.Background(), s.books.edition); err != nil || !ok || at != head {
		t.Fatalf("redis is at %v (%v, %v), the log at %v", at, ok, err, head)
	}
}

func someDay(seed uint64, n int) []events.Activity { return aDay(rand.New(rand.NewPCG(seed, 1)), n) }

func TestCountsAreTheFoldOfTheLog(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *line) {
		s := newStage(t, l)
		for seed := range uint64(20) {
			s.applies(t, s.books.write(someDay(seed, 25)...))
			s.holds(t)
		}
		got, err := s.Counts(t.Context(), s.books.edition)
		if err != nil {
			t.Fatal(err)
		}
		same(t, got, s.books.foldOf(500))
		if snapshots := s.books.snapshots.Load(); snapshots != 1 {
			t.Errorf("%d snapshots were taken", snapshots)
		}
	})
}

func TestNothingIsCountedTwice(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *line) {
		s := newStage(t, l)
		news := s.books.write(someDay(1, 60)...)
		for _, part := range [][2]int{{0, 20}, {0, 20}, {10, 30}, {5, 15}, {0, 60}, {59, 60}} {
			s.applies(t, news[part[0]:part[1]])
		}
		s.holds(t)
	})
}

// Whatever happens to Redis between batches, and in whatever pieces the batches come, the counts are
// those of the log.
func TestCountsSurviveWhateverHappensToRedis(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *line) {
		rapid.Check(t, func(rt *rapid.T) {
			s := newStage(t, l)
			if err := s.raw.FlushAll(t.Context()).Err(); err != nil {
				rt.Fatal(err)
			}
			at, old := int64(0), map[string]string(nil)
			for range rapid.IntRange(1, 12).Draw(rt, "rounds") {
				s.books.write(someDay(rapid.Uint64().Draw(rt, "seed"), rapid.IntRange(0, 20).Draw(rt, "news"))...)
				switch rapid.IntRange(0, 6).Draw(rt, "fate") {
				case 0:
					s.raw.FlushAll(t.Context())
				case 1:
					old = s.raw.HGetAll(t.Context(), s.key()).Val()
				case 2: // Redis wakes up with an old copy
					s.raw.Del(t.Context(), s.key())
					if len(old) > 0 {
						s.raw.HSet(t.Context(), s.key(), old)
					}
				case 3: // the tail goes on from where the board stands
					from, err := s.Position(t.Context(), s.books.edition)
					if err != nil {
						rt.Fatal(err)
					}
					at = from.Seq
				}
				for head := int64(len(s.books.log)); at < head; {
					news := s.books.after(at, rapid.IntRange(1, 30).Draw(rt, "batch"))
					s.applies(t, news)
					at += int64(len(news))
				}
			}
			s.applies(t, s.books.write(someDay(1, 1)...))
			s.holds(t)
		})
	})
}

// Two hubs offer every batch, cut differently, while Redis is flushed now and then and somebody
// reads. What is read is always the fold at the position that it claims.
func TestManyHubsCountOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *line) {
		s := newStage(t, l)
		const total = 1500
		s.books.write(someDay(7, total)...)
		var hubs, watching sync.WaitGroup
		for hub, board := range []*Board{s.Board, s.another(t), s.another(t)} {
			hubs.Go(func() {
				dice := rand.New(rand.NewPCG(uint64(hub), 2))
				for at := int64(0); at < total; {
					news := s.books.after(at, 1+dice.IntN(60))
					if err := board.Apply(t.Context(), news); err != nil {
						t.Errorf("hub %d at %d: %v", hub, at, err)
						return
					}
					at += int64(len(news))
					if hub == 1 && dice.IntN(15) == 0 {
						s.raw.FlushAll(t.Context())
					}
				}
			})
		}
		done, reader := make(chan struct{}), s.another(t)
		reader.looks.life = 0
		watching.Go(func() {
			for {
				got, err := reader.Counts(t.Context(), s.books.edition)
				if err != nil {
					t.Error(err)
					return
				}
				if s.same(got) != nil {
					t.Errorf("counts as of %d are not the fold: %v", got.AsOfSeq, s.same(got))
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
		hubs.Wait()
		close(done)
		watching.Wait()
		if err := s.Rebuild(t.Context(), s.books.edition); err != nil {
			t.Fatal(err)
		}
		s.holds(t)
	})
}

var errNotTheFold = errors.New("not the fold")

func (s *stage) same(got events.Counts) error {
	want := s.books.foldOf(got.AsOfSeq)
	for scope, tally := range want.Tallies {
		if got.Tallies[scope] != tally {
			return errNotTheFold
		}
	}
	for scope, tally := range got.Tallies {
		if want.Tallies[scope] != tally {
			return errNotTheFold
		}
	}
	return nil
}

// A number that cannot be added to must not leave half a batch behind.
func TestABatchIsCountedWhollyOrNotAtAll(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *line) {
		s := newStage(t, l)
		s.applies(t, s.books.write(someDay(1, 50)...))
		if err := s.raw.HSet(t.Context(), s.key(), "world||cheers", "many").Err(); err != nil {
			t.Fatal(err)
		}
		if _, err := s.look(t.Context(), s.books.edition); !errors.Is(err, errNoCounts) {
			t.Errorf("nonsense was read as counts: %v", err)
		}
		s.applies(t, s.books.write(someDay(2, 50)...))
		s.holds(t)
	})
}

func TestReadersAndHubsOutliveRedis(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *line) {
		s := newStage(t, l)
		s.applies(t, s.books.write(someDay(1, 50)...))
		l.cut()
		news := s.books.write(someDay(2, 50)...)
		if err := s.Apply(t.Context(), news); err == nil {
			t.Error("counted without Redis")
		}
		if _, err := s.Position(t.Context(), s.books.edition); err == nil {
			t.Error("found a position without Redis")
		}
		got, err := s.Counts(t.Context(), s.books.edition)
		if err != nil {
			t.Fatal(err)
		}
		same(t, got, s.books.foldOf(100))

		l.mend()
		s.applies(t, news)
		s.holds(t)
		s.books.setAway(true) // now Redis must answer alone
		s.clock.advance(silence + truthLife)
		if got, err = s.Counts(t.Context(), s.books.edition); err != nil {
			t.Fatal(err)
		}
		same(t, got, s.books.foldOf(100))
		s.raw.FlushAll(t.Context())
		s.clock.advance(lookLife)
		if _, err := s.Counts(t.Context(), s.books.edition); !errors.Is(err, errOutage) {
			t.Errorf("without both: %v", err)
		}
		if err := s.Apply(t.Context(), s.books.write(someDay(3, 5)...)); !errors.Is(err, errOutage) {
			t.Errorf("rebuilt without both: %v", err)
		}
	})
}

// What a hub has applied, its own readers see at once; what another has, a moment later.
func TestReadersSeeWhatWasApplied(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *line) {
		s := newStage(t, l)
		other := s.another(t)
		for round := range int64(3) {
			s.applies(t, s.books.write(someDay(uint64(round), 10)...))
			for _, hub := range []*Board{s.Board, other} {
				got, err := hub.Counts(t.Context(), s.books.edition)
				if err != nil {
					t.Fatal(err)
				}
				same(t, got, s.books.foldOf(10*(round+1)))
			}
			s.clock.advance(lookLife)
		}
	})
}

func TestManyReadersAskOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, &line{dial: startMini(t)})
	s.books.write(someDay(1, 10)...)
	gate := make(chan struct{})
	s.books.whenRead(func() { <-gate })
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			got, err := s.Counts(t.Context(), s.books.edition)
			if err != nil || got.AsOfSeq != 10 {
				t.Errorf("%d, %v", got.AsOfSeq, err)
			}
			got.Tallies[events.Scope{Kind: events.WorldScope}] = events.Tally{} // mine to change
		})
	}
	waitFor(t, func() bool { return s.books.snapshots.Load() > 0 })
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Counts(impatient, s.books.edition); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
	close(gate)
	all.Wait()
	if n := s.books.snapshots.Load(); n != 1 {
		t.Errorf("%d snapshots for readers of one moment", n)
	}
}

func TestBatchesThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t, &line{dial: startMini(t)})
	news := s.books.write(someDay(1, 10)...)
	if err := s.Apply(t.Context(), nil); err != nil {
		t.Error(err)
	}
	holed := append(append([]events.Activity{}, news[:3]...), news[4:]...)
	if err := s.Apply(t.Context(), holed); !errors.Is(err, errBatch) {
		t.Errorf("err = %v", err)
	}
}
