package pages

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

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

// Hero is what the screen says largest: how long it is until the day begins, what is live, or, while
// nothing is, how many events there are. The script goes on choosing by the same rule.
func (v screenView) Hero() string {
	switch {
	case v.Wave.Phase == "before":
		return "countdown"
	case v.Wave.Phase == "in" && v.Counts != nil && v.Counts.Live > 0:
		return "live"
	}
	return "all"
}

// soonView is the screen on a wall that was set up before any day is announced.
type soonView struct {
	*page
	Address string
	Code    qrCode
}

// screen is the day for a wall: no controls, and nobody near it.
func (s *site) screen(w http.ResponseWriter, r *http.Request) error {
	p := s.openPage(r, "screen.title")
	p.NoIndex = true
	code, err := newQRCode(s.Site() + "/")
	if err != nil {
		return err
	}
	edition, err := s.Hub.EditionBySlug(r.Context(), events.Actor{}, "")
	if errors.Is(err, events.ErrNotFound) {
		return s.render(w, r, http.StatusOK, "soon", soonView{p, shortAddress(s.Site()), code})
	}
	if err != nil {
		return err
	}
	v := screenView{page: p, Build: s.build, Address: shortAddress(s.Site()), Code: code}
	v.Title, v.Rehearsal = edition.Title, edition.Mode == events.RehearsalMode
	if v.MapView, err = s.dayView(r.Context(), v.page, edition); err != nil {
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
