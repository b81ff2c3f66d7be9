//go:build !linux

package cluster

import "syscall"

// dependent: these systems tell nobody that a parent died.
func dependent() *syscall.SysProcAttr { return nil }

// freeze does nothing where processes cannot be stopped by a signal that every system knows.
func (p *process) freeze(bool) {}
