package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/microgalleries/actionday/cmd/hub/cluster"
)

// stopCluster is how long the whole cluster may take to end.
const stopCluster = time.Minute

type clusterCommand struct {
	Addr   string `env:"HUB_ADDR" default:"127.0.0.1:8080" help:"Where the proxy listens."`
	Folder string `env:"HUB_CLUSTER" default:".cluster" help:"Folder of the data and logs."`
	Hubs   int    `default:"3" help:"How many hubs, at most 16."`
	Nodes  int    `default:"3" help:"How many NATS nodes, at most 7."`
}

// The most that one machine is asked to carry.
const (
	maxHubs  = 16
	maxNodes = 7
)

// Run serves until its context ends. SIGHUP restarts the hubs one after another.
func (c clusterCommand) Run(ctx context.Context, s *settings) (err error) {
	if c.Hubs < 1 || c.Hubs > maxHubs || c.Nodes < 1 || c.Nodes > maxNodes {
		return fmt.Errorf("a cluster has 1 to %d hubs and 1 to %d NATS nodes", maxHubs, maxNodes)
	}
	log := s.logger()
	options, err := c.options(s, log)
	if err != nil {
		return err
	}
	all, err := cluster.Start(ctx, options)
	if err != nil {
		return err
	}
	var beside sync.WaitGroup
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopCluster)
		defer cancel()
		log.Info("stopping")
		beside.Wait()
		err = errors.Join(err, all.Stop(ctx))
	}()
	c.describe(os.Stdout, all)
	beside.Go(func() { all.Heal(ctx) })
	rolls := make(chan os.Signal, 1)
	signal.Notify(rolls, syscall.SIGHUP)
	defer signal.Stop(rolls)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-rolls:
			if err := all.Roll(ctx); err != nil && ctx.Err() == nil {
				log.Error("the hubs were not all restarted", "err", err)
			}
		}
	}
}

// options makes the first hub play the rehearsal for all.
func (c clusterCommand) options(s *settings, log *slog.Logger) (cluster.Options, error) {
	self, err := os.Executable()
	return cluster.Options{
		Program: self, Folder: c.Folder, Hubs: c.Hubs, NATS: c.Nodes, Proxy: c.Addr,
		Log: log, NodeModules: s.NodeModules, Env: []string{"HUB_LOG=" + s.LogLevel},
		HubEnv: func(i int) []string {
			if i == 0 {
				return []string{"HUB_DEMO=true", "HUB_DEMO_ACTIVITY=true"}
			}
			return []string{"HUB_DEMO=true"}
		},
	}, err
}

func (c clusterCommand) describe(w io.Writer, all *cluster.Cluster) {
	_, _ = fmt.Fprintf(w, "\n  Actionday is open at http://%s\n\n", all.Proxy.Address)
	for _, n := range all.Nodes() {
		_, _ = fmt.Fprintf(w, "  %-12s %-16s process %d\n", n.Name, n.Address, n.Pid())
	}
	for _, leaf := range all.LeafAddresses {
		_, _ = fmt.Fprintf(w, "  %-12s %s\n", "NATS leaves", leaf)
	}
	_, _ = fmt.Fprintf(w, `
  Logs are in %s. Kill any of these, and it comes back.
  A rolling restart of the hubs:  kill -HUP %d
  Ctrl-C stops all.

`, c.Folder, os.Getpid())
}
