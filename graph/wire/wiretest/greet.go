package wiretest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// Way is how viewers subscribe.
type Way int

const (
	// Sockets subscribe over WebSocket (graphql-transport-ws).
	Sockets Way = iota
	// Events subscribe by POST and read server-sent events.
	Events
	// Bare viewers say nothing. They wait for two bytes and are then sent the frames of a socket.
	Bare
)

// AnyProcessor is a place where the kernel chooses.
const AnyProcessor = -1

// Options is whom a crowd watches and how.
type Options struct {
	Way     Way
	Address string // host and port of the server
	Path    string
	// Operation is what all subscribe to: a JSON object with a query and perhaps variables. Its
	// answers hold the position in the log as a member seq, which others follow.
	Operation string
	// Header gives lines of a viewer's request, each ended by CRLF; nil gives none.
	Header func(viewer int) string
	// After is the position before the first answer.
	After int64
	// Processor is the one that the crowd has for itself; AnyProcessor where it does not matter.
	Processor int
	// Pause is between two looks at all viewers: what comes meanwhile is read together, which costs
	// less. It is in every latency. 0 is none.
	Pause time.Duration
	// Buffer is how many bytes the kernel may keep for a viewer that does not read; 0 is its usual.
	Buffer int
}

func (o Options) cut() cut {
	if o.Way == Events {
		return cutLine
	}
	return cutFrame
}

// greetLimit is how long a server may take to take in one viewer.
const greetLimit = 20 * time.Second

// greet subscribes, and gives what has come beyond the greeting.
func (o Options) greet(conn net.Conn, viewer int) (beyond []byte, err error) {
	if err := conn.SetDeadline(time.Now().Add(greetLimit)); err != nil {
		return nil, err
	}
	in := bufio.NewReader(conn)
	if o.Way == Bare {
		_, err = in.Discard(2)
	} else {
		err = o.subscribe(conn, in, viewer)
	}
	if err != nil {
		return nil, err
	}
	beyond = make([]byte, in.Buffered())
	_, err = io.ReadFull(in, beyond)
	return beyond, err
}

func (o Options) subscribe(conn net.Conn, in *bufio.Reader, viewer int) error {
	own := ""
	if o.Header != nil {
		own = o.Header(viewer)
	}
	if o.Way == Events {
		_, err := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"+
			"Accept: text/event-stream\r\n%sContent-Length: %d\r\n\r\n%s", o.Path, o.Address, own, len(o.Operation), o.Operation)
		return errors.Join(err, readHead(in, "200"))
	}
	_, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"+
		"Sec-WebSocket-Protocol: graphql-transport-ws\r\n%s\r\n", o.Path, o.Address, own)
	if err := errors.Join(err, readHead(in, "101")); err != nil {
		return err
	}
	if _, err := conn.Write(masked(`{"type":"connection_init"}`)); err != nil {
		return err
	}
	if _, err := in.ReadSlice('}'); err != nil { // the acknowledgement
		return err
	}
	_, err = conn.Write(masked(`{"type":"subscribe","id":"1","payload":` + o.Operation + `}`))
	return err
}

// readHead reads the head of an answer, which must have a status.
func readHead(in *bufio.Reader, status string) error {
	for first := true; ; first = false {
		line, err := in.ReadString('\n')
		switch {
		case err != nil:
			return err
		case first && !strings.HasPrefix(line, "HTTP/1.1 "+status):
			return fmt.Errorf("the server answers %s", line)
		case line == "\r\n":
			return nil
		}
	}
}

// masked is a text frame under a mask of zeros, which changes nothing.
func masked(text string) []byte {
	frame := []byte{textFrame, 0x80 | longFrame, byte(len(text) >> 8), byte(len(text)), 0, 0, 0, 0}
	if len(text) < longFrame {
		frame = []byte{textFrame, 0x80 | byte(len(text)), 0, 0, 0, 0}
	}
	return append(frame, text...)
}
