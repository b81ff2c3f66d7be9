package wire

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// The limits of writing through net.Conn.
const (
	// briefly is how long a write may hold up the other connections of a shard.
	briefly = time.Millisecond
	// lingerLimit is how long a client has to end its side after we have ended ours, so that it
	// reads the goodbye before the connection is reset.
	lingerLimit = time.Second
)

// line carries bytes to a client. It is used by one shard only.
type line interface {
	// write takes as much of p as it can without waiting for the client, perhaps nothing. An error
	// is the end of the line.
	write(p []byte) (int, error)
	// finish ends our side after everything that was taken. Nothing is written after it.
	finish()
	// close ends the line at once. It may be called again.
	close()
}

// connLine writes to a connection by its own methods, which works everywhere. A write that does not
// get through at once is left to a goroutine that waits for the client until a deadline; then the
// connection is closed, which its reader notices.
type connLine struct {
	conn   net.Conn
	secure bool // a TLS connection cannot go on after a deadline, so never write to it briefly

	mu       sync.Mutex
	slow     bool // the last brief write did not get through
	busy     bool // the goroutine writes
	finished bool
	err      error
}

var _ line = (*connLine)(nil)

func newConnLine(conn net.Conn) *connLine {
	_, secure := conn.(*tls.Conn)
	return &connLine{conn: conn, secure: secure}
}

func (l *connLine) write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.err != nil:
		return 0, l.err
	case l.busy:
		return 0, nil
	case l.slow || l.secure:
		l.busy = true
		go l.wait(append([]byte(nil), p...))
		return len(p), nil
	}
	_ = l.conn.SetWriteDeadline(time.Now().Add(briefly))
	n, err := l.conn.Write(p)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		l.slow, err = true, nil
	}
	return n, err
}

// wait writes for as long as a client may take.
func (l *connLine) wait(p []byte) {
	_ = l.conn.SetWriteDeadline(time.Now().Add(writeLimit))
	_, err := l.conn.Write(p)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy, l.slow, l.err = false, false, err
	if err != nil {
		_ = l.conn.Close()
	} else if l.finished {
		l.hangUp()
	}
}

func (l *connLine) finish() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.finished = true
	if !l.busy {
		l.hangUp()
	}
}

func (l *connLine) hangUp() {
	_ = l.conn.SetReadDeadline(time.Now().Add(lingerLimit))
	if half, ok := l.conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		return
	}
	_ = l.conn.Close()
}

func (l *connLine) close() { _ = l.conn.Close() }

// answerLine writes to the answer of a request that cannot be taken over, as over HTTP/2. The
// goroutine of the request does it, in serve.
type answerLine struct {
	parts chan []byte // one at a time
	done  chan struct{}

	mu       sync.Mutex
	finished bool
}

var _ line = (*answerLine)(nil)

func newAnswerLine() *answerLine {
	return &answerLine{parts: make(chan []byte, 1), done: make(chan struct{})}
}

func (l *answerLine) write(p []byte) (int, error) {
	select {
	case <-l.done:
		return 0, net.ErrClosed
	default:
	}
	if len(l.parts) > 0 { // nobody else adds any
		return 0, nil
	}
	l.parts <- append([]byte(nil), p...)
	return len(p), nil
}

func (l *answerLine) finish() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.finished {
		l.finished = true
		close(l.parts)
	}
}

func (l *answerLine) close() { l.finish() }

// serve writes what comes until it ends or the client has gone.
func (l *answerLine) serve(w http.ResponseWriter, gone <-chan struct{}) {
	defer close(l.done)
	control := http.NewResponseController(w)
	for {
		select {
		case p, more := <-l.parts:
			if !more {
				return
			}
			// Each write has its own deadline instead of the server's for the whole answer.
			_ = control.SetWriteDeadline(time.Now().Add(writeLimit))
			if _, err := w.Write(p); err != nil || control.Flush() != nil {
				return
			}
		case <-gone:
			return
		}
	}
}
