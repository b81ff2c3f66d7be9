//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package pgserver

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// freeAddress is one that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer door.Close()
	return door.Addr().String()
}

const password = "it's secret"

func beganLeader(t *testing.T) *Server {
	t.Helper()
	return beganWith(t, Options{DataDir: dataFolder(t), Listen: freeAddress(t), Password: password})
}

func beganStandby(t *testing.T, dir string, leader *Server) *Server {
	t.Helper()
	return beganWith(t, Options{DataDir: dir, Listen: freeAddress(t), Password: password, Follow: leader.Leader()})
}

func TestTheNetworkNeedsThePassword(t *testing.T) {
	t.Parallel()
	s := beganLeader(t)
	if got := query(t, PairURL("postgres", password, s.Address()), "select current_user"); got != superuser {
		t.Errorf("user = %q", got)
	}
	for _, wrong := range []string{"", "secret"} {
		db := connect(t, PairURL("postgres", wrong, s.Address()))
		if err := db.PingContext(t.Context()); err == nil || !strings.Contains(err.Error(), "password") {
			t.Errorf("with %q: %v", wrong, err)
		}
	}
	for _, o := range []Options{
		{Listen: "127.0.0.1:1"},
		{Listen: "0.0.0.0:1", Password: password},
		{Listen: "example.org:1", Password: password},
	} {
		if _, err := o.writeDoors(t.TempDir(), ourselves()); err == nil {
			t.Errorf("listens on %q with %q", o.Listen, o.Password)
		}
	}
}

// The leader is killed while it acknowledges; the standby takes over with all of it.
func TestAStandbyTakesOver(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	leader := beganLeader(t)
	run(t, leader.URL("postgres"), "create table wall (n int primary key)")
	dir := t.TempDir()
	standby := beganStandby(t, dir, leader)
	copied := func() bool { ok, err := leader.Copied(ctx, ""); return ok && err == nil }
	eventually(t, "the standby streams", copied)
	if err := leader.RequireCopy(ctx, true); err != nil {
		t.Fatal(err)
	}
	eventually(t, "commits wait for the standby", func() bool {
		return query(t, leader.URL("postgres"), "show synchronous_standby_names") != ""
	})
	pool := connect(t, PairURL("postgres", password, standby.Address(), leader.Address()))
	acknowledged := 0
	for n := 0; n < 1000; n++ {
		if n == 300 {
			go leader.Kill()
		}
		if _, err := pool.ExecContext(ctx, "insert into wall values ($1)", n); err != nil {
			break
		}
		acknowledged++
	}
	<-leader.Done()
	if err := standby.Promote(ctx); err != nil {
		t.Fatal(err)
	}
	var kept int
	if err := pool.QueryRowContext(ctx, "select count(*) from wall where n < $1", acknowledged).Scan(&kept); err != nil {
		t.Fatal(err)
	}
	if kept != acknowledged || acknowledged < 300 {
		t.Errorf("%d of %d acknowledged rows are kept", kept, acknowledged)
	}
	if _, err := pool.ExecContext(ctx, "insert into wall values (5000)"); err != nil {
		t.Errorf("the new leader does not write: %v", err)
	}
	if IsStandby(dir) {
		t.Error("the new leader would follow again")
	}
}

// A package of Postgres without pg_basebackup makes a standby as well, while people write.
func TestCopyWithoutTheTool(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	leader := beganLeader(t)
	run(t, leader.URL("postgres"), "create table wall as select n from generate_series(1, 50000) n")
	dir := t.TempDir()
	draft := filepath.Join(dir, filepath.Base(leader.cluster))
	if err := os.Mkdir(draft, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(draft, "standby.signal"), "")
	if err := copyBySelf(ctx, draft, binaries{}, ourselves(), leader.Leader()); err != nil {
		t.Fatal(err)
	}
	run(t, leader.URL("postgres"), "insert into wall values (0)")
	standby := beganStandby(t, dir, leader)
	eventually(t, "the copy has the last row", func() bool {
		return query(t, standby.URL("postgres"), "select count(*)::text from wall") == "50001"
	})
}

func TestWhoHasLedDoesNotFollow(t *testing.T) {
	t.Parallel()
	leader := beganLeader(t)
	dir := dataFolder(t)
	stop(t, beganDurable(t, dir))
	_, err := Start(t.Context(), Options{DataDir: dir, Listen: freeAddress(t), Password: password, Follow: leader.Leader()})
	if err == nil || !strings.Contains(err.Error(), "has led") {
		t.Errorf("a former leader follows: %v", err)
	}
}

func TestPause(t *testing.T) {
	t.Parallel()
	s := began(t, dataFolder(t))
	db := connect(t, s.URL("postgres"))
	session, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	var pid int
	if err := session.QueryRowContext(t.Context(), "select pg_backend_pid()").Scan(&pid); err != nil {
		t.Fatal(err)
	}
	s.Pause()
	for _, pid := range []int{s.Pid(), pid} {
		eventually(t, "the process is frozen", func() bool { return stateOf(t, pid) == "T" })
	}
	s.Resume()
	if _, err := session.ExecContext(t.Context(), "select 1"); err != nil {
		t.Errorf("after the freeze: %v", err)
	}
}

// stateOf is the first letter of what ps says of a process: T is stopped.
func stateOf(t *testing.T, pid int) string {
	t.Helper()
	out, err := exec.Command("ps", "-o", "state=", "-p", strconv.Itoa(pid)).Output()
	if err != nil || len(out) == 0 {
		t.Fatalf("process %d: %q %v", pid, out, err)
	}
	return string(out[:1])
}
