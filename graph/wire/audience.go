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
	flushing  bool
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
	if a.size >= coalesceMost || s.gather == 0 {
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
	s.remove(v)
}

func (s *shard) remove(v *viewing) {
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
	if !a.flushing {
		a.forget()
	}
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
	a.flushing = true
	defer a.forget()
	a.flushed = now
	s.dropBehind(a)
	var id, framed, chunk, plain []byte
	for _, v := range a.members {
		switch {
		case v.seat.socket != nil:
			if framed == nil || !bytes.Equal(id, v.quoted) {
				id, framed = v.quoted, a.appendFrames(s.scratch[:0], v.quoted)
				s.scratch = framed
			}
			a.push(v, framed)
		case v.seat.chunked:
			if chunk == nil {
				chunk = appendChunk(nil, a.appendEvents(nil))
			}
			a.push(v, chunk)
		default:
			if plain == nil {
				plain = a.appendEvents(nil)
			}
			a.push(v, plain)
		}
	}
}

// push gives a member what waits. Who follows a log and has no room for it has been dropped behind.
func (a *audience) push(v *viewing, p []byte) {
	if a.broadcast.logged {
		v.seat.pushOwn(p)
	} else {
		v.seat.push(p)
	}
}

// forget says that what waited is sent.
func (a *audience) forget() {
	for i, p := range a.pending {
		a.broadcast.sent(p)
		a.pending[i] = nil
	}
	a.pending, a.size, a.flushing = a.pending[:0], 0, false
}

// dropBehind takes out those who read too slowly to be given what waits. They go on from where they
// are by themselves, and come back when they have caught up.
func (s *shard) dropBehind(a *audience) {
	if !a.broadcast.logged {
		return
	}
	for i := len(a.members) - 1; i >= 0; i-- { // removing moves only who has been looked at
		if v := a.members[i]; v.seat.overflows(a.size) {
			a.broadcast.leaveBehind(v, a.pending[0].after)
			s.remove(v)
		}
	}
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
