//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package pgserver

import (
	"fmt"
	"runtime"
	"syscall"
)

// unsupported is the one answer on systems where a private server cannot be run. The folder lock
// is the first thing that a start needs, so nothing has happened before it.
func unsupported() error {
	return fmt.Errorf("pgserver: cannot run a private Postgres on %s: set DATABASE_URL",
		runtime.GOOS)
}

type folderLock struct{}

func lockFolder(string) (*folderLock, error) { return nil, unsupported() }

func (*folderLock) release() {}

func ourselves() identity {
	return identity{
		name: "this user",
		attr: func(syscall.Signal) *syscall.SysProcAttr { return nil },
		uid:  -1,
		gid:  -1,
	}
}

func identities() []identity { return nil }

func checkPrivate(string, identity) error { return unsupported() }

func commandLine(int) (string, bool) { return "", false }

func ownerOf(string) int { return -1 }

func (*Server) freeze(bool) {}
