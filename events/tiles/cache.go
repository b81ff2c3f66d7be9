package tiles

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"github.com/maypok86/otter/v2"
)

const (
	// CacheBytes is how much memory an edition's tiles that are ready to be sent may take: enough
	// for five thousand of the usual size.
	CacheBytes = 32 << 20
	// entryCost is what a cached tile takes beside its bytes, about.
	entryCost = 256
	// zipFrom is the size from which a tile is compressed: below it fits into one packet anyway.
	zipFrom = 1 << 10
)

// packed is a tile ready to be sent. Its bytes never change; the version is raised whenever a
// newer snapshot was found to hold the same tile.
type packed struct {
	version atomic.Uint64
	body    []byte // gzip, if zipped
	zipped  bool
	etag    string // of the uncompressed bytes, without quotes
}

func newCache() *otter.Cache[tile, *packed] {
	return otter.Must(&otter.Options[tile, *packed]{
		MaximumWeight: CacheBytes,
		Weigher:       func(_ tile, p *packed) uint32 { return uint32(len(p.body) + entryCost) },
		Executor:      func(work func()) { work() }, // no goroutine without an owner
	})
}

// pack gives the newest form of a tile, from the cache where nothing in it has changed. Callers
// that want the same tile at once wait for one of them to make it; who comes when news has come since
// that one began makes it again. An empty tile is never kept: to find it empty takes less time than to
// look it up, and there are very many of them.
func (x *Index) pack(ctx context.Context, t tile) (*packed, error) {
	s := x.now.Load()
	if p, ok := x.packed.GetIfPresent(t); ok {
		if p.isGood(t, s) {
			return p, nil
		}
		x.forget(t, p)
	}
	if s.isEmpty(t) {
		return &packed{etag: etagOf(nil)}, nil
	}
	for {
		p, err := x.packed.Get(ctx, t, otter.LoaderFunc[tile, *packed](x.load))
		if err != nil || p.isGood(t, s) {
			return p, err
		}
		x.forget(t, p)
	}
}

// isGood tells whether the tile is what a snapshot shows, or a newer one, and remembers it.
func (p *packed) isGood(t tile, s *snapshot) bool {
	version := p.version.Load()
	if version >= s.version {
		return true
	}
	if !s.news.spares(t, version) {
		return false
	}
	p.version.CompareAndSwap(version, s.version)
	return true
}

// forget removes a stale tile, unless another caller has put a fresh one in its place.
func (x *Index) forget(t tile, stale *packed) {
	x.packed.ComputeIfPresent(t, func(p *packed) (*packed, otter.ComputeOp) {
		if p == stale {
			return nil, otter.InvalidateOp
		}
		return p, otter.CancelOp
	})
}

func (x *Index) load(_ context.Context, t tile) (*packed, error) {
	pen := x.pens.Get().(*pen)
	defer x.pens.Put(pen)
	s := x.now.Load()
	body := pen.draw(s, t)
	p := &packed{body: body, etag: etagOf(body)}
	p.version.Store(s.version)
	if len(body) < zipFrom {
		return p, nil
	}
	zipped, err := pen.zip.compress(body)
	if err != nil {
		return nil, fmt.Errorf("tiles: compress tile %d/%d/%d: %w", t.z, t.x, t.y, err)
	}
	p.body, p.zipped = zipped, true
	return p, nil
}

// isEmpty tells whether nothing is near the tile: neither in it nor in its neighbors.
func (s *snapshot) isEmpty(t tile) bool {
	own := s.within(t.cell(), int(t.z), span{0, len(s.keys)})
	return own.len() == 0 && len(s.groups(t, nil)) == 0
}

// etagOf depends on the bytes only, so that it is the same on every hub and stays the same when
// the log moves on without touching the tile.
func etagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:9])
}

// A zipper compresses one tile at a time, at the fastest level. Tiles become 3 to 5 % larger than
// with the standard library's gzip at its fastest, in two thirds of the time.
type zipper struct {
	out bytes.Buffer
	gz  *gzip.Writer
}

func (z *zipper) compress(body []byte) ([]byte, error) {
	z.out.Reset()
	if z.gz == nil {
		gz, err := gzip.NewWriterLevel(&z.out, gzip.BestSpeed)
		if err != nil {
			return nil, err
		}
		z.gz = gz
	}
	z.gz.Reset(&z.out)
	if _, err := z.gz.Write(body); err != nil {
		return nil, err
	}
	if err := z.gz.Close(); err != nil {
		return nil, err
	}
	return bytes.Clone(z.out.Bytes()), nil
}

// plain is the tile's bytes without compression, for the rare client that cannot unpack them.
func (p *packed) plain() ([]byte, error) {
	if !p.zipped {
		return p.body, nil
	}
	gz, err := gzip.NewReader(bytes.NewReader(p.body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(gz)
}
