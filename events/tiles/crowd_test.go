package tiles

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/microgalleries/actionday/events"
)

// Events come, change and go in pairs within one batch, while readers look. Every reader must see
// an even number of events, and time must never run backwards.
func TestReadersSeeWholeBatchesWhileTheMapChanges(t *testing.T) {
	t.Parallel()
	const pairs, readers = 150, 4
	x, s := New(edition()), story{}
	done := make(chan struct{})
	var looking sync.WaitGroup
	for range readers {
		looking.Go(func() { watch(t, x, done) })
	}
	told := 0
	for n := range pairs {
		a, b := card(2*n, float64(n%60), float64(n)), card(2*n+1, -float64(n%60), -float64(n))
		s.lists(a)
		s.lists(b)
		if n%3 == 0 {
			s.days(a, events.Live)
			s.days(b, events.Live)
		}
		if n%5 == 0 {
			s.removes(a)
			s.removes(b)
		}
		apply(t, x, s.log[told:]...)
		told = len(s.log)
	}
	close(done)
	looking.Wait()
	if want := 2 * (pairs - pairs/5); x.Len() != want {
		t.Errorf("%d events in the end, want %d", x.Len(), want)
	}
}

func watch(t *testing.T, x *Index, done <-chan struct{}) {
	handler, seq := site(x), int64(0)
	for {
		select {
		case <-done:
			return
		default:
		}
		tile, err := x.Tile(0, 0, 0)
		if err != nil {
			t.Error(err)
			return
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, world, nil))
		served, err := io.ReadAll(w.Result().Body)
		if err != nil {
			t.Error(err)
			return
		}
		if n, m := total(t, tile), total(t, served); n%2 != 0 || m%2 != 0 {
			t.Errorf("a reader saw half a batch: %d events drawn, %d served", n, m)
			return
		}
		now := x.Seq()
		if now < seq {
			t.Errorf("position went from %d back to %d", seq, now)
			return
		}
		seq = now
	}
}

// total counts the events of the world's tile, without its buffer.
func total(t *testing.T, tile []byte) (n int) {
	for _, f := range decode(t, tile) {
		if f.inTile() {
			n += f.count()
		}
	}
	return n
}

// Several writers bring the same log, as two followers would after a reconnection: each activity
// counts once.
func TestWritersDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	x, s := New(edition()), story{}
	for n := range 200 {
		s.lists(card(n, float64(n%80), float64(n%170)))
	}
	var writing sync.WaitGroup
	for range 3 {
		writing.Go(func() {
			for i := range s.log {
				if err := x.Apply(t.Context(), s.log[max(0, i-5):i+1]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writing.Wait()
	if x.Len() != 200 || x.Seq() != 200 || len(x.homes) != 200 {
		t.Errorf("%d events and %d homes at %d, want 200", x.Len(), len(x.homes), x.Seq())
	}
}
