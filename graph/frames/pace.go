package frames

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/microgalleries/actionday/events"
)

// pace follows one edition's log and says where it is cut.
type pace struct {
	*Pacer
	edition events.ID
	context context.Context
	cancel  context.CancelFunc
	news    chan struct{} // holds one when something was read since the last cut

	idle *time.Timer // ends the pace; under Pacer.mu

	mu      sync.Mutex
	viewers map[*Viewer]struct{}
	read    *events.Ledger // as far as the log was read
	epoch   uint32
	state
}

// state is what those who wait look at.
type state struct {
	shown    moment
	failed   error         // of the last try to begin
	failures int           // how often one has failed
	changed  chan struct{} // closed when there is another state
}

// moment is where the log stood at a cut, and the numbers, which nobody changes any more.
type moment struct {
	at     events.Position
	ledger *events.Ledger // nil before the first
}

func newPace(p *Pacer, edition events.ID) *pace {
	one := &pace{
		Pacer: p, edition: edition, news: make(chan struct{}, 1),
		viewers: map[*Viewer]struct{}{}, state: state{changed: make(chan struct{})},
	}
	one.context, one.cancel = context.WithCancel(p.closing)
	return one
}

func (p *pace) seat(v *Viewer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.viewers[v] = struct{}{}
	if p.idle != nil {
		p.idle.Stop()
	}
}

// unseat tells whether the viewer was the last.
func (p *pace) unseat(v *Viewer) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.viewers, v)
	return len(p.viewers) == 0
}

func (p *pace) isIdle() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.viewers) == 0
}

func (p *pace) look() state {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state
}

// tell wakes those who wait; p.mu is held.
func (p *pace) tell() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// run keeps the pace until it ends. It begins anew when the log has a new epoch.
func (p *pace) run() {
	defer p.cancel()
	var bad trouble
	for p.context.Err() == nil {
		err := p.once()
		if p.context.Err() == nil && bad.begins(err) {
			p.log.Warn("a pace fails and is tried again", "edition", p.edition, "err", err)
		}
		if err != nil {
			p.fail(err)
		}
		_ = p.rest(p.context)
	}
}

// trouble tells the first failure in a row from those that follow, so that the log has one of each.
type trouble bool

func (t *trouble) begins(err error) bool {
	before := *t
	*t = err != nil
	return err != nil && !bool(before)
}

// once begins and follows. A panic of what it reads is a failure like another.
func (p *pace) once() (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("frames: panic: %v", panicked)
		}
	}()
	at, err := p.begin()
	if err != nil {
		return err
	}
	return p.follow(at)
}

// begin reads the numbers. They do not say which epoch they are of: the log must have the same before
// and after.
func (p *pace) begin() (events.Position, error) {
	before, err := p.source.Head(p.context, p.edition)
	if err != nil {
		return before, fmt.Errorf("frames: read head: %w", err)
	}
	counts, err := p.source.Counts(p.context, p.edition)
	if err != nil {
		return before, fmt.Errorf("frames: read counts: %w", err)
	}
	head, err := p.source.Head(p.context, p.edition)
	if err == nil && (head.Epoch != before.Epoch || counts.AsOfSeq > head.Seq) {
		err = errors.New("the log has begun a new epoch")
	}
	if err != nil {
		return before, fmt.Errorf("frames: read head again: %w", err)
	}
	at := events.Position{Epoch: head.Epoch, Seq: counts.AsOfSeq}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.epoch, p.read = at.Epoch, events.NewLedger(counts)
	p.shown = moment{at, p.read.Clone()}
	p.tell()
	return at, nil
}

func (p *pace) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed = err
	p.failures++
	p.tell()
}

// follow reads the log, while another goroutine cuts it, up to the end of its epoch.
func (p *pace) follow(at events.Position) error {
	ctx, stop := context.WithCancel(p.context)
	var cutting sync.WaitGroup
	cutting.Go(func() { p.cutAgain(ctx) })
	defer cutting.Wait()
	defer stop()
	follower := p.source.Feed.Follow(p.edition, at)
	for bad := trouble(false); ; {
		batch, err := follower.Next(ctx)
		if len(batch) > 0 && batch[0].Kind == events.SnapshotRequired {
			return nil
		}
		p.take(batch)
		if bad.begins(err) && ctx.Err() == nil {
			p.log.Warn("a pace cannot read the log and tries again", "edition", p.edition, "err", err)
		}
		if err != nil && p.rest(ctx) != nil {
			return nil
		}
	}
}

// take counts what was read. What it takes back must not be shown again from now on, rather than
// from the next cut on.
func (p *pace) take(batch []events.Activity) {
	if len(batch) == 0 {
		return
	}
	p.count(batch)
	select {
	case p.news <- struct{}{}:
	default:
	}
}

func (p *pace) count(batch []events.Activity) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range batch {
		p.read.Apply(a)
		if a.Redacts == events.RedactNothing {
			continue
		}
		for v := range p.viewers {
			v.forget(a.Position())
		}
	}
}

// cutAgain cuts when there is news, with a pause after each cut.
func (p *pace) cutAgain(ctx context.Context) {
	for {
		select {
		case <-p.news:
		case <-ctx.Done():
			return
		}
		p.cut()
		if p.rest(ctx) != nil {
			return
		}
	}
}

func (p *pace) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := events.Position{Epoch: p.epoch, Seq: p.read.Counts().AsOfSeq}
	if at == p.shown.at {
		return
	}
	p.shown = moment{at, p.read.Clone()}
	p.tell()
}

func (p *Pacer) rest(ctx context.Context) error {
	select {
	case <-p.after(pause):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
