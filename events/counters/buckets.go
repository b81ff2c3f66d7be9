package counters

import (
	"sync"

	"golang.org/x/time/rate"
)

// maxBuckets is how many of the buckets last used are kept for certain, about 10 MB; up to twice as
// many exist.
const maxBuckets = 50_000

// buckets is the buckets of those who asked last. It drops by age alone: a cache that prefers the
// frequent would not take in newcomers, and each of their requests would find a full bucket.
//
// There are two generations. When the young one is full it becomes the old one, whose buckets, used
// by nobody in all that time, are dropped; a bucket that is used moves to the young one.
type buckets struct {
	most int

	mu         sync.Mutex
	young, old map[string]*rate.Limiter
}

func newBuckets(most int) *buckets {
	return &buckets{most: most, young: map[string]*rate.Limiter{}}
}

// bucket finds the bucket under a name, which stands for one limit only, or fills a new one.
func (b *buckets) bucket(name string, limit Limit) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	if found := b.young[name]; found != nil {
		return found
	}
	found := b.old[name]
	if found == nil {
		perSecond := float64(limit.Rate) / limit.Per.Seconds()
		found = rate.NewLimiter(rate.Limit(perSecond), limit.Burst)
	}
	if len(b.young) >= b.most {
		b.old, b.young = b.young, make(map[string]*rate.Limiter, b.most)
	}
	b.young[name] = found
	return found
}
