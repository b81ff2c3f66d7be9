package pages

import (
	"bytes"
	"net/http"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/microgalleries/actionday/events/accept"
)

// packedForms is one content by its encodings; "" is as it is.
type packedForms map[string][]byte

// send answers with the smallest form that the browser takes.
func (p packedForms) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Add("Vary", "Accept-Encoding")
	content := p[""]
	for _, encoding := range []string{"br", "gzip"} {
		if packed := p[encoding]; packed != nil && accept.Encoding(r.Header, encoding) {
			h.Set("Content-Encoding", encoding)
			content = packed
			break
		}
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// zippers are writers at rest: a new one costs more than what it does for a page.
var zippers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.DefaultCompression) // the level is a valid one
	return w
}}

// zipped packs what is made while somebody waits.
func zipped(page []byte) (*bytes.Buffer, error) {
	var small bytes.Buffer
	w := zippers.Get().(*gzip.Writer)
	defer zippers.Put(w)
	w.Reset(&small)
	if _, err := w.Write(page); err != nil {
		return nil, err
	}
	return &small, w.Close()
}
