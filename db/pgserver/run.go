package pgserver

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const (
	// readyPoll is how often postmaster.pid is read while the server starts.
	readyPoll = 3 * time.Millisecond
	// leftoverLimit is how long a former server, or its last children, may take to go.
	leftoverLimit = 30 * time.Second
	// leftoverPoll is how often a start is tried anew while they are going.
	leftoverPoll = 60 * time.Millisecond
	// quitLimit is how long an immediate shutdown may take before the server is killed.
	quitLimit = 5 * time.Second
	// drainLimit is how long the log is read after the server has ended: orphaned children may
	// hold the pipe open a moment longer.
	drainLimit = 2 * time.Second
)

// run starts the program, again and again while the children of a killed predecessor still hold
// its shared memory: Postgres rightly refuses to start beside them, and they are leaving.
func (s *Server) run(ctx context.Context, b binaries, who identity, o Options) error {
	if err := clearFormer(ctx, s.cluster, s.socket, s.port); err != nil {
		return err
	}
	giveUp := time.Now().Add(leftoverLimit)
	for {
		err := s.launch(ctx, b, who, o)
		if err == nil || !s.tail.contains("pre-existing shared memory block") ||
			time.Now().After(giveUp) {
			return err
		}
		s.tail.forget()
		if !wait(ctx, leftoverPoll) {
			return ctx.Err()
		}
	}
}

func (s *Server) launch(ctx context.Context, b binaries, who identity, o Options) error {
	args := append([]string{"-D", s.cluster, "-k", s.socket.path}, append(settings(o), replication(o, s.hba)...)...)
	cmd := exec.Command(b.program("postgres"), args...)
	cmd.Dir = s.cluster
	cmd.Env = cleanEnv(os.Environ())
	cmd.Stdout, cmd.Stderr = s.tail, s.tail
	cmd.WaitDelay = drainLimit
	// SIGINT is Postgres' fast shutdown: what happens when our process dies is a clean stop.
	cmd.SysProcAttr = who.attr(syscall.SIGINT)

	before, _ := os.ReadFile(pidFile(s.cluster))
	var err error
	if s.child, err = startChild(cmd); err != nil {
		return fmt.Errorf("pgserver: start %s: %w", cmd.Path, err)
	}
	if err := s.awaitReady(ctx, string(before)); err != nil {
		s.end(context.WithoutCancel(ctx), syscall.SIGQUIT)
		return err
	}
	return nil
}

// awaitReady watches postmaster.pid. The file may be a former server's, and pids repeat, in
// containers even regularly, so what was there before the start never counts.
func (s *Server) awaitReady(ctx context.Context, before string) error {
	for {
		if text, err := os.ReadFile(pidFile(s.cluster)); err == nil && string(text) != before {
			if f, ok := parsePidFile(string(text)); ok && f.ready && f.pid == s.Pid() {
				return nil
			}
		}
		select {
		case <-s.child.done:
			return fmt.Errorf("pgserver: the server ended while starting (%v): %s",
				s.child.err, s.tail.last())
		case <-ctx.Done():
			return fmt.Errorf("pgserver: await readiness: %w; last words: %s",
				ctx.Err(), s.tail.last())
		case <-time.After(readyPoll):
		}
	}
}

func (s *Server) ended() bool {
	select {
	case <-s.child.done:
		return true
	default:
		return false
	}
}

// end asks with the given signal, then insists. On return the process is gone.
func (s *Server) end(ctx context.Context, ask syscall.Signal) {
	s.child.signal(ask)
	if ask != syscall.SIGQUIT {
		select {
		case <-s.child.done:
			return
		case <-ctx.Done():
			s.child.signal(syscall.SIGQUIT)
		}
	}
	select {
	case <-s.child.done:
	case <-time.After(quitLimit):
		s.child.signal(syscall.SIGKILL)
		<-s.child.done
	}
}

// cleanEnv drops what would steer Postgres from outside (PGDATA, PGPORT, locales) and keeps the
// rest, above all the path of shared libraries.
func cleanEnv(env []string) []string {
	kept := make([]string, 0, len(env)+1)
	for _, entry := range env {
		if strings.HasPrefix(entry, "PG") || strings.HasPrefix(entry, "LC_") ||
			strings.HasPrefix(entry, "LANG") {
			continue
		}
		kept = append(kept, entry)
	}
	return append(kept, "LC_ALL=C")
}

// wait reports whether the time went by before the context ended.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
