//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package pgserver

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// hub is another process that runs a server: this test binary in its helper role.
type hub struct {
	cmd    *exec.Cmd
	stdin  io.Closer
	out    *bufio.Scanner
	server int // the pid of its Postgres
	url    string
}

func startHub(t *testing.T, program, dir string, attr *syscall.SysProcAttr) *hub {
	t.Helper()
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), helperFolder+"="+dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = attr
	cmd.Stderr = t.Output()
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	h := &hub{cmd: cmd, stdin: stdin, out: bufio.NewScanner(stdout)}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line := h.line()
	if _, err := fmt.Sscan(line, new(string), &h.server, &h.url); err != nil {
		t.Fatalf("helper said %q", line)
	}
	return h
}

func (h *hub) line() string {
	h.out.Scan()
	return h.out.Text()
}

// kill is kill -9: no handler, no deferred call, no goodbye.
func (h *hub) kill(t *testing.T) {
	t.Helper()
	if err := h.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = h.cmd.Wait()
}

func TestKilledHubLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	h := startHub(t, os.Args[0], dir, nil)
	run(t, h.url, "create table wall as select 'Wall of birds' as title")
	h.kill(t)

	// No wait here: the new hub comes while the old one's server may still be going.
	s := began(t, dir)
	if runs(h.server) {
		t.Errorf("process %d of the killed hub still runs beside the new server", h.server)
	}
	if got := query(t, s.URL("postgres"), "select title from wall"); got != "Wall of birds" {
		t.Errorf("title = %q", got)
	}
}

// The kernel tells the server that its hub is gone, also if no other hub ever comes.
func TestOrphanStopsByItself(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	h := startHub(t, os.Args[0], dir, nil)
	h.kill(t)
	eventually(t, "the orphaned server ends", func() bool { return !runs(h.server) })
	notes, _ := filepath.Glob(filepath.Join(dir, "pg*", "postmaster.pid"))
	if len(notes) != 0 {
		t.Errorf("it did not end cleanly: %v is still there", notes)
	}
}

// Ctrl-C on a terminal goes to the whole process group: the server must not be in ours.
func TestServerHasItsOwnGroup(t *testing.T) {
	t.Parallel()
	s := began(t, dataFolder(t))
	group, err := syscall.Getpgid(s.Pid())
	if err != nil {
		t.Fatal(err)
	}
	if group == syscall.Getpgrp() {
		t.Error("the server is in our process group")
	}
}

func TestOrdinaryUser(t *testing.T) {
	t.Parallel()
	program, dir, attr := asNobody(t)
	h := startHub(t, program, dir, attr)
	if got := query(t, h.url, "select current_user"); got != "hub" {
		t.Errorf("user = %q", got)
	}
	h.stdin.Close()
	if got := h.line(); got != "stopped" {
		t.Errorf("helper said %q", got)
	}
}

// asNobody prepares a program and a folder that an unprivileged user may use. Who runs the
// tests as an ordinary user is unprivileged already.
func asNobody(t *testing.T) (program, dir string, attr *syscall.SysProcAttr) {
	t.Helper()
	if os.Getuid() != 0 {
		return os.Args[0], t.TempDir(), nil
	}
	uid, gid, ok := lookUpUser("nobody")
	if !ok {
		t.Fatal("this machine knows no user nobody")
	}
	top := openFolder(t)
	program, dir = filepath.Join(top, "hub"), filepath.Join(top, "data")
	// By a process of its own: what this one had open for writing, a child that it starts meanwhile for
	// another test would have open, too, and such a file cannot be run.
	if out, err := exec.Command("cp", os.Args[0], program).CombinedOutput(); err != nil {
		t.Fatalf("copy the program: %v %s", err, out)
	}
	if err := os.Chmod(program, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	credential := &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return program, dir, &syscall.SysProcAttr{Credential: credential}
}

// openFolder is a temporary folder that other users may enter, unlike t.TempDir.
func openFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pgserver-open-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestStaleNoteOfAForeignProcess(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	s := began(t, dir)
	cluster, socket := s.cluster, s.socket
	stop(t, s)

	// After a power failure the notes stay; by now the number belongs to somebody else.
	other := exec.Command("sleep", "600")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = other.Process.Kill()
		_ = other.Wait()
	})
	note := fmt.Sprintf("%d\n%s\n1600000000\n5432\n%s\n\n  1 1\nready   \n",
		other.Process.Pid, cluster, socket.path)
	write(t, pidFile(cluster), note)
	write(t, filepath.Join(socket.path, socketName(usualPort)+".lock"), note)

	again := began(t, dir)
	if again.Pid() == other.Process.Pid || !runs(other.Process.Pid) {
		t.Error("the foreign process was touched")
	}
	query(t, again.URL("postgres"), "select 'up'")
}

// Another server of ours is as foreign as anything, a Postgres started by hand is left to
// Postgres to judge.
func TestWhoIs(t *testing.T) {
	t.Parallel()
	a, b := began(t, dataFolder(t)), began(t, dataFolder(t))
	byHand := exec.Command("sh", "-c", "read x", "postgres")
	byHand.Args[0] = "postgres -D data"
	hold, err := byHand.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer hold.Close()
	if err := byHand.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = byHand.Process.Kill()
		_ = byHand.Wait()
	}()
	for _, c := range []struct {
		name    string
		pid     int
		cluster string
		want    occupant
	}{
		{"the server of the cluster", a.Pid(), a.cluster, former},
		{"the server of another cluster", b.Pid(), a.cluster, foreign},
		{"this test", os.Getpid(), "/nowhere", foreign},
		{"a Postgres started by hand", byHand.Process.Pid, a.cluster, unsure},
		{"nobody", 1 << 30, a.cluster, unsure},
	} {
		if got := whoIs(c.pid, c.cluster); got != c.want {
			t.Errorf("%s = %v, want %v", c.name, got, c.want)
		}
	}
}

func TestPidFile(t *testing.T) {
	t.Parallel()
	lines := []string{"77", "/data", "1700000000", "5432", "/run", "", "  11 22", "ready   "}
	for _, c := range []struct {
		name  string
		text  string
		pid   int
		ready bool
	}{
		{"ready", strings.Join(lines, "\n") + "\n", 77, true},
		{"starting", strings.Join(lines[:7], "\n") + "\nstarting\n", 77, false},
		{"half written", strings.Join(lines[:4], "\n"), 77, false},
		{"alone", "-77\n/data\n", 77, false},
		{"empty", "", 0, false},
		{"nonsense", "who\n", 0, false},
	} {
		note, _ := parsePidFile(c.text)
		if note.pid != c.pid || note.ready != c.ready {
			t.Errorf("%s = %+v", c.name, note)
		}
	}
}
