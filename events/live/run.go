package live

import (
	"context"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/microgalleries/actionday/events"
)

// hearAtOnce is how many waiting messages are taken together, so that those who follow are woken
// once for all of them.
const hearAtOnce = 512

// Run fills the feed until ctx ends: with what it hears on the bus, and with what it finds in
// Postgres. A nil bus leaves Postgres alone. It must run once.
func (f *Feed) Run(ctx context.Context, bus *Bus) {
	var both sync.WaitGroup
	both.Go(func() { f.keepUp(ctx) })
	if bus != nil {
		both.Go(func() { f.listen(ctx, bus) })
	}
	both.Wait()
}

// keepUp looks into Postgres again and again for what was not heard.
func (f *Feed) keepUp(ctx context.Context) {
	tick := time.NewTicker(f.poll)
	defer tick.Stop()
	trouble := false
	for rounds := 0; ; rounds++ {
		var err error
		if rounds%int(max(1, editionsEvery/f.poll)) == 0 || trouble {
			err = f.findEditions(ctx)
		}
		rings, _ := f.editions()
		for _, r := range rings {
			if failed := f.catchUp(ctx, r); failed != nil {
				err = failed
			}
		}
		trouble = f.report(ctx, trouble, err)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// report logs when keeping up begins to fail and when it works again.
func (f *Feed) report(ctx context.Context, before bool, err error) (trouble bool) {
	switch {
	case ctx.Err() != nil:
	case err != nil && !before:
		f.log.Warn("cannot read the log: updates come from nats alone", "err", err)
	case err == nil && before:
		f.log.Info("the log can be read again")
	}
	return err != nil
}

func (f *Feed) findEditions(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, catchUpTimeout)
	defer cancel()
	ids, err := f.source.Editions(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if f.known(id) != nil {
			continue
		}
		head, err := f.head(ctx, id)
		if err != nil {
			return err
		}
		if _, err := f.open(id, head); err != nil {
			return err
		}
	}
	return nil
}

// listen takes what comes over the bus.
func (f *Feed) listen(ctx context.Context, bus *Bus) {
	inbox, stop, err := bus.inbox()
	if err != nil {
		f.log.Error("cannot listen to nats: updates come from postgres", "err", err)
		return
	}
	defer stop()
	waiting := map[events.ID]bool{}
	for {
		select {
		case <-ctx.Done():
			return
		case first := <-inbox:
			for _, news := range f.decode(first, inbox) {
				f.hear(ctx, news, waiting)
			}
		}
	}
}

// decode takes a message and those that wait behind it, at most hearAtOnce in all, as runs of
// activities of one edition. Messages that it cannot read become holes.
func (f *Feed) decode(first *nats.Msg, inbox <-chan *nats.Msg) (runs [][]events.Activity) {
	next := first
	for taken := 1; ; taken++ {
		a, err := decode(next.Data)
		switch newest := len(runs) - 1; {
		case err != nil:
			f.log.Warn("a message was not understood", "subject", next.Subject, "err", err)
		case newest >= 0 && runs[newest][0].EditionID == a.EditionID:
			runs[newest] = append(runs[newest], a)
		default:
			runs = append(runs, []events.Activity{a})
		}
		if taken == hearAtOnce {
			return runs
		}
		select {
		case next = <-inbox:
		default:
			return runs
		}
	}
}

// hear offers what was heard of one edition to its ring, and reads from Postgres what was not
// heard. While Postgres cannot be read, the editions in waiting are left to keepUp, so that a
// hole in one does not hold up the others.
func (f *Feed) hear(ctx context.Context, news []events.Activity, waiting map[events.ID]bool) {
	edition := news[0].EditionID
	r, err := f.open(edition, events.Position{Epoch: news[0].Epoch, Seq: news[0].Seq - 1})
	if err != nil {
		f.log.Warn("an edition is not followed", "edition", edition, "err", err)
		return
	}
	// A catch-up that was under way already may have looked too early: hence a second one.
	for range 2 {
		result := f.take(r, news)
		if !result.hole && !result.foreign {
			delete(waiting, edition)
			return
		}
		if waiting[edition] {
			return
		}
		if err := f.catchUp(ctx, r); err != nil {
			waiting[edition] = true
			return
		}
	}
	f.take(r, news)
}
