package cluster

import (
	"context"
	"sync"

	"github.com/microgalleries/actionday/db/pgserver"
)

// database is a Postgres server as a Node. Whether it leads or follows is asked at every start.
type database struct {
	options pgserver.Options
	follows func() (pgserver.Leader, error) // the zero Leader when it leads itself

	mu     sync.Mutex
	server *pgserver.Server
}

func (d *database) start(ctx context.Context) error {
	if former := d.running(); former != nil {
		_ = former.Stop(ctx) // it died by itself, and its folder is to be freed
	}
	options := d.options
	var err error
	if options.Follow, err = d.follows(); err != nil {
		return err
	}
	server, err := pgserver.Start(ctx, options)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.server = server
	return nil
}

func (d *database) running() *pgserver.Server {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.server
}

func (d *database) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stopLimit)
	defer cancel()
	return d.running().Stop(ctx)
}

func (d *database) kill() {
	server := d.running()
	if server == nil {
		return
	}
	server.Kill()
	_ = server.Stop(context.Background()) // it tells that the server had died, and frees the folder
}

func (d *database) freeze(still bool) {
	if still {
		d.running().Pause()
		return
	}
	d.running().Resume()
}

func (d *database) pid() int {
	server := d.running()
	if server == nil {
		return 0
	}
	select {
	case <-server.Done():
		return 0
	default:
		return server.Pid()
	}
}
