package cluster

import "syscall"

// dependent makes a child with a group of its own, so that Ctrl-C on a terminal reaches the cluster
// first, that is killed when its parent dies: also a frozen one goes then.
func dependent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

func (p *process) freeze(still bool) {
	if still {
		p.signal(syscall.SIGSTOP)
		return
	}
	p.signal(syscall.SIGCONT)
}
