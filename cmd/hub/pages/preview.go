package pages

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/microgalleries/actionday/events"
)

// previewName is the name under which the still picture is served; it changes with the picture.
func previewName() (string, error) {
	raw, err := builtFiles.ReadFile(previewFile)
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:4]) + ".png", err
}

const previewFile = "static/preview.png"

// preview serves the still picture that link previews show: the globe by night, with nobody's place
// and no word on it. Others keep what they have shown once; what a host takes back must not be there.
func (s *site) preview(w http.ResponseWriter, r *http.Request) error {
	if r.PathValue("file") != s.still {
		return events.ErrNotFound
	}
	raw, err := builtFiles.ReadFile(previewFile)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", contentType(s.still))
	h.Set("Cache-Control", immutable)
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(raw))
	return nil
}

// Preview is the absolute address of the still picture.
func (p *page) Preview() string { return p.Site + "/preview/" + p.still }
