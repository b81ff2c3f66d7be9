package pgserver

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

func detached(death syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: death}
}

// identities are the ways to run Postgres, the best first. Only root needs more than one.
func identities() []identity {
	if os.Geteuid() != 0 {
		return []identity{ourselves()}
	}
	var ways []identity
	if uid, gid, ok := lookUpUser("nobody"); ok {
		ways = append(ways, namespaced(uid, gid))
	}
	return append(ways, otherUsers("postgres", "nobody")...)
}

// namespaced runs a program in a user namespace of its own in which we are the given user, one
// that the password file knows: initdb asks for its name. Outside, it stays us.
func namespaced(uid, gid int) identity {
	return identity{
		name: "a user namespace",
		uid:  os.Geteuid(),
		gid:  os.Getegid(),
		attr: func(death syscall.Signal) *syscall.SysProcAttr {
			a := detached(death)
			a.Cloneflags = syscall.CLONE_NEWUSER
			a.UidMappings = []syscall.SysProcIDMap{
				{ContainerID: uid, HostID: os.Geteuid(), Size: 1},
			}
			a.GidMappings = []syscall.SysProcIDMap{
				{ContainerID: gid, HostID: os.Getegid(), Size: 1},
			}
			return a
		},
	}
}

// commandLine tells the words of a running process, each followed by a space. A process that has
// ended, but was not waited for, has none.
func commandLine(pid int) (string, bool) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
	if err != nil || len(text) == 0 {
		return "", false
	}
	return strings.ReplaceAll(string(text), "\x00", " "), true
}

// childrenOf are the processes that a process has started.
func childrenOf(parent int) []int {
	name := strconv.Itoa(parent)
	text, _ := os.ReadFile("/proc/" + name + "/task/" + name + "/children")
	return pids(string(text))
}
