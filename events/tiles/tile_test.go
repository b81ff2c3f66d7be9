package tiles

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

func TestTileShowsWhatAScanOfAllEventsFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		cards := anyCards(60).Draw(rt, "cards")
		x := loaded(t, cards...)
		for range 8 {
			z, column, row := anyTileOver(rt, cards)
			got, want := draw(rt, x, z, column, row), scan(cards, z, column, row)
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatalf("tile %d/%d/%d (-scan +tile):\n%s", z, column, row, diff)
			}
		}
	})
}

func TestTileReadsLikeTheSameFeaturesWrittenByOrb(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		cards := anyCards(60).Draw(rt, "cards")
		z, column, row := anyTileOver(rt, cards)
		theirs, err := referee(scan(cards, z, column, row))
		if err != nil {
			rt.Fatal(err)
		}
		ours := draw(rt, loaded(t, cards...), z, column, row)
		if len(ours) == 0 {
			return // orb writes a layer even when it is empty
		}
		if diff := cmp.Diff(decode(rt, theirs), ours); diff != "" {
			rt.Fatalf("tile %d/%d/%d (-orb +ours):\n%s", z, column, row, diff)
		}
	})
}

func TestEveryEventIsInExactlyOneTileOfAZoom(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		cards := anyCards(50).Draw(rt, "cards")
		x := loaded(t, cards...)
		z := rapid.IntRange(0, 4).Draw(rt, "z")
		seen := 0
		for column := range 1 << z {
			for row := range 1 << z {
				for _, f := range draw(rt, x, z, column, row) {
					if f.inTile() {
						seen += f.count()
					}
				}
			}
		}
		if seen != len(cards) || seen != x.Len() {
			rt.Fatalf("%d events are in the tiles of zoom %d, want %d (index has %d)", seen, z, len(cards), x.Len())
		}
	})
}

func TestClusterFallsApartIntoItsSum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		cards := anyCards(80).Draw(rt, "cards")
		x := loaded(t, cards...)
		z, column, row := anyTileOver(rt, cards)
		if z == MaxZoom {
			return
		}
		parents := sums(draw(rt, x, z, column, row), func(f feature) [2]int { return cellOf(f, z) })
		children := map[[2]int]int{}
		for dx := range 2 {
			for dy := range 2 {
				quarter := draw(rt, x, z+1, 2*column+dx, 2*row+dy)
				for cell, n := range sums(quarter, func(f feature) [2]int {
					return cellOf(feature{X: (f.X + dx*Extent) / 2, Y: (f.Y + dy*Extent) / 2}, z)
				}) {
					children[cell] += n
				}
			}
		}
		if diff := cmp.Diff(parents, children); diff != "" {
			rt.Fatalf("cells of %d/%d/%d (-zoom %d +zoom %d):\n%s", z, column, row, z, z+1, diff)
		}
	})
}

func cellOf(f feature, z int) [2]int {
	side := 64
	if z <= 2 {
		side = 128
	}
	return [2]int{f.X / side, f.Y / side}
}

func sums(features []feature, cell func(feature) [2]int) map[[2]int]int {
	total := map[[2]int]int{}
	for _, f := range features {
		if f.inTile() {
			total[cell(f)] += f.count()
		}
	}
	return total
}

func TestDateLineNeighborsSeeEachOther(t *testing.T) {
	t.Parallel()
	fiji, samoa := card(1, -16.8, 179.9999), card(2, -13.8, -179.9999)
	x := loaded(t, fiji, samoa)

	for _, c := range []struct {
		z, column  int
		edge, over events.EventCard
		beyond     func(feature) bool
	}{
		{5, 31, fiji, samoa, func(f feature) bool { return f.X >= Extent }},
		{5, 0, samoa, fiji, func(f feature) bool { return f.X < 0 }},
	} {
		found := map[string]feature{}
		for _, f := range draw(t, x, c.z, c.column, 17) {
			found[f.Props["id"]] = f
		}
		own, hasOwn := found[c.edge.ID.String()]
		other, hasOther := found[c.over.ID.String()]
		if !hasOwn || !own.inTile() {
			t.Errorf("column %d lacks its own event: %v", c.column, found)
		}
		if !hasOther || !c.beyond(other) {
			t.Errorf("column %d does not see over the date line: %v", c.column, found)
		}
	}
}

func TestWholeWorldRepeatsItsEdgesInTheBuffer(t *testing.T) {
	t.Parallel()
	x := loaded(t, card(1, 0, 179.99))
	got := draw(t, x, 0, 0, 0)
	if len(got) != 2 || got[0].X != -1 || got[1].X != Extent-1 {
		t.Errorf("features = %v, want one on the east edge and its copy beyond the west edge", got)
	}
}

func TestPolesAreDrawnAtTheEdgeOfTheMap(t *testing.T) {
	t.Parallel()
	x := loaded(t, card(1, 90, 30), card(2, -90, 30), card(3, 86, -120))
	for _, z := range []int{1, 3, 10} {
		size := 1 << z
		for name, c := range map[string]struct{ n, column, row, y int }{
			"north pole": {1, size * 210 / 360, 0, 0},
			"south pole": {2, size * 210 / 360, size - 1, Extent - 1},
			"far north":  {3, size * 60 / 360, 0, 0},
		} {
			got := draw(t, x, z, c.column, c.row)
			if len(got) != 1 || got[0].Y != c.y || got[0].Props["id"] != eventID(c.n).String() {
				t.Errorf("%s at zoom %d = %v, want y %d", name, z, got, c.y)
			}
		}
	}
}

