package tiles

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

// What the tests share: cards, a second way to draw a tile that is too simple to be wrong, and
// decoding with a library that knows nothing of ours.

func edition() events.ID { return events.NewID(events.EditionPrefix, [16]byte{15: 1}) }

func eventID(n int) events.ID {
	var uuid [16]byte
	binary.BigEndian.PutUint64(uuid[8:], uint64(n)*0x9e3779b97f4a7c15)
	binary.BigEndian.PutUint32(uuid[:4], uint32(n))
	return events.NewID(events.EventPrefix, uuid)
}

func card(n int, latitude, longitude float64) events.EventCard {
	return events.EventCard{
		ID: eventID(n), Slug: fmt.Sprintf("wall-%d", n), Title: fmt.Sprintf("Wall %d", n),
		Way: events.OwnWork, Day: events.Planned,
		Place: events.Place{
			Precision: events.ExactPrecision, Latitude: &latitude, Longitude: &longitude,
		},
	}
}

func loaded(t testing.TB, cards ...events.EventCard) *Index {
	t.Helper()
	x := New(edition())
	if err := x.Load(events.Position{Epoch: 7, Seq: 10}, cards); err != nil {
		t.Fatal(err)
	}
	return x
}

// A feature as it is read back from a tile.
type feature struct {
	X, Y  int
	Props map[string]string
}

// inTile tells a tile's own features from those of its buffer.
func (f feature) inTile() bool { return f.X >= 0 && f.X < Extent && f.Y >= 0 && f.Y < Extent }

func (f feature) count() int {
	n := 1
	if text, isCluster := f.Props["count"]; isCluster {
		fmt.Sscan(text, &n)
	}
	return n
}

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

// decode reads a tile with orb and sorts its features, own ones and all.
func decode(t fataler, tile []byte) []feature {
	t.Helper()
	layers, err := mvt.Unmarshal(tile)
	if err != nil {
		t.Fatalf("tile does not decode: %v", err)
	}
	if len(tile) == 0 {
		return nil
	}
	if len(layers) != 1 || layers[0].Name != LayerName || layers[0].Extent != Extent || layers[0].Version != 2 {
		t.Fatalf("not one layer %q of version 2: %+v", LayerName, layers)
	}
	var all []feature
	for _, f := range layers[0].Features {
		at, ok := f.Geometry.(orb.Point)
		if !ok {
			t.Fatalf("feature is a %T", f.Geometry)
		}
		read := feature{int(at[0]), int(at[1]), map[string]string{}}
		for name, value := range f.Properties {
			read.Props[name] = fmt.Sprint(value)
		}
		all = append(all, read)
	}
	return sorted(all)
}

func sorted(all []feature) []feature {
	slices.SortFunc(all, func(a, b feature) int {
		return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.Y, b.Y),
			cmp.Compare(fmt.Sprint(a.Props), fmt.Sprint(b.Props)))
	})
	return all
}

func draw(t fataler, x *Index, z, column, row int) []feature {
	t.Helper()
	tile, err := x.Tile(z, column, row)
	if err != nil {
		t.Fatalf("draw %d/%d/%d: %v", z, column, row, err)
	}
	return decode(t, tile)
}

// A spot is a card on the grid of keyZoom, in one copy of the world.
type spot struct {
	card events.EventCard
	x, y int64
}

// scan draws a tile by looking at every card: no order, no search, only division.
func scan(cards []events.EventCard, z, column, row int) []feature {
	side := int64(1) << (keyZoom - z)
	west, north := int64(column)*side, int64(row)*side
	edge := side / 16
	cellSide := side / 64
	if z <= 2 {
		cellSide = side / 32
	}
	cells := map[[2]int64][]spot{}
	for _, c := range cards {
		k, ok := keyAt(*c.Place.Latitude, *c.Place.Longitude)
		if !ok || c.Place.Precision == events.HiddenPrecision {
			continue
		}
		for world := int64(-1); world <= 1; world++ {
			x, y := int64(k.x())+world<<keyZoom, int64(k.y())
			if x < west-edge || x >= west+side+edge || y < north-edge || y >= north+side+edge {
				continue
			}
			cell := [2]int64{(x + 1<<keyZoom) / cellSide, y / cellSide}
			cells[cell] = append(cells[cell], spot{c, x, y})
		}
	}
	var all []feature
	for _, spots := range cells {
		slices.SortFunc(spots, zOrder)
		middle := spots[len(spots)/2]
		all = append(all, feature{
			X: toUnits(middle.x-west, side), Y: toUnits(middle.y-north, side), Props: describe(spots, z),
		})
	}
	return sorted(all)
}

func toUnits(distance, side int64) int {
	scaled := float64(distance) * Extent / float64(side)
	if scaled < 0 && scaled != float64(int(scaled)) {
		scaled--
	}
	return int(scaled)
}

// zOrder compares bit by bit from the top, y before x, and then ids.
func zOrder(a, b spot) int {
	for bit := keyZoom - 1; bit >= 0; bit-- {
		if c := cmp.Compare(a.y>>bit&1, b.y>>bit&1); c != 0 {
			return c
		}
		if c := cmp.Compare(a.x>>bit&1, b.x>>bit&1); c != 0 {
			return c
		}
	}
	return cmp.Compare(a.card.ID.String(), b.card.ID.String())
}

