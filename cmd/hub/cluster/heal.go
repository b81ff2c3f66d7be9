package cluster

import (
	"context"
	"time"
)

// healEvery is how often the nodes are looked after.
const healEvery = 250 * time.Millisecond

// Heal brings back what ends by itself until ctx ends: a process is started again, and where the
// leading Postgres has died its standby leads, and the former leader follows. Tests that break
// things, and bring them back by their own plan, do without it.
func (c *Cluster) Heal(ctx context.Context) {
	tick := time.NewTicker(healEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, n := range c.Nodes() {
			if !n.died() || ctx.Err() != nil {
				continue
			}
			c.log.Warn("a node has died and is brought back", "node", n.Name)
			if err := c.heal(ctx, n); err != nil {
				c.log.Error("a node does not come back and is tried again", "node", n.Name, "err", err)
			}
		}
	}
}

func (c *Cluster) heal(ctx context.Context, n *Node) error {
	if n == c.Leader() && c.Copied() {
		if err := c.Promote(ctx); err != nil {
			return err
		}
	}
	if n == c.follower() && !c.pair.canFollow(n) {
		return c.Rejoin(ctx)
	}
	return n.Start(ctx)
}
