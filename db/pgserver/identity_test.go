//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package pgserver

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// forbidden is a way that the system does not allow, like namespaces in many containers.
func forbidden() identity {
	who := ourselves()
	who.name = "a forbidden way"
	who.attr = func(syscall.Signal) *syscall.SysProcAttr {
		return &syscall.SysProcAttr{Chroot: "/nowhere/at/all"}
	}
	return who
}

// Root falls back to an ordinary account when namespaces are forbidden; an ordinary user needs
// no other way than its own.
func TestFallbackIdentity(t *testing.T) {
	t.Parallel()
	ways, dir := []identity{forbidden(), ourselves()}, t.TempDir()
	if os.Getuid() == 0 {
		ways = append([]identity{forbidden()}, otherUsers("postgres", "nobody")...)
		dir = filepath.Join(openFolder(t), "data")
	}
	m := thisMachine("")
	m.identities = func() []identity { return ways }
	s, err := start(t.Context(), Options{DataDir: dir, Ephemeral: true}, m)
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, s)
	if got := query(t, s.URL("postgres"), "select current_user"); got != "hub" {
		t.Errorf("user = %q", got)
	}
	if owner := ownerOf(s.cluster); owner != ownerWanted(ways[1]) {
		t.Errorf("the cluster belongs to %d", owner)
	}
}

func ownerWanted(who identity) int {
	if who.uid >= 0 {
		return who.uid
	}
	return os.Getuid()
}

// What one way of running wrote, the next must be able to read.
func TestIdentityChangesOverTheSameData(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openFolder(t), "data")
	var ways []identity
	for _, who := range append(identities(), identities()...) {
		m := thisMachine("")
		m.identities = func() []identity { return []identity{who} }
		s, err := start(t.Context(), Options{DataDir: dir, Ephemeral: true}, m)
		if err != nil {
			t.Fatalf("%s: %v", who.name, err)
		}
		run(t, s.URL("postgres"), "create table if not exists kept ()")
		stop(t, s)
		ways = append(ways, who)
	}
	if len(ways) < 2 {
		t.Error("no two ways were tried")
	}
}

func TestClosedFolderIsExplained(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(openFolder(t), "closed")
	dir := filepath.Join(closed, "data")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	who := ourselves()
	who.name, who.stranger = "a stranger", true
	b, err := localSearch("").find(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = chooseIdentity(t.Context(), []identity{forbidden(), who}, b, dir)
	for _, want := range []string{
		"a forbidden way:",
		"a stranger: may not enter " + closed,
		"start the hub as an ordinary user",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q: %v", want, err)
		}
	}
	if err := os.Chmod(closed, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := chooseIdentity(t.Context(), []identity{who}, b, dir); err != nil {
		t.Errorf("once it is open: %v", err)
	}
}

func TestEnvironmentDoesNotSteerPostgres(t *testing.T) {
	t.Parallel()
	got := strings.Join(cleanEnv([]string{
		"PATH=/bin", "PGPORT=1", "PGDATA=/x", "LC_MESSAGES=de", "LANG=de_DE", "LD_LIBRARY_PATH=/l",
	}), " ")
	if want := "PATH=/bin LD_LIBRARY_PATH=/l LC_ALL=C"; got != want {
		t.Errorf("environment = %q, want %q", got, want)
	}
}
