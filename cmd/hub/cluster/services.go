package cluster

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// askLimit is how long a service may take to answer whether it serves.
const askLimit = 2 * time.Second

// nats makes the NATS nodes, each of which knows the others.
func (c *Cluster) nats(listen, routes, leaves []string) {
	for i := range c.options.NATS {
		name := fmt.Sprint("nats-", i+1)
		c.NATS = append(c.NATS, &Node{Name: name, Address: listen[i], engine: &process{
			path: c.options.Program, env: c.environment(), log: c.logOf(name),
			args: []string{
				"node", "nats", "--name", name, "--listen", listen[i], "--cluster", routes[i],
				"--routes", strings.Join(routes, ","), "--leaves", leaves[i],
			},
			ready: greets(listen[i], "", "INFO "),
		}})
	}
	c.LeafAddresses = leaves
}

// redis makes the Redis node: the machine's program where there is one, else the one that the hub
// carries. It keeps nothing: what is in it can be rebuilt.
func (c *Cluster) redis(listen string) error {
	p := &process{
		path: c.options.Program, env: c.environment(), log: c.logOf("redis"),
		args: []string{"node", "redis", "--listen", listen}, ready: greets(listen, "PING\r\n", "+PONG"),
	}
	c.Redis = &Node{Name: "redis", Address: listen, engine: p}
	program, _ := exec.LookPath("redis-server")
	if program == "" {
		return nil // the hub's own serves
	}
	dir := filepath.Join(c.options.Folder, "redis")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("cluster: make folder: %w", err)
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("cluster: address of redis: %w", err)
	}
	p.path = program
	p.args = []string{
		"--bind", host, "--port", port, "--dir", dir, "--save", "", "--appendonly", "no", "--daemonize", "no",
		"--rename-command", "CONFIG", "", // by it others on the machine could have files written
	}
	return nil
}

// greets asks an address something and is content with an answer that begins as it should.
func greets(address, question, answer string) func(context.Context) error {
	return func(ctx context.Context) (err error) {
		dialer := net.Dialer{Timeout: askLimit}
		conn, err := dialer.DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, conn.Close()) }()
		if err := conn.SetDeadline(time.Now().Add(askLimit)); err != nil {
			return err
		}
		if _, err := conn.Write([]byte(question)); err != nil {
			return err
		}
		said, err := bufio.NewReader(conn).ReadString('\n')
		if err == nil && !strings.HasPrefix(said, answer) {
			err = fmt.Errorf("%s says %.80q", address, said)
		}
		return err
	}
}
