package pages

import (
	"net/http"

	"github.com/microgalleries/actionday/events"
)

// withdrawPage asks once more before the event disappears everywhere.
func (s *site) withdrawPage(w http.ResponseWriter, r *http.Request) error {
	v, _, err := s.ownEvent(w, r)
	if err != nil {
		return err
	}
	v.Title = v.T("withdraw.title")
	return s.render(w, r, http.StatusOK, "withdraw", v)
}

// withdraw is the panic button.
func (s *site) withdraw(w http.ResponseWriter, r *http.Request) error {
	v, who, values, err := s.ownAct(w, r, smallForm)
	if err != nil {
		return err
	}
	_, err = s.Hub.Withdraw(r.Context(), who, values.Get("key"), v.Event.ID, unixLines(values.Get("reason")))
	ps, other := events.ProblemsIn(err)
	if other != nil {
		return other
	}
	if len(ps) > 0 {
		v.Title = v.T("withdraw.title")
		v.Form.values, v.Form.problems = values, ps
		return s.render(w, r, http.StatusUnprocessableEntity, "withdraw", v)
	}
	return s.ownDone(w, r, v.Event.ID, "withdrawn")
}
