package main

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// shortRun is how long a run of a test may take, on a machine under load.
const shortRun = 5 * time.Minute

// short is a run that is small enough for every day. Its writers take breath: hubs with the race
// detector boot many times in it, and need the machine.
func short(t *testing.T) options {
	t.Helper()
	if testing.Short() {
		t.Skip("it starts a dozen processes")
	}
	return options{
		Once: true, Race: true, Hubs: 2, Writers: 8, Subscribers: 24, Limit: shortRun, Pause: 100 * time.Millisecond,
		Breath: 30 * time.Millisecond, Folder: t.TempDir(), NodeModules: "../../web/node_modules",
	}
}

// hub builds the program that a run breaks. It is gone with the test.
func hub(t *testing.T, o options) string {
	t.Helper()
	o.Root = "../.."
	program, err := build(t.Context(), t.TempDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

func TestMain(m *testing.M) {
	redis.SetLogger(hushed{})
	os.Exit(m.Run())
}

// Each kind of fault once, with the race detector in the hubs: nothing is lost, doubled, missed or
// repeated, and all counters are right.
func TestEveryFaultOnce(t *testing.T) {
	o := short(t)
	o.Program = hub(t, o)
	r, said := play(t, o)
	if len(r.faults)+len(r.skipped) != len(faults()) {
		t.Errorf("%d faults were made and %d skipped, of %d", len(r.faults), len(r.skipped), len(faults()))
	}
	if !r.passed(o) || r.failedReads() > 0 {
		t.Errorf("the bar is missed: %s", said)
	}
	if r.acked < len(r.faults) || r.seen == 0 {
		t.Errorf("hardly anything happened: %d writes, %d activities shown", r.acked, r.seen)
	}
}

// A run in which something is broken on purpose must not pass. It is the judge who is examined: the
// hubs are as make builds them, and boot in a fraction of the time.
func TestABrokenRunIsFound(t *testing.T) {
	o := short(t)
	o.Program = hub(t, options{})
	o.Break, o.Kinds = "both", []string{"redis flushed"}
	r, said := play(t, o)
	if r.passed(o) {
		t.Error("it passed")
	}
	for _, finding := range []string{"The log goes from", "viewer 0 saw 11 after 9", "has \"\" there"} {
		if !strings.Contains(said, finding) {
			t.Errorf("%q is not in:\n%s", finding, said)
		}
	}
}

func play(t *testing.T, o options) (*result, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), shortRun)
	defer cancel()
	var said strings.Builder
	r, err := run(ctx, o, &said)
	if err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	if os.Getenv("CHAOS_SHOW") != "" {
		t.Log(said.String())
	}
	return r, said.String()
}
