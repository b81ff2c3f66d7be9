package counters

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/microgalleries/actionday/events"
)

// Another hub adds a batch between this hub's snapshot and the moment that it is written.
func TestASnapshotDoesNotReplaceNewerCounts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *line) {
		s := newStage(t, l)
		other := s.another(t)
		s.applies(t, s.books.write(someDay(1, 30)...))
		s.books.whenRead(func() {
			if err := other.Apply(t.Context(), s.books.write(someDay(2, 30)...)); err != nil {
				t.Error(err)
			}
		})
		if err := s.Rebuild(t.Context(), s.books.edition); err != nil {
			t.Fatal(err)
		}
		s.holds(t)
	})
}

func TestAnotherEpochReplacesTheCounts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *line) {
		s := newStage(t, l)
		gone := s.books.write(someDay(1, 50)...)
		s.applies(t, gone[:40])
		s.books.restore(someDay(2, 20)...)
		s.applies(t, s.books.write(someDay(3, 5)...))
		s.holds(t)
		s.applies(t, gone[40:]) // a hub that has not noticed yet
		s.holds(t)
		s.books.restore(someDay(4, 25)...) // to where the counts stand already
		s.applies(t, s.books.write(someDay(5, 5)...))
		s.holds(t)
	})
}

// The database is restored between the two looks that a snapshot takes.
func TestASnapshotIsOfOneEpoch(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *line) {
		s := newStage(t, l)
		s.books.write(someDay(1, 50)...)
		s.books.whenRead(func() { s.books.restore(someDay(2, 20)...) })
		if err := s.Rebuild(t.Context(), s.books.edition); err != nil {
			t.Fatal(err)
		}
		s.holds(t)
	})
}

func TestRebuildMendsWhatSomebodyBroke(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *line) {
		ctx := t.Context()
		for name, breaks := range map[string]func(s *stage){
			"a wrong number": func(s *stage) { s.raw.HSet(ctx, s.key(), "world||events", 999) },
			"a position ahead of the log": func(s *stage) {
				s.raw.HSet(ctx, s.key(), seqField, 1000)
			},
			"another type": func(s *stage) {
				s.raw.Del(ctx, s.key())
				s.raw.Set(ctx, s.key(), "nonsense", 0)
			},
			"no position": func(s *stage) { s.raw.HDel(ctx, s.key(), seqField) },
		} {
			t.Run(name, func(t *testing.T) {
				s := newStage(t, l)
				s.raw.FlushAll(ctx)
				s.applies(t, s.books.write(someDay(1, 50)...))
				breaks(s)
				if name != "a wrong number" { // only a person can know of that
					if at, err := s.Position(ctx, s.books.edition); err != nil || at.Seq != 50 {
						t.Errorf("at %v, %v", at, err)
					}
					s.holds(t)
					breaks(s)
				}
				if err := s.Rebuild(ctx, s.books.edition); err != nil {
					t.Fatal(err)
				}
				s.holds(t)
			})
		}
	})
}

// A snapshot from a lagging replica would hide that something is missing.
func TestASnapshotThatIsTooOldIsAnError(t *testing.T) {
	t.Parallel()
	s := newStage(t, &line{dial: startMini(t)})
	news := s.books.write(someDay(1, 10)...)
	stale := s.books.foldOf(4)
	s.source.Truth = func(context.Context, events.ID) (events.Counts, error) { return stale, nil }
	if err := s.Apply(t.Context(), news[6:]); !errors.Is(err, errGap) {
		t.Errorf("err = %v", err)
	}
}

func TestCountsThatAreLostInSilenceComeBack(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *line) {
		s := newStage(t, l)
		s.applies(t, s.books.write(someDay(1, 30)...))
		old := s.raw.HGetAll(t.Context(), s.key()).Val()
		s.applies(t, s.books.write(someDay(2, 30)...))

		stand := map[events.ID]events.Position{}
		watch := func() {
			if err := s.watch(t.Context(), s.books.editions, stand); err != nil {
				t.Fatal(err)
			}
		}
		watch()
		s.raw.FlushAll(t.Context())
		watch()
		s.holds(t)

		s.raw.Del(t.Context(), s.key())
		s.raw.HSet(t.Context(), s.key(), old)
		watch() // a tail may be about to bring what is missing
		if at, _, _ := s.position(t.Context(), s.books.edition); at.Seq != 30 {
			t.Errorf("counts that merely lag were rebuilt at once: %v", at)
		}
		watch()
		s.holds(t)
	})
}

func TestWatchBringsBackWhatWasLost(t *testing.T) {
	t.Parallel()
	s := newStage(t, &line{dial: startMini(t)})
	s.applies(t, s.books.write(someDay(1, 30)...))
	s.raw.FlushAll(t.Context())
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { s.Watch(ctx, s.books.editions) })
	waitFor(t, func() bool {
		_, err := s.look(t.Context(), s.books.edition)
		return err == nil
	})
	cancel()
	running.Wait()
	s.holds(t)
}
