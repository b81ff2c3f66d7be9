package wire

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// The memory of one connection.
const (
	// maxBacklog is how many bytes wait for a client that reads slowly. One whom a broadcast would take
	// beyond that leaves it and catches up at its own speed.
	maxBacklog = 64 << 10
	// enoughWaiting is how many bytes may wait before whoever produces for this client alone pauses.
	enoughWaiting = 32 << 10
)

// seat is one standing connection: an event stream, or a socket with its operations. Its shard does
// all writing; whoever reads from the client posts to it.
type seat struct {
	handler *Handler
	shard   *shard
	line    line
	context context.Context // what is known of the viewer, for as long as the connection stands
	address string
	socket  *socket // nil for an event stream
	chunked bool    // an event stream's bytes go out in chunks
	audible bool    // its signs of life are events that tell the time

	heard  atomic.Int64 // when the client was last heard of, in Unix nanoseconds
	posted atomic.Int64 // bytes posted to the shard and not seen by it yet
	unsent atomic.Int64 // bytes of backlog

	mu       sync.Mutex
	viewings []*viewing
	closed   bool
	room     chan struct{} // closed when there is room again; nil when nobody waits

	// What follows belongs to the shard.
	place    int
	backlog  []byte
	moved    time.Time // when some of backlog was last taken
	spoke    time.Time // when something was last written or a ping sent
	told     time.Time // when the time was last told
	opened   time.Time
	ending   bool // the goodbye has been said
	finished bool // and our side has ended
	left     bool
}

// viewing is one operation that runs on a seat. What the shard has of it is under shard's rule.
type viewing struct {
	seat   *seat
	id     string // the client's, "" on an event stream
	quoted []byte // as JSON

	cancel context.CancelFunc // under seat.mu; nil once nothing runs for this viewing alone

	audience *audience // the shard's, with the place in it
	place    int
	ended    bool
}

// push sends an answer, on the shard.
func (v *viewing) push(p *prepared) { v.seat.push(v.bytesOf(p)) }

func (v *viewing) bytesOf(p *prepared) []byte {
	switch {
	case v.seat.socket != nil:
		return p.appendNext(nil, v.quoted)
	case v.seat.chunked:
		return appendChunk(nil, p.event)
	}
	return p.event
}

// conclude tells the client that an operation has ended, on the shard.
func (v *viewing) conclude(broken bool) {
	v.seat.forget(v)
	if v.seat.socket != nil {
		v.seat.push(lastWord(v.id, broken))
		return
	}
	v.seat.endEvents(broken)
}

// add takes an operation in, unless the seat is closed or the caller objects.
func (s *seat) add(v *viewing, objects func(running []*viewing) bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || objects != nil && objects(s.viewings) {
		return false
	}
	s.viewings = append(s.viewings, v)
	return true
}

// forget takes an operation out and ends what runs for it.
func (s *seat) forget(v *viewing) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.Index(s.viewings, v)
	if i < 0 {
		return false
	}
	s.viewings = slices.Delete(s.viewings, i, i+1)
	v.endOwn()
	return true
}

// endOwn ends what runs for this viewing alone; seat.mu is held.
func (v *viewing) endOwn() {
	if v.cancel != nil {
		v.cancel()
		v.cancel = nil
	}
}

// apart says that something runs for this viewing alone again, until the context ends. There is
// none for a seat that is closed.
func (v *viewing) apart() (context.Context, bool) {
	v.seat.mu.Lock()
	defer v.seat.mu.Unlock()
	if v.seat.closed || !slices.Contains(v.seat.viewings, v) {
		return nil, false
	}
	ctx, cancel := context.WithCancel(v.seat.context)
	v.cancel = cancel
	return ctx, true
}

// joined says that from now on nothing runs for this viewing alone.
func (v *viewing) joined() {
	v.seat.mu.Lock()
	defer v.seat.mu.Unlock()
	v.endOwn()
}

// finish ends an operation that has come to its end by itself.
func (v *viewing) finish(broken bool) {
	if v.seat.forget(v) { // first, so that the client may use the id again
		v.seat.shard.post(func() { v.conclude(broken) })
	}
}

// send has an answer written to this reader alone, unless the client has stopped the operation.
func (v *viewing) send(p *prepared) {
	bytes := v.bytesOf(p)
	v.seat.posted.Add(int64(len(bytes)))
	v.seat.shard.post(func() {
		v.seat.posted.Add(-int64(len(bytes)))
		if !v.ended {
			v.seat.pushOwn(bytes)
		}
		v.seat.tellRoom()
	})
}

// send has bytes written that belong to no operation.
func (s *seat) send(p []byte) { s.shard.post(func() { s.push(p) }) }

// wait waits until there is room for more bytes that are for this client alone.
func (s *seat) wait(ctx context.Context) error {
	for {
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			return context.Canceled
		}
		if !s.full() {
			s.mu.Unlock()
			return ctx.Err()
		}
		if s.room == nil {
			s.room = make(chan struct{})
		}
		room := s.room
		s.mu.Unlock()
		select {
		case <-room:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *seat) full() bool { return s.posted.Load()+s.unsent.Load() > enoughWaiting }

func (s *seat) tellRoom() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.room != nil && (s.closed || !s.full()) {
		close(s.room)
		s.room = nil
	}
}

