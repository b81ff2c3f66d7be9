package pages

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/microgalleries/actionday/events"
)

// ownEventView is the page on which a host looks after one event.
type ownEventView struct {
	registerView
	Event       events.Event
	Whereabouts events.Whereabouts
	When        when
	Next        string
	Link        string   // the address to hand on: public, or the secret link
	Notes       []string // what clock changes do to the times, and a zone that looks wrong
	Done        string   // the act that was just done, "" for none
	DayForm     form     // what was typed on the day, when it did not work
	CanSubmit   bool
	CanRun      bool // the day buttons work in this state
	Wrong       events.Problems
	Proofs      events.CheckInProofs
}

// Listed tells whether people can be counted at the event.
func (v ownEventView) Listed() bool { return v.Event.IsPublic() }

// Problems are the sentences that belong to no form.
func (v ownEventView) Problems() (sentences []string) {
	for _, p := range v.Wrong {
		sentences = append(sentences, v.Problem(p))
	}
	return sentences
}

// Unfinished tells whether the form should stand open: there is something to mend or to complete.
func (v ownEventView) Unfinished() bool {
	return len(v.Form.problems) > 0 || v.Event.Review == events.Draft || v.Event.Review == events.NeedsInfo
}

// ownEvent loads an event of the actor's with all that its page needs.
func (s *site) ownEvent(
	w http.ResponseWriter, r *http.Request,
) (v ownEventView, who events.Actor, err error) {
	if who, err = actor(r); err != nil {
		return v, who, err
	}
	id, err := eventID(r)
	if err != nil {
		return v, who, err
	}
	if v.Event, err = s.Hub.Event(r.Context(), who, id); err != nil {
		return v, who, err
	}
	// It is the domain that checks who may see where and when an event really is.
	if v.Whereabouts, err = s.Hub.Whereabouts(r.Context(), who, id); err != nil {
		return v, who, err
	}
	if v.Proofs, err = s.Hub.CheckInProofs(r.Context(), who, id); err != nil {
		return v, who, err
	}
	edition, err := s.Hub.Edition(r.Context(), who, v.Event.EditionID)
	if err != nil {
		return v, who, err
	}
	e := v.Event
	v.page = s.page(w, r, "own.title")
	v.Title, v.NoIndex, v.private, v.Section = e.Title, true, true, "host"
	v.Edition, v.Open, v.Revise, v.Action = &edition, true, true, "/host/events/"+e.ID.String()
	v.Rehearsal = edition.Mode == events.RehearsalMode
	v.When, v.Next, v.Link = v.page.when(e), v.nextFor(e), s.Site()+pathOf(e)
	v.Notes = v.Whereabouts.ClockNotes(edition.Date)
	v.Choices = s.choices(v.page, edition)
	v.Form = form{tongue: v.tongue, values: valuesOf(e, v.Whereabouts)}
	v.DayForm = form{tongue: v.tongue, values: url.Values{}}
	v.CanSubmit, v.CanRun = openActs(e.Review)
	v.Key = newKey()
	return v, who, nil
}

// openActs tells whether an event in this state can be sent in, and whether its day can be run.
func openActs(review events.ReviewState) (submit, run bool) {
	switch review {
	case events.Draft, events.NeedsInfo, events.Withdrawn:
		return true, false
	case events.LinkOnly:
		return true, true
	case events.Listed, events.Submitted:
		return false, true
	}
	return false, false
}

// ownEventPage shows it.
func (s *site) ownEventPage(w http.ResponseWriter, r *http.Request) error {
	v, _, err := s.ownEvent(w, r)
	if err != nil {
		return err
	}
	if done := "own.done." + r.URL.Query().Get("done"); v.Has(done) {
		v.Done = v.T(done)
	}
	return s.render(w, r, http.StatusOK, "own", v)
}

