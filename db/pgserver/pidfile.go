package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// pidFile is where a server notes that it uses a cluster.
func pidFile(cluster string) string { return filepath.Join(cluster, "postmaster.pid") }

// pidNote is what we read of a pid file. Its lines are: pid, data folder, start time, port,
// socket folder, listen address, shared memory key, status.
type pidNote struct {
	pid   int
	ready bool
}

func parsePidFile(text string) (pidNote, bool) {
	lines := strings.Split(text, "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid == 0 {
		return pidNote{}, false
	}
	// A server that runs alone, without a postmaster, notes its pid as a negative number.
	note := pidNote{pid: max(pid, -pid)}
	note.ready = len(lines) >= 8 && strings.TrimSpace(lines[7]) == "ready"
	return note, true
}

// clearFormer deals with what a former server left in the folder, which we hold locked. A server
// that still runs lost its hub and is asked to go. A note that names a process that is no server
// of this cluster is removed: pids repeat, and Postgres would refuse to start because of it. A
// note of a dead process stays: Postgres reads in it which shared memory to check.
func clearFormer(ctx context.Context, cluster string, socket socketFolder, port int) error {
	notes := []string{
		pidFile(cluster),
		filepath.Join(socket.path, socketName(port)+".lock"),
	}
	for _, path := range notes {
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("pgserver: read note of a former server: %w", err)
		}
		note, ok := parsePidFile(string(text))
		if !ok {
			continue
		}
		if err := clearNote(ctx, path, note.pid, cluster); err != nil {
			return err
		}
	}
	return nil
}

func clearNote(ctx context.Context, path string, pid int, cluster string) error {
	switch whoIs(pid, cluster) {
	case foreign:
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("pgserver: remove stale note: %w", err)
		}
	case former:
		return endFormer(ctx, pid, cluster)
	}
	return nil
}

// endFormer asks a server that lost its hub to stop, and waits until it has.
func endFormer(ctx context.Context, pid int, cluster string) error {
	ctx, cancel := context.WithTimeout(ctx, leftoverLimit)
	defer cancel()
	if p, err := os.FindProcess(pid); err == nil {
		_ = p.Signal(syscall.SIGINT)
	}
	for whoIs(pid, cluster) == former {
		if !wait(ctx, readyPoll) {
			return fmt.Errorf("pgserver: a former server (process %d) still runs in %s: %w",
				pid, cluster, ctx.Err())
		}
	}
	return nil
}

// occupant is what a noted process turned out to be.
type occupant int

const (
	unsure  occupant = iota // not running, or not ours to judge: Postgres shall decide
	former                  // a server of this cluster
	foreign                 // surely something else
)

// whoIs judges by the command line: our servers run as "postgres -D <cluster> -k <socket> ...".
// A Postgres started in another way might still use this cluster: to take its note away would
// let two servers write into one folder.
func whoIs(pid int, cluster string) occupant {
	words, known := commandLine(pid)
	if !known {
		return unsure
	}
	if !strings.Contains(words, "postgres") && !strings.Contains(words, "postmaster") {
		return foreign
	}
	_, folder, _ := strings.Cut(words, " -D ")
	folder, _, ours := strings.Cut(folder, " -k ")
	switch {
	case !ours:
		return unsure
	case resolve(folder) == cluster:
		return former
	}
	return foreign
}

// pids reads numbers between spaces.
func pids(text string) (list []int) {
	for _, word := range strings.Fields(text) {
		if pid, err := strconv.Atoi(word); err == nil {
			list = append(list, pid)
		}
	}
	return list
}
