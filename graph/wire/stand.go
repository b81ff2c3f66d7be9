package wire

import (
	"math/rand/v2"
	"net"
	"time"
)

// The times of stopping.
const (
	// goodbyeSpread is over how long many connections are told goodbye, goodbyeEach how much of it
	// each of them adds.
	goodbyeSpread = 2 * time.Second
	goodbyeEach   = 500 * time.Microsecond
	// goodbyeGrace is how long those who have been told have to end their side.
	goodbyeGrace = 100 * time.Millisecond
	goodbyeLook  = 5 * time.Millisecond
)

// readAtOnce is how many bytes are read from a client in one go.
const readAtOnce = 512

// start runs something that Close waits for, unless the Handler is closed.
func (h *Handler) start(task func()) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.running.Go(task)
	return true
}

func (h *Handler) isClosed() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.closed
}

// seat gives a connection to a shard, and what comes from it to read.
func (h *Handler) seat(s *seat, conn net.Conn, read func([]byte)) {
	_ = conn.SetDeadline(time.Time{}) // the server's
	gone := func() { s.shard.post(s.leave) }
	if raw, ok := h.poller.newRawLine(conn, read, gone); ok {
		h.seatOn(s, raw)
		if h.poller.add(raw) != nil {
			gone()
		}
		return
	}
	h.seatOn(s, newConnLine(conn))
	if !h.start(func() { s.listen(conn, read) }) {
		s.shard.post(s.leave)
	}
}

// seatOn gives a line to a shard.
func (h *Handler) seatOn(s *seat, l line) {
	s.line, s.shard = l, h.shards[int(h.nextShard.Add(1))%len(h.shards)]
	s.opened = time.Now()
	s.spoke = s.opened
	s.heard.Store(s.opened.UnixNano())
	if s.socket != nil {
		s.socket.pinged = s.opened
	}
	if !s.shard.post(func() { s.shard.sit(s) }) {
		l.close()
		h.standing.leave(s.address)
	}
}

// listen reads until the connection ends.
func (s *seat) listen(conn net.Conn, read func([]byte)) {
	p := make([]byte, readAtOnce)
	for {
		n, err := conn.Read(p)
		if n > 0 {
			read(p[:n])
		}
		if err != nil {
			s.shard.post(s.leave)
			return
		}
	}
}

// Close says goodbye to every stream and socket, those who are many not all at once, so that their
// clients come back elsewhere and resume. It returns when all are gone; none is waited for long.
func (h *Handler) Close() {
	h.mu.Lock()
	closed := h.closed
	h.closed = true
	h.mu.Unlock()
	if closed {
		return
	}
	spread := min(goodbyeSpread, time.Duration(h.standing.size())*goodbyeEach)
	for _, s := range h.shards {
		s.post(func() { s.bidFarewell(spread, rand.Shuffle) })
	}
	h.await(spread+writeLimit, func(s *shard) bool { return s.allTold() })
	h.await(goodbyeGrace, func(s *shard) bool { return len(s.seats) == 0 })
	h.cancel()
	for _, s := range h.shards {
		s.stop()
	}
	if h.poller != nil {
		h.poller.close()
	}
	h.running.Wait()
}

// await waits until something holds on every shard, but not for long.
func (h *Handler) await(most time.Duration, holds func(*shard) bool) {
	end := time.Now().Add(most)
	look := time.NewTicker(goodbyeLook)
	defer look.Stop()
	for time.Now().Before(end) {
		all := true
		for _, s := range h.shards {
			answer := make(chan bool, 1)
			s.post(func() { answer <- holds(s) })
			all = <-answer && all
		}
		if all {
			return
		}
		<-look.C
	}
}
