package pages

import (
	"net/http"
	"net/url"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph/auth"
)

// checkInView is what a phone opens after it has scanned a code.
type checkInView struct {
	*page
	Event   events.Event
	When    when
	State   string // "ready", "FRESH", "ALREADY_COUNTED", "closed", "off", "old" or "unknown"
	Opens   string // from when to when people are counted, by the clock of the place
	Problem string // what else is wrong
	Action  string
	Key     string
}

// Known tells whether the code led to an event.
func (v checkInView) Known() bool { return !v.Event.ID.IsZero() }

// checkInPage shows the event of a code with the button that counts. Looking counts nobody.
func (s *site) checkInPage(w http.ResponseWriter, r *http.Request) error {
	e, err := s.Hub.Scan(r.Context(), r.PathValue("code"))
	v, status, err := s.checkInView(w, r, e, err)
	if err != nil {
		return err
	}
	switch outcome := events.Outcome(r.URL.Query().Get("counted")); outcome {
	case events.Fresh, events.AlreadyCounted:
		if v.Known() {
			v.State, status = string(outcome), http.StatusOK
		}
	}
	return s.render(w, r, status, "checkin", v)
}

// checkIn counts the reader's device at the event of a code.
func (s *site) checkIn(w http.ResponseWriter, r *http.Request) error {
	if err := s.allow(r, "check-in"); err != nil {
		return err
	}
	values, err := readForm(w, r, smallForm)
	if err != nil {
		return err
	}
	code := r.PathValue("code")
	e, outcome, err := s.Hub.CheckIn(r.Context(), values.Get("key"), events.Arrival{
		Code: code, Device: s.device(w, r), Network: network(r),
	})
	if err == nil {
		return seeOther(w, r, "/c/"+url.PathEscape(code)+"?counted="+string(outcome))
	}
	if ps, _ := events.ProblemsIn(err); len(ps) > 0 { // the page shows the event all the same
		e, _ = s.Hub.Scan(r.Context(), code)
	}
	v, status, err := s.checkInView(w, r, e, err)
	if err != nil {
		return err
	}
	if status == http.StatusOK {
		status = http.StatusConflict
	}
	return s.render(w, r, status, "checkin", v)
}

// network is whom the address of a reader is counted as.
func network(r *http.Request) string {
	if ip := auth.ClientIP(r.Context()); ip.IsValid() {
		return auth.Network(ip).String()
	}
	return ""
}

// checkInView says what a code is good for; refused is why it is not.
func (s *site) checkInView(
	w http.ResponseWriter, r *http.Request, e events.Event, refused error,
) (v checkInView, status int, err error) {
	ps, err := events.ProblemsIn(refused)
	if err != nil {
		return v, 0, err
	}
	v = checkInView{page: s.page(w, r, "checkin.title"), Event: e, State: "ready", Key: newKey()}
	v.NoIndex, v.private = true, true
	v.Action = "/c/" + url.PathEscape(r.PathValue("code"))
	status = http.StatusOK
	if len(ps) > 0 {
		v.State, status = v.refusal(ps[0])
	}
	if !v.Known() {
		v.State = "unknown"
		return v, http.StatusNotFound, nil
	}
	edition, err := s.Hub.Edition(r.Context(), auth.Actor(r.Context()), e.EditionID)
	v.Rehearsal, v.When = edition.Mode == events.RehearsalMode, v.page.when(e)
	if opens, closes := e.CheckInsOpen(); !v.When.Unknown {
		v.Opens = v.span(opens.In(zoneOf(e)), closes.In(zoneOf(e)))
	}
	return v, status, err
}

// refusal is how the page shows a problem.
func (v *checkInView) refusal(p events.Problem) (state string, status int) {
	switch {
	case p.Code == events.NotOpen && v.Event.Day.Phase() == events.Off:
		return "off", http.StatusOK
	case p.Code == events.NotOpen:
		return "closed", http.StatusOK
	case p.Code == events.CodeExpired:
		return "old", http.StatusGone
	case p.Field == "code":
		return "unknown", http.StatusNotFound
	}
	v.Problem = v.page.Problem(p)
	return "ready", http.StatusUnprocessableEntity
}
