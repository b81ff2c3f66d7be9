package pages

import (
	"net/http"
	"strings"
	"time"

	"github.com/microgalleries/actionday/events"
)

// screenMost is how long a screen shows a code before it asks for it again, in seconds, so that one
// that lost its connection for a moment soon has the right one.
const screenMost = 60

// codeView is a code to be scanned: on a screen or on paper.
type codeView struct {
	*page
	Event   events.Event
	Host    events.Host
	When    when
	QR      qrCode
	Action  string // the event's page for its host
	Address string // of the event's public page, short
	Refresh int    // seconds until the screen must be drawn again
	Done    bool   // a new printed code was just made
	Problem string
	Key     string
}

// codePage fills a screen with the code that counts now and draws itself again in time.
func (s *site) codePage(w http.ResponseWriter, r *http.Request) error {
	v, codes, err := s.codeView(w, r, "code.title")
	if err != nil {
		return err
	}
	if v.QR, err = newQRCode(codes.Rotating.URL); err != nil {
		return err
	}
	next := codes.Rotating.ValidSince.Add(events.CodeWindow).Sub(s.Hub.Now())
	v.Refresh = min(screenMost, int(next/time.Second)+1)
	return s.render(w, r, http.StatusOK, "code", v)
}

// posterPage is a sheet of paper with the code that does not change.
func (s *site) posterPage(w http.ResponseWriter, r *http.Request) error {
	v, codes, err := s.codeView(w, r, "poster.title")
	if err != nil {
		return err
	}
	v.Done = r.URL.Query().Get("done") == "renewed"
	return s.showPoster(w, r, http.StatusOK, v, codes)
}

func (s *site) showPoster(w http.ResponseWriter, r *http.Request, status int, v codeView, codes events.CheckInCodes) (err error) {
	if v.QR, err = newQRCode(codes.Printed.URL); err != nil {
		return err
	}
	return s.render(w, r, status, "poster", v)
}

// renewPoster makes all printed codes void and shows the new one.
func (s *site) renewPoster(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(w, r, smallForm)
	if err != nil {
		return err
	}
	who, err := actor(r)
	if err != nil {
		return err
	}
	id, err := eventID(r)
	if err != nil {
		return err
	}
	_, refused := s.Hub.RenewPrintedCode(r.Context(), who, values.Get("key"), id)
	ps, err := events.ProblemsIn(refused)
	switch {
	case err != nil:
		return err
	case len(ps) == 0:
		return seeOther(w, r, "/host/events/"+id.String()+"/poster?done=renewed")
	case ps[0].Code == events.NotFound:
		return events.ErrNotFound
	}
	v, codes, err := s.codeView(w, r, "poster.title")
	if err != nil {
		return err
	}
	v.Problem = v.page.Problem(ps[0])
	return s.showPoster(w, r, http.StatusConflict, v, codes)
}

// codeView loads what both need. It is the domain that checks who may have codes.
func (s *site) codeView(w http.ResponseWriter, r *http.Request, title string) (v codeView, codes events.CheckInCodes, err error) {
	who, err := actor(r)
	if err != nil {
		return v, codes, err
	}
	id, err := eventID(r)
	if err != nil {
		return v, codes, err
	}
	if codes, err = s.Hub.CheckInCodes(r.Context(), who, id); err != nil {
		return v, codes, err
	}
	if v.Event, err = s.Hub.Event(r.Context(), who, id); err != nil {
		return v, codes, err
	}
	if v.Host, err = s.Hub.Host(r.Context(), v.Event.HostID); err != nil {
		return v, codes, err
	}
	edition, err := s.Hub.Edition(r.Context(), who, v.Event.EditionID)
	v.page = s.page(w, r, title)
	v.NoIndex, v.private, v.Section = true, true, "host"
	v.Rehearsal, v.When = edition.Mode == events.RehearsalMode, v.page.when(v.Event)
	v.Action, v.Key = "/host/events/"+id.String(), newKey()
	_, v.Address, _ = strings.Cut(s.Site()+v.Event.Path(), "://")
	return v, codes, err
}
