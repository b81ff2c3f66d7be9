package pgserver

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// toolDrain is how long a tool's output is read after it has ended.
const toolDrain = time.Second

// child is a started program with an owner that waits for it.
type child struct {
	pid  int
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	err  error         // how it ended; read after done
}

// startChild starts cmd and waits for it in a goroutine that keeps its OS thread: the kernel
// sends the parent-death signal when the starting thread ends, not when the process does.
func startChild(cmd *exec.Cmd) (*child, error) {
	c := &child{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			c.err = cmd.Wait()
			close(c.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	c.pid = cmd.Process.Pid
	return c, nil
}

// signal is harmless once the child has ended: os.Process knows that it was waited for.
func (c *child) signal(sig syscall.Signal) { _ = c.cmd.Process.Signal(sig) }

// runTool runs a program to its end and returns what it wrote. An error carries its complaint.
// The tool is killed when ctx ends, or when this process does.
func runTool(ctx context.Context, who identity, path string, args ...string) (string, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd := exec.CommandContext(ctx, path, args...)
	// The working directory may be one that the other user cannot enter.
	cmd.Dir = "/"
	cmd.Env = cleanEnv(cmd.Environ())
	cmd.SysProcAttr = who.attr(syscall.SIGKILL)
	cmd.WaitDelay = toolDrain
	var out, complaint strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil && complaint.Len() > 0:
		return "", fmt.Errorf("%w: %s", err, strings.TrimSpace(complaint.String()))
	case err != nil:
		return "", err
	}
	return strings.TrimSpace(out.String()), nil
}
