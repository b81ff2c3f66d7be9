package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"
)

const (
	// readyPoll is how often a started process is asked whether it serves.
	readyPoll = 20 * time.Millisecond
	// readyLimit is how long it may take, with a machine under load in mind.
	readyLimit = time.Minute
	// stopLimit is how long it may take to end before it is killed.
	stopLimit = 30 * time.Second
	// logLimit is the size from which a log is put aside when its process starts; one older log
	// is kept.
	logLimit = 16 << 20
)

// process is a program of ours that runs as a child.
type process struct {
	path  string
	args  []string
	env   []string
	log   string // the file that takes what it says
	ready func(ctx context.Context) error

	mu   sync.Mutex
	more []string // of the environment, from the next start on
	cmd  *exec.Cmd
	end  chan struct{} // closed when cmd has ended
	err  error         // how; read after end
}

func (p *process) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	if err := p.launch(); err != nil {
		return err
	}
	for {
		err := p.ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.end:
			return fmt.Errorf("it ended: %w; see %s", p.err, p.log)
		case <-ctx.Done():
			p.kill()
			return fmt.Errorf("it does not serve: %w: %w; see %s", context.Cause(ctx), err, p.log)
		case <-time.After(readyPoll):
		}
	}
}

// launch starts the program and waits for it in a goroutine that keeps its thread: the kernel tells
// a child of its parent's death when the thread that started it ends.
func (p *process) launch() error {
	log, err := openLog(p.log)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the child has it
	cmd := exec.Command(p.path, p.args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = p.environment(), log, log
	cmd.SysProcAttr = dependent()
	started, end := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = ended(cmd.Wait())
			close(end)
		}
	}()
	if err := <-started; err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cmd, p.end = cmd, end
	return nil
}

func (p *process) environment() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Concat(p.env, p.more)
}

// ended is how a process has ended, also when that went well.
func ended(err error) error {
	if err == nil {
		return errors.New("exit status 0")
	}
	return err
}

func openLog(name string) (*os.File, error) {
	if info, err := os.Stat(name); err == nil && info.Size() > logLimit {
		if err := os.Rename(name, name+".old"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
}

func (p *process) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stopLimit)
	defer cancel()
	p.signal(syscall.SIGTERM)
	select {
	case <-p.end:
		return nil
	case <-ctx.Done():
		p.kill()
		return errors.New("it did not end when it was asked to, and was killed")
	}
}

func (p *process) kill() {
	if p.pid() == 0 {
		return
	}
	p.signal(syscall.SIGKILL)
	<-p.end
}

// signal is harmless when the process has ended: it was waited for, and os.Process knows.
func (p *process) signal(sig syscall.Signal) { _ = p.cmd.Process.Signal(sig) }

func (p *process) pid() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return 0
	}
	select {
	case <-p.end:
		return 0
	default:
		return p.cmd.Process.Pid
	}
}
