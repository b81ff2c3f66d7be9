package pages

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph/auth"
)

const (
	deviceCookie = "hub-device"
	deviceLasts  = 90 * 24 * time.Hour
)

// cheer counts the reader's device for an event, without an account. The device is the random token
// of the page's script, or without scripts one in a cookie; the hub keeps its hash only.
func (s *site) cheer(w http.ResponseWriter, r *http.Request) error {
	if err := s.allow(r, "cheer"); err != nil {
		return err
	}
	if _, err := readForm(w, r, smallForm); err != nil {
		return err
	}
	name := r.PathValue("name")
	e, err := s.Hub.EventByName(r.Context(), auth.Actor(r.Context()), name)
	if err != nil {
		return err
	}
	_, outcome, err := s.Hub.Cheer(r.Context(), "", e.ID, s.device(w, r))
	if ps, other := events.ProblemsIn(err); other == nil && len(ps) > 0 && ps[0].Code == events.NotOpen {
		return s.refusedCheer(w, r, ps[0])
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, fmt.Sprintf("/e/%s?cheered=%s#cheer", url.PathEscape(name), outcome))
}

func (s *site) refusedCheer(w http.ResponseWriter, r *http.Request, p events.Problem) error {
	v, err := s.eventView(w, r)
	if err != nil {
		return err
	}
	v.Problem, v.private = v.page.Problem(p), true
	return s.render(w, r, http.StatusConflict, "event", v)
}

// device is the token that this browser is counted by; a browser without one gets one.
func (s *site) device(w http.ResponseWriter, r *http.Request) string {
	if token := r.PostFormValue("device"); token != "" {
		return token // one that is too short or long is a problem
	}
	token := s.cookieValue(r, deviceCookie)
	if len(token) < events.MinDeviceToken {
		token = rand.Text()
		http.SetCookie(w, s.cookie(deviceCookie, token, deviceLasts))
	}
	return token
}
