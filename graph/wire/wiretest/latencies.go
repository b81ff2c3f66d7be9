package wiretest

import (
	"math"
	"time"
)

// How exactly latencies are kept, and how long they may be: about a hundred seconds.
const (
	latencyStep  = 100 * time.Microsecond
	latencySteps = 1 << 20
)

// Latencies are very many times, of which quantiles are wanted.
type Latencies struct {
	steps [latencySteps]int
	all   int
}

// Add counts a time; one that is below 0 as 0, one that is very long as the longest.
func (l *Latencies) Add(d time.Duration) {
	l.steps[min(max(0, int(d/latencyStep)), latencySteps-1)]++
	l.all++
}

// Quantile is the q-th part of the times by the nearest rank, rounded up; 0 of none.
func (l *Latencies) Quantile(q float64) time.Duration {
	rank := int(math.Ceil(q * float64(l.all)))
	for step, n := range l.steps {
		if rank -= n; rank <= 0 && l.all > 0 {
			return time.Duration(step+1) * latencyStep
		}
	}
	return 0
}
