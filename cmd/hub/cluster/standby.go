package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/microgalleries/actionday/db/pgserver"
)

const (
	// watchEvery is how often the leader is asked for its standby.
	watchEvery = 200 * time.Millisecond
	// letGoAfter is how long commits wait for a standby that is lost. It is shorter than a hub's
	// statements may take: one that is cancelled while it waits counts as committed in Postgres.
	letGoAfter = 2 * time.Second
	// tellLimit is how long the leader may take to answer the watch.
	tellLimit = 2 * time.Second
)

// ErrNoCopy is the answer to a failover while the standby may lack what was acknowledged.
var ErrNoCopy = errors.New("cluster: the standby may lack acknowledged commits: it must catch up first")

// copying is how far the standby can be relied on.
type copying int

const (
	alone  copying = iota // commits do not wait
	asked                 // they were told to wait, and begin to
	marked                // all wait; what was committed before is not known to be copied
	safe                  // every acknowledged commit is on both
)

// pair is the two databases: who leads, and whether the other one has everything.
type pair struct {
	nodes [2]*Node
	file  string // holds the name of the leader
	log   *slog.Logger

	mu    sync.Mutex
	leads int // of nodes
	state copying
	mark  string    // the position that must be copied before state is safe
	lost  time.Time // when the standby was first missed; zero while it is there
}

// databases makes the leader and its standby.
func (c *Cluster) databases(listen []string) error {
	p := &pair{file: filepath.Join(c.options.Folder, "leader"), log: c.log}
	c.pair = p
	for i := range p.nodes {
		name := fmt.Sprint("postgres-", i+1)
		p.nodes[i] = &Node{Name: name, Address: listen[i], engine: &database{
			options: pgserver.Options{
				DataDir: filepath.Join(c.options.Folder, name), NodeModules: c.options.NodeModules,
				Listen: listen[i], Password: c.password, Log: c.log.With("node", name),
			},
			follows: func() (pgserver.Leader, error) { return p.leaderOf(i) },
		}}
	}
	c.Postgres = p.nodes[0]
	if c.options.Alone {
		return nil
	}
	c.Standby = p.nodes[1]
	kept, err := os.ReadFile(p.file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("cluster: who leads: %w", err)
	}
	if strings.TrimSpace(string(kept)) == p.nodes[1].Name {
		p.leads = 1
	}
	return nil
}

// Leader is the Postgres that takes writes.
func (c *Cluster) Leader() *Node { leader, _ := c.pair.both(); return leader }

func (c *Cluster) follower() *Node { _, standby := c.pair.both(); return standby }

func (p *pair) both() (leader, standby *Node) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.nodes[p.leads], p.nodes[1-p.leads]
}

// canFollow tells whether a node has a copy that has never led.
func (p *pair) canFollow(n *Node) bool { return pgserver.IsStandby(folderOf(n)) }

func folderOf(n *Node) string { return n.engine.(*database).options.DataDir }

func server(n *Node) *pgserver.Server { return n.engine.(*database).running() }

// leaderOf is whom a node follows.
func (p *pair) leaderOf(i int) (pgserver.Leader, error) {
	leader, _ := p.both()
	if leader == p.nodes[i] {
		return pgserver.Leader{}, nil
	}
	s := server(leader)
	if s == nil {
		return pgserver.Leader{}, fmt.Errorf("%s, which it follows, was not started", leader.Name)
	}
	return s.Leader(), nil
}

// begin makes the leader wait for nobody, whatever it did when it ran last. A standby's folder that
// led once, as one is left that was not rejoined, is made anew.
func (p *pair) begin(ctx context.Context) error {
	leader, standby := p.both()
	if !p.canFollow(standby) {
		if err := pgserver.Remove(folderOf(standby)); err != nil {
			return err
		}
	}
	return server(leader).RequireCopy(ctx, false)
}

// watch lets commits wait for the standby while it is there.
func (p *pair) watch(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := p.look(ctx); err != nil && ctx.Err() == nil {
			p.log.Debug("the leader does not tell of its standby", "err", err)
		}
	}
}

// look asks the leader for its standby and goes one step. Where the leader does not answer nothing
// changes: it acknowledges nothing either.
func (p *pair) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, tellLimit)
	defer cancel()
	p.mu.Lock()
	defer p.mu.Unlock()
	leader := server(p.nodes[p.leads])
	streams, err := leader.Copied(ctx, "")
	if err != nil {
		return err
	}
	if !streams {
		return p.miss(ctx, leader)
	}
	p.lost = time.Time{}
	switch p.state {
	case alone:
		p.state, err = asked, leader.RequireCopy(ctx, true)
	case asked: // a look later all sessions have heard of it
		p.state = marked
		p.mark, err = leader.Position(ctx)
	case marked:
		var copied bool
		if copied, err = leader.Copied(ctx, p.mark); copied {
			p.state = safe
			p.log.Info("the standby has every commit", "leader", p.nodes[p.leads].Name)
		}
	}
	if err != nil {
		p.state = alone
	}
	return err
}

// miss lets commits go on without a standby that has been away for long.
func (p *pair) miss(ctx context.Context, leader *pgserver.Server) error {
	switch {
	case p.state == alone:
		return nil
	case p.lost.IsZero():
		p.lost = time.Now()
		return nil
	case time.Since(p.lost) < letGoAfter:
		return nil
	}
	if err := leader.RequireCopy(ctx, false); err != nil {
		return err
	}
	p.state = alone
	p.log.Warn("the standby is lost: commits go on without a copy, and there is no failover until it is back")
	return nil
}

// Copied tells whether the standby has every acknowledged commit.
func (c *Cluster) Copied() bool {
	c.pair.mu.Lock()
	defer c.pair.mu.Unlock()
	return c.Standby != nil && c.pair.state == safe
}

// AwaitCopy waits until the standby has every acknowledged commit.
func (c *Cluster) AwaitCopy(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	for !c.Copied() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("cluster: the standby has no copy: %w", ctx.Err())
		case <-time.After(readyPoll):
		}
	}
	return nil
}

// Promote makes the standby lead with every commit that was acknowledged. The former leader is
// killed first, so that there are never two. The error is [ErrNoCopy] if the standby may lack
// something.
func (c *Cluster) Promote(ctx context.Context) error {
	p := c.pair
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.Standby == nil || p.state != safe {
		return ErrNoCopy
	}
	former, next := p.nodes[p.leads], p.nodes[1-p.leads]
	if !next.Running() {
		return fmt.Errorf("cluster: %s does not run", next.Name)
	}
	former.Kill()
	if err := server(next).Promote(ctx); err != nil {
		return err
	}
	p.leads, p.state, p.lost = 1-p.leads, alone, time.Time{}
	c.log.Warn("the standby leads", "node", next.Name)
	if err := os.WriteFile(p.file, []byte(next.Name+"\n"), 0o600); err != nil {
		return fmt.Errorf("cluster: remember who leads: %w", err)
	}
	return nil
}

// Rejoin makes the former leader a standby of the new one, from a copy: what it had and nobody else
// had was never acknowledged.
func (c *Cluster) Rejoin(ctx context.Context) error {
	if c.Standby == nil {
		return ErrNoCopy
	}
	former := c.follower()
	former.Kill()
	err := pgserver.Remove(folderOf(former))
	if err == nil {
		err = former.Start(ctx)
	}
	former.want() // also after a failure, so that Heal tries again
	return err
}
