package wire

import (
	"context"
	"slices"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"

	"github.com/microgalleries/actionday/events"
)

// catchUp brings readers who come back to where a broadcast is. What the broadcast remembers is
// given from there; for what is older, the subscription is executed once more from their position on.
// It goes no faster than its readers read. When they have had the same as all others, they join.
type catchUp struct {
	broadcast *broadcast
	at        events.Position // what the readers have had
	readers   []*latecomer    // under broadcast.mu until it departs
	reading   atomic.Int32    // readers who have not left

	context context.Context // ends with the last reader
	cancel  context.CancelFunc

	stream *stream // of the own execution, if there is one
	next   graphql.ResponseHandler
	inner  context.Context
	stop   context.CancelFunc
}

// latecomer is a reader who catches up.
type latecomer struct {
	*viewing
	context context.Context // ends when the client stops the operation or leaves
}

// let has a reader catch up from a position, with others who do the same; b.mu is held.
func (b *broadcast) let(ctx context.Context, v *viewing, from events.Position) bool {
	reader := &latecomer{v, ctx}
	if c := b.behind[from]; c != nil {
		c.readers = append(c.readers, reader)
		return true
	}
	c := b.catchUp(from, reader)
	if !b.table.handler.start(c.run) {
		c.cancel()
		b.holds--
		return false
	}
	b.behind[from] = c
	return true
}

func (b *broadcast) catchUp(from events.Position, readers ...*latecomer) *catchUp {
	b.holds++
	c := &catchUp{broadcast: b, at: from, readers: readers}
	c.context, c.cancel = context.WithCancel(b.table.handler.Unseen(graphql.StartOperationTrace(b.table.handler.closing)))
	return c
}

func (c *catchUp) run() {
	defer c.broadcast.release()
	defer c.cancel()
	defer c.endOwn()
	c.depart()
	for c.makeRoom() {
		missed, joined := c.join()
		if joined {
			return
		}
		for _, p := range missed {
			c.give(p)
		}
		if len(missed) == 0 && !c.execute() {
			c.conclude()
			return
		}
	}
}

// depart closes the door: who comes now is not in time for the first answer. When the last reader
// has left, the execution ends.
func (c *catchUp) depart() {
	b := c.broadcast
	b.mu.Lock()
	if b.behind[c.at] == c {
		delete(b.behind, c.at)
	}
	b.mu.Unlock()
	c.reading.Store(int32(len(c.readers)))
	for _, r := range c.readers {
		context.AfterFunc(r.context, c.oneLess)
	}
}

func (c *catchUp) oneLess() {
	if c.reading.Add(-1) == 0 {
		c.cancel()
	}
}

// makeRoom waits until the readers can take more; one who holds up others goes on alone. It says no
// when nobody is left.
func (c *catchUp) makeRoom() bool {
	c.readers = slices.DeleteFunc(c.readers, func(r *latecomer) bool { return r.context.Err() != nil })
	for i := 0; i < len(c.readers) && len(c.readers) > 1; {
		if r := c.readers[i]; r.seat.full() {
			c.readers = slices.Delete(c.readers, i, i+1)
			c.part(r)
		} else {
			i++
		}
	}
	if len(c.readers) == 1 && c.readers[0].seat.wait(c.readers[0].context) != nil {
		return false
	}
	return len(c.readers) > 0
}

// part lets one reader catch up by itself.
func (c *catchUp) part(r *latecomer) {
	b := c.broadcast
	b.mu.Lock()
	alone := b.catchUp(c.at, r)
	b.mu.Unlock()
	if !b.table.handler.start(alone.run) {
		alone.cancel()
		b.release()
	}
	c.oneLess()
}

// join lets the readers join the broadcast if it goes on from where they are, or gives what it
// remembers of what they have missed.
func (c *catchUp) join() (missed []*prepared, joined bool) {
	b := c.broadcast
	b.mu.Lock()
	defer b.mu.Unlock()
	missed, known := b.since(c.at)
	if !known || b.ended {
		return nil, false
	}
	c.endOwn()
	if sizeOf(missed) > enoughWaiting {
		return within(missed, enoughWaiting), false
	}
	for _, r := range c.readers {
		b.enlist(r.viewing, missed)
	}
	return nil, true
}

func (c *catchUp) give(p *prepared) {
	for _, r := range c.readers {
		r.send(p)
	}
	c.at = p.at
}

// execute gives one answer of an execution of its own. It says no after the last.
func (c *catchUp) execute() bool {
	if c.next == nil {
		c.begin()
	}
	response := c.next(c.inner)
	if response == nil {
		return false
	}
	from, p := c.at, prepare(bounded(response))
	c.give(p)
	if p.at.Epoch == from.Epoch && p.at.Seq > from.Seq || c.stream.greets && p.at != (events.Position{}) {
		return true
	}
	// It does not go on from there, and says why.
	for c.makeRoom() {
		if response = c.next(c.inner); response == nil {
			break
		}
		c.give(prepare(bounded(response)))
	}
	return false
}

func (c *catchUp) begin() {
	ctx, stop := context.WithCancel(c.context)
	ctx, c.stream = withStream(ctx, resumeAfter(c.at))
	op := c.broadcast.bare()
	c.stop = stop
	c.next, c.inner = c.broadcast.table.handler.Executor.DispatchOperation(graphql.WithOperationContext(ctx, op), op)
}

// resumeAfter is a position as a transport tells it, "" for none.
func resumeAfter(at events.Position) string {
	if at == (events.Position{}) {
		return ""
	}
	return at.String()
}

func (c *catchUp) endOwn() {
	if c.stop != nil {
		c.stop()
	}
	c.next, c.stop = nil, nil
}

// conclude tells the readers that the subscription has ended for them.
func (c *catchUp) conclude() {
	if c.context.Err() != nil {
		return
	}
	for _, r := range c.readers {
		r.finish(c.stream.broken.Load())
	}
}
