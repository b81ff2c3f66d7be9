package embedded

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// connLimit is how many bytes may wait in one direction of a connection. Real Redis, too, drops
// a client that lets its answers pile up.
const connLimit = 64 << 20

// keepLimit is the largest buffer, in bytes, that an idle direction keeps for later.
const keepLimit = 256 << 10

var errTooSlow = errors.New("embedded: the other end does not read: connection dropped")

// newConn returns the two ends of a connection in memory. Unlike net.Pipe it keeps what is
// written until it is read. Without that, a client that sends a long pipeline before it reads an
// answer, and a server that answers before it reads on, wait for each other forever.
func newConn() (client, server net.Conn) {
	there, back := newQueue(), newQueue()
	return &conn{in: back, out: there}, &conn{in: there, out: back}
}

// conn is one end. A write never waits, so it needs no deadline.
type conn struct{ in, out *queue }

var _ net.Conn = (*conn)(nil)

func (c *conn) Read(p []byte) (int, error)        { return c.in.read(p) }
func (c *conn) Write(p []byte) (int, error)       { return c.out.write(p) }
func (c *conn) LocalAddr() net.Addr               { return memory{} }
func (c *conn) RemoteAddr() net.Addr              { return memory{} }
func (c *conn) SetDeadline(t time.Time) error     { return c.SetReadDeadline(t) }
func (c *conn) SetWriteDeadline(time.Time) error  { return nil }
func (c *conn) SetReadDeadline(t time.Time) error { c.in.setDeadline(t); return nil }

// Close lets the other end read what was written before.
func (c *conn) Close() error {
	c.in.close()
	c.out.close()
	return nil
}

// memory is the address of both ends.
type memory struct{}

func (memory) Network() string { return "memory" }
func (memory) String() string  { return "memory" }

// queue is one direction: bytes that were written and not yet read.
type queue struct {
	mu       sync.Mutex
	changed  sync.Cond // data, closed or the deadline's passing
	data     []byte
	start    int // how much of data is read already
	closed   bool
	deadline time.Time
	alarm    *time.Timer
}

func newQueue() *queue {
	q := &queue{}
	q.changed.L = &q.mu
	return q
}

func (q *queue) read(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.start == len(q.data) {
		switch {
		case q.closed:
			return 0, io.EOF
		case !q.deadline.IsZero() && !time.Now().Before(q.deadline):
			return 0, os.ErrDeadlineExceeded
		case len(p) == 0:
			return 0, nil
		}
		q.changed.Wait()
	}
	n := copy(p, q.data[q.start:])
	q.start += n
	if q.start == len(q.data) {
		q.data, q.start = q.data[:0], 0
		if cap(q.data) > keepLimit {
			q.data = nil
		}
	}
	return n, nil
}

func (q *queue) write(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
		return 0, io.ErrClosedPipe
	case len(q.data)-q.start+len(p) > connLimit:
		q.closed = true
		q.changed.Broadcast()
		return 0, errTooSlow
	}
	if len(q.data)+len(p) > cap(q.data) {
		// Before it grows, take back the room of what was read.
		q.data, q.start = q.data[:copy(q.data, q.data[q.start:])], 0
	}
	q.data = append(q.data, p...)
	q.changed.Broadcast()
	return len(p), nil
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	if q.alarm != nil {
		q.alarm.Stop()
	}
	q.changed.Broadcast()
}

// setDeadline also wakes a reader that waits with the former deadline.
func (q *queue) setDeadline(t time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.deadline = t
	if q.alarm != nil {
		q.alarm.Stop()
	}
	if !t.IsZero() && !q.closed {
		q.alarm = time.AfterFunc(time.Until(t), q.wake)
	}
	q.changed.Broadcast()
}

func (q *queue) wake() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.changed.Broadcast()
}