// valuesOf fills the form with an event as it stands, private side and all.
func valuesOf(e events.Event, w events.Whereabouts) url.Values {
	values := url.Values{
		"way": {string(e.Way)}, "title": {e.Title}, "summary": {e.Summary}, "story": {e.Story},
		"themes": e.Themes, "language": {e.Language}, "onlineUrl": {e.OnlineURL}, "rsvpUrl": {e.RSVPURL},
		"rainPlan": {e.RainPlan}, "permission": {e.Permission}, "version": {strconv.FormatInt(e.Version, 10)},
		"place.precision": {string(w.Precision)}, "place.address": {w.Address}, "place.locality": {w.Locality},
		"place.country": {w.Country}, "place.zone": {w.Zone},
	}
	for _, m := range e.Media {
		values.Add("media", string(m))
	}
	for _, a := range e.Access {
		values.Add("access", string(a))
	}
	if w.Latitude != nil && w.Longitude != nil {
		values.Set("place.latitude", strconv.FormatFloat(*w.Latitude, 'f', -1, 64))
		values.Set("place.longitude", strconv.FormatFloat(*w.Longitude, 'f', -1, 64))
	}
	if e.ExpectedPeople > 0 {
		values.Set("expectedPeople", strconv.Itoa(e.ExpectedPeople))
	}
	if w.AllDay {
		values.Set("allDay", "yes")
	} else {
		values.Set("startsAt", w.Start.String())
		values.Set("endsAt", w.End.String())
	}
	return values
}

// revise changes what the host wrote.
func (s *site) revise(w http.ResponseWriter, r *http.Request) error {
	v, who, values, err := s.ownAct(w, r, eventForm)
	if err != nil {
		return err
	}
	rev, ps := revisionIn(values)
	if len(ps) == 0 {
		_, err = s.Hub.Revise(r.Context(), who, values.Get("key"), v.Event.ID, rev)
		if ps, err = events.ProblemsIn(err); err != nil {
			return err
		}
	}
	if len(ps) > 0 {
		v.Form.values, v.Form.problems = values, ps
		return s.render(w, r, http.StatusUnprocessableEntity, "own", v)
	}
	return s.ownDone(w, r, v.Event.ID, "revised")
}

// ownAct is what every act on an own event begins with.
func (s *site) ownAct(
	w http.ResponseWriter, r *http.Request, limit int64,
) (ownEventView, events.Actor, url.Values, error) {
	values, err := readForm(w, r, limit)
	if err != nil {
		return ownEventView{}, events.Actor{}, nil, err
	}
	v, who, err := s.ownEvent(w, r)
	return v, who, values, err
}

func (s *site) ownDone(w http.ResponseWriter, r *http.Request, id events.ID, done string) error {
	return seeOther(w, r, fmt.Sprintf("/host/events/%s?done=%s", id, done))
}

// revisionIn reads the form as a revision of everything in it.
func revisionIn(values url.Values) (events.Revision, events.Problems) {
	r, ps := registrationIn(values)
	rev := events.Revision{
		Way: &r.Way, Title: &r.Title, Summary: &r.Summary, Story: &r.Story, Media: r.Media,
		Themes: append([]string{}, r.Themes...), Language: &r.Language, Place: &r.Place, Zone: &r.Zone,
		StartsAt: r.StartsAt, EndsAt: r.EndsAt, OnlineURL: &r.OnlineURL, RSVPURL: &r.RSVPURL,
		Access: r.Access, RainPlan: &r.RainPlan, ExpectedPeople: &r.ExpectedPeople, Permission: &r.Permission,
	}
	allDay := r.AllDay || r.StartsAt == nil
	rev.AllDay = &allDay
	if version, err := strconv.ParseInt(values.Get("version"), 10, 64); err == nil {
		rev.Version = &version
	}
	return rev, ps
}

// submit hands the event to the stewards.
func (s *site) submit(w http.ResponseWriter, r *http.Request) error {
	v, who, values, err := s.ownAct(w, r, smallForm)
	if err != nil {
		return err
	}
	_, err = s.Hub.Submit(r.Context(), who, values.Get("key"), v.Event.ID)
	if v.Wrong, err = events.ProblemsIn(err); err != nil {
		return err
	}
	if len(v.Wrong) > 0 {
		return s.render(w, r, http.StatusConflict, "own", v)
	}
	return s.ownDone(w, r, v.Event.ID, "submitted")
}
