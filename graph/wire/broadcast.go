package wire

import (
	"context"
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"

	"github.com/microgalleries/actionday/events"
)

// The limits of broadcasts.
const (
	// maxBroadcasts is how many different operations are shared at once; more run for each reader.
	maxBroadcasts = 512
	// memoryOfOne is how many bytes of answers a broadcast remembers for those who come back.
	memoryOfOne = 256 << 10
	// inFlight is how many answers of a broadcast wait for the shards before its execution pauses.
	inFlight = 256
	// joinAttempts is how often somebody tries to join a broadcast that ends in the same moment.
	joinAttempts = 3
)

// broadcasts are the operations that run once for all who asked for the same.
type broadcasts struct {
	handler *Handler
	mu      sync.Mutex
	byKey   map[string]*broadcast
}

// admit lets a reader join a broadcast, at the position that it wants to go on from. It says no to
// one who must be served alone.
func (t *broadcasts) admit(ctx context.Context, v *viewing, s sharing) bool {
	var want events.Position
	if s.logged && s.after != "" {
		var err error
		if want, err = events.ParsePosition(s.after); err != nil {
			return false
		}
	}
	for range joinAttempts {
		b := t.broadcast(ctx, s)
		if b == nil {
			return false
		}
		admitted := b.admit(ctx, v, want)
		b.release()
		if admitted {
			return true
		}
	}
	return false
}

// broadcast finds or starts the broadcast of an operation and holds it. It gives none when there are
// too many, or ctx ends.
func (t *broadcasts) broadcast(ctx context.Context, s sharing) *broadcast {
	t.mu.Lock()
	b := t.byKey[s.key]
	if b != nil && b.hold() {
		t.mu.Unlock()
		select {
		case <-b.ready:
			return b
		case <-ctx.Done():
			b.release()
			return nil
		}
	}
	if len(t.byKey) >= maxBroadcasts {
		t.mu.Unlock()
		return nil
	}
	b = &broadcast{
		table: t, key: s.key, bare: s.bare, logged: s.logged, holds: 1, ready: make(chan struct{}),
		slots: make(chan struct{}, inFlight), behind: map[events.Position]*catchUp{},
	}
	t.byKey[s.key] = b
	t.mu.Unlock()
	b.open()
	return b
}

func (t *broadcasts) size() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.byKey)
}

func (t *broadcasts) forget(b *broadcast) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byKey[b.key] == b {
		delete(t.byKey, b.key)
	}
}

// broadcast is one execution of a subscription for many readers. It runs in a context without a
// viewer. It ends with its last reader, or when the subscription ends.
type broadcast struct {
	table  *broadcasts
	key    string
	bare   func() *graphql.OperationContext
	logged bool

	ready   chan struct{} // closed when what follows is there
	context context.Context
	cancel  context.CancelFunc
	stream  *stream
	next    graphql.ResponseHandler
	begun   sync.Once
	slots   chan struct{}

	mu     sync.Mutex
	holds  int // readers, and those who are about to be
	ended  bool
	memory []*prepared     // the newest answers: all that came after floor
	size   int             // bytes of memory
	floor  events.Position // before memory
	last   events.Position
	behind map[events.Position]*catchUp // who begins to catch up, by where
}

// open starts the execution, up to where it could give its first answer.
func (b *broadcast) open() {
	defer close(b.ready)
	h, op := b.table.handler, b.bare()
	ctx, cancel := context.WithCancel(h.Unseen(graphql.StartOperationTrace(h.closing)))
	ctx, b.stream = withStream(ctx, "")
	b.stream.crowd = true
	b.cancel = cancel
	b.next, b.context = h.Executor.DispatchOperation(graphql.WithOperationContext(ctx, op), op)
	b.floor, b.last = b.stream.begins, b.stream.begins
}

// hold keeps a broadcast from ending, unless it has ended.
func (b *broadcast) hold() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.ended {
		b.holds++
	}
	return !b.ended
}

func (b *broadcast) release() {
	b.mu.Lock()
	b.holds--
	last := b.holds == 0
	b.ended = b.ended || last
	b.mu.Unlock()
	if last {
		b.table.forget(b)
		b.cancel()
	}
}

