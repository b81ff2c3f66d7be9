package cluster

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Node is one process of the cluster. Its methods may be called from any goroutine; starting and
// stopping wait for each other.
type Node struct {
	Name    string
	Address string // where it listens, the same after every start

	mu     sync.Mutex
	engine engine
	wanted bool // it was started, and neither stopped nor killed by us
}

// engine is what a Node needs of the kind of process that it is.
type engine interface {
	// start returns when it serves. A failed start leaves nothing running.
	start(ctx context.Context) error
	// stop asks for an orderly end, and insists when ctx ends. It is gone afterwards.
	stop(ctx context.Context) error
	// kill also frees what one that died by itself has left held.
	kill()
	freeze(still bool)
	// pid is 0 when nothing runs.
	pid() int
}

// Start starts the node and returns when it serves. It is an error if it runs already.
func (n *Node) Start(ctx context.Context) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.engine.pid() != 0 {
		return fmt.Errorf("cluster: %s runs already", n.Name)
	}
	if err := n.engine.start(ctx); err != nil {
		return fmt.Errorf("cluster: start %s: %w", n.Name, err)
	}
	n.wanted = true
	return nil
}

// Stop asks the node to end, as an operator does, and waits for it. When ctx ends before, the node
// is killed. A node that does not run is stopped already.
func (n *Node) Stop(ctx context.Context) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.wanted = false
	if n.engine.pid() == 0 {
		n.engine.kill()
		return nil
	}
	n.engine.freeze(false) // a frozen one would not hear
	if err := n.engine.stop(ctx); err != nil {
		return fmt.Errorf("cluster: stop %s: %w", n.Name, err)
	}
	return nil
}

// With is what a program of ours finds in its environment from its next start on, NAME=value, beside
// or in place of what it is always told.
func (n *Node) With(more ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if p, ok := n.engine.(*process); ok {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.more = more
	}
}

// Kill ends the node at once, as a crash does, and returns when it is gone. One that does not run
// may be killed.
func (n *Node) Kill() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.wanted = false
	n.engine.kill()
}

// died tells whether the node has ended by itself, or by somebody else's hand.
func (n *Node) died() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.wanted && n.engine.pid() == 0
}

// want says that the node should run.
func (n *Node) want() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.wanted = true
}

// Pause freezes the node, as a machine that hangs does: it keeps its connections and answers
// nothing until Resume.
func (n *Node) Pause() { n.freeze(true) }

// Resume lets a frozen node go on.
func (n *Node) Resume() { n.freeze(false) }

func (n *Node) freeze(still bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.engine.pid() != 0 {
		n.engine.freeze(still)
	}
}

// Running tells whether the node's process lives, frozen or not.
func (n *Node) Running() bool { return n.Pid() != 0 }

// Pid is the node's process, 0 if it does not run.
func (n *Node) Pid() int { return n.engine.pid() }

// Restart stops the node and starts it again.
func (n *Node) Restart(ctx context.Context) error {
	if err := n.Stop(ctx); err != nil {
		return err
	}
	return n.Start(ctx)
}

// together does the same with several nodes at once.
func together(nodes []*Node, do func(*Node) error) error {
	failures := make([]error, len(nodes))
	var all sync.WaitGroup
	for i, n := range nodes {
		all.Go(func() { failures[i] = do(n) })
	}
	all.Wait()
	return errors.Join(failures...)
}
