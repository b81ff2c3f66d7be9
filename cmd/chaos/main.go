// Command chaos runs a day of several hubs as real processes, breaks everything that can break, one
// thing after another, and holds what was acknowledged and shown against what is there in the end.
//
//	writers ───┐                       ┌─ link ─> postgres-1 ══> postgres-2
//	viewers ───┼─> hub-1 hub-2 hub-3 ──┼─ link ─> redis
//	readers ───┘                       └─ link ─> nats-1 ═ nats-2 ═ nats-3
//
// Everybody behaves as good clients do: a writer tries again elsewhere under the same key until it is
// answered, a viewer comes back with its last position. The record of what they were told is the
// only truth that the judge goes by, beside the database. Package cluster runs the processes; a link
// is a TCP proxy that makes bad weather. The order of faults follows from a seed, which is printed.
//
//	chaos --faults 200 --acked 250000    the long run: until both are reached
//	chaos --once --race                  each kind once, as in the tests
//	chaos --break row                    a run that must fail: the judge is asleep if it does not
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	"github.com/redis/go-redis/v9"
)

// options is the command line.
type options struct {
	Faults      int           `default:"200" help:"How many faults at least."`
	Acked       int           `default:"250000" help:"How many acknowledged writes at least."`
	Limit       time.Duration `default:"25m" help:"When to give up on reaching them."`
	Once        bool          `help:"Each kind of fault once, and then the end."`
	Kinds       []string      `help:"Only faults whose name contains one of these."`
	Seed        uint64        `help:"The order of things; a new one if not given."`
	Hubs        int           `default:"3" help:"How many hubs."`
	Writers     int           `default:"32" help:"How many people write."`
	Subscribers int           `default:"100" help:"How many viewers follow everything."`
	Pause       time.Duration `default:"700ms" help:"Between two faults."`
	Breath      time.Duration `default:"0s" help:"How long a writer rests between two acts."`
	Race        bool          `help:"Build the hubs with the race detector. They are several times slower: pauses are then no verdict."`
	Program     string        `help:"A hub that is built already; built from the module if not given."`
	Break       string        `enum:",row,viewer,both" default:"" help:"Break something on purpose, which must be found: row deletes one from the log, viewer skips an activity."`
	Root        string        `default:"." help:"Where the module is."`
	Folder      string        `help:"Where to put everything; the system's folder for temporary files if not given."`
	Keep        bool          `help:"Leave it there."`
	NodeModules string        `default:"web/node_modules" help:"Where npm may have put Postgres binaries."`
}

func main() {
	redis.SetLogger(hushed{}) // it is broken on purpose
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var o options
	kong.Parse(&o, kong.Name("chaos"), kong.Description("Breaks a cluster of hubs and counts what is lost."))
	result, err := run(ctx, o, os.Stdout)
	if err == nil && !result.passed(o) {
		err = fmt.Errorf("the bar is missed")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		stop()
		os.Exit(1)
	}
}

type hushed struct{}

// Printf drops a line.
func (hushed) Printf(context.Context, string, ...any) {}