func TestEventsAtOnePlaceStayAClusterThatSaysSo(t *testing.T) {
	t.Parallel()
	x := loaded(t, card(1, 27.7, 85.3), card(2, 27.7, 85.3), card(3, 27.7, 85.3))
	k, _ := keyAt(27.7, 85.3)
	for _, z := range []int{0, 9, MaxZoom} {
		got := draw(t, x, z, int(k.x()>>(keyZoom-z)), int(k.y()>>(keyZoom-z)))
		if len(got) != 1 || got[0].count() != 3 {
			t.Fatalf("zoom %d: %v, want one cluster of 3", z, got)
		}
		if zoom, says := got[0].Props["zoom"]; says {
			t.Errorf("zoom %d: cluster says it falls apart at %s", z, zoom)
		}
	}
}

func TestClusterSaysWhereItFallsApart(t *testing.T) {
	t.Parallel()
	x := loaded(t, card(1, 48.85, 2.35), card(2, 48.86, 2.36))
	whole := draw(t, x, 0, 0, 0)
	if len(whole) != 1 || whole[0].count() != 2 {
		t.Fatalf("world = %v, want one cluster of 2", whole)
	}
	var zoom int
	fmt.Sscan(whole[0].Props["zoom"], &zoom)
	k, _ := keyAt(48.85, 2.35)
	at := func(z int) int { return len(draw(t, x, z, int(k.x()>>(keyZoom-z)), int(k.y()>>(keyZoom-z)))) }
	if at(zoom-1) != 1 || at(zoom) != 2 {
		t.Errorf("zoom %d has %d features and zoom %d has %d, want 1 and 2", zoom-1, at(zoom-1), zoom, at(zoom))
	}
}

func TestPointsCarryTitleAndSlugOnlyWhereTheMapIsClose(t *testing.T) {
	t.Parallel()
	long := card(1, 10, 20)
	long.Title = strings.Repeat("पहाड", 40)
	long.Slug = strings.Repeat("s", maxSlug+1)
	x := loaded(t, long)
	k, _ := keyAt(10, 20)
	at := func(z int) map[string]string {
		got := draw(t, x, z, int(k.x()>>(keyZoom-z)), int(k.y()>>(keyZoom-z)))
		if len(got) != 1 {
			t.Fatalf("zoom %d = %v, want one point", z, got)
		}
		return got[0].Props
	}
	far := map[string]string{"id": long.ID.String(), "way": "OWN_WORK", "phase": "UPCOMING"}
	if diff := cmp.Diff(far, at(titlesFrom-1)); diff != "" {
		t.Errorf("far point (-want +got):\n%s", diff)
	}
	near := far
	near["title"] = strings.Repeat("पहाड", 8) // 12 bytes each, and 96 is the limit
	if diff := cmp.Diff(near, at(titlesFrom)); diff != "" {
		t.Errorf("near point (-want +got):\n%s", diff)
	}
}

func TestClipNeverCutsACharacter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"wall": "wall", "walls": "walls", "walls!": "walls", "wallé": "wall", "": "", "壁壁": "壁",
	} {
		if got := clip(text, 5); got != want {
			t.Errorf("clip(%q, 5) = %q, want %q", text, got, want)
		}
	}
}

func TestPenForgetsTheTileBefore(t *testing.T) {
	t.Parallel()
	square, park := make([]events.EventCard, smallNumbers+76), make([]events.EventCard, smallNumbers+76)
	for n := range square {
		square[n], park[n] = card(n, 48.85, 2.35), card(n+len(square), -33.87, 151.2)
	}
	x, p := loaded(t, append(square, park...)...), new(pen)
	for _, over := range []events.EventCard{square[0], park[0], square[0]} {
		got := decode(t, p.draw(x.now.Load(), tileOver(4, over)))
		if len(got) != 1 || got[0].count() != len(square) || got[0].Props["ownWork"] != got[0].Props["count"] {
			t.Errorf("features = %v, want one cluster of %d own works", got, len(square))
		}
	}
}

func TestOnlyRealTilesAreDrawn(t *testing.T) {
	t.Parallel()
	x := loaded(t, card(1, 0, 0))
	for _, c := range [][3]int{
		{-1, 0, 0},
		{MaxZoom + 1, 0, 0},
		{0, 1, 0},
		{0, 0, 1},
		{3, -1, 0},
		{3, 0, -1},
		{3, 8, 0},
		{3, 0, 8},
		{64, 0, 0},
	} {
		if _, err := x.Tile(c[0], c[1], c[2]); !errors.Is(err, ErrNoTile) {
			t.Errorf("tile %v: error %v, want ErrNoTile", c, err)
		}
	}
	for _, c := range [][3]int{{0, 0, 0}, {MaxZoom, 1<<MaxZoom - 1, 1<<MaxZoom - 1}} {
		if _, err := x.Tile(c[0], c[1], c[2]); err != nil {
			t.Errorf("tile %v: %v", c, err)
		}
	}
}

func TestEmptyTileHasNoBytes(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]*Index{"empty map": New(edition()), "elsewhere": loaded(t, card(1, 60, 60))} {
		if tile, err := x.Tile(4, 0, 15); err != nil || len(tile) != 0 {
			t.Errorf("%s: %d bytes, error %v", name, len(tile), err)
		}
	}
}

func TestIDsAreWrittenAsTheDomainWritesThem(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var uuid [16]byte
		copy(uuid[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "uuid"))
		want := events.NewID(events.EventPrefix, uuid).String()
		if got := string(appendBase32([]byte("evt_"), uuid)); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	})
}
