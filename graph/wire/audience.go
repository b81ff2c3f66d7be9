package wire

import (
	"bytes"
	"time"
)

// audience is who follows a broadcast on one shard.
type audience struct {
	broadcast *broadcast
	members   []*viewing
	pending   []*prepared // not sent yet
	size      int         // bytes of pending
	flushed   time.Time
	isDue     bool // whether the shard has it in due
}

// announce has an answer sent to a broadcast's audience: at once, or soon with others.
func (s *shard) announce(b *broadcast, p *prepared) {
	a := s.audiences[b]
	if a == nil {
		b.sent(p)
		return
	}
	a.pending = append(a.pending, p)
	a.size += len(p.event)
	if a.size >= coalesceMost {
		s.flush(a, time.Now())
	} else if !a.isDue {
		a.isDue = true
		s.due = append(s.due, a)
	}
}

// enlist adds a reader after sending what it has missed.
func (s *shard) enlist(b *broadcast, v *viewing, missed []*prepared) {
	if v.ended {
		b.release()
		return
	}
	a := s.audiences[b]
	if a == nil {
		a = &audience{broadcast: b}
		s.audiences[b] = a
	}
	s.flush(a, time.Now()) // which the new reader is not to get
	v.audience, v.place = a, len(a.members)
	a.members = append(a.members, v)
	for _, p := range missed {
		v.push(p)
	}
}

// dismiss takes a reader out, whether or not it is in an audience yet.
func (s *shard) dismiss(v *viewing) {
	v.ended = true
	a := v.audience
	if a == nil {
		return
	}
	v.audience = nil
	last := len(a.members) - 1
	a.members[v.place] = a.members[last]
	a.members[v.place].place = v.place
	a.members[last] = nil
	a.members = a.members[:last]
	if last == 0 {
		s.disband(a)
	}
	a.broadcast.release()
}

// disband forgets an audience of nobody. What waits is sent to nobody.
func (s *shard) disband(a *audience) {
	for _, p := range a.pending {
		a.broadcast.sent(p)
	}
	a.pending = nil
	delete(s.audiences, a.broadcast)
}

// conclude tells a broadcast's audience that it has ended.
func (s *shard) conclude(b *broadcast, broken bool) {
	a := s.audiences[b]
	if a == nil {
		return
	}
	s.flush(a, time.Now())
	for len(a.members) > 0 {
		v := a.members[len(a.members)-1]
		s.dismiss(v)
		v.conclude(broken)
	}
}

// flush writes what waits to every member. Operations of sockets that have the same id, which is
// common, and all event streams share their bytes.
func (s *shard) flush(a *audience, now time.Time) {
	if len(a.pending) == 0 {
		return
	}
	a.flushed = now
	var id, framed, chunk, plain []byte
	for i := 0; i < len(a.members); i++ {
		v := a.members[i]
		switch {
		case v.seat.socket != nil:
			if framed == nil || !bytes.Equal(id, v.quoted) {
				id, framed = v.quoted, a.appendFrames(s.scratch[:0], v.quoted)
				s.scratch = framed
			}
			v.seat.push(framed)
		case v.seat.chunked:
			if chunk == nil {
				chunk = appendChunk(nil, a.appendEvents(nil))
			}
			v.seat.push(chunk)
		default:
			if plain == nil {
				plain = a.appendEvents(nil)
			}
			v.seat.push(plain)
		}
	}
	for i, p := range a.pending {
		a.broadcast.sent(p)
		a.pending[i] = nil
	}
	a.pending, a.size = a.pending[:0], 0
}

func (a *audience) appendFrames(to, id []byte) []byte {
	for _, p := range a.pending {
		to = p.appendNext(to, id)
	}
	return to
}

func (a *audience) appendEvents(to []byte) []byte {
	for _, p := range a.pending {
		to = append(to, p.event...)
	}
	return to
}
