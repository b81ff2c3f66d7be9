package live

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microgalleries/actionday/events"
)

func startAt(at events.Position) func(context.Context, events.ID) (events.Position, error) {
	return func(context.Context, events.ID) (events.Position, error) { return at, nil }
}

func TestEachTailStartsWhereItStands(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here := edition(1)
		b := newBook(here)
		b.write(here, cheers(3*pageSize)...)
		h := newHub(t, b, nil, pollEvery)
		whole := h.tail(t, events.Position{})
		part := h.tail(t, events.Position{Epoch: b.epoch, Seq: pageSize + 17})
		near := h.tail(t, events.Position{Epoch: b.epoch, Seq: 3 * pageSize})
		b.write(here, cheers(10)...)
		for _, p := range []*pipeline{whole, part, near} {
			p.reaches(t, 3*pageSize+10)
		}
	})
}

// One tail fails for a minute. It is tried again with the same activities, more and more slowly,
// and the other does not notice.
func TestATailThatFailsHoldsUpNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here, begin := edition(1), time.Now()
		b := newBook(here)
		h := newHub(t, b, nil, pollEvery)
		good := h.tail(t, events.Position{})

		var fails atomic.Bool
		var tries []time.Time
		var offered []int64
		bad, check := newPipeline(0), errors.New("redis is away")
		fails.Store(true)
		h.run(t, Tail{
			Name: "bad", Start: startAt(events.Position{}),
			Apply: func(ctx context.Context, news []events.Activity) error {
				if fails.Load() {
					tries, offered = append(tries, time.Now()), append(offered, news[0].Seq)
					return check
				}
				return bad.apply(ctx, news)
			},
		})
		b.write(here, cheers(10)...)
		good.reaches(t, 10)
		for round := range 60 {
			time.Sleep(time.Second)
			b.write(here, cheers(10)...)
			good.reaches(t, int64(20+10*round))
		}
		fails.Store(false)
		bad.reaches(t, 610)
		if most := int(time.Since(begin)/longestPause) + 8; len(tries) < most-20 || len(tries) > most {
			t.Errorf("tried %d times in %v", len(tries), time.Since(begin))
		}
		if slices.Max(offered) != 1 {
			t.Errorf("other activities were offered meanwhile: %v", offered)
		}
	})
}

func TestATailWaitsForItsStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here := edition(1)
		b := newBook(here)
		b.write(here, cheers(10)...)
		h := newHub(t, b, nil, pollEvery)
		p, asked := newPipeline(4), 0
		h.run(t, Tail{
			Name: "late", Apply: p.apply,
			Start: func(context.Context, events.ID) (events.Position, error) {
				if asked++; asked < 5 {
					return events.Position{}, errOutage
				}
				return events.Position{Epoch: b.epoch, Seq: 4}, nil
			},
		})
		p.reaches(t, 10)
	})
}

func TestATailStartsAgainInANewEpoch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here := edition(1)
		b := newBook(here)
		b.write(here, cheers(20)...)
		h := newHub(t, b, nil, pollEvery)
		var starts []events.Position
		p := newPipeline(20)
		h.run(t, Tail{
			Name: "map", Apply: p.apply,
			Start: func(ctx context.Context, id events.ID) (events.Position, error) {
				at, err := b.head(ctx, id)
				starts = append(starts, at)
				return at, err
			},
		})
		synctest.Wait()
		b.write(here, cheers(5)...)
		p.reaches(t, 25)

		b.restore(here, 10)
		p.mu.Lock()
		p.at = 10
		p.mu.Unlock()
		time.Sleep(2 * time.Second)
		b.write(here, cheers(5)...)
		p.reaches(t, 15)
		if len(starts) != 2 || starts[1] != (events.Position{Epoch: b.epoch, Seq: 10}) {
			t.Errorf("started at %v", starts)
		}
	})
}

// A start that the log does not know is asked for again and again, but not without a pause.
func TestAWrongStartDoesNotSpin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here := edition(1)
		b := newBook(here)
		h := newHub(t, b, nil, pollEvery)
		asked := 0
		h.run(t, Tail{
			Name: "wrong", Apply: newPipeline(0).apply,
			Start: func(context.Context, events.ID) (events.Position, error) {
				asked++
				return events.Position{Epoch: 1, Seq: 99}, nil
			},
		})
		time.Sleep(time.Minute)
		synctest.Wait()
		if asked < 2 || asked > 80 {
			t.Errorf("asked %d times in a minute", asked)
		}
	})
}

func TestEditionsAreAppliedSideBySide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBook(edition(1), edition(2))
		b.write(edition(1), cheers(10)...)
		b.write(edition(2), cheers(10)...)
		h := newHub(t, b, nil, pollEvery)
		second := newPipeline(0)
		h.run(t, Tail{
			Name: "one is stuck", Start: startAt(events.Position{}),
			Apply: func(ctx context.Context, news []events.Activity) error {
				if news[0].EditionID == edition(1) {
					<-ctx.Done()
					return ctx.Err()
				}
				return second.apply(ctx, news)
			},
		})
		second.reaches(t, 10)
	})
}
