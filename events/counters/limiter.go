package counters

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
	"golang.org/x/time/rate"
)

// askTimeout is how long a request may wait for Redis to say whether it is allowed.
const askTimeout = 100 * time.Millisecond

// Limit is a rate: Rate units per Per, of which Burst may come at once. All three are at least 1; a
// Limit with less allows nothing.
type Limit struct {
	Rate  int
	Per   time.Duration
	Burst int
}

// Decision is the answer to whether somebody may go on, and what to tell them.
type Decision struct {
	Allowed    bool
	Limit      int           // units that may come at once
	Remaining  int           // of which so many are left now
	RetryAfter time.Duration // how long to wait before asking for as much again; 0 when allowed
	ResetAt    time.Time     // when nothing of the limit will be in use any more
}

// Limiter holds rates by the generic cell rate algorithm: in this hub first, which costs nothing and
// keeps a flood away from Redis, then over all hubs in Redis. While Redis does not answer, each hub
// holds the rate by itself.
//
// In Redis a key is "rate:hub:{" and 32 hexadecimal digits of a keyed hash and "}", so that neither
// an address nor an e-mail stands there and none can be found by trying them all. Its value is the
// time at which the limit is unused again, and it expires then: Per times Burst divided by Rate after
// the last use at the latest, rounded up to a second.
type Limiter struct {
	shared *redis_rate.Limiter
	secret []byte
	now    func() time.Time
	pause  *pause
	local  *buckets
}

// NewLimiter makes a Limiter. The secret keys the hashes; it should be the same for all hubs, or
// else each holds the rates by itself.
func NewLimiter(client redis.UniversalClient, secret []byte, now func() time.Time, log *slog.Logger) *Limiter {
	return &Limiter{
		shared: redis_rate.NewLimiter(client), secret: secret, now: now, pause: newPause(now, log),
		local: newBuckets(maxBuckets),
	}
}

// Allow tells whether the one that key names may use cost units of a limit, at least 1, and if so
// uses them up. What is refused uses nothing up. A cost above the burst is never allowed. The key
// should say what is limited as well as who: "sign-in 192.0.2.7".
func (l *Limiter) Allow(ctx context.Context, key string, limit Limit, cost int) Decision {
	now, cost := l.now(), max(1, cost)
	if limit.Rate < 1 || limit.Per <= 0 || limit.Burst < 1 || cost > limit.Burst {
		return Decision{Limit: limit.Burst, RetryAfter: limit.Per, ResetAt: now.Add(limit.Per)}
	}
	hidden := l.hide(key, limit)
	bucket := l.local.bucket(hidden, limit)
	taken := bucket.ReserveN(now, cost)
	if wait := taken.DelayFrom(now); wait > 0 {
		taken.CancelAt(now)
		return decide(bucket, limit, now, wait)
	}
	if l.pause.isOn() {
		return decide(bucket, limit, now, 0)
	}
	shared, err := l.ask(ctx, hidden, limit, cost)
	l.pause.after(ctx, err)
	if err != nil {
		return decide(bucket, limit, now, 0)
	}
	if shared.Allowed == 0 {
		taken.CancelAt(now)
	}
	return Decision{
		Allowed: shared.Allowed > 0, Limit: limit.Burst, Remaining: shared.Remaining,
		RetryAfter: max(0, shared.RetryAfter), ResetAt: now.Add(shared.ResetAfter),
	}
}

func (l *Limiter) ask(ctx context.Context, hidden string, limit Limit, cost int) (*redis_rate.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	return l.shared.AllowN(ctx, "hub:{"+hidden+"}",
		redis_rate.Limit{Rate: limit.Rate, Burst: limit.Burst, Period: limit.Per}, cost)
}

// decide is this hub's own decision: allowed unless there is something to wait for.
func decide(bucket *rate.Limiter, limit Limit, now time.Time, wait time.Duration) Decision {
	left := max(0, bucket.TokensAt(now))
	used := float64(limit.Burst) - left
	return Decision{
		Allowed: wait == 0, Limit: limit.Burst, Remaining: int(left), RetryAfter: wait,
		ResetAt: now.Add(time.Duration(used / float64(bucket.Limit()) * float64(time.Second))),
	}
}

// hide is the name under which a key's use of a limit is kept.
func (l *Limiter) hide(key string, limit Limit) string {
	mac := hmac.New(sha256.New, l.secret)
	_, _ = fmt.Fprintf(mac, "%d/%d/%d %s", limit.Rate, limit.Per, limit.Burst, key)
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
