package tiles

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

func pack(t fataler, x *Index, of tile) (p *packed, plain []byte) {
	t.Helper()
	p, err := x.pack(context.Background(), of)
	if err != nil {
		t.Fatalf("pack %v: %v", of, err)
	}
	plain, err = p.plain()
	if err != nil {
		t.Fatalf("unpack %v: %v", of, err)
	}
	return p, plain
}

// town is a crowd of events in a square of about ten kilometers, enough for a tile to be zipped.
func town(from, n int, latitude, longitude float64) (cards []events.EventCard) {
	for i := range n {
		cards = append(cards, card(from+i, latitude+float64(i%10)*0.01, longitude+float64(i/10)*0.01))
	}
	return cards
}

// Whatever has happened, a tile from the cache is the tile that would be drawn now.
func TestCachedTileIsNeverStale(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s, _ := anyStory(rt)
		var cards []events.EventCard
		for _, a := range s.log {
			if a.Card != nil {
				cards = append(cards, *a.Card)
			}
		}
		if len(cards) == 0 {
			return
		}
		x := New(edition())
		var asked []tile
		for range 4 {
			z, column, row := anyTileOver(rt, cards)
			of, _ := tileAt(z, column, row)
			asked = append(asked, of)
		}
		for i, a := range s.log {
			apply(rt, x, a)
			for _, of := range asked {
				_, cached := pack(rt, x, of)
				drawn, _ := x.Tile(int(of.z), int(of.x), int(of.y))
				if !bytes.Equal(cached, drawn) {
					rt.Fatalf("after activity %d (%s) tile %v is %d bytes from the cache, %d drawn",
						i, a.Kind, of, len(cached), len(drawn))
				}
			}
		}
	})
}

func TestNewsElsewhereLeavesATileAlone(t *testing.T) {
	t.Parallel()
	kathmandu, nairobi := town(0, 50, 27.7, 85.3), town(100, 50, -1.28, 36.82)
	x := loaded(t, append(kathmandu, nairobi...)...)
	here, there := tileOver(6, kathmandu[0]), tileOver(6, nairobi[0])
	hereBefore, _ := pack(t, x, here)
	thereBefore, _ := pack(t, x, there)

	live := nairobi[7]
	live.Day = events.Live
	apply(t, x, events.Activity{
		Seq: 11, Epoch: 7, EditionID: edition(), Kind: events.DayChanged, EventID: live.ID, Card: &live,
	})
	if hereAfter, _ := pack(t, x, here); hereAfter != hereBefore {
		t.Error("the tile was made anew though nothing changed within it")
	}
	if thereAfter, _ := pack(t, x, there); thereAfter == thereBefore || thereAfter.etag == thereBefore.etag {
		t.Error("the tile that changed is served as it was")
	}
}

func tileOver(z int, c events.EventCard) tile {
	k, _ := keyAt(*c.Place.Latitude, *c.Place.Longitude)
	return tile{uint8(z), k.x() >> (keyZoom - z), k.y() >> (keyZoom - z)}
}

func TestTilesOlderThanTheNewsAreMadeAnew(t *testing.T) {
	t.Parallel()
	at := tileOver(5, card(0, 50, 50))
	far, _ := keyAt(-50, -50)
	near, _ := keyAt(50, 50)
	n := news{since: 3}
	s := &snapshot{}
	for version := uint64(4); version < 4+maxNews; version++ {
		n = n.with(version, s, edit{adds: []point{{key: far}}})
	}
	if !n.spares(at, 3) || n.spares(at, 2) {
		t.Error("full news judges version 3 or 2 wrongly")
	}
	n = n.with(4+maxNews, s, edit{adds: []point{{key: far}}})
	if len(n.changes) != maxNews {
		t.Errorf("%d changes are remembered, want %d", len(n.changes), maxNews)
	}
	if n.spares(at, 3) || !n.spares(at, 4) {
		t.Error("news that reaches back to version 4 judges version 3 or 4 wrongly")
	}
	n = n.with(5+maxNews, s, edit{adds: []point{{key: near}}})
	if n.spares(at, 4+maxNews) {
		t.Error("a tile is called good though an event came into it")
	}
	if !n.spares(at, 5+maxNews) {
		t.Error("a tile made from this very version is called stale")
	}
}

