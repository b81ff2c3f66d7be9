package wiretest

import (
	"testing"
	"time"
)

func TestQuantilesOfLatencies(t *testing.T) {
	t.Parallel()
	var l Latencies
	if got := l.Quantile(0.5); got != 0 {
		t.Errorf("of none: %v", got)
	}
	for i := range 1000 {
		l.Add(time.Duration(i)*time.Millisecond + 50*time.Microsecond)
	}
	for q, want := range map[float64]int64{0.001: 0, 0.5: 499, 0.99: 989, 1: 999} {
		if got := l.Quantile(q); (got-latencyStep).Milliseconds() != want || got%time.Millisecond != latencyStep {
			t.Errorf("the %v-quantile is %v", q, got)
		}
	}
	l.Add(-time.Second)
	l.Add(time.Hour)
	if low, high := l.Quantile(0.0001), l.Quantile(1); low != latencyStep || high != latencySteps*latencyStep {
		t.Errorf("at the ends %v and %v", low, high)
	}
}
