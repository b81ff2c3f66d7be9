//go:build darwin || freebsd || netbsd || openbsd || dragonfly

package pgserver

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// detached: these systems tell nobody that a parent died. A server that outlives us is ended by
// the next start on its data folder.
func detached(syscall.Signal) *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// identities are the ways to run Postgres, the best first. Only root needs another user.
func identities() []identity {
	if os.Geteuid() != 0 {
		return []identity{ourselves()}
	}
	return otherUsers("postgres", "_postgres", "nobody")
}

// commandLine tells the words of a running process, each followed by a space.
func commandLine(pid int) (string, bool) {
	out, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	words := strings.TrimSpace(string(out))
	if err != nil || words == "" {
		return "", false
	}
	return words + " ", true
}

// childrenOf are the processes that a process has started.
func childrenOf(parent int) []int {
	out, _ := exec.Command("pgrep", "-P", strconv.Itoa(parent)).Output()
	return pids(string(out))
}
