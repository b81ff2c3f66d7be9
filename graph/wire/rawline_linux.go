//go:build linux && (amd64 || arm64)

package wire

import (
	"errors"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// unsentByKernel is how many bytes the kernel keeps unsent for a client that reads slowly. By itself
// it would keep hundreds of kilobytes.
const unsentByKernel = 16 << 10

// eventsAtOnce is how many connections one look at the poller finds.
const eventsAtOnce = 256

// rawLine writes to a copy of a connection's descriptor by system calls that never wait, so that
// nothing of the net package is kept for the connection, no goroutine and no timer. Its shard writes
// and closes; who reads holds mu, so that a descriptor is never read that is another's by then.
type rawLine struct {
	fd     int // the shard's
	poller *poller
	serial int32 // tells it from other lines that had the same descriptor

	mu   sync.Mutex
	open bool
	read func([]byte)
	gone func()
}

var _ line = (*rawLine)(nil)

func (l *rawLine) write(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		sent, _, errno := syscall.RawSyscall6(syscall.SYS_SENDTO, uintptr(l.fd), uintptr(unsafe.Pointer(&p[0])),
			uintptr(len(p)), syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL, 0, 0)
		switch errno {
		case 0:
			return int(sent), nil
		case syscall.EAGAIN:
			return 0, nil
		case syscall.EINTR:
			continue
		}
		return 0, errno
	}
}

func (l *rawLine) finish() { _ = unix.Shutdown(l.fd, unix.SHUT_WR) }

func (l *rawLine) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.open {
		return
	}
	l.open = false
	l.poller.remove(l.fd)
	_ = unix.Close(l.fd)
}

// poller waits for the clients of all raw lines to say something. Its own descriptor is waited for by
// Go's, so that no thread is parked.
type poller struct {
	file *os.File
	done chan struct{}

	mu     sync.Mutex
	lines  map[int32]*rawLine
	serial int32 // of the line added last
}

// newPoller makes a poller and begins to wait; it gives none where that cannot be done.
func newPoller() *poller {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		_ = unix.Close(fd)
		return nil
	}
	p := &poller{file: os.NewFile(uintptr(fd), "epoll"), done: make(chan struct{}), lines: map[int32]*rawLine{}}
	if p.file.SetReadDeadline(time.Time{}) != nil { // not one that Go's poller takes
		_ = p.file.Close()
		return nil
	}
	go p.run()
	return p
}

// close ends the waiting. All lines have been closed before.
func (p *poller) close() {
	_ = p.file.Close()
	<-p.done
}

func (p *poller) run() {
	defer close(p.done)
	conn, err := p.file.SyscallConn()
	if err != nil {
		return
	}
	var found [eventsAtOnce]unix.EpollEvent
	for {
		n := 0
		err := conn.Read(func(fd uintptr) bool {
			for n, err = -1, unix.EINTR; errors.Is(err, unix.EINTR); {
				n, err = unix.EpollWait(int(fd), found[:], 0)
			}
			return n > 0
		})
		if err != nil {
			return
		}
		for _, event := range found[:max(n, 0)] {
			if l := p.line(event); l != nil {
				go l.listen()
			}
		}
	}
}

// line is who an event is about, unless it has left since.
func (p *poller) line(event unix.EpollEvent) *rawLine {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l := p.lines[event.Fd]; l != nil && l.serial == event.Pad {
		return l
	}
	return nil
}

// control has the poller do something with its descriptor.
func (p *poller) control(do func(epoll int) error) error {
	conn, err := p.file.SyscallConn()
	if err != nil {
		return err
	}
	failed := conn.Control(func(fd uintptr) { err = do(int(fd)) })
	if failed != nil {
		return failed
	}
	return err
}

// watchFor is a client's next word or end, told once.
const watchFor = unix.EPOLLIN | unix.EPOLLRDHUP | unix.EPOLLONESHOT

func (p *poller) add(l *rawLine) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.open {
		return net.ErrClosed
	}
	p.mu.Lock()
	p.serial++
	l.serial = p.serial
	p.lines[int32(l.fd)] = l
	p.mu.Unlock()
	return p.watch(unix.EPOLL_CTL_ADD, l)
}

func (p *poller) watch(op int, l *rawLine) error {
	return p.control(func(epoll int) error {
		return unix.EpollCtl(epoll, op, l.fd, &unix.EpollEvent{Events: watchFor, Fd: int32(l.fd), Pad: l.serial})
	})
}

// remove forgets a descriptor, before it is closed.
func (p *poller) remove(fd int) {
	p.mu.Lock()
	delete(p.lines, int32(fd))
	p.mu.Unlock()
	_ = p.control(func(epoll int) error { return unix.EpollCtl(epoll, unix.EPOLL_CTL_DEL, fd, nil) })
}

// listen reads what there is to read. It runs once at a time, because the poller tells of a client
// once and is then asked again.
func (l *rawLine) listen() {
	var p [readAtOnce]byte
	for {
		n, waits, ends := l.take(p[:])
		if n > 0 {
			l.read(p[:n])
		}
		if ends {
			l.gone()
			return
		}
		if waits {
			return
		}
	}
}

// take reads once, or asks to be told when there is something.
func (l *rawLine) take(p []byte) (n int, waits, ends bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.open {
		return 0, true, false
	}
	n, err := unix.Read(l.fd, p)
	switch {
	case err == unix.EAGAIN:
		return 0, true, l.poller.watch(unix.EPOLL_CTL_MOD, l) != nil
	case err == unix.EINTR:
		return 0, false, false
	case err != nil || n == 0:
		return 0, true, true
	}
	return n, false, false
}

// newRawLine takes a connection over, if it is one of the kernel's and not of TLS; the connection is
// closed then, but not what the line has of it.
func (p *poller) newRawLine(conn net.Conn, read func([]byte), gone func()) (*rawLine, bool) {
	tcp, ok := conn.(*net.TCPConn)
	if p == nil || !ok {
		return nil, false
	}
	control, err := tcp.SyscallConn()
	if err != nil {
		return nil, false
	}
	fd := -1
	err = control.Control(func(of uintptr) { fd, _ = unix.FcntlInt(of, unix.F_DUPFD_CLOEXEC, 0) })
	if err != nil || fd < 0 {
		return nil, false
	}
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, unsentByKernel) // else the kernel keeps more
	_ = tcp.Close()
	return &rawLine{fd: fd, poller: p, open: true, read: read, gone: gone}, true
}
