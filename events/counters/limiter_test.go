package counters

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// tenAnHour hardly fills up again while a test runs, so that Redis' own clock does not matter.
func tenAnHour() Limit { return Limit{Rate: 10, Per: time.Hour, Burst: 10} }

func secret() []byte { return []byte("all hubs know it") }

func TestHubsShareALimit(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *line) {
		clock := newClock()
		one := NewLimiter(l.client(t), secret(), clock.now, testLog(t))
		two := NewLimiter(l.client(t), secret(), clock.now, testLog(t))
		for i := range 5 {
			a, b := one.Allow(t.Context(), "ann", tenAnHour(), 1), two.Allow(t.Context(), "ann", tenAnHour(), 1)
			if !a.Allowed || !b.Allowed || a.Limit != 10 || a.Remaining != 9-2*i || b.Remaining != 8-2*i {
				t.Errorf("round %d: %+v, %+v", i, a, b)
			}
		}
		for _, hub := range []*Limiter{one, two} {
			d := hub.Allow(t.Context(), "ann", tenAnHour(), 1)
			if d.Allowed || d.Remaining != 0 || d.RetryAfter <= 5*time.Minute || d.RetryAfter > 6*time.Minute {
				t.Errorf("the eleventh: %+v", d)
			}
			if left := d.ResetAt.Sub(clock.now()); left < 59*time.Minute || left > time.Hour {
				t.Errorf("reset in %v", left)
			}
		}
		if d := one.Allow(t.Context(), "ben", tenAnHour(), 1); !d.Allowed {
			t.Error("ann's limit is ben's")
		}
		if d := one.Allow(t.Context(), "ann", Limit{Rate: 20, Per: time.Hour, Burst: 20}, 1); !d.Allowed {
			t.Error("one limit is another's")
		}
	})
}

func TestCostsAddUp(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *line) {
		hub := NewLimiter(l.client(t), secret(), newClock().now, testLog(t))
		for _, step := range []struct{ cost, remaining int }{{4, 6}, {0, 5}, {3, 2}} { // 0 counts as 1
			if d := hub.Allow(t.Context(), "ann", tenAnHour(), step.cost); !d.Allowed || d.Remaining != step.remaining {
				t.Errorf("cost %d: %+v", step.cost, d)
			}
		}
		if d := hub.Allow(t.Context(), "ann", tenAnHour(), 3); d.Allowed || d.Remaining != 2 {
			t.Errorf("three of two: %+v", d)
		}
		if d := hub.Allow(t.Context(), "ann", tenAnHour(), 2); !d.Allowed { // what was refused used nothing up
			t.Errorf("two of two: %+v", d)
		}
		if d := hub.Allow(t.Context(), "ben", tenAnHour(), 11); d.Allowed || d.RetryAfter <= 0 {
			t.Errorf("more than can ever come at once: %+v", d)
		}
	})
}

func TestALimitThatIsNoneAllowsNothing(t *testing.T) {
	t.Parallel()
	hub := NewLimiter((&line{dial: startMini(t)}).client(t), secret(), newClock().now, testLog(t))
	for _, limit := range []Limit{{}, {Rate: 1, Burst: 1}, {Rate: -1, Per: time.Hour, Burst: 1}, {Rate: 1, Per: time.Hour}} {
		if d := hub.Allow(t.Context(), "ann", limit, 1); d.Allowed {
			t.Errorf("%+v: %+v", limit, d)
		}
	}
}

func TestNobodysNameStandsInRedis(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *line) {
		client := l.client(t)
		hub := NewLimiter(client, secret(), newClock().now, testLog(t))
		hub.Allow(t.Context(), "sign-in canary@example.org 192.0.2.77", tenAnHour(), 4)
		keys, err := client.Keys(t.Context(), "*").Result()
		if err != nil || len(keys) != 1 {
			t.Fatalf("%v, %v", keys, err)
		}
		if strings.Contains(keys[0], "canary") || strings.Contains(keys[0], "192") || len(keys[0]) != len("rate:hub:{}")+32 {
			t.Errorf("the key is %s", keys[0])
		}
		if life := client.TTL(t.Context(), keys[0]).Val(); life <= 0 || life > 24*time.Minute+time.Second {
			t.Errorf("it lives for %v", life)
		}
		stranger := NewLimiter(client, []byte("another secret"), newClock().now, testLog(t))
		stranger.Allow(t.Context(), "sign-in canary@example.org 192.0.2.77", tenAnHour(), 1)
		if n := client.DBSize(t.Context()).Val(); n != 2 {
			t.Errorf("the hash can be computed without the secret")
		}
	})
}