// admit lets a reader join, now or after it has caught up. It fails when the broadcast has ended.
func (b *broadcast) admit(ctx context.Context, v *viewing, want events.Position) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended {
		return false
	}
	missed, ok := b.missed(want)
	if ok {
		b.enlist(v, missed)
	} else if !b.let(ctx, v, want) {
		return false
	}
	b.begun.Do(func() { b.table.handler.start(b.run) })
	return true
}

// missed is what a reader must be given to go on from a position with the others; ok is false if
// that is too much at once, or not known. b.mu is held.
func (b *broadcast) missed(want events.Position) (missed []*prepared, ok bool) {
	if !b.logged {
		return b.memory, true
	}
	if want == (events.Position{}) {
		return nil, !b.stream.greets
	}
	missed, known := b.since(want)
	return missed, known && sizeOf(missed) <= enoughWaiting
}

// since is the answers after a position, if the broadcast has them all and one of them begins there;
// b.mu is held.
func (b *broadcast) since(at events.Position) (missed []*prepared, known bool) {
	b.trim()
	if at.Epoch != b.floor.Epoch || at.Seq < b.floor.Seq || at.Seq > b.last.Seq {
		return nil, false
	}
	missed = b.memory
	for len(missed) > 0 && missed[0].at.Seq <= at.Seq {
		missed = missed[1:]
	}
	if len(missed) > 0 && missed[0].after != at { // an answer about more than one activity
		return nil, false
	}
	return slices.Clone(missed), true
}

func sizeOf(answers []*prepared) (size int) {
	for _, p := range answers {
		size += len(p.event)
	}
	return size
}

// within is as many of the first answers as fit, and one at least.
func within(answers []*prepared, size int) []*prepared {
	for i, p := range answers {
		if size -= len(p.event); size < 0 {
			return answers[:max(i, 1)]
		}
	}
	return answers
}

// enlist hands a reader to its shard; b.mu is held, so that no answer comes in between.
func (b *broadcast) enlist(v *viewing, missed []*prepared) {
	b.holds++
	shard := v.seat.shard
	if !shard.post(func() { shard.enlist(b, v, missed) }) {
		b.holds--
	}
	v.joined()
}

// leaveBehind has a reader go on from a position by itself, on its shard, which then takes it out of
// the audience.
func (b *broadcast) leaveBehind(v *viewing, from events.Position) {
	ctx, ok := v.apart()
	if !ok {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.let(ctx, v, from)
}

// run makes the answers. It is the only one to pull them.
func (b *broadcast) run() {
	defer b.end()
	for {
		select {
		case b.slots <- struct{}{}:
		case <-b.context.Done():
			return
		}
		response := b.next(b.context)
		if response == nil {
			return
		}
		b.publish(prepare(bounded(response)))
	}
}

// publish remembers an answer and hands it to the shards.
func (b *broadcast) publish(p *prepared) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.remember(p)
	shards := b.table.handler.shards
	p.waiting.Store(int32(len(shards)))
	for _, s := range shards {
		if !s.post(func() { s.announce(b, p) }) {
			b.sent(p)
		}
	}
}

// sent says that one shard has sent an answer.
func (b *broadcast) sent(p *prepared) {
	if p.waiting.Add(-1) == 0 {
		<-b.slots
	}
}

func (b *broadcast) remember(p *prepared) {
	if p.at == (events.Position{}) {
		p.at = b.last
	}
	p.after = b.last
	if !b.logged || p.at.Epoch != b.last.Epoch {
		b.memory, b.size, b.floor = nil, 0, p.at
	}
	b.memory, b.size, b.last = append(b.memory, p), b.size+len(p.event), p.at
	b.trim()
}

// trim forgets what is too much, and what must not be given again.
func (b *broadcast) trim() {
	if !b.logged {
		return
	}
	forget := b.stream.forgets.Load()
	for len(b.memory) > 0 && (b.size > memoryOfOne || b.memory[0].at.Seq < forget) {
		b.floor = b.memory[0].at
		b.size -= len(b.memory[0].event)
		b.memory[0] = nil
		b.memory = b.memory[1:]
	}
}

// end tells all readers that nothing more comes.
func (b *broadcast) end() {
	b.table.forget(b)
	b.mu.Lock()
	b.ended = true
	b.mu.Unlock()
	broken := b.stream.broken.Load() || b.context.Err() != nil
	b.cancel()
	for _, s := range b.table.handler.shards {
		s.post(func() { s.conclude(b, broken) })
	}
}
