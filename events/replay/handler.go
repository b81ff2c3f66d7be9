package replay

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/microgalleries/actionday/events"
)

// cacheControl lets a CDN answer a crowd from one request a second. It must not be longer: an event
// that its host withdraws has to be gone everywhere in about a second.
const cacheControl = "public, max-age=1"

// retrySoon is after how many seconds to ask again for a file that is not ready.
const retrySoon = "2"

// ServeFile serves GET and HEAD of an edition's replay file. The ETag depends on nothing but the
// bytes, so it is the same on every hub. While the log is being read for the first time, or cannot
// be, the answer is 503.
func (l *Library) ServeFile(w http.ResponseWriter, r *http.Request, edition events.ID) {
	p, err := l.print(r, edition)
	if err != nil {
		l.log.WarnContext(r.Context(), "a replay cannot be served", "edition", edition, "err", err)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Retry-After", retrySoon)
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	p.send(w, r)
}

func (l *Library) print(r *http.Request, edition events.ID) (*packed, error) {
	reel, err := l.open(r.Context(), edition)
	if err != nil {
		return nil, err
	}
	return reel.file(l.now())
}

func (p *packed) send(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Cache-Control", cacheControl)
	head.Set("Vary", "Accept-Encoding")
	head.Set("Content-Type", ContentType)
	head.Set("X-Content-Type-Options", "nosniff")
	body, tag := p.plain, p.etag
	if accepts(r.Header.Values("Accept-Encoding"), "gzip") {
		body, tag = p.gzip, p.etag+"-gz"
		head.Set("Content-Encoding", "gzip")
	}
	head.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// accepts reads Accept-Encoding (RFC 9110, section 12.5.3): the coding at a weight above 0.
func accepts(headers []string, coding string) bool {
	for _, header := range headers {
		for one := range strings.SplitSeq(header, ",") {
			name, parameters, _ := strings.Cut(strings.TrimSpace(one), ";")
			if !strings.EqualFold(strings.TrimSpace(name), coding) {
				continue
			}
			weight, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(parameters)), "q=")
			q, err := strconv.ParseFloat(weight, 64)
			return !ok || err != nil || q > 0
		}
	}
	return false
}
