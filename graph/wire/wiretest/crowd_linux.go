package wiretest

import (
	"errors"
	"fmt"
	"net"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// How a crowd reads.
const (
	readAtOnce = 64 << 10 // bytes, and more than any answer has
	lookAtOnce = 1024     // viewers of whom something is heard
	openAtOnce = 64       // viewers who connect at the same time
	// lookFor is how long a look waits when nothing comes.
	lookFor = 50 * time.Millisecond
)

// Crowd is many viewers who watch the same.
type Crowd struct {
	Seen Seen // perhaps nil

	options Options
	epoll   int
	sockets []int
	viewers []viewer
	found   [lookAtOnce]unix.EpollEvent
	buffer  [readAtOnce]byte
}

// Gather opens n subscriptions.
func Gather(o Options, n int) (*Crowd, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("wiretest: %w", err)
	}
	c := &Crowd{options: o, epoll: epoll, sockets: make([]int, n), viewers: make([]viewer, n)}
	for i := range c.sockets {
		c.sockets[i] = -1
	}
	failed := make([]error, openAtOnce)
	var opening sync.WaitGroup
	for first := range openAtOnce {
		opening.Go(func() {
			for i := first; i < n && failed[first] == nil; i += openAtOnce {
				failed[first] = c.open(i)
			}
		})
	}
	opening.Wait()
	if err := errors.Join(failed...); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// open lets one viewer in. Its descriptor is taken out of Go's hands, whose poller would wake up
// whenever something comes.
func (c *Crowd) open(i int) error {
	conn, err := net.DialTimeout("tcp", c.options.Address, greetLimit)
	if err != nil {
		return fmt.Errorf("wiretest: viewer %d: %w", i, err)
	}
	defer func() { _ = conn.Close() }()
	if c.options.Buffer > 0 {
		if err := conn.(*net.TCPConn).SetReadBuffer(c.options.Buffer); err != nil {
			return fmt.Errorf("wiretest: viewer %d: %w", i, err)
		}
	}
	beyond, err := c.options.greet(conn, i)
	if err != nil {
		return fmt.Errorf("wiretest: viewer %d: %w", i, err)
	}
	c.viewers[i] = viewer{number: i, seq: c.options.After, target: c.options.After, rest: beyond}
	control, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		return fmt.Errorf("wiretest: viewer %d: %w", i, err)
	}
	var dup error
	err = control.Control(func(fd uintptr) { c.sockets[i], dup = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0) })
	if err := errors.Join(err, dup); err != nil {
		return fmt.Errorf("wiretest: viewer %d: %w", i, err)
	}
	return unix.EpollCtl(c.epoll, unix.EPOLL_CTL_ADD, c.sockets[i], &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(i)})
}

// Close lets all viewers leave.
func (c *Crowd) Close() {
	for _, fd := range c.sockets {
		if fd >= 0 {
			_ = unix.Close(fd)
		}
	}
	_ = unix.Close(c.epoll)
}

// Take reads until every viewer has had n answers more than those taken before, and tells how much
// processor time that took.
// The first viewer that has something else, or nothing for the whole time within, is the error.
func (c *Crowd) Take(n int, within time.Duration) (used time.Duration, err error) {
	done := make(chan struct{})
	go func() { // the thread ends with it, and where it may run
		defer close(done)
		runtime.LockOSThread()
		stayOn(c.options.Processor)
		before := threadTime()
		err = c.take(int64(n), time.Now().Add(within))
		used = threadTime() - before
	}()
	<-done
	return used, err
}

func (c *Crowd) take(n int64, end time.Time) error {
	behind := 0
	for i := range c.viewers {
		v := &c.viewers[i]
		if v.target += n; v.seq < v.target {
			behind++
		}
		if err := c.look(v, len(v.rest), time.Now(), &behind); err != nil { // what came with the greeting
			return err
		}
	}
	for behind > 0 {
		found, err := unix.EpollWait(c.epoll, c.found[:], int(lookFor.Milliseconds()))
		if err != nil && !errors.Is(err, unix.EINTR) {
			return err
		}
		now := time.Now()
		if now.After(end) {
			return c.missing(behind)
		}
		for _, event := range c.found[:max(found, 0)] {
			if err := c.read(int(event.Fd), now, &behind); err != nil {
				return err
			}
		}
		if found < lookAtOnce && behind > 0 && c.options.Pause > 0 {
			rest := unix.NsecToTimespec(c.options.Pause.Nanoseconds())
			_ = unix.ClockNanosleep(unix.CLOCK_MONOTONIC, 0, &rest, nil) // a signal shortens it
		}
	}
	return nil
}

// read takes what has come to a viewer.
func (c *Crowd) read(i int, now time.Time, behind *int) error {
	v := &c.viewers[i]
	kept := len(v.rest)
	n, err := unix.Read(c.sockets[i], c.buffer[kept:])
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return nil
	case err != nil:
		return v.complain(err, nil)
	case n == 0:
		return v.complain(errors.New("the connection has ended"), v.rest)
	}
	return c.look(v, kept+n, now, behind)
}

// look looks at what a viewer has kept and what was read behind it.
func (c *Crowd) look(v *viewer, size int, now time.Time, behind *int) error {
	copy(c.buffer[:], v.rest)
	waited := v.seq < v.target
	rest, err := v.view(c.buffer[:size], c.options.cut(), now, c.Seen)
	if err != nil {
		return err
	}
	if waited && v.seq >= v.target {
		*behind--
	}
	if len(rest) == len(c.buffer) {
		return v.complain(errNonsense, rest)
	}
	v.rest = append(v.rest[:0], rest...)
	return nil
}

// missing says who has not had everything in time.
func (c *Crowd) missing(behind int) error {
	for i := range c.viewers {
		if v := &c.viewers[i]; v.seq < v.target {
			return fmt.Errorf("%d viewers are behind: viewer %d had activity %d of %d in time", behind, i, v.seq, v.target)
		}
	}
	return nil
}

// threadTime is the processor time that the calling thread has used.
func threadTime() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_THREAD, &u) != nil {
		return 0
	}
	return time.Duration(unix.TimevalToNsec(u.Utime) + unix.TimevalToNsec(u.Stime))
}
