package pages

import (
	"net/http"
	"net/url"

	"github.com/microgalleries/actionday/events"
)

// hostPageSize is how many of a host's events one page has.
const hostPageSize = 20

// hostView is the host's own events.
type hostView struct {
	*page
	Email  string
	Events []ownCard
	Next   string
}

// ownCard is one of them with what comes next.
type ownCard struct {
	events.Event
	When when
	Next string // a sentence
}

// hostPage lists the events of whoever is signed in, in every state.
func (s *site) hostPage(w http.ResponseWriter, r *http.Request) error {
	who, err := actor(r)
	if err != nil {
		return err
	}
	v := hostView{page: s.page(w, r, "host.title")}
	v.NoIndex, v.private, v.Section = true, true, "host"
	account, err := s.Hub.Account(r.Context(), who)
	if err != nil {
		return err
	}
	v.Email = account.Email
	found, err := s.Hub.OwnEvents(r.Context(), who, hostPageSize, r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	for _, e := range found.Events {
		v.Events = append(v.Events, ownCard{e, v.page.when(e), v.nextFor(e)})
	}
	if found.HasNext {
		v.Next = "/host?after=" + url.QueryEscape(found.Cursors[len(found.Cursors)-1])
	}
	return s.render(w, r, http.StatusOK, "host", v)
}

// nextFor says what happens next with an event, or what its host can do.
func (t tongue) nextFor(e events.Event) string {
	if e.IsPublic() {
		return t.T("next.LISTED." + string(e.Day.Phase()))
	}
	return t.T("next." + string(e.Review))
}
