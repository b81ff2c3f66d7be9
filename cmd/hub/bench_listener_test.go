package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// listener is a subscriber that costs little beside the hub: it reads what comes, finds the
// position in it, and checks that it is the next one. What it has read can be kept, so that the same
// bytes can be sent again by other means.
type listener struct {
	conn  net.Conn
	in    *bufio.Reader
	read  func(*bufio.Reader) ([]byte, error) // the next answer; good until the next read
	seq   int64                               // of the last answer
	kept  *bytes.Buffer                       // all bytes that came since they were forgotten; nil keeps none
	spent int                                 // bytes of kept that earlier answers took
}

// listenLimit is how long all that was sent may take to come.
const listenLimit = 20 * time.Second

// listenBuffer is more than an answer needs.
const listenBuffer = 4 << 10

// Read keeps what it reads from the connection, if it should.
func (l *listener) Read(p []byte) (int, error) {
	n, err := l.conn.Read(p)
	if l.kept != nil {
		l.kept.Write(p[:n])
	}
	return n, err
}

func newListener(conn net.Conn, read func(*bufio.Reader) ([]byte, error)) *listener {
	l := &listener{conn: conn, read: read}
	l.in = bufio.NewReaderSize(l, listenBuffer)
	return l
}

// take reads n answers, which must follow the one before.
func (l *listener) take(n int) error {
	if err := l.conn.SetReadDeadline(time.Now().Add(listenLimit)); err != nil {
		return err
	}
	for range n {
		text, err := l.read(l.in)
		if err != nil {
			return fmt.Errorf("after activity %d: %w", l.seq, err)
		}
		seq, err := seqIn(text)
		if err != nil || seq != l.seq+1 {
			return fmt.Errorf("after activity %d came %.300s: %w", l.seq, text, err)
		}
		l.seq = seq
	}
	return nil
}

// seqIn is the log position in an answer.
func seqIn(text []byte) (int64, error) {
	_, after, found := bytes.Cut(text, []byte(`"seq":`))
	digits, _, ends := bytes.Cut(after, []byte(","))
	if !found || !ends {
		return 0, errors.New("it has no position")
	}
	return strconv.ParseInt(string(digits), 10, 64)
}

// keep begins to keep what comes.
func (l *listener) keep() { l.kept, l.spent = &bytes.Buffer{}, l.in.Buffered() }

// takeEach is take that gives the bytes of each answer as they came over the wire.
func (l *listener) takeEach(n int) (wire [][]byte, err error) {
	l.keep()
	begun := -l.in.Buffered()
	for range n {
		if err := l.take(1); err != nil {
			return nil, err
		}
		end := l.kept.Len() - l.in.Buffered()
		wire = append(wire, bytes.Clone(l.kept.Bytes()[max(0, begun):end]))
		begun = end
	}
	l.kept = nil
	return wire, nil
}

// transport is a way to subscribe: what a client says first, and how it reads the answers.
type transport struct {
	name string
	open func(l *listener, site, address, body string) error
	read func(*bufio.Reader) ([]byte, error)
}

func transports() []transport {
	return []transport{{"ws", openSocket, readSocket}, {"sse", openEvents, readEvents}}
}

// subscribe opens a subscription as a client behind a proxy, with an address of its own.
func (t transport) subscribe(site, address, body string) (*listener, error) {
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(site, "http://"), listenLimit)
	if err != nil {
		return nil, err
	}
	l := newListener(conn, t.read)
	err = errors.Join(conn.SetDeadline(time.Now().Add(listenLimit)), t.open(l, site, address, body), conn.SetDeadline(time.Time{}))
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return l, nil
}

// head reads the head of the answer to a request.
func (l *listener) head(status string) error {
	for first := true; ; first = false {
		line, err := l.in.ReadSlice('\n')
		switch {
		case err != nil:
			return err
		case first && !bytes.HasPrefix(line, []byte("HTTP/1.1 "+status)):
			return fmt.Errorf("the hub answers %s", line)
		case len(line) == len("\r\n"):
			return nil
		}
	}
}

func openEvents(l *listener, site, address, body string) error {
	_, err := fmt.Fprintf(l.conn, "POST /graphql HTTP/1.1\r\nHost: %s\r\nX-Forwarded-For: %s\r\n"+
		"Content-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: %d\r\n\r\n%s",
		strings.TrimPrefix(site, "http://"), address, len(body), body)
	if err != nil {
		return err
	}
	return l.head(strconv.Itoa(http.StatusOK))
}

// readEvents reads up to the data of the next event. Lines of the chunked encoding are passed over
// like all others: an event of this size is never cut by one. The last chunk is the end of the stream,
// also where a proxy keeps the connection for another request.
func readEvents(in *bufio.Reader) ([]byte, error) {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		switch {
		case bytes.HasPrefix(line, []byte("data: {")):
			return line, nil
		case string(line) == "0\r\n":
			return nil, io.EOF
		}
	}
}

func openSocket(l *listener, site, address, body string) error {
	_, err := fmt.Fprintf(l.conn, "GET /graphql HTTP/1.1\r\nHost: %s\r\nX-Forwarded-For: %s\r\n"+
		"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n",
		strings.TrimPrefix(site, "http://"), address)
	if err != nil {
		return err
	}
	if err := l.head(strconv.Itoa(http.StatusSwitchingProtocols)); err != nil {
		return err
	}
	for _, message := range []string{`{"type":"connection_init"}`, `{"type":"subscribe","id":"1","payload":` + body + `}`} {
		if _, err := l.conn.Write(masked(message)); err != nil {
			return err
		}
	}
	_, err = readSocket(l.in) // the acknowledgement
	return err
}

// masked is a text frame (RFC 6455, section 5.2) under a mask of zeros, which changes nothing.
func masked(text string) []byte {
	frame := []byte{0x81, 0x80 | 126, byte(len(text) >> 8), byte(len(text)), 0, 0, 0, 0}
	if len(text) < 126 {
		frame = []byte{0x81, 0x80 | byte(len(text)), 0, 0, 0, 0}
	}
	return append(frame, text...)
}

// readSocket reads the next text frame and passes over pings.
func readSocket(in *bufio.Reader) ([]byte, error) {
	for {
		var head [4]byte
		if _, err := io.ReadFull(in, head[:2]); err != nil {
			return nil, err
		}
		size := int(head[1])
		if size == 126 {
			if _, err := io.ReadFull(in, head[2:]); err != nil {
				return nil, err
			}
			size = int(head[2])<<8 | int(head[3])
		}
		text, err := in.Peek(size)
		if err != nil {
			return nil, err
		}
		if _, err := in.Discard(size); err != nil {
			return nil, err
		}
		switch head[0] {
		case 0x81:
			return text, nil
		case 0x89: // a ping; no measurement lasts until it is missed
		default:
			return nil, fmt.Errorf("a frame begins with %x", head)
		}
	}
}
