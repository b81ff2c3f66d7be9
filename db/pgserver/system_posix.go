//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package pgserver

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// folderLock is held for as long as the file is open, and so ends with the process at the
// latest: programs that we start do not inherit it.
type folderLock struct{ file *os.File }

func lockFolder(dir string) (*folderLock, error) {
	path := filepath.Join(dir, "pgserver.lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("pgserver: open lock: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = &InUse{Dir: dir, Pid: readPid(f)}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	// The pid is for people; the lock is what counts.
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	return &folderLock{f}, nil
}

func readPid(f *os.File) int {
	text := make([]byte, 16)
	n, _ := f.ReadAt(text, 0)
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text[:n])))
	return pid
}

// release unlocks by word: closing alone would leave the lock to a child that is being started
// at this very moment and still has a copy of the file.
func (l *folderLock) release() {
	_ = syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN)
	_ = l.file.Close()
}

// ourselves runs a program as the user we are.
func ourselves() identity {
	return identity{name: "this user", attr: detached, uid: -1, gid: -1}
}

// otherUsers are the unprivileged accounts that root may run Postgres as.
func otherUsers(names ...string) []identity {
	var found []identity
	for _, name := range names {
		uid, gid, ok := lookUpUser(name)
		if !ok {
			continue
		}
		found = append(found, identity{
			name:     "user " + name,
			uid:      uid,
			gid:      gid,
			stranger: true,
			attr: func(death syscall.Signal) *syscall.SysProcAttr {
				a := detached(death)
				a.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
				return a
			},
		})
	}
	return found
}

func lookUpUser(name string) (uid, gid int, ok bool) {
	u, err := user.Lookup(name)
	if err != nil {
		return 0, 0, false
	}
	uid, uidErr := strconv.Atoi(u.Uid)
	gid, gidErr := strconv.Atoi(u.Gid)
	return uid, gid, uidErr == nil && gidErr == nil && uid > 0
}

// checkPrivate refuses a folder that somebody else owns or may enter.
func checkPrivate(path string, who identity) error {
	info, err := os.Lstat(path)
	if err != nil {
		return fmt.Errorf("pgserver: check socket folder: %w", err)
	}
	owner := who.uid
	if owner < 0 {
		owner = os.Getuid()
	}
	if !info.IsDir() || ownerOf(path) != owner || info.Mode().Perm() != 0o700 {
		return fmt.Errorf("pgserver: %s is not a private folder of ours: remove it", path)
	}
	return nil
}

// ownerOf is the user id of who owns a file, -1 if it cannot be told.
func ownerOf(path string) int {
	info, err := os.Lstat(path)
	if err != nil {
		return -1
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(stat.Uid)
	}
	return -1
}

// freeze stops or continues the server first and then its sessions: what is frozen starts no more.
func (s *Server) freeze(still bool) {
	sig := syscall.SIGCONT
	if still {
		sig = syscall.SIGSTOP
	}
	s.child.signal(sig)
	for _, pid := range childrenOf(s.Pid()) {
		_ = syscall.Kill(pid, sig) // it may have ended by itself
	}
}
