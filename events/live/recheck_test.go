package live

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microgalleries/actionday/events"
)

// A viewer came from a hub that was quicker, while this one was reading the log already: it had looked
// too early, and the viewer was told to start anew.
func TestAViewerFromAQuickerHubIsNotSentAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		edition := testID(events.EditionPrefix, 1)
		b := newBook(edition)
		b.write(edition, make([]events.Activity, 5)...)
		gate, looked := make(chan struct{}), atomic.Bool{}
		source := b.source()
		source.Head = func(ctx context.Context, edition events.ID) (events.Position, error) {
			head, err := b.head(ctx, edition)
			if !looked.Swap(true) {
				<-gate // it has looked, and is slow to tell
			}
			return head, err
		}
		f := NewFeed(source, time.Now, testLog(t))
		r, err := f.open(edition, events.Position{Epoch: b.epoch, Seq: 5})
		if err != nil {
			t.Fatal(err)
		}
		go func() { _ = f.catchUp(t.Context(), r) }()
		synctest.Wait()
		b.write(edition, make([]events.Activity, 3)...)
		told := make(chan events.Activity, 1)
		go func() {
			if news, err := f.Follow(edition, events.Position{Epoch: b.epoch, Seq: 8}).Next(t.Context()); err == nil {
				told <- news[0]
			}
		}()
		synctest.Wait() // the viewer waits for the reads that are under way
		close(gate)
		synctest.Wait()
		f.take(r, b.write(edition, events.Activity{Kind: events.Cheered}))
		if got := <-told; got.Kind != events.Cheered || got.Seq != 9 {
			t.Errorf("the viewer was told %s at %d", got.Kind, got.Seq)
		}
	})
}
