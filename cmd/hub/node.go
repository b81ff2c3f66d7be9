package main

import (
	"context"

	"github.com/microgalleries/actionday/cmd/hub/embedded"
)

// nodeCommand is the services that a cluster on one machine runs from this program.
type nodeCommand struct {
	NATS  natsNodeCommand  `cmd:"" name:"nats" help:"One server of a NATS cluster."`
	Redis redisNodeCommand `cmd:"" help:"A Redis that keeps nothing."`
}

type natsNodeCommand struct {
	Name    string   `required:"" help:"Name of the server, another one for each."`
	Listen  string   `required:"" help:"Where hubs and partners connect."`
	Cluster string   `required:"" help:"Where the other servers connect."`
	Routes  []string `help:"Where the other servers are."`
	Leaves  string   `help:"Where regional servers join as leaf nodes."`
}

// Run serves until its context ends.
func (c natsNodeCommand) Run(ctx context.Context, s *settings) error {
	node, err := embedded.ListenNATS(embedded.NATSNode{
		Name: c.Name, Listen: c.Listen, Cluster: c.Cluster, Routes: c.Routes, Leaves: c.Leaves,
	}, s.logger())
	if err != nil {
		return err
	}
	<-ctx.Done()
	node.Stop()
	return nil
}

type redisNodeCommand struct {
	Listen string `required:"" help:"Where hubs connect."`
}

// Run serves until its context ends.
func (c redisNodeCommand) Run(ctx context.Context, _ *settings) error {
	node, err := embedded.ListenRedis(c.Listen)
	if err != nil {
		return err
	}
	<-ctx.Done()
	node.Stop()
	return nil
}
