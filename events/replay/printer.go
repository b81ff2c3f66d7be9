package replay

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/microgalleries/actionday/events"
)

// fileLasts is how long a file is served that the day has gone on from. One from which something was
// taken back since is not served at all.
const fileLasts = 5 * time.Second

// printEvery is how often files are made for those who want the newest, whatever was taken back.
const printEvery = 200 * time.Millisecond

// packed is a replay file ready to be sent.
type packed struct {
	reading  int // of which reading of the log
	at       events.Position
	redacted int
	made     time.Time
	printed  time.Time // by the machine's clock: the hub's may stand still
	plain    []byte
	gzip     []byte // brotli packs these bytes no smaller
	etag     string // of the plain bytes, without quotes
}

// printer keeps the last file of a reel. Who wants one while it is being made waits for it.
type printer struct {
	mu   sync.Mutex
	last *packed
}

// file is the reel's file: the last one while it is good, or a new one. It goes as far as wanted in the
// log if the tape does, unless the last one has just been made.
func (r *reel) file(now time.Time, wanted int64) (*packed, error) {
	r.printer.mu.Lock()
	defer r.printer.mu.Unlock()
	r.mu.RLock()
	if r.tape == nil { // thrown away just now
		r.mu.RUnlock()
		return nil, ErrReading
	}
	if last := r.printer.last; last != nil && last.servesFor(r, now, wanted) {
		r.mu.RUnlock()
		return last, nil
	}
	p := &packed{reading: r.readings, at: r.tape.at, redacted: r.tape.redacted, made: now, printed: time.Now(), plain: r.tape.file()}
	r.mu.RUnlock()
	if err := p.compress(); err != nil {
		return nil, err
	}
	r.printer.last = p
	return p, nil
}

func (p *packed) servesFor(r *reel, now time.Time, wanted int64) bool {
	switch {
	case p.reading != r.readings || p.redacted != r.tape.redacted:
		return false
	case p.at == r.tape.at:
		return true
	case p.at.Seq < wanted && time.Since(p.printed) >= printEvery:
		return false
	}
	return now.Sub(p.made) < fileLasts
}

func (p *packed) compress() error {
	sum := sha256.Sum256(p.plain)
	p.etag = hex.EncodeToString(sum[:9])
	var zipped bytes.Buffer
	gz := gzip.NewWriter(&zipped)
	if _, err := gz.Write(p.plain); err != nil {
		return err
	}
	if err := gz.Close(); err != nil {
		return err
	}
	p.gzip = zipped.Bytes()
	return nil
}
