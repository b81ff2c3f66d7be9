// Command hub is the whole of Actionday in one program: the GraphQL API, the public map, the host's
// and steward's pages, and the workers behind them. Any number of hubs may serve the same edition
// against the same Postgres, Redis and NATS; with no addresses given the program brings its own.
//
//	hub                    serve on http://127.0.0.1:8080 with embedded services
//	hub serve --demo       the same with a worldwide day of real events, rehearsed
//	hub cluster            the same from several hubs on this machine, with all that they need
//	hub migrate            bring the database to the newest form
//	hub edition open SLUG DATE --title TITLE
//	hub import opendataday FILE...
//	hub sign-in-link EMAIL make the first organizer
//	hub counters rebuild   make the live counters anew from the database
//	hub doctor             examine the log, the counters and what hubs answer
//
// run.go holds the wiring, and the few adjacent lines in it that connect log, bus, counters, map
// and viewers are the architecture.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/redis/go-redis/v9"
)

func main() {
	redis.SetLogger(hushed{}) // the hub tells of an outage itself, once
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := execute(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "hub:", err)
		os.Exit(1)
	}
}

// hushed is the logger of the Redis client, which would write a line for every attempt.
type hushed struct{}

// Printf drops a line.
func (hushed) Printf(context.Context, string, ...any) {}

// execute runs one command line.
func execute(ctx context.Context, args []string) error {
	var cli commands
	parser, err := kong.New(&cli, kong.Name("hub"),
		kong.Description("The hub of a worldwide one-day event."), kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(&cli.settings))
	if err != nil {
		return err
	}
	command, err := parser.Parse(args)
	if err != nil {
		return err
	}
	return command.Run()
}
