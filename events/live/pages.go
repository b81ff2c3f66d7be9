package live

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/microgalleries/actionday/events"
)

const (
	// pageSize is how many activities are read from Postgres at once.
	pageSize = 1000
	// keptPages is how many whole pages are kept for those who follow close behind one another.
	keptPages = 8
	// readTimeout bounds one read of the log. It belongs to the read and not to who asked first,
	// because others wait for the same answer.
	readTimeout = 5 * time.Second
)

// pages reads those parts of the logs that are older than the rings. Pages begin at multiples of
// pageSize, so that followers at nearby positions need the same page, and who asks while a page is
// being read waits for that one read. What a page says may be taken back; then all are forgotten.
type pages struct {
	past    func(ctx context.Context, edition events.ID, after int64, limit int) ([]events.Activity, error)
	reading singleflight.Group

	mu         sync.Mutex
	generation uint64 // how often all pages were forgotten
	kept       []page // oldest first, at most keptPages
}

type page struct {
	at         pageStart
	activities []events.Activity
}

type pageStart struct {
	edition events.ID
	epoch   uint32
	after   int64 // a multiple of pageSize
}

// after gives activities that follow a position, as far as the page reaches that they are in. It
// gives none when the log has none.
func (p *pages) after(ctx context.Context, edition events.ID, at events.Position) ([]events.Activity, error) {
	start := pageStart{edition, at.Epoch, at.Seq - at.Seq%pageSize}
	found, generation := p.find(start)
	if found == nil {
		var err error
		if found, err = p.read(ctx, start, generation); err != nil {
			return nil, err
		}
	}
	skip := at.Seq - start.after
	if skip >= int64(len(found)) {
		return nil, nil
	}
	return found[skip:], nil
}

func (p *pages) read(ctx context.Context, start pageStart, generation uint64) ([]events.Activity, error) {
	// A read that began before something was taken back must not answer those who ask after it.
	key := fmt.Sprintf("%s/%d/%d/%d", start.edition, start.epoch, start.after, generation)
	answer := p.reading.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTimeout)
		defer cancel()
		activities, err := p.past(ctx, start.edition, start.after, pageSize)
		if err == nil {
			err = p.check(start, activities)
		}
		if err != nil {
			return nil, err
		}
		p.keep(page{start, activities}, generation)
		return activities, nil
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case result := <-answer:
		if result.Err != nil {
			return nil, fmt.Errorf("live: read log of %s after %d: %w", start.edition, start.after, result.Err)
		}
		return result.Val.([]events.Activity), nil
	}
}

// check refuses a page that would let a follower miss or repeat something.
func (p *pages) check(start pageStart, activities []events.Activity) error {
	for i, a := range activities {
		if want := start.after + 1 + int64(i); a.Seq != want || a.Epoch != start.epoch {
			return fmt.Errorf("activity %s stands where %08x-%d should", a.Position(), start.epoch, want)
		}
	}
	return nil
}

func (p *pages) find(start pageStart) (activities []events.Activity, generation uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, page := range p.kept {
		if page.at == start {
			return page.activities, p.generation
		}
	}
	return nil, p.generation
}

// keep keeps a page that is whole, and so will never grow, unless something was taken back since it
// was read.
func (p *pages) keep(read page, generation uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(read.activities) < pageSize || generation != p.generation {
		return
	}
	if len(p.kept) == keptPages {
		p.kept = append(p.kept[:0:0], p.kept[1:]...)
	}
	p.kept = append(p.kept, read)
}

// forget drops every page.
func (p *pages) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.generation++
	p.kept = nil
}
