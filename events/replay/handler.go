package replay

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/accept"
)

const (
	// cacheControl lets a CDN answer a crowd from one request a second. It must not be longer: an event
	// that its host withdraws has to be gone everywhere in about a second. Browsers ask each time, and
	// are told when nothing has changed.
	cacheControl = "public, max-age=0, s-maxage=1"
	// newsLimit is how long a file waits for the news that its address tells of.
	newsLimit = 500 * time.Millisecond
)

// retrySoon is after how many seconds to ask again for a file that is not ready.
const retrySoon = "2"

// ServeFile serves GET and HEAD of an edition's replay file. The ETag depends on nothing but the
// bytes, so it is the same on every hub. While the log is being read for the first time, or cannot
// be, the answer is 503. With ?v= whoever has heard that something was taken back asks for a file that
// goes as far in the log; one that does not, after a short wait, may be kept by nobody.
func (l *Library) ServeFile(w http.ResponseWriter, r *http.Request, edition events.ID) {
	wanted, err := strconv.ParseInt(r.URL.Query().Get("v"), 10, 64)
	if err != nil {
		wanted = 0
	}
	p, err := l.print(r.Context(), edition, wanted)
	if err != nil {
		l.log.WarnContext(r.Context(), "a replay cannot be served", "edition", edition, "err", err)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Retry-After", retrySoon)
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Cache-Control", cacheControl)
	if p.at.Seq < wanted {
		w.Header().Set("Cache-Control", "no-store")
	}
	p.send(w, r)
}

func (l *Library) print(ctx context.Context, edition events.ID, wanted int64) (*packed, error) {
	reel, err := l.open(ctx, edition)
	if err != nil {
		return nil, err
	}
	waiting, cancel := context.WithTimeout(ctx, newsLimit)
	defer cancel()
	reel.await(waiting, wanted)
	return reel.file(l.now(), wanted)
}

func (p *packed) send(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Vary", "Accept-Encoding")
	head.Set("Content-Type", ContentType)
	head.Set("X-Content-Type-Options", "nosniff")
	body, tag := p.plain, p.etag
	if accept.Encoding(r.Header, "gzip") {
		body, tag = p.gzip, p.etag+"-gz"
		head.Set("Content-Encoding", "gzip")
	}
	head.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}
