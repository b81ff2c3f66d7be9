package main

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/redis/go-redis/v9"
)

// natsServer is a NATS server with a port of its own, that can go and come back.
type natsServer struct {
	t      *testing.T
	port   int
	server *server.Server
}

func startNATSServer(t *testing.T) *natsServer {
	t.Helper()
	n := &natsServer{t: t, port: server.RANDOM_PORT}
	n.start()
	t.Cleanup(n.stop)
	return n
}

func (n *natsServer) start() {
	n.t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: n.port, NoSigs: true, NoLog: true})
	if err != nil {
		n.t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		n.t.Fatal("NATS does not listen")
	}
	n.server, n.port = s, s.Addr().(*net.TCPAddr).Port // it comes back where it was
}

func (n *natsServer) url() string { return n.server.ClientURL() }

func (n *natsServer) stop() {
	n.server.Shutdown()
	n.server.WaitForShutdown()
}

// redisServer is a Redis that can go and come back empty: a real one where there is one on this
// machine, behind a socket of its own.
type redisServer struct {
	t    *testing.T
	url  string
	halt func()
	back func()
}

func startRedisServer(t *testing.T) *redisServer {
	t.Helper()
	if program, err := exec.LookPath("redis-server"); err == nil {
		return realRedis(t, program)
	}
	m := miniredis.RunT(t)
	return &redisServer{t: t, url: "redis://" + m.Addr(), halt: m.Close, back: func() {
		m.FlushAll()
		if err := m.Restart(); err != nil {
			t.Fatal(err)
		}
	}}
}

func realRedis(t *testing.T, program string) *redisServer {
	t.Helper()
	folder, err := os.MkdirTemp("", "hub-redis-") // t.TempDir is too long for a socket's name
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	socket := filepath.Join(folder, "s")
	var running *exec.Cmd
	r := &redisServer{t: t, url: "unix://" + socket}
	r.halt = func() {
		if running != nil {
			_ = running.Process.Kill()
			_ = running.Wait() // it was killed
			running = nil
		}
	}
	r.back = func() {
		t.Helper()
		running = exec.Command(program, "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder)
		if err := running.Start(); err != nil {
			t.Fatal(err)
		}
		client := r.client()
		eventually(t, "Redis answers", func() bool { return client.Ping(t.Context()).Err() == nil })
	}
	r.back()
	t.Cleanup(r.halt)
	return r
}

// client reads what the hubs keep in Redis.
func (r *redisServer) client() *redis.Client {
	r.t.Helper()
	options, err := redis.ParseURL(r.url)
	if err != nil {
		r.t.Fatal(err)
	}
	options.MaxRetries, options.DialerRetries = -1, 1
	client := redis.NewClient(options)
	r.t.Cleanup(func() { _ = client.Close() })
	return client
}

// program is a hub in a process of its own.
type program struct {
	t    *testing.T
	cmd  *exec.Cmd
	out  *logbook // what it prints
	said *logbook // what it logs
}

// hubProgram prepares a hub with nothing in its environment but what is given as NAME=value.
func hubProgram(t *testing.T, environment []string, args ...string) *program {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{t: t, out: &logbook{}, said: &logbook{}}
	p.cmd = exec.Command(self, args...)
	p.cmd.Env = append([]string{
		asHub + "=1", "PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TMPDIR=" + os.TempDir(),
		"HUB_NODE_MODULES=../../web/node_modules",
	}, environment...)
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.said
	return p
}

// run waits for the end of a command and gives what it printed; it fails with what it said last.
func (p *program) run() (string, error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	defer context.AfterFunc(ctx, func() { _ = p.cmd.Process.Kill() })()
	if err := p.cmd.Run(); err != nil {
		return p.out.String(), errors.New(strings.TrimSpace(p.said.String()))
	}
	return p.out.String(), nil
}

// open starts a hub that serves and waits until it does; the hub is killed when the test ends.
func (p *program) open() (site string) {
	p.t.Helper()
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(p.kill)
	eventually(p.t, "the hub's process opens", func() bool {
		_, after, found := strings.Cut(p.out.String(), "open at ")
		site, _, _ = strings.Cut(after, "\n")
		return found && strings.Contains(after, "\n")
	})
	return site
}

// kill ends the process as a power cut does.
func (p *program) kill() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait() // it was killed
	}
}
