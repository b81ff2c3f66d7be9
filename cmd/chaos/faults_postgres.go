package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"syscall"

	"github.com/jackc/pgx/v5"

	"github.com/microgalleries/actionday/db"
)

func backendsKilled(ctx context.Context, r *rig) (healing, error) {
	return nil, r.sql(ctx, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'actionday'")
}

func postgresCrashes(_ context.Context, r *rig) (healing, error) {
	leader := r.cluster.Leader()
	leader.Kill()
	return leader.Start, nil
}

func postgresRestarted(ctx context.Context, r *rig) (healing, error) {
	return nil, r.cluster.Leader().Restart(ctx)
}

func postgresFailsOver(ctx context.Context, r *rig) (healing, error) {
	if err := r.cluster.AwaitCopy(ctx); err != nil {
		return nil, err
	}
	return r.cluster.Rejoin, r.cluster.Promote(ctx)
}

// headLocked is an operator who holds the end of the log for a while: nothing gets a number.
func headLocked(ctx context.Context, r *rig) (healing, error) {
	conn, err := r.database(ctx)
	if err != nil {
		return nil, err
	}
	heal := func(ctx context.Context) error { return conn.Close(ctx) }
	if _, err := conn.Exec(ctx, "begin"); err != nil {
		return heal, err
	}
	_, err = conn.Exec(ctx, "select 1 from heads for update")
	return heal, err
}

// Some greedy ones, each of whom wants more than Postgres has.
const (
	greedyOnes = 8
	maxGreedy  = 500
)

// connectionsExhausted takes every connection that there is.
func connectionsExhausted(ctx context.Context, r *rig) (healing, error) {
	taken, failures := make([][]*pgx.Conn, greedyOnes), make([]error, greedyOnes)
	var all sync.WaitGroup
	for i := range greedyOnes {
		all.Go(func() { taken[i], failures[i] = r.greedy(ctx) })
	}
	all.Wait()
	heal := func(ctx context.Context) error {
		var failures []error
		for _, conn := range slices.Concat(taken...) {
			failures = append(failures, conn.Close(ctx))
		}
		return errors.Join(failures...)
	}
	return heal, errors.Join(failures...)
}

// greedy connects until there is no connection left; it is an error if that is not why it ends.
func (r *rig) greedy(ctx context.Context) (taken []*pgx.Conn, err error) {
	for err == nil && len(taken) < maxGreedy {
		var conn *pgx.Conn
		if conn, err = r.database(ctx); err == nil {
			taken = append(taken, conn)
		}
	}
	if db.IsAway(err) {
		return taken, nil
	}
	return taken, fmt.Errorf("%d connections were not enough: %w", len(taken), err)
}

// diskSize is the small disk that the cluster is put on where that is possible: the pages of a
// temporary file system.
const diskSize = "8g"

func (r *rig) disk() string { return filepath.Join(r.folder, "cluster") }

// smallDisk mounts it. Where that is not possible, the cluster lives in an ordinary folder and the
// disk never gets full.
func (r *rig) smallDisk() {
	if runtime.GOOS != "linux" || os.Geteuid() != 0 || os.MkdirAll(r.disk(), 0o755) != nil {
		return
	}
	if exec.Command("mount", "-t", "tmpfs", "-o", "mode=755,size="+diskSize, "tmpfs", r.disk()).Run() != nil {
		return
	}
	r.mounted = true
	r.closers = append(r.closers, func() { _ = exec.Command("umount", "--lazy", r.disk()).Run() })
}

func hasSmallDisk(r *rig) string {
	if !r.mounted {
		return "needs the right to mount a small disk"
	}
	return ""
}

// spare is how much room a disk has left that is said to be full, in bytes: Postgres writes into
// what it has reserved before it needs more.
const spare = 64 << 10

func diskFull(_ context.Context, r *rig) (healing, error) {
	var now syscall.Statfs_t
	if err := syscall.Statfs(r.disk(), &now); err != nil {
		return nil, err
	}
	used := (now.Blocks - now.Bfree) * uint64(now.Bsize)
	if err := r.resize(strconv.FormatUint(used+spare, 10)); err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		if err := r.resize(diskSize); err != nil {
			return err
		}
		for _, node := range r.cluster.Nodes() { // one that could not write has given up
			if !node.Running() {
				if err := node.Start(ctx); err != nil {
					return err
				}
			}
		}
		return nil
	}, nil
}

func (r *rig) resize(size string) error {
	said, err := exec.Command("mount", "-o", "remount,size="+size, r.disk()).CombinedOutput()
	if err != nil {
		return fmt.Errorf("resize the disk: %w: %s", err, said)
	}
	return nil
}
