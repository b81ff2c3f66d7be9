package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// The bar.
const (
	settleBar = 2 * time.Second
	growthBar = 0.05 // of goroutines and heap
	// slack is what may come on top of that without meaning anything: connections that idle in pools,
	// and buffers.
	slackGoroutines = 40
	slackHeapBytes  = 12 << 20
)

// happened is one fault that was made.
type happened struct {
	fault
	acked  int
	pause  time.Duration
	lasted time.Duration
}

// result is everything that a run has shown.
type result struct {
	seed      uint64
	faults    []happened
	skipped   []string
	troubles  []string // faults that could not be made or healed
	lasted    time.Duration
	quiet     time.Duration // the longest pause while nothing was broken
	settle    time.Duration
	unsettled error
	base, end size
	acked     int
	kinds     map[string]int
	seen      int64
	cuts      int
	reads     int
	failed    map[string]int
	failures  []string
	doctor    string
	verdict   *verdict
	races     []string
}

// victims is how the faults are called to account, by kind.
func victims() map[string]string {
	list := map[string]string{}
	for _, f := range faults() {
		list[f.name] = f.victim
	}
	return list
}

// failedReads is how many reads failed during faults that readers must not notice.
func (r *result) failedReads() (n int) {
	of := victims()
	for name, failed := range r.failed {
		if victim := of[name]; victim == "redis" || victim == "nats" {
			n += failed
		}
	}
	return n
}

// slow are the faults in which nothing was acknowledged for longer than the bar allows.
func (r *result) slow() (list []happened) {
	for _, h := range r.faults {
		if h.pause > h.bar(h.lasted) {
			list = append(list, h)
		}
	}
	return list
}

func grown(before, after, slack float64) bool { return after > before*(1+growthBar)+slack }

func (r *result) hasGrown() bool {
	return grown(r.base.goroutines, r.end.goroutines, slackGoroutines) || grown(r.base.heapBytes, r.end.heapBytes, slackHeapBytes)
}

// passed tells whether the bar is reached. With the race detector, times are no verdict.
func (r *result) passed(o options) bool {
	sound := r.verdict != nil && r.verdict.good() && r.unsettled == nil && len(r.races)+len(r.troubles) == 0
	if o.Race {
		return sound
	}
	return sound && r.settle <= settleBar && r.failedReads() == 0 && len(r.slow()) == 0 && !r.hasGrown()
}

// print writes the table and the figures.
func (r *result) print(out io.Writer, o options) {
	say := func(format string, args ...any) { tell(out, format+"\n", args...) }
	say("\n%-34s %-9s %5s %12s %16s %9s", "fault", "of", "times", "acknowledged", "longest pause ms", "bar ms")
	for _, f := range faults() {
		r.printKind(say, f)
	}
	say("%-34s %-9s %5s %12s %16.0f", "nothing", "-", "", "", milliseconds(r.quiet))
	for _, why := range r.skipped {
		say("not made: %s", why)
	}
	v := r.verdict
	say("\n%d faults in %s, %d writes acknowledged %v", len(r.faults), r.lasted.Round(time.Second), r.acked, r.kinds)
	say("%d activities shown to %d viewers, who came back %d times", r.seen, o.Subscribers, r.cuts)
	say("lost %d, doubled %d, gaps %d, repeats %d, vanished %d, found by the doctor %d", v.lost, v.doubled, v.gaps, v.repeats, v.vanished, v.off)
	say("settled in %.0f ms (%v)", milliseconds(r.settle), r.unsettled)
	say("%d reads of map and counts, %d failed during faults of Redis or NATS; by fault: %v", r.reads, r.failedReads(), r.failed)
	say("goroutines %.0f, before %.0f; heap %.1f MB, before %.1f MB", r.end.goroutines, r.base.goroutines, r.end.heapBytes/(1<<20), r.base.heapBytes/(1<<20))
	say("%s", r.doctor)
	for _, h := range r.slow() {
		say("SLOW: %s: %.0f ms without an acknowledged write", h.name, milliseconds(h.pause))
	}
	for _, note := range slices.Concat(v.notes, r.troubles, r.failures, r.races) {
		say("NOTE: %s", note)
	}
	for _, figure := range []struct {
		name  string
		value int
		unit  string
	}{
		{"chaos_faults", len(r.faults), "count"},
		{"chaos_acked", r.acked, "count"},
		{"chaos_lost", v.lost, "count"},
		{"chaos_doubled", v.doubled, "count"},
		{"chaos_gaps", v.gaps + v.vanished, "count"},
		{"chaos_repeats", v.repeats, "count"},
		{"chaos_counters_off", v.off, "count"},
		{"chaos_settle_ms", int(r.settle.Milliseconds()), "ms"},
	} {
		say("figure %s %d %s", figure.name, figure.value, figure.unit)
	}
}

func (r *result) printKind(say func(string, ...any), f fault) {
	times, acked := 0, 0
	var pause, bar time.Duration
	for _, h := range r.faults {
		if h.name != f.name {
			continue
		}
		times++
		acked += h.acked
		if h.pause >= pause {
			pause, bar = h.pause, h.bar(h.lasted)
		}
	}
	if times > 0 {
		say("%-34s %-9s %5d %12d %16.0f %9.0f", f.name, f.victim, times, acked, milliseconds(pause), milliseconds(bar))
	}
}

// tell writes for the one who watches; a reader who has gone is no reason to stop.
func tell(out io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
