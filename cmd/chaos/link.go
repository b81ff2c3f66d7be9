package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// chunk is how much a link carries at once.
const chunk = 16 << 10

// weather is what a link does to what it carries. The zero weather carries.
type weather struct {
	latency  time.Duration // of each piece, in each direction
	hole     bool          // everything waits, and nothing is refused
	reset    bool          // every connection is torn down, and every new one
	cutAfter int           // bytes of answers on a connection, after which it is cut; 0 for never
	drip     int           // bytes of answers a second; 0 for as many as come
	// cutCommit cuts a connection between a commit and the answer to it, so that the one who wrote
	// cannot know what became of it.
	cutCommit bool
}

// link is a TCP proxy that stands between the hubs and one service and makes bad weather. It is our
// own because the one fault that matters most, the lost answer to a commit, needs to know where in a
// conversation the commit is; what is left is small beside a dependency.
type link struct {
	address string // where hubs find the service
	target  string
	door    net.Listener
	all     sync.WaitGroup

	mu      sync.Mutex
	now     weather
	changed chan struct{} // closed when the weather changes
	open    map[*call]struct{}
	cuts    int // calls that cutCommit has cut
}

// call is one connection through a link.
type call struct {
	client, service net.Conn
	once            sync.Once
	mu              sync.Mutex
	committing      bool
}

func newLink(target string) (*link, error) {
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l := &link{
		address: door.Addr().String(), target: target, door: door,
		changed: make(chan struct{}), open: map[*call]struct{}{},
	}
	l.all.Go(l.serve)
	return l, nil
}

func (l *link) serve() {
	for {
		conn, err := l.door.Accept()
		if err != nil {
			return
		}
		l.all.Go(func() { l.carry(conn) })
	}
}

func (l *link) carry(conn net.Conn) {
	if now, _ := l.weather(); now.reset {
		tear(conn)
		return
	}
	service, err := net.DialTimeout("tcp", l.target, time.Second)
	if err != nil {
		tear(conn)
		return
	}
	c := &call{client: conn, service: service}
	l.mu.Lock()
	l.open[c] = struct{}{}
	l.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { l.pump(c, service, conn, false) })
	both.Go(func() { l.pump(c, conn, service, true) })
	both.Wait()
	l.mu.Lock()
	delete(l.open, c)
	l.mu.Unlock()
}

// pump carries one direction until either side ends.
func (l *link) pump(c *call, to, from net.Conn, answers bool) {
	defer c.end(false)
	buffer, carried := make([]byte, chunk), 0
	for {
		n, err := from.Read(buffer)
		piece := buffer[:n]
		if n > 0 && !l.pass(c, piece, answers, &carried) {
			return
		}
		if n > 0 {
			if _, err := to.Write(piece); err != nil {
				return
			}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				c.end(true)
			}
			return
		}
	}
}

// pass lets a piece through, when its time has come, or tears the call down.
func (l *link) pass(c *call, piece []byte, answers bool, carried *int) bool {
	for {
		now, changed := l.weather()
		if now.hole {
			<-changed
			continue
		}
		*carried += len(piece)
		if now.latency > 0 {
			time.Sleep(now.latency)
		}
		switch {
		case now.reset, answers && now.cutAfter > 0 && *carried > now.cutAfter:
			c.end(true)
			return false
		case answers && now.drip > 0:
			time.Sleep(time.Duration(len(piece)) * time.Second / time.Duration(now.drip))
		case now.cutCommit && !answers && commits(piece):
			c.mark()
		case now.cutCommit && answers && c.marked():
			l.mu.Lock()
			l.cuts++
			l.mu.Unlock()
			c.end(true)
			return false
		}
		return true
	}
}

// commits tells whether what goes to Postgres asks for a commit: by that word, or by a statement that
// is a transaction of its own.
func commits(piece []byte) bool {
	return bytes.Contains(piece, []byte("commit\x00")) || bytes.Contains(piece, []byte("insert into attendances"))
}

func (c *call) mark() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.committing = true
}

func (c *call) marked() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.committing
}

func (c *call) end(torn bool) {
	c.once.Do(func() {
		if torn {
			tear(c.client)
			tear(c.service)
			return
		}
		_ = c.client.Close()
		_ = c.service.Close()
	})
}

// tear ends a connection with a reset instead of an orderly end.
func tear(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

func (l *link) weather() (weather, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now, l.changed
}

// set changes the weather. A reset also tears what stands.
func (l *link) set(w weather) {
	l.mu.Lock()
	l.now = w
	close(l.changed)
	l.changed = make(chan struct{})
	var open []*call
	for c := range l.open {
		open = append(open, c)
	}
	l.mu.Unlock()
	if w.reset {
		for _, c := range open {
			c.end(true)
		}
	}
}

// close ends the link and everything on it.
func (l *link) close(context.Context) {
	_ = l.door.Close()
	l.set(weather{reset: true})
	l.all.Wait()
}
