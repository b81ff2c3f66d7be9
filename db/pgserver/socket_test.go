//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package pgserver

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSocketPathLimit(t *testing.T) {
	t.Parallel()
	deep := filepath.Join(t.TempDir(), strings.Repeat("a-very-long-name/", 8))
	s := began(t, deep)
	if !s.socket.short || len(s.socket.path)+1+len(socketName(usualPort)) > socketPathLimit {
		t.Errorf("socket folder = %s", s.socket.path)
	}
	if got := query(t, s.URL("postgres"), "select 'in'"); got != "in" {
		t.Error(got)
	}
	stop(t, s)
	if _, err := os.Stat(s.socket.path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the short folder stays behind: %v", err)
	}
}

func TestSocketFolder(t *testing.T) {
	t.Parallel()
	at := func(n int) string { return "/" + strings.Repeat("d", n-1) }
	// "/run/.s.PGSQL.5432" are 18 bytes.
	for _, c := range []struct {
		name, dir string
		short     bool
	}{
		{"short enough", at(socketPathLimit - 18), false},
		{"a byte too long", at(socketPathLimit - 17), true},
		{"many bytes in few letters", "/" + strings.Repeat("ж", 45), true},
		{"space and accent", "/home/zoë/my hub", false},
		{"comma", "/home/a,b", true},
		{"quote", `/home/a"b`, true},
	} {
		if got := chooseSocketFolder(c.dir, "/tmp", 7); got.short != c.short {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	if got := chooseSocketFolder("/a,b", at(200), 7).path; !strings.HasPrefix(got, "/tmp/hub-7-") {
		t.Errorf("with a long temporary folder: %s", got)
	}
}

// Somebody else may have made our short folder first, to read along.
func TestForeignSocketFolderIsRefused(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a,b")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := chooseSocketFolder(dir, os.TempDir(), os.Getuid()).path
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(path) })
	if err := os.Chmod(path, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := makeSocketFolder(dir, ourselves()); err == nil {
		t.Error("took a folder that everybody may enter")
	}
	if err := os.Chmod(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := makeSocketFolder(dir, ourselves()); err != nil {
		t.Errorf("our own private folder: %v", err)
	}
}
