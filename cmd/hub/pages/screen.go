package pages

import (
	"fmt"
	"net/http"
	"strings"

	"rsc.io/qr"

	"github.com/microgalleries/actionday/events"
)

// screenView is the big screen.
type screenView struct {
	*page
	MapView
	Build   string // of the hub: the screen loads itself anew when it changes
	Address string // of the map, as people type it
	Code    qrCode
}

// Number is a number as the reader's language writes it.
func (v screenView) Number(n int64) string { return v.Num(n) }

// Reported is from how many events the confirmed numbers come at least.
func (v screenView) Reported() int64 { return max(v.Counts.CheckInEvents, v.Counts.CheerEvents) }

// ScreenWords names the words that the screen's script needs beside the map's.
func (screenView) ScreenWords() []string {
	return []string{"screen.live", "screen.next", "screen.none", "screen.over", "screen.confirmed"}
}

// screen is the day for a wall: no controls, and nobody near it.
func (s *site) screen(w http.ResponseWriter, r *http.Request) error {
	p := s.page(w, r, "screen.title")
	edition, err := s.Hub.EditionBySlug(r.Context(), events.Actor{}, "")
	if err != nil {
		return err
	}
	v := screenView{page: p, Build: s.build, Address: shortAddress(s.Site())}
	v.Title, v.NoIndex, v.Rehearsal = edition.Title, true, edition.Mode == events.RehearsalMode
	if v.MapView, err = s.dayView(r.Context(), v.page, edition); err != nil {
		return err
	}
	if v.Code, err = codeOf(s.Site() + "/"); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "screen", v)
}

// screenBuild tells which build the hub is of.
func (s *site) screenBuild(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = fmt.Fprintln(w, s.build)
	return nil
}

// shortAddress is the hub's address without what nobody types.
func shortAddress(site string) string {
	return strings.TrimPrefix(strings.TrimPrefix(site, "https://"), "http://")
}

// A qrCode is a text as a square of dark and light: one path of an SVG with sides of Side units.
type qrCode struct {
	Side int
	Path string
}

// quietZone is the light frame that scanners need, in units (ISO 18004 asks for four).
const quietZone = 4

func codeOf(text string) (qrCode, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return qrCode{}, fmt.Errorf("pages: code of %q: %w", text, err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+quietZone, y+quietZone, x-from, x-from)
			}
		}
	}
	return qrCode{code.Size + 2*quietZone, path.String()}, nil
}
