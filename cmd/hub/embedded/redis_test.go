package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"
)

// TestMain also proves that Stop leaves no goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newRedis(t testing.TB) *redis.Client {
	t.Helper()
	r, err := StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	client := r.Connect()
	t.Cleanup(func() {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
		r.Stop()
	})
	return client
}

func TestRedisKeepsAndForgets(t *testing.T) {
	t.Parallel()
	ctx, client := t.Context(), newRedis(t)
	if err := client.HSet(ctx, "counts", "cheers", 3, "_seq", 7).Err(); err != nil {
		t.Fatal(err)
	}
	if got, err := client.HGetAll(ctx, "counts").Result(); err != nil || got["cheers"] != "3" {
		t.Errorf("counts = %v, %v", got, err)
	}
	if err := client.Get(ctx, "nothing").Err(); !errors.Is(err, redis.Nil) {
		t.Errorf("a missing key = %v", err)
	}
}

// The clock of keys is the real one: nobody moves it by hand here.
func TestRedisKeysExpire(t *testing.T) {
	t.Parallel()
	ctx, client := t.Context(), newRedis(t)
	if err := client.Set(ctx, "session", "x", 20*time.Millisecond).Err(); err != nil {
		t.Fatal(err)
	}
	if err := client.Set(ctx, "kept", "x", time.Hour).Err(); err != nil {
		t.Fatal(err)
	}
	deadline := time.After(30 * time.Second)
	for client.Exists(ctx, "session").Val() == 1 {
		select {
		case <-deadline:
			t.Fatal("the key never expired")
		case <-time.After(time.Millisecond):
		}
	}
	if left := client.TTL(ctx, "kept").Val(); left <= 0 || left > time.Hour {
		t.Errorf("the other key has %v left", left)
	}
}

// Commands and answers of a long pipeline are far more than either side reads ahead.
func TestRedisLongPipeline(t *testing.T) {
	t.Parallel()
	ctx, client := t.Context(), newRedis(t)
	const n = 20_000
	answers, err := client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i := range n {
			p.Set(ctx, fmt.Sprint("key", i), strings.Repeat("x", 50), 0)
			p.Incr(ctx, "count")
		}
		return nil
	})
	if err != nil || len(answers) != 2*n {
		t.Fatalf("%d answers, %v", len(answers), err)
	}
	if got, err := answers[2*n-1].(*redis.IntCmd).Result(); got != n || err != nil {
		t.Errorf("count = %d, %v, want %d", got, err, n)
	}
}

func TestRedisBigValue(t *testing.T) {
	t.Parallel()
	ctx, client := t.Context(), newRedis(t)
	big := strings.Repeat("0123456789", 500_000)
	if err := client.Set(ctx, "big", big, 0).Err(); err != nil {
		t.Fatal(err)
	}
	if got := client.Get(ctx, "big").Val(); got != big {
		t.Errorf("came back with %d bytes of %d", len(got), len(big))
	}
}

// A script of the kind that the counters use: apply a batch only after its predecessor.
func TestRedisScript(t *testing.T) {
	t.Parallel()
	ctx, client := t.Context(), newRedis(t)
	apply := redis.NewScript(`
		if redis.call('hget', KEYS[1], '_seq') ~= ARGV[1] then return 0 end
		redis.call('hset', KEYS[1], '_seq', ARGV[2])
		redis.call('hincrby', KEYS[1], 'cheers', ARGV[3])
		return 1`)
	client.HSet(ctx, "counts", "_seq", "7")
	for _, want := range []int{1, 0} { // the same batch again changes nothing
		got, err := apply.Run(ctx, client, []string{"counts"}, "7", "9", "2").Int()
		if err != nil || got != want {
			t.Errorf("apply = %d, %v, want %d", got, err, want)
		}
	}
	if got := client.HGet(ctx, "counts", "cheers").Val(); got != "2" {
		t.Errorf("cheers = %s", got)
	}
}

func TestRedisTransaction(t *testing.T) {
	t.Parallel()
	ctx, client := t.Context(), newRedis(t)
	err := client.Watch(ctx, func(tx *redis.Tx) error {
		client.Set(ctx, "seen", "changed meanwhile", 0)
		_, err := tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
			p.Set(ctx, "seen", "mine", 0)
			return nil
		})
		return err
	}, "seen")
	if !errors.Is(err, redis.TxFailedErr) {
		t.Errorf("transaction = %v, want a refusal", err)
	}
}

// A subscriber that reads nothing must not hold up everybody else's commands.
func TestRedisIdleSubscriber(t *testing.T) {
	t.Parallel()
	ctx, client := t.Context(), newRedis(t)
	idle := client.Subscribe(ctx, "news")
	defer idle.Close()
	if _, err := idle.Receive(ctx); err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("x", 10_000)
	for range 200 {
		if n, err := client.Publish(ctx, "news", text).Result(); n != 1 || err != nil {
			t.Fatalf("published to %d, %v", n, err)
		}
	}
	if m, err := idle.ReceiveMessage(ctx); err != nil || m.Payload != text {
		t.Errorf("first message: %v", err)
	}
}

// A command that waits gives up with its context, and the connection pool with it.
func TestRedisContextEnds(t *testing.T) {
	t.Parallel()
	client := newRedis(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := client.BLPop(ctx, 0, "empty").Err(); !errors.Is(err, context.DeadlineExceeded) {
		var timeout net.Error
		if !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("waiting in vain = %v", err)
		}
	}
	if err := client.Ping(t.Context()).Err(); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestRedisStopped(t *testing.T) {
	t.Parallel()
	r, err := StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	client := r.Connect()
	defer client.Close()
	if err := client.Ping(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	r.Stop()
	if err := client.Ping(t.Context()).Err(); err == nil {
		t.Error("answers after its end")
	}
	if _, err := r.Dial(t.Context(), "", ""); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a connection after its end = %v", err)
	}
}

func BenchmarkRedisIncr(b *testing.B) {
	ctx, client := b.Context(), newRedis(b)
	for b.Loop() {
		if err := client.Incr(ctx, "count").Err(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRedisManyKeys compares a command beside 10,000 keys with one under miniredis' own
// real clock, which looks at all of them every time.
func BenchmarkRedisManyKeys(b *testing.B) {
	ctx, stepped := b.Context(), newRedis(b)
	r, err := StartRedis()
	if err != nil {
		b.Fatal(err)
	}
	defer r.Stop()
	clocked := r.Connect()
	defer clocked.Close()
	fill(b, stepped)
	fill(b, clocked)
	r.server.ClockTTL(true)
	const few = 50 // of the slow one
	begun := time.Now()
	for range few {
		clocked.Incr(ctx, "count")
	}
	slow := time.Since(begun) / few
	for b.Loop() {
		if err := stepped.Incr(ctx, "count").Err(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(slow)*float64(b.N)/float64(b.Elapsed()), "redis_stepped_vs_clocked")
}

func fill(b *testing.B, client *redis.Client) {
	b.Helper()
	_, err := client.Pipelined(b.Context(), func(p redis.Pipeliner) error {
		for i := range 10_000 {
			p.Set(b.Context(), fmt.Sprint("session:", i), "x", time.Hour)
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
