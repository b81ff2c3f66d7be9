package tiles

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/microgalleries/actionday/events/accept"
)

const (
	// Pattern is where one edition's tiles are served. Handler takes any other pattern of
	// http.ServeMux that ends in the same three wildcards.
	Pattern = "/tiles/{z}/{x}/{y}"
	// ContentType is the registered media type of Mapbox Vector Tiles.
	ContentType = "application/vnd.mapbox-vector-tile"
	// cacheControl lets a CDN answer a crowd from one request a second. It must not be longer:
	// an event that its host withdraws has to be gone everywhere in about a second. Browsers ask each
	// time, which costs a 304: a second of theirs would come on top of the CDN's.
	cacheControl = "public, max-age=0, s-maxage=1"
	suffix       = ".mvt"
	// newsLimit is how long a tile waits for the news that its address tells of.
	newsLimit = 500 * time.Millisecond
)

// Handler serves GET and HEAD of tiles: the path values z, x and y are those of the tile, y with
// ".mvt" at its end. An empty tile is 200 with no bytes, which map engines read as a tile without
// layers (a 404 makes them complain, and not every cache keeps a 204). What is no tile is 404,
// other methods are 405. The ETag changes only when the tile's own content does.
//
// With ?seq= whoever has heard of news asks for a tile that includes it. This hub may hear of it a
// moment later and waits for that; if it does not come the tile is sent as it is and nobody may keep
// it, so that no old tile is ever found at a new address.
func (x *Index) Handler() http.Handler { return http.HandlerFunc(x.serveTile) }

func (x *Index) serveTile(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	t, ok := requestedTile(r.PathValue("z"), r.PathValue("x"), r.PathValue("y"))
	if !ok {
		w.Header().Set("Cache-Control", cacheControl) // a cache that is told nothing guesses
		http.NotFound(w, r)
		return
	}
	control := cacheControl
	if !x.awaitNews(r) {
		control = "no-store"
	}
	p, err := x.pack(r.Context(), t)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", control)
	p.send(w, r)
}

// awaitNews tells whether the map includes what the address tells of, and waits a little for it.
func (x *Index) awaitNews(r *http.Request) bool {
	seq, err := strconv.ParseInt(r.URL.Query().Get("seq"), 10, 64)
	if err != nil {
		return true
	}
	ctx, cancel := context.WithTimeout(r.Context(), newsLimit)
	defer cancel()
	return x.Await(ctx, seq)
}

// requestedTile reads the three path values. Every tile has one spelling, so that caches keep it
// once: no signs, no leading zeros, lower-case suffix.
func requestedTile(z, x, y string) (tile, bool) {
	y, hasSuffix := strings.CutSuffix(y, suffix)
	zoom, okZ := decimal(z)
	column, okX := decimal(x)
	row, okY := decimal(y)
	if !hasSuffix || !okZ || !okX || !okY {
		return tile{}, false
	}
	return tileAt(zoom, column, row)
}

func decimal(text string) (n int, ok bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && strconv.Itoa(n) == text
}

func (p *packed) send(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Vary", "Accept-Encoding")
	zipped := p.zipped && accept.Encoding(r.Header, "gzip")
	etag := `"` + p.etag + `"`
	if zipped {
		etag = `"` + p.etag + `-gz"`
	}
	head.Set("ETag", etag)
	if holds(r.Header.Values("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := p.body
	if zipped {
		head.Set("Content-Encoding", "gzip")
	} else if plain, err := p.plain(); err == nil {
		body = plain
	} else {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	head.Set("Content-Type", ContentType)
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the client may have gone, and nobody is left to tell
}

// holds tells whether an If-None-Match names the tag, comparing weakly as RFC 9110, section
// 13.1.2 wants.
func holds(headers []string, etag string) bool {
	for _, one := range listed(headers) {
		if one == "*" || strings.TrimPrefix(one, "W/") == etag {
			return true
		}
	}
	return false
}

// listed splits headers that hold lists with commas.
func listed(headers []string) (items []string) {
	for _, h := range headers {
		for item := range strings.SplitSeq(h, ",") {
			items = append(items, strings.TrimSpace(item))
		}
	}
	return items
}
