package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// echo answers every line with itself.
func echo(t *testing.T) (address string) {
	t.Helper()
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = door.Close() })
	go func() {
		for {
			conn, err := door.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(conn, conn); _ = conn.Close() }()
		}
	}()
	return door.Addr().String()
}

type caller struct {
	net.Conn
	lines *bufio.Reader
}

func calls(t *testing.T, l *link) *caller {
	t.Helper()
	conn, err := net.Dial("tcp", l.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &caller{conn, bufio.NewReader(conn)}
}

// says sends a line and gives what came back.
func (c *caller) says(line string, patience time.Duration) (string, error) {
	_ = c.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(c, line+"\n"); err != nil {
		return "", err
	}
	answer, err := c.lines.ReadString('\n')
	return strings.TrimSuffix(answer, "\n"), err
}

func linkTo(t *testing.T, target string) *link {
	t.Helper()
	l, err := newLink(target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.close(t.Context()) })
	return l
}

const linkPatience = 30 * time.Second

func TestALinkCarries(t *testing.T) {
	t.Parallel()
	c := calls(t, linkTo(t, echo(t)))
	if got, err := c.says("hello", linkPatience); got != "hello" || err != nil {
		t.Errorf("%q %v", got, err)
	}
}

func TestBadWeather(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]weather{
		"reset": {reset: true}, "cut after some bytes": {cutAfter: 3}, "cut after a commit": {cutCommit: true},
	} {
		l := linkTo(t, echo(t))
		c := calls(t, l)
		if _, err := c.says("before", linkPatience); err != nil {
			t.Fatal(err)
		}
		l.set(w)
		if got, err := c.says("commit\x00", linkPatience); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: %q %v", name, got, err)
		}
		l.set(weather{})
		if got, err := calls(t, l).says("after", linkPatience); got != "after" || err != nil {
			t.Errorf("%s, healed: %q %v", name, got, err)
		}
	}
}

func TestABlackHoleKeepsWhatItSwallowed(t *testing.T) {
	t.Parallel()
	l := linkTo(t, echo(t))
	c := calls(t, l)
	l.set(weather{hole: true})
	if got, err := c.says("hello", 50*time.Millisecond); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%q %v came out of a black hole", got, err)
	}
	l.set(weather{})
	_ = c.SetDeadline(time.Now().Add(linkPatience))
	if got, err := c.lines.ReadString('\n'); got != "hello\n" || err != nil {
		t.Errorf("afterwards %q %v", got, err)
	}
}

func TestLatency(t *testing.T) {
	t.Parallel()
	l := linkTo(t, echo(t))
	c := calls(t, l)
	const late = 30 * time.Millisecond
	l.set(weather{latency: late})
	began := time.Now()
	if got, err := c.says("hello", linkPatience); got != "hello" || err != nil || time.Since(began) < 2*late {
		t.Errorf("%q %v after %s", got, err, time.Since(began))
	}
}
