package wire

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/microgalleries/actionday/graph/fault"
)

// The protocol and the limits of a socket.
const (
	protocol       = "graphql-transport-ws"
	initLimit      = 5 * time.Second
	pingEvery      = 20 * time.Second
	silenceLimit   = 2*pingEvery + writeLimit // without a pong or message the peer is gone
	outbox         = 16                       // messages that wait to be written
	handshakeLimit = 5 * time.Second
)

// The close codes of graphql-transport-ws.
const (
	closeInvalid      = 4400
	closeUnauthorized = 4401
	closeProtocol     = 4406
	closeInitTimeout  = 4408
	closeSameID       = 4409
	closeInitTwice    = 4429
)

// message is what goes over a socket in both directions.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

func isUpgrade(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// serveSocket speaks graphql-transport-ws until either side ends. Pages of other origins are turned
// away, because browsers send cookies along.
func (h *Handler) serveSocket(w http.ResponseWriter, r *http.Request) {
	address := h.Address(r.Context())
	if !h.standing.enter(address) {
		refuse(w, http.StatusTooManyRequests, fault.TooMuch(int(heartbeat.Seconds())))
		return
	}
	defer h.standing.leave(address)
	upgrader := websocket.Upgrader{
		Subprotocols: []string{protocol}, HandshakeTimeout: handshakeLimit,
		ReadBufferSize: 1 << 10, WriteBufferSize: 1 << 10,
	}
	conn, err := upgrader.Upgrade(w, r, nil) // answers by itself when it fails
	if err != nil {
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	s := &socket{
		handler: h, conn: conn, header: r.Header, ctx: ctx, cancel: cancel,
		out: make(chan message, outbox), running: map[string]*running{},
		allowance: allowance{tokens: maxMessages},
	}
	s.serve()
}

// socket is one connection. One goroutine reads, one writes, and each operation has its own; all
// end with ctx, and serve returns after the last.
type socket struct {
	handler *Handler
	conn    *websocket.Conn
	header  http.Header
	ctx     context.Context // the life of the connection, not of a call
	cancel  context.CancelFunc
	out     chan message
	all     sync.WaitGroup

	closeOnce sync.Once
	goodbye   []byte // the close frame's content, set before cancel

	acknowledged bool // the reader's own
	allowance    allowance

	mu      sync.Mutex
	running map[string]*running
}

func (s *socket) serve() {
	if s.conn.Subprotocol() != protocol {
		s.end(closeProtocol, "Subprotocol not acceptable")
	}
	defer context.AfterFunc(s.handler.closing, func() { s.end(websocket.CloseGoingAway, "Please come back") })()
	s.all.Add(1)
	go s.write()
	s.read()
	s.cancel()
	s.all.Wait()
}

// end closes the connection with a code; the first reason counts.
func (s *socket) end(code int, reason string) {
	s.closeOnce.Do(func() {
		s.goodbye = websocket.FormatCloseMessage(code, reason)
		s.cancel()
	})
}

// write is the only one to write. It ends the connection itself, so that a peer who does not read
// holds nobody up longer than writeLimit.
func (s *socket) write() {
	defer s.all.Done()
	defer func() { _ = s.conn.Close() }()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		var err error
		select {
		case m := <-s.out:
			_ = s.conn.SetWriteDeadline(time.Now().Add(writeLimit))
			err = s.conn.WriteJSON(m)
		case <-ping.C:
			err = s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeLimit))
		case <-s.ctx.Done():
			s.end(websocket.CloseNormalClosure, "")
			_ = s.conn.WriteControl(websocket.CloseMessage, s.goodbye, time.Now().Add(writeLimit))
			return
		}
		if err != nil {
			s.end(websocket.CloseAbnormalClosure, "")
			return
		}
	}
}

// send hands a message to the writer, or gives up with the connection.
func (s *socket) send(ctx context.Context, m message) bool {
	select {
	case s.out <- m:
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *socket) read() {
	s.conn.SetReadLimit(maxMessage)
	_ = s.conn.SetReadDeadline(time.Now().Add(initLimit))
	s.conn.SetPongHandler(func(string) error { return s.alive() })
	for s.ctx.Err() == nil {
		kind, raw, err := s.conn.ReadMessage()
		var m message
		switch {
		case err != nil && !s.acknowledged && s.ctx.Err() == nil && isTimeout(err):
			s.end(closeInitTimeout, "Connection initialisation timeout")
			return
		case err != nil:
			return
		case !s.allowance.spend(time.Now()):
			s.end(websocket.ClosePolicyViolation, "Too many messages")
			return
		case kind != websocket.TextMessage || json.Unmarshal(raw, &m) != nil:
			s.end(closeInvalid, "Invalid message received")
			return
		}
		_ = s.alive()
		s.receive(m)
	}
}

// alive gives the peer time until its next sign of life; before the handshake it has only initLimit.
func (s *socket) alive() error {
	if !s.acknowledged {
		return nil
	}
	return s.conn.SetReadDeadline(time.Now().Add(silenceLimit))
}

func isTimeout(err error) bool {
	var network net.Error
	return errors.As(err, &network) && network.Timeout()
}

func (s *socket) receive(m message) {
	switch m.Type {
	case "connection_init":
		if s.acknowledged {
			s.end(closeInitTwice, "Too many initialisation requests")
			return
		}
		s.acknowledged = true
		_ = s.alive()
		s.send(s.ctx, message{Type: "connection_ack"})
	case "ping":
		s.send(s.ctx, message{Type: "pong", Payload: m.Payload})
	case "pong":
	case "subscribe":
		s.subscribe(m)
	case "complete":
		s.stop(m.ID)
	default:
		s.end(closeInvalid, "Invalid message received")
	}
}

// allowance lets so many messages a second pass, and as many at once.
type allowance struct {
	tokens float64
	last   time.Time
}

func (a *allowance) spend(now time.Time) bool {
	if !a.last.IsZero() {
		a.tokens = min(maxMessages, a.tokens+now.Sub(a.last).Seconds()*maxMessages)
	}
	a.last = now
	if a.tokens < 1 {
		return false
	}
	a.tokens--
	return true
}
