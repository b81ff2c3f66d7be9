package limits

import (
	"context"
	"math"
	"time"

	"github.com/maypok86/otter/v2"
)

// Rate is how much somebody may spend of something: a bucket of Limit that fills again evenly in
// Per. What the bucket holds may be spent at once.
type Rate struct {
	Name  string // in keys and logs: lower case, no spaces
	Limit int
	Per   time.Duration
}

// Rates is every rate of a hub.
type Rates struct {
	// Cost is what one address or account may spend on operations.
	Cost Rate
	// Requests is how many requests one address may send, new sockets and streams included.
	Requests Rate
	// SignInMail is how many sign-in links one address may have sent to one mailbox.
	SignInMail Rate
	// SignInMailbox is how many sign-in links all together may have sent to one mailbox.
	SignInMailbox Rate
	// SignInAsk is how many sign-in links one address may ask for, to whatever mailboxes.
	SignInAsk Rate
	// SignIn is how often one address may try to sign in, so that tokens cannot be guessed.
	SignIn Rate
}

// DefaultRates is what hubs go by. Cost and requests are wide, because a square full of people may
// share one address.
func DefaultRates() Rates {
	const signIn = 15 * time.Minute
	return Rates{
		Cost:          Rate{"cost", 60_000, time.Minute},
		Requests:      Rate{"requests", 6000, time.Minute},
		SignInMail:    Rate{"sign-in-mail", 5, signIn},
		SignInMailbox: Rate{"sign-in-mailbox", 20, signIn},
		SignInAsk:     Rate{"sign-in-ask", 60, signIn},
		SignIn:        Rate{"sign-in", 10, signIn},
	}
}

// Decision is what a Limiter says.
type Decision struct {
	Allowed    bool
	Remaining  int           // what the bucket holds now
	RetryAfter time.Duration // until as much as was asked for is there; 0 when allowed
	ResetAfter time.Duration // until the bucket is full
}

// Limiter counts what somebody spends of a rate. It never fails: one that cannot ask its store
// decides by what it knows itself. Refused spending costs nothing. Keys hold addresses and ids, so
// implementations keep them no longer than the rate needs.
type Limiter interface {
	Allow(ctx context.Context, rate Rate, key string, cost int) Decision
}

// keysKept is how many buckets a Local limiter remembers. An attacker with more addresses than that
// is stopped by the caps on connections and work, not by this.
const keysKept = 100_000

// Local is a Limiter in memory, for one hub. It goes by the generic cell rate algorithm (ITU-T
// I.371): all that is kept of a bucket is the instant at which it will be full.
type Local struct {
	now  func() time.Time
	full *otter.Cache[string, time.Time]
}

// NewLocal makes a Limiter in memory by a clock that never runs backwards.
func NewLocal(now func() time.Time) *Local {
	return &Local{now, otter.Must(&otter.Options[string, time.Time]{MaximumSize: keysKept})}
}

// Close ends the upkeep of the memory.
func (l *Local) Close() { l.full.StopAllGoroutines() }

// Allow implements Limiter.
func (l *Local) Allow(_ context.Context, rate Rate, key string, cost int) (d Decision) {
	l.full.Compute(rate.Name+" "+key, func(full time.Time, _ bool) (time.Time, otter.ComputeOp) {
		now := l.now()
		if full.Before(now) {
			full = now
		}
		next := full.Add(rate.worth(cost))
		wait := next.Sub(now) - rate.Per
		d = Decision{Allowed: wait <= 0}
		if d.Allowed {
			full = next
		} else {
			d.RetryAfter = wait
		}
		d.ResetAfter = full.Sub(now)
		d.Remaining = rate.left(d.ResetAfter)
		return full, otter.WriteOp
	})
	return d
}

// worth is how long the bucket takes to fill by a cost.
func (r Rate) worth(cost int) time.Duration {
	return time.Duration(float64(r.Per) / float64(r.Limit) * float64(cost))
}

// left is what a bucket holds that takes so long to be full.
func (r Rate) left(untilFull time.Duration) int {
	return max(0, r.Limit-int(math.Ceil(float64(untilFull)/float64(r.Per)*float64(r.Limit))))
}

// Seconds is a duration in whole seconds, rounded up, as HTTP tells it.
func Seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
