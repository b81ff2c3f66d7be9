//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package pgserver

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

func TestStartOnAnEmptyFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "not", "yet", "there")
	s := began(t, dir)

	url := s.URL("postgres")
	if got := query(t, url, "select current_user"); got != "hub" {
		t.Errorf("user = %q", got)
	}
	if got := query(t, url, "show listen_addresses"); got != "" {
		t.Errorf("listens on %q, want no port at all", got)
	}
	if got := query(t, url, "select lower('ÄÖÜ ЖУК ΣΑΣ')"); !strings.HasPrefix(got, "äöü жук σα") {
		t.Errorf("lower case of three scripts = %q", got)
	}
	if entries, _ := filepath.Glob(filepath.Join(dir, "*.new")); len(entries) != 0 {
		t.Errorf("left behind %v", entries)
	}
}

func TestDataStays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := Start(t.Context(), Options{DataDir: dir, Log: testLog(t)})
	if err != nil {
		t.Fatal(err)
	}
	url := first.URL("postgres")
	run(t, url, "create table wall (title text)")
	run(t, url, "insert into wall values ('Wall of birds')")
	stop(t, first)
	stop(t, first) // once more is harmless

	second := began(t, dir)
	if second.URL("postgres") != url {
		t.Errorf("the address changed from %s to %s", url, second.URL("postgres"))
	}
	if got := query(t, url, "select title from wall"); got != "Wall of birds" {
		t.Errorf("title = %q", got)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	s, err := Start(t.Context(), Options{DataDir: dataFolder(t), MaxConnections: 17})
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, s)
	for setting, want := range map[string]string{
		"max_connections": "17", "fsync": "on", "full_page_writes": "on",
		"synchronous_commit": "on", "TimeZone": "UTC", "jit": "off",
	} {
		if got := query(t, s.URL("postgres"), "show "+setting); got != want {
			t.Errorf("%s = %q, want %q", setting, got, want)
		}
	}
	quick := began(t, dataFolder(t))
	if got := query(t, quick.URL("postgres"), "show fsync"); got != "off" {
		t.Errorf("fsync of an ephemeral server = %q", got)
	}
}

func TestStopEndsSessions(t *testing.T) {
	t.Parallel()
	s := began(t, dataFolder(t))
	db := connect(t, s.URL("postgres"))
	session, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	begun, err := session.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer begun.Rollback()
	stop(t, s)
	<-s.Done()
	if runs(s.Pid()) {
		t.Error("the server still runs")
	}
}

func TestStopInAHurry(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	s := beganDurable(t, dir)
	run(t, s.URL("postgres"), "create table kept ()")
	over, cancel := context.WithCancel(t.Context())
	cancel()
	// Whether the fast or the immediate shutdown wins is open; that it is gone is not.
	_ = s.Stop(over)
	if runs(s.Pid()) {
		t.Fatal("the server still runs")
	}
	again := began(t, dir)
	if got := query(t, again.URL("postgres"), "select count(*)::text from kept"); got != "0" {
		t.Errorf("rows = %s", got)
	}
}

// A killed server is noticed, its last words are told, and its folder can be started again at
// once, though children of it may still be going.
func TestServerDies(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	s := beganDurable(t, dir)
	url := s.URL("postgres")
	run(t, url, "create table kept ()")
	busy := connect(t, url)
	go busyUntilDropped(t.Context(), busy)

	if err := syscall.Kill(s.Pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-s.Done()
	if err := s.Stop(t.Context()); err == nil || !strings.Contains(err.Error(), "had died") {
		t.Errorf("Stop after death = %v", err)
	}
	again := began(t, dir)
	if got := query(t, again.URL("postgres"), "select count(*)::text from kept"); got != "0" {
		t.Errorf("rows = %s", got)
	}
}

func busyUntilDropped(ctx context.Context, db *sql.DB) {
	_, _ = db.ExecContext(ctx, "select count(*) from generate_series(1, 3000000)")
}

func TestOneServerAFolder(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	began(t, dir)

	_, err := Start(t.Context(), Options{DataDir: dir})
	var inUse *InUse
	if !errors.As(err, &inUse) {
		t.Fatalf("second start = %v, want *InUse", err)
	}
	if inUse.Pid != os.Getpid() || !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) {
		t.Errorf("the error does not name process %d: %v", os.Getpid(), err)
	}
	if err := Remove(dir); !errors.As(err, &inUse) {
		t.Errorf("Remove of a used folder = %v, want *InUse", err)
	}
}

func TestRemove(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	if err := Remove(dir); err != nil {
		t.Fatalf("removing nothing: %v", err)
	}
	stop(t, began(t, dir))
	if err := Remove(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
}

// A lock that was let go is free at once, even while other children are being started: for a
// moment they hold a copy of every open file.
func TestLockIsFreeAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	over, cancel := context.WithCancel(t.Context())
	var starting sync.WaitGroup
	starting.Go(func() {
		for over.Err() == nil {
			_ = exec.Command("true").Run()
		}
	})
	for range 300 {
		lock, err := lockFolder(dir)
		if err != nil {
			t.Error(err)
			break
		}
		lock.release()
	}
	cancel()
	starting.Wait()
}

// An initdb that was interrupted leaves a folder that looks like a cluster. It must not be
// taken for one, and must not be in the way.
func TestUnfinishedClusterIsSwept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for major := oldestMajor; major < oldestMajor+10; major++ {
		draft := filepath.Join(dir, "pg"+strconv.Itoa(major)+".new")
		write(t, filepath.Join(draft, "PG_VERSION"), strconv.Itoa(major))
		write(t, filepath.Join(draft, "global", "half"), "a file")
	}
	s := began(t, dir)
	if got := query(t, s.URL("postgres"), "select 'whole'"); got != "whole" {
		t.Error(got)
	}
}

func TestBrokenStartsAreExplained(t *testing.T) {
	t.Parallel()
	if _, err := Start(t.Context(), Options{}); err == nil {
		t.Error("started without a data folder")
	}
	dir := dataFolder(t)
	s := began(t, dir)
	cluster := s.cluster
	stop(t, s)
	if err := os.Remove(filepath.Join(cluster, "global", "pg_control")); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{DataDir: dir, Ephemeral: true})
	if err == nil || !strings.Contains(err.Error(), "could not find the database system") {
		t.Errorf("start on a ruined cluster = %v, want Postgres' own words", err)
	}
	// The refused start let go of the folder.
	if err := Remove(dir); err != nil {
		t.Error(err)
	}
}

func TestStartGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Start(over, Options{DataDir: dir}); !errors.Is(err, context.Canceled) {
		t.Fatalf("start = %v, want context.Canceled", err)
	}
	began(t, dir)
}
