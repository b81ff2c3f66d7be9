package wire

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
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

// serveSocket opens a socket and returns: from then on the socket is its shard's. Pages of other
// origins are turned away, because browsers send cookies along.
func (h *Handler) serveSocket(w http.ResponseWriter, r *http.Request) {
	address := h.Address(r.Context())
	if !h.standing.enter(address) {
		refuse(w, http.StatusTooManyRequests, fault.TooMuch(int(heartbeat.Seconds())))
		return
	}
	// The upgrader makes the handshake only; its buffers are given up with its connection.
	upgrader := websocket.Upgrader{
		Subprotocols: []string{protocol}, HandshakeTimeout: handshakeLimit,
		ReadBufferSize: 1 << 10, WriteBufferSize: 1 << 10,
	}
	conn, err := upgrader.Upgrade(w, r, nil) // answers by itself when it fails
	if err != nil {
		h.standing.leave(address)
		return
	}
	s := &seat{handler: h, context: h.Standing(r.Context()), address: address}
	s.socket = &socket{seat: s, allowance: allowance{tokens: maxMessages}}
	s.socket.deaf.Store(conn.Subprotocol() != protocol) // before anybody reads
	h.seat(s, conn.NetConn(), s.socket.read)
	if conn.Subprotocol() != protocol {
		s.shard.post(func() { s.endWith(closeFrame(closeProtocol, "Subprotocol not acceptable")) })
	}
}

// socket is the reading side of a connection that speaks graphql-transport-ws. Whoever reads calls
// read, one call after another.
type socket struct {
	seat         *seat
	acknowledged atomic.Bool
	pinged       time.Time // the shard's own

	in        inbound
	allowance allowance
	deaf      atomic.Bool // the connection ends: nothing is read any more
}

// end closes the connection with a code; the first reason counts.
func (s *socket) end(code int, reason string) {
	s.deaf.Store(true)
	s.seat.shard.post(func() { s.seat.endWith(closeFrame(code, reason)) })
}

func (s *socket) send(m message) { s.seat.send(frameOf(m)) }

// read takes what has come from the client.
func (s *socket) read(p []byte) {
	if s.deaf.Load() {
		return
	}
	if code := s.in.feed(p, s.take); code != 0 && !s.deaf.Load() {
		s.end(code, "")
	}
	s.seat.heard.Store(time.Now().UnixNano())
}

// take is one message or control frame.
func (s *socket) take(op byte, payload []byte) (more bool) {
	var m message
	switch {
	case op == opClose:
		s.end(closeNormal, "")
	case !s.allowance.spend(time.Now()):
		s.end(closePolicy, "Too many messages")
	case op == opPing:
		s.seat.send(append(appendHead(nil, opPong, len(payload)), payload...))
	case op == opPong:
	case op != opText || json.Unmarshal(payload, &m) != nil:
		s.end(closeInvalid, "Invalid message received")
	default:
		s.receive(m)
	}
	return !s.deaf.Load()
}

func (s *socket) receive(m message) {
	switch m.Type {
	case "connection_init":
		if s.acknowledged.Swap(true) {
			s.end(closeInitTwice, "Too many initialisation requests")
			return
		}
		s.send(message{Type: "connection_ack"})
	case "ping":
		s.send(message{Type: "pong", Payload: m.Payload})
	case "pong":
	case "subscribe":
		s.subscribe(m)
	case "complete":
		s.stop(m.ID)
	default:
		s.end(closeInvalid, "Invalid message received")
	}
}

// stop ends an operation if it still runs, because the client says so.
func (s *socket) stop(id string) {
	s.seat.mu.Lock()
	var found *viewing
	for _, v := range s.seat.viewings {
		if v.id == id {
			found = v
		}
	}
	s.seat.mu.Unlock()
	if found != nil {
		s.seat.forget(found)
		s.seat.shard.post(func() { s.seat.shard.dismiss(found) })
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
