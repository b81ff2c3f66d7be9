package main

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// shortRun is how long a run of a test may take, on a machine under load.
const shortRun = 5 * time.Minute

// short is a run that is small enough for every day.
func short(t *testing.T) options {
	t.Helper()
	if testing.Short() {
		t.Skip("it starts a dozen processes")
	}
	return options{
		Once: true, Race: true, Hubs: 2, Writers: 8, Subscribers: 24, Limit: shortRun, Pause: 100 * time.Millisecond,
		Program: raceHub(t), Folder: t.TempDir(), NodeModules: "../../web/node_modules",
	}
}

// built is the hub with the race detector, built once for all runs.
var built struct {
	once    sync.Once
	folder  string
	program string
	err     error
}

func raceHub(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		if built.folder, built.err = os.MkdirTemp("", "chaos-hub-"); built.err == nil {
			built.program, built.err = build(context.Background(), built.folder, options{Race: true, Root: "../.."})
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.program
}

func TestMain(m *testing.M) {
	redis.SetLogger(hushed{})
	code := m.Run()
	if built.folder != "" {
		_ = os.RemoveAll(built.folder)
	}
	os.Exit(code)
}

// Each kind of fault once, with the race detector in the hubs: nothing is lost, doubled, missed or
// repeated, and all counters are right.
func TestEveryFaultOnce(t *testing.T) {
	o := short(t)
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

// A run in which something is broken on purpose must not pass.
func TestABrokenRunIsFound(t *testing.T) {
	o := short(t)
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
