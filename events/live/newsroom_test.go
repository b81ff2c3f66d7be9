package live

import (
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// newsroom is a real NATS server in this process, without a port, that can be stopped and started.
type newsroom struct {
	mu     sync.Mutex
	server *server.Server
}

func newNewsroom(t testing.TB) *newsroom {
	t.Helper()
	n := &newsroom{}
	n.open(t)
	t.Cleanup(n.close)
	return n
}

func (n *newsroom) open(t testing.TB) {
	t.Helper()
	s, err := server.NewServer(&server.Options{DontListen: true, NoLog: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("NATS does not start")
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.server = s
}

func (n *newsroom) close() {
	n.mu.Lock()
	s := n.server
	n.server = nil
	n.mu.Unlock()
	if s != nil {
		s.Shutdown()
		s.WaitForShutdown()
	}
}

// InProcessConn lets a client connect to whichever server is open now.
func (n *newsroom) InProcessConn() (net.Conn, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.server == nil {
		return nil, errors.New("the newsroom is closed")
	}
	return n.server.InProcessConn()
}

// connect connects as a hub does, but tries again quickly.
func (n *newsroom) connect(t testing.TB, more ...nats.Option) *nats.Conn {
	t.Helper()
	options := append(Options(testLog(t)), nats.InProcessServer(n), nats.ReconnectWait(time.Millisecond),
		nats.ReconnectJitter(0, 0))
	conn, err := nats.Connect("", append(options, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	closed := make(chan struct{})
	conn.SetClosedHandler(func(*nats.Conn) { close(closed) })
	t.Cleanup(func() {
		conn.Close()
		<-closed
	})
	return conn
}