// A flood is refused by the hub itself and does not reach Redis.
func TestAFloodStaysInTheHub(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *line) {
		client := l.client(t)
		hub := NewLimiter(client, secret(), newClock().now, testLog(t))
		var allowed atomic.Int64
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				for range 100 {
					if hub.Allow(t.Context(), "ann", tenAnHour(), 1).Allowed {
						allowed.Add(1)
					}
				}
			})
		}
		all.Wait()
		if allowed.Load() != 10 {
			t.Errorf("%d were allowed", allowed.Load())
		}
		slow := hub.pause.isOn() // a busy machine may have let Redis run out of time before
		l.cut()                  // the hub can still say no
		if hub.Allow(t.Context(), "ann", tenAnHour(), 1).Allowed {
			t.Error("another was allowed")
		}
		if hub.pause.isOn() && !slow {
			t.Error("the hub asked Redis about what it knew")
		}
	})
}

func TestWithoutRedisEachHubHoldsTheRate(t *testing.T) {
	t.Parallel()
	dead := &line{}
	dead.cut()
	clock := newClock()
	hub := NewLimiter(dead.client(t), secret(), clock.now, testLog(t))
	limit := Limit{Rate: 60, Per: time.Minute, Burst: 3}
	for i := range 3 {
		d := hub.Allow(t.Context(), "ann", limit, 1)
		if !d.Allowed || d.Remaining != 2-i || d.ResetAt.Sub(clock.now()) != time.Duration(i+1)*time.Second {
			t.Errorf("request %d: %+v", i, d)
		}
	}
	if d := hub.Allow(t.Context(), "ann", limit, 1); d.Allowed || d.RetryAfter != time.Second {
		t.Errorf("the fourth: %+v", d)
	}
	clock.advance(time.Second)
	if d := hub.Allow(t.Context(), "ann", limit, 1); !d.Allowed {
		t.Errorf("a second later: %+v", d)
	}
	if n := dead.dials.Load(); n > 8 {
		t.Errorf("Redis was dialed %d times", n)
	}
}

// Over any course of time a hub alone never allows more than burst + rate x time, nor refuses
// anybody who has waited as long as they were told.
func TestARateIsHeldOverTime(t *testing.T) {
	t.Parallel()
	dead := &line{}
	dead.cut()
	client := dead.client(t)
	rapid.Check(t, func(rt *rapid.T) {
		clock := newClock()
		hub := NewLimiter(client, secret(), clock.now, testLog(t))
		hub.pause.until = clock.now().Add(1000 * time.Hour)
		limit := Limit{
			Rate: rapid.IntRange(1, 100).Draw(rt, "rate"), Burst: rapid.IntRange(1, 20).Draw(rt, "burst"),
			Per: time.Duration(rapid.IntRange(1, 60).Draw(rt, "seconds")) * time.Second,
		}
		begin, used := clock.now(), 0
		for range rapid.IntRange(1, 100).Draw(rt, "requests") {
			cost := rapid.IntRange(1, limit.Burst).Draw(rt, "cost")
			d := hub.Allow(context.Background(), "ann", limit, cost)
			if !d.Allowed {
				clock.advance(d.RetryAfter + time.Microsecond)
				if d = hub.Allow(context.Background(), "ann", limit, cost); !d.Allowed {
					rt.Fatalf("refused after waiting as told: %+v", d)
				}
			}
			used += cost
			most := float64(limit.Burst) + float64(limit.Rate)*float64(clock.now().Sub(begin))/float64(limit.Per)
			if float64(used) > most+0.01 {
				rt.Fatalf("%d used of %v", used, most)
			}
			clock.advance(time.Duration(rapid.IntRange(0, 1e9).Draw(rt, "pause")))
		}
	})
}

func TestARequestDoesNotWaitForASlowRedis(t *testing.T) {
	t.Parallel()
	l := &line{dial: startMini(t)}
	hub := NewLimiter(l.client(t), secret(), newClock().now, testLog(t))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if d := hub.Allow(ended, "ann", tenAnHour(), 1); !d.Allowed || hub.pause.isOn() {
		t.Errorf("a caller that went away silenced Redis: %+v", d)
	}
}

func TestBucketsOfTheIdleAreDropped(t *testing.T) {
	t.Parallel()
	b := newBuckets(100)
	regular := b.bucket("regular", tenAnHour())
	for i := range 10_000 {
		b.bucket(fmt.Sprint("passer-by ", i), tenAnHour())
		if i%90 == 0 && b.bucket("regular", tenAnHour()) != regular {
			t.Fatal("one who comes again and again got a new bucket")
		}
	}
	if n := len(b.young) + len(b.old); n > 200 {
		t.Errorf("%d buckets", n)
	}
}
