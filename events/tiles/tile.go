package tiles

import (
	"errors"
	"fmt"
)

// ErrNoTile says that there is no such tile: zoom is not 0 to MaxZoom, or x or y is not 0 to
// 2^zoom - 1.
var ErrNoTile = errors.New("no such tile")

// Tile is a tile as uncompressed Mapbox Vector Tile bytes, made for this call; it has no bytes
// when nothing is within the tile or its buffer. The only error is ErrNoTile.
func (x *Index) Tile(z, column, row int) ([]byte, error) {
	t, ok := tileAt(z, column, row)
	if !ok {
		return nil, fmt.Errorf("tiles: draw %d/%d/%d: %w", z, column, row, ErrNoTile)
	}
	p := x.pens.Get().(*pen)
	defer x.pens.Put(p)
	return p.draw(x.now.Load(), t), nil
}