func describe(spots []spot, z int) map[string]string {
	props := map[string]string{}
	if len(spots) == 1 {
		c := spots[0].card
		props["id"], props["way"] = c.ID.String(), string(c.Way)
		props["phase"] = string(c.Day.Phase())
		if z >= 8 {
			props["title"], props["slug"] = c.Title, c.Slug
		}
		return props
	}
	ways, live := map[events.Way]int{}, 0
	for _, s := range spots {
		ways[s.card.Way]++
		if s.card.Day == events.Live {
			live++
		}
	}
	props["count"], props["live"] = fmt.Sprint(len(spots)), fmt.Sprint(live)
	props["ownWork"] = fmt.Sprint(ways[events.OwnWork])
	props["blueprint"] = fmt.Sprint(ways[events.Blueprint])
	props["digital"] = fmt.Sprint(ways[events.Digital])
	if zoom := fallsApart(spots, z); zoom <= MaxZoom {
		props["zoom"] = fmt.Sprint(zoom)
	}
	return props
}

func fallsApart(spots []spot, z int) int {
	for z++; z <= MaxZoom; z++ {
		cellSide := int64(1) << (keyZoom - z) / 64
		if z <= 2 {
			cellSide *= 2
		}
		for _, s := range spots {
			if (s.x+1<<keyZoom)/cellSide != (spots[0].x+1<<keyZoom)/cellSide || s.y/cellSide != spots[0].y/cellSide {
				return z
			}
		}
	}
	return z
}

// referee encodes features with orb.
func referee(features []feature) ([]byte, error) {
	layer := &mvt.Layer{Name: LayerName, Version: 2, Extent: Extent}
	for _, f := range features {
		g := geojson.NewFeature(orb.Point{float64(f.X), float64(f.Y)})
		for name, value := range f.Props {
			g.Properties[name] = value
			if n := 0; isNumber(name) {
				fmt.Sscan(value, &n)
				g.Properties[name] = uint32(n)
			}
		}
		layer.Features = append(layer.Features, g)
	}
	return mvt.Marshal(mvt.Layers{layer})
}

func isNumber(property string) bool {
	keys := propertyKeys()
	return slices.Contains(keys[:zoomKey+1], property)
}

// anyCards draws cards as a day has them: crowds in towns, several at the very same place, some
// at the edges of the map, the rest anywhere.
func anyCards(atMost int) *rapid.Generator[[]events.EventCard] {
	return rapid.Custom(func(t *rapid.T) []events.EventCard {
		n := rapid.IntRange(0, atMost).Draw(t, "events")
		cards := make([]events.EventCard, n)
		for i := range cards {
			cards[i] = anyCard(i).Draw(t, "card")
		}
		return cards
	})
}

func anyCard(n int) *rapid.Generator[events.EventCard] {
	return rapid.Custom(func(t *rapid.T) events.EventCard {
		at := anyPlace().Draw(t, "place")
		c := card(n, at[0], at[1])
		c.Way = rapid.SampledFrom([]events.Way{events.OwnWork, events.Blueprint, events.Digital}).Draw(t, "way")
		c.Day = rapid.SampledFrom([]events.DayState{
			events.Planned, events.Live, events.Done, events.Cancelled,
		}).Draw(t, "day")
		return c
	})
}

func anyPlace() *rapid.Generator[[2]float64] {
	town := rapid.SampledFrom([][2]float64{{27.7, 85.3}, {-1.28, 36.82}, {-16.8, 179.99}, {0, 0}})
	edge := rapid.SampledFrom([][2]float64{
		{0, 180},
		{0, -180},
		{90, 10},
		{-90, 10},
		{85.06, -180},
		{-85.0511287, 180},
		{-16.8, -179.999},
		{-16.8, 179.999},
		{66.5132604431, 0},
		{0, 90},
		{21.94304, 11.25},
	})
	return rapid.OneOf(town, edge, rapid.Custom(func(t *rapid.T) [2]float64 {
		at := town.Draw(t, "town")
		spread := rapid.Float64Range(-0.3, 0.3)
		lat, lon := at[0]+spread.Draw(t, "north"), at[1]+spread.Draw(t, "east")
		if lon > 180 {
			lon -= 360
		}
		return [2]float64{lat, lon}
	}), rapid.Custom(func(t *rapid.T) [2]float64 {
		return [2]float64{
			rapid.Float64Range(-90, 90).Draw(t, "lat"), rapid.Float64Range(-180, 180).Draw(t, "lon"),
		}
	}))
}

// anyTileOver draws a tile, mostly one with something in or beside it.
func anyTileOver(t *rapid.T, cards []events.EventCard) (z, column, row int) {
	z = rapid.IntRange(0, MaxZoom).Draw(t, "z")
	size := 1 << z
	if len(cards) == 0 {
		return z, rapid.IntRange(0, size-1).Draw(t, "x"), rapid.IntRange(0, size-1).Draw(t, "y")
	}
	c := rapid.SampledFrom(cards).Draw(t, "over")
	k, _ := keyAt(*c.Place.Latitude, *c.Place.Longitude)
	near := rapid.IntRange(-1, 1)
	column = (int(k.x()>>(keyZoom-z)) + near.Draw(t, "dx") + size) % size
	row = int(k.y()>>(keyZoom-z)) + near.Draw(t, "dy")
	return z, column, max(0, min(size-1, row))
}