func TestNewsThatSaysNothingNewChangesNothing(t *testing.T) {
	t.Parallel()
	cards := town(0, 50, 27.7, 85.3)
	x := loaded(t, cards...)
	before := x.now.Load()
	apply(t, x, events.Activity{
		Seq: 11, Epoch: 7, EditionID: edition(), Kind: events.EventRevised, EventID: cards[3].ID, Card: &cards[3],
	})
	if after := x.now.Load(); after.version != before.version || after.position.Seq != 11 {
		t.Errorf("version went from %d to %d, position is %s", before.version, after.version, after.position)
	}
}

func TestLoadingMakesAllTilesAnew(t *testing.T) {
	t.Parallel()
	cards := town(0, 50, 27.7, 85.3)
	x := loaded(t, cards...)
	of := tileOver(9, cards[0])
	before, _ := pack(t, x, of)
	if err := x.Load(events.Position{Epoch: 8}, cards[:20]); err != nil {
		t.Fatal(err)
	}
	after, plain := pack(t, x, of)
	if after.etag == before.etag || len(decode(t, plain)) != 20 {
		t.Errorf("%d features after loading 20 events", len(decode(t, plain)))
	}
}

func TestEmptyTilesTakeNoRoom(t *testing.T) {
	t.Parallel()
	x := loaded(t, card(1, 60, 60))
	for column := range 200 {
		if p, plain := pack(t, x, tile{10, uint32(column), 900}); len(plain) != 0 || p.zipped {
			t.Fatalf("tile %d is not empty", column)
		}
	}
	if n := x.packed.EstimatedSize(); n != 0 {
		t.Errorf("%d empty tiles are kept", n)
	}
}

func TestCacheKeepsWithinItsLimit(t *testing.T) {
	t.Parallel()
	if n := New(edition()).packed.GetMaximum(); n != CacheBytes {
		t.Errorf("cache takes %d bytes, want %d", n, CacheBytes)
	}
	big, small := &packed{body: make([]byte, 5000)}, &packed{}
	x := New(edition())
	x.packed.Set(tile{1, 0, 0}, big)
	x.packed.Set(tile{1, 0, 1}, small)
	if got, want := x.packed.WeightedSize(), uint64(5000+2*entryCost); got != want {
		t.Errorf("two tiles weigh %d, want %d", got, want)
	}
}

func TestEveryHubMakesTheSameTile(t *testing.T) {
	t.Parallel()
	cards := town(0, 80, 27.7, 85.3)
	one, s := New(edition()), story{}
	for i := len(cards) - 1; i >= 0; i-- {
		s.lists(cards[i])
		apply(t, one, s.log[len(s.log)-1])
	}
	other := loaded(t, cards...)
	for _, z := range []int{0, 4, 9, 13} {
		of := tileOver(z, cards[0])
		a, plainA := pack(t, one, of)
		b, plainB := pack(t, other, of)
		if a.etag != b.etag || !bytes.Equal(plainA, plainB) {
			t.Errorf("zoom %d: hubs differ: %s, %s", z, a.etag, b.etag)
		}
	}
}

func TestCallersAtOnceGetOneTile(t *testing.T) {
	t.Parallel()
	cards := town(0, 80, 27.7, 85.3)
	x := loaded(t, cards...)
	of := tileOver(9, cards[0])
	got := make(chan string)
	for range 16 {
		go func() {
			p, err := x.pack(t.Context(), of)
			got <- fmt.Sprint(p.etag, err)
		}()
	}
	first := <-got
	for range 15 {
		if next := <-got; next != first {
			t.Errorf("callers got %s and %s", first, next)
		}
	}
}
