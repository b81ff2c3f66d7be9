package pages

import (
	"errors"
	"net/http"

	"github.com/microgalleries/actionday/events"
)

// aboutView says where the data comes from, how it is counted, and how to get it.
type aboutView struct {
	*page
	Edition *events.Edition
	Counts  events.Counts
	AsOf    string
}

func (s *site) aboutData(w http.ResponseWriter, r *http.Request) error {
	v := aboutView{page: s.page(w, r, "about.title")}
	v.Section, v.Canonical, v.Description = "about", s.Site()+"/about/data", v.T("about.description")
	edition, err := s.Hub.EditionBySlug(r.Context(), events.Actor{}, "")
	if errors.Is(err, events.ErrNotFound) {
		return s.render(w, r, http.StatusOK, "about", v)
	}
	if err != nil {
		return err
	}
	v.Edition, v.Rehearsal = &edition, edition.Mode == events.RehearsalMode
	if v.Counts, err = s.Counts.Counts(r.Context(), edition.ID); err != nil {
		return err
	}
	if !v.Counts.AsOf.IsZero() {
		v.AsOf = v.Day(dateOf(v.Counts.AsOf.UTC())) + " " + v.Counts.AsOf.UTC().Format("15:04") + " UTC"
	}
	return s.render(w, r, http.StatusOK, "about", v)
}
