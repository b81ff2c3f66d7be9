package tiles

import (
	"bytes"
	"context"
	"testing"
	"testing/synctest"

	"github.com/maypok86/otter/v2"
)

// Somebody who asks for a tile while it is made for another joins them. If news came in between, what
// was made is older than what is asked for.
func TestATileThatWasBegunBeforeTheNewsIsNotServedAfterIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cards := town(0, 80, 27.6, 85.3)
		x := New(edition())
		var s story
		for _, c := range cards {
			s.lists(c)
		}
		apply(t, x, s.log...)
		of := tileOver(9, cards[0])
		drawn := make(chan struct{})
		slow := otter.LoaderFunc[tile, *packed](func(ctx context.Context, of tile) (*packed, error) {
			p, err := x.load(ctx, of)
			<-drawn
			return p, err
		})
		go func() { _, _ = x.packed.Get(t.Context(), of, slow) }()
		synctest.Wait() // it is drawn, and not handed out yet

		s.removes(cards[3])
		apply(t, x, s.log[len(cards):]...)
		var got []byte
		asked := make(chan struct{})
		go func() {
			defer close(asked)
			_, got = pack(t, x, of)
		}()
		synctest.Wait()
		close(drawn)
		<-asked
		if want, _ := x.Tile(9, int(of.x), int(of.y)); !bytes.Equal(got, want) {
			t.Errorf("the tile has %d events after one was withdrawn, want %d", len(decode(t, got)), len(decode(t, want)))
		}
	})
}
