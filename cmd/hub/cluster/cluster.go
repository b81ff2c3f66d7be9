package cluster

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Options says what a cluster consists of.
type Options struct {
	Program string   // the hub's binary, which is also that of the NATS nodes
	Env     []string // NAME=value for every process of Program beside what the cluster tells it
	Folder  string   // data and logs; made if absent, used by one cluster at a time
	Hubs    int      // 0 is 3
	NATS    int      // nodes; 0 is 3
	Alone   bool     // Postgres without a standby
	Proxy   string   // the address of the proxy; empty is a free one on the loopback interface
	Log     *slog.Logger
	// NodeModules may hold Postgres binaries, see package pgserver.
	NodeModules string
	// HubEnv is more of the environment of hub i, counted from 0; nil is nothing.
	HubEnv func(i int) []string
	// Between may put something before a service, such as a proxy that makes faults: it gives the
	// address that hubs use in place of the real one. The names are postgres-1, postgres-2, redis,
	// nats-1 and so on. Nil: hubs go to the services directly.
	Between func(name, address string) (string, error)
}

// The sizes that a cluster has unless it is told otherwise.
const (
	usualHubs = 3
	usualNATS = 3
)

// Cluster is all of it, running.
type Cluster struct {
	Postgres *Node // postgres-1, which leads at first: see Leader
	Standby  *Node // postgres-2; nil without a standby
	Redis    *Node
	NATS     []*Node
	Hubs     []*Node
	Proxy    *Proxy
	// LeafAddresses are where regional NATS servers join, one a NATS node.
	LeafAddresses []string

	options  Options
	log      *slog.Logger
	password string
	between  map[string]string // where hubs find a node, by its name
	pair     *pair
	watch    sync.WaitGroup
	unwatch  context.CancelFunc
}

// Start starts everything and returns when every hub is ready, and the standby has a copy of
// everything. A start that fails leaves nothing running.
func Start(ctx context.Context, o Options) (_ *Cluster, err error) {
	c, err := prepare(o)
	if err != nil {
		return nil, err
	}
	watching, unwatch := context.WithCancel(context.WithoutCancel(ctx))
	c.unwatch = unwatch
	defer func() {
		if err != nil {
			stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
			defer cancel()
			err = errors.Join(err, c.Stop(stopping))
		}
	}()
	if err := c.Proxy.listen(); err != nil {
		return nil, err
	}
	start := func(n *Node) error { return n.Start(ctx) }
	if err := together(append([]*Node{c.Leader(), c.Redis}, c.NATS...), start); err != nil {
		return nil, err
	}
	rest := c.Hubs
	if c.Standby != nil {
		if err := c.pair.begin(ctx); err != nil {
			return nil, err
		}
		rest = append([]*Node{c.follower()}, rest...)
	}
	if err := together(rest, start); err != nil {
		return nil, err
	}
	if c.Standby != nil {
		c.watch.Go(func() { c.pair.watch(watching) })
		if err := c.AwaitCopy(ctx); err != nil {
			return nil, err
		}
	}
	c.Proxy.open(ctx)
	return c, nil
}

// prepare makes all parts without starting any.
func prepare(o Options) (*Cluster, error) {
	c := &Cluster{options: o.withDefaults(), between: map[string]string{}}
	c.log = c.options.Log
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("cluster: make folder: %w", err)
	}
	var err error
	if c.options.Folder, err = filepath.Abs(o.Folder); err != nil {
		return nil, fmt.Errorf("cluster: locate folder: %w", err)
	}
	if c.password, err = c.secret(); err != nil {
		return nil, err
	}
	hubs, nats := c.options.Hubs, c.options.NATS
	free, err := freeAddresses(hubs + 3*nats + 4)
	if err != nil {
		return nil, err
	}
	take := func(n int) (some []string) { some, free = free[:n], free[n:]; return some }
	if err := errors.Join(c.databases(take(2)), c.redis(take(1)[0])); err != nil {
		return nil, err
	}
	c.nats(take(nats), take(nats), take(nats))
	if c.options.Proxy == "" {
		c.options.Proxy = take(1)[0]
	}
	c.Proxy = newProxy(c.options.Proxy, c.log)
	if err := c.hubs(take(hubs)); err != nil {
		return nil, err
	}
	for _, hub := range c.Hubs {
		c.Proxy.add(hub)
	}
	return c, nil
}

func (o Options) withDefaults() Options {
	if o.Hubs == 0 {
		o.Hubs = usualHubs
	}
	if o.NATS == 0 {
		o.NATS = usualNATS
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Stop ends everything in order: first the door, then hubs, then what they need. It may be called
// twice.
func (c *Cluster) Stop(ctx context.Context) error {
	c.unwatch()
	c.watch.Wait()
	stop := func(n *Node) error { return n.Stop(ctx) }
	err := errors.Join(together(c.Hubs, stop), c.Proxy.close())
	err = errors.Join(err, together(append([]*Node{c.Redis}, c.NATS...), stop))
	if c.Standby != nil {
		err = errors.Join(err, c.follower().Stop(ctx)) // first: the leader waits until it has all
	}
	return errors.Join(err, c.Leader().Stop(ctx))
}

// Roll restarts the hubs one after another, each when the one before takes visitors again, and so
// nobody finds the day closed.
func (c *Cluster) Roll(ctx context.Context) error {
	for _, hub := range c.Hubs {
		c.log.Info("restarting", "hub", hub.Name)
		if err := hub.Restart(ctx); err != nil {
			return err
		}
		if err := c.Proxy.await(ctx, hub); err != nil {
			return err
		}
	}
	c.log.Info("every hub was restarted")
	return nil
}

// Nodes are all processes, in the order in which they are started.
func (c *Cluster) Nodes() []*Node {
	nodes := []*Node{c.Postgres}
	if c.Standby != nil {
		nodes = append(nodes, c.Standby)
	}
	nodes = append(append(nodes, c.Redis), c.NATS...)
	return append(nodes, c.Hubs...)
}

// environment is what every process of the program gets: nothing of what the hub's settings are in
// the cluster's own environment.
func (c *Cluster) environment() []string {
	env := []string{"HUB_DATA=" + filepath.Join(c.options.Folder, "hub")}
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "TZ", "GORACE"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return append(env, c.options.Env...)
}

func (c *Cluster) logOf(name string) string { return filepath.Join(c.options.Folder, name+".log") }

// secret is the password of the cluster's Postgres, made once a folder.
func (c *Cluster) secret() (string, error) {
	name := filepath.Join(c.options.Folder, "password")
	kept, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		kept = []byte(rand.Text())
		err = os.WriteFile(name, kept, 0o600)
	}
	if err != nil {
		return "", fmt.Errorf("cluster: keep the password: %w", err)
	}
	return strings.TrimSpace(string(kept)), nil
}
