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
	// keptPages is how many pages are kept for those who follow close behind one another, above all
	// for the many who come back at once after a restart.
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
	skip := int(at.Seq - start.after)
	found, generation := p.find(start)
	// A read that was under way already may have begun when the log was shorter: hence a second one.
	for range 2 {
		if len(found) > skip {
			return found[skip:], nil
		}
		var err error
		if found, err = p.share(ctx, start, skip, generation); err != nil {
			return nil, err
		}
	}
	return found[min(skip, len(found)):], nil
}

// share reads a page that must have more than skip activities, or waits for somebody who is.
func (p *pages) share(ctx context.Context, start pageStart, skip int, generation uint64) ([]events.Activity, error) {
	// A read that began before something was taken back must not answer those who ask after it.
	key := fmt.Sprintf("%s/%d/%d/%d", start.edition, start.epoch, start.after, generation)
	answer := p.reading.DoChan(key, func() (any, error) {
		if kept, now := p.find(start); now == generation && len(kept) > skip {
			return kept, nil // the read that we wanted to wait for ended before we could
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTimeout)
		defer cancel()
		return p.read(ctx, start, generation)
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

func (p *pages) read(ctx context.Context, start pageStart, generation uint64) ([]events.Activity, error) {
	activities, err := p.past(ctx, start.edition, start.after, pageSize)
	if err == nil {
		err = p.check(start, activities)
	}
	if err != nil {
		return nil, err
	}
	p.keep(page{start, activities}, generation)
	return activities, nil
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

// keep keeps a page in place of a shorter one of the same start, unless something was taken back
// since it was read.
func (p *pages) keep(read page, generation uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if generation != p.generation {
		return
	}
	kept := make([]page, 0, keptPages)
	for _, old := range p.kept {
		if old.at != read.at {
			kept = append(kept, old)
		} else if len(old.activities) > len(read.activities) {
			read = old
		}
	}
	p.kept = append(kept[max(0, len(kept)-keptPages+1):], read)
}

// forget drops every page.
func (p *pages) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.generation++
	p.kept = nil
}