// overflows is whether so many more bytes would be too many to keep.
func (s *seat) overflows(more int) bool {
	return len(s.backlog) > 0 && len(s.backlog)+more > maxBacklog
}

// push writes bytes, or keeps them for later, on the shard. It gives up a client that would make us
// keep too many.
func (s *seat) push(p []byte) {
	if s.overflows(len(p)) {
		s.lose()
		return
	}
	s.pushOwn(p)
}

// pushOwn is push for what is produced no faster than the client takes it.
func (s *seat) pushOwn(p []byte) {
	if s.left || s.ending {
		return
	}
	s.spoke = time.Now()
	if len(s.backlog) == 0 {
		n, err := s.line.write(p)
		if err != nil {
			s.lose()
			return
		}
		if p = p[n:]; len(p) == 0 {
			return
		}
		s.moved = s.spoke
		s.shard.behind = append(s.shard.behind, s)
	}
	s.backlog = append(s.backlog, p...)
	s.unsent.Store(int64(len(s.backlog)))
}

// retry writes what is left over, and gives up on a client that takes nothing for writeLimit.
func (s *seat) retry(now time.Time) {
	if s.left {
		return
	}
	n, err := s.line.write(s.backlog)
	if err != nil || n == 0 && now.Sub(s.moved) > writeLimit {
		s.leave()
		return
	}
	if n == 0 {
		return
	}
	s.moved = now
	s.backlog = s.backlog[:copy(s.backlog, s.backlog[n:])]
	s.unsent.Store(int64(len(s.backlog)))
	if len(s.backlog) == 0 {
		s.backlog = nil
		s.shard.caughtUp(s)
		if s.ending {
			s.finish()
		}
	}
	s.tellRoom()
}

// lose gives a client up, but not while the shard goes through its lists.
func (s *seat) lose() {
	if s.ending = true; !s.left {
		s.shard.post(s.leave)
	}
}

// endWith says the last words and ends our side, on the shard.
func (s *seat) endWith(p []byte) {
	if s.left || s.ending {
		return
	}
	if len(p) > 0 {
		s.push(p)
	}
	s.ending = true
	s.spoke = time.Now()
	s.vacate()
	if len(s.backlog) == 0 {
		s.finish()
	}
}

func (s *seat) finish() {
	s.finished = true
	s.line.finish()
}

// endEvents ends an event stream: with `complete`, or without, so that the client comes back.
func (s *seat) endEvents(broken bool) {
	var p []byte
	if !broken {
		p = []byte(completeEvent)
		if s.chunked {
			p = appendChunk(nil, p)
		}
	}
	if s.chunked {
		p = append(p, "0\r\n\r\n"...)
	}
	s.endWith(p)
}

// goodbye ends a connection because the hub stops.
func (s *seat) goodbye() {
	if s.socket != nil {
		s.endWith(closeFrame(closeGoingAway, "Please come back"))
		return
	}
	s.endEvents(true)
}

// vacate ends all operations of the seat, on the shard.
func (s *seat) vacate() {
	s.mu.Lock()
	s.closed = true
	viewings := s.viewings
	s.viewings = nil
	for _, v := range viewings {
		v.endOwn()
	}
	s.mu.Unlock()
	for _, v := range viewings {
		s.shard.dismiss(v)
	}
	s.tellRoom()
}

// leave ends the connection at once, on the shard.
func (s *seat) leave() {
	if s.left {
		return
	}
	s.left = true
	s.line.close()
	s.vacate()
	s.backlog = nil
	s.shard.stand(s)
	s.handler.standing.leave(s.address)
}

// upkeep looks after a connection once a second.
func (s *seat) upkeep(now time.Time) {
	heard := time.Unix(0, s.heard.Load())
	switch {
	case s.left:
	case s.ending:
		if s.finished && now.Sub(s.spoke) > 2*lingerLimit || now.Sub(s.spoke) > 2*writeLimit {
			s.leave()
		}
	case s.socket == nil:
		if now.Sub(s.spoke) >= heartbeat || s.audible && now.Sub(s.told) >= tellEvery {
			s.beat(now)
		}
	case !s.socket.acknowledged.Load():
		if now.Sub(s.opened) >= initLimit {
			s.endWith(closeFrame(closeInitTimeout, "Connection initialisation timeout"))
		}
	case now.Sub(heard) > silenceLimit:
		s.leave()
	case now.Sub(s.socket.pinged) >= pingEvery:
		s.socket.pinged = now
		s.push(pingFrame())
	}
}

// beat is a sign of life on an event stream.
func (s *seat) beat(now time.Time) {
	s.told = now
	p := s.sign()
	if s.chunked {
		p = appendChunk(nil, p)
	}
	s.push(p)
}

// sign is a comment, which every client passes over and no page sees, or an event with the hub's time
// for those who asked: clients of the protocol know no events but its own.
func (s *seat) sign() []byte {
	if !s.audible {
		return []byte(":\n\n")
	}
	return fmt.Appendf(nil, "event: heartbeat\ndata: %s\n\n", s.handler.Now().UTC().Format(timeForm))
}

func pingFrame() []byte { return appendHead(nil, opPing, 0) }
