package pages

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/microgalleries/actionday/events"
)

// registerView is the form for a new event, or the page that says that none is taken now.
type registerView struct {
	*page
	Edition *events.Edition // nil when no day is announced
	Open    bool
	Opens   string // when registration opens, "" if not told
	NewHost bool   // the first registration also makes the host
	Form    form
	Choices choicesView
	Key     string
	Action  string
	Revise  bool
}

// EditionDate is the day in words.
func (v registerView) EditionDate() string { return v.Date(v.Edition.Date) }

// registerPage is an empty form.
func (s *site) registerPage(w http.ResponseWriter, r *http.Request) error {
	return s.showRegister(w, r, http.StatusOK, emptyRegistration(), nil)
}

// emptyRegistration is what a fresh form says before anybody typed.
func emptyRegistration() url.Values {
	return url.Values{
		"place.precision": {string(events.ExactPrecision)}, "host.kind": {string(events.PersonHost)},
		"visibility": {"list"},
	}
}

func (s *site) showRegister(
	w http.ResponseWriter, r *http.Request, status int, values url.Values, ps events.Problems,
) error {
	who, err := actor(r)
	if err != nil {
		return err
	}
	v := registerView{page: s.page(w, r, "register.title"), NewHost: who.HostID.IsZero(), Action: "/host/register"}
	v.NoIndex, v.private, v.Section = true, true, "register"
	edition, err := s.Hub.EditionBySlug(r.Context(), who, "")
	if errors.Is(err, events.ErrNotFound) {
		return s.render(w, r, status, "register", v)
	}
	if err != nil {
		return err
	}
	v.Edition, v.Open = &edition, edition.TakesRegistrations(s.Hub.Now())
	v.Rehearsal = edition.Mode == events.RehearsalMode
	if opens := edition.RegistrationOpensAt; s.Hub.Now().Before(opens) {
		v.Opens = v.Date(dateOf(opens.UTC()))
	}
	v.Form = form{tongue: v.tongue, values: values, problems: ps}
	v.Choices = s.choices(v.page, edition)
	if v.Key = values.Get("key"); v.Key == "" || keyIsSpent(ps) {
		v.Key = newKey()
	}
	return s.render(w, r, status, "register", v)
}

// keyIsSpent tells that this form already made an event, with other words in it.
func keyIsSpent(ps events.Problems) bool {
	for _, p := range ps {
		if p.Code == events.KeyReused {
			return true
		}
	}
	return false
}

// register makes the event, or shows the form again with everything that was typed.
func (s *site) register(w http.ResponseWriter, r *http.Request) error {
	who, err := actor(r)
	if err != nil {
		return err
	}
	if err := s.allow(r, "register"); err != nil {
		return err
	}
	values, err := readForm(w, r, eventForm)
	if err != nil {
		return err
	}
	edition, err := s.Hub.EditionBySlug(r.Context(), who, "")
	if errors.Is(err, events.ErrNotFound) {
		return s.showRegister(w, r, http.StatusConflict, values, nil)
	}
	if err != nil {
		return err
	}
	registration, typed := registrationIn(values)
	registration.EditionID = edition.ID
	if len(typed) > 0 {
		return s.showRegister(w, r, http.StatusUnprocessableEntity, values, typed)
	}
	e, err := s.Hub.Register(r.Context(), who, values.Get("key"), registration)
	ps, other := events.ProblemsIn(err)
	if other != nil {
		return other
	}
	if len(ps) > 0 {
		return s.showRegister(w, r, http.StatusUnprocessableEntity, values, ps)
	}
	return seeOther(w, r, fmt.Sprintf("/host/events/%s?done=registered", e.ID))
}

// registrationIn reads the form. What cannot be read at all is a problem here; what is wrong about
// it, the domain says.
func registrationIn(values url.Values) (events.Registration, events.Problems) {
	var ps events.Problems
	r := events.Registration{
		Way: choice(values, "way", ways()), Title: values.Get("title"), Summary: values.Get("summary"),
		Story: unixLines(values.Get("story")), Media: choices(values, "media", media()), Themes: values["themes"],
		Language: line(values, "language"), Place: placeIn(values, &ps), Zone: line(values, "place.zone"),
		StartsAt: clock(values, "startsAt", &ps), EndsAt: clock(values, "endsAt", &ps),
		AllDay: values.Get("allDay") != "", OnlineURL: values.Get("onlineUrl"), RSVPURL: values.Get("rsvpUrl"),
		Access: choices(values, "access", accessFacts()), RainPlan: unixLines(values.Get("rainPlan")),
		Permission: unixLines(values.Get("permission")),
		Draft:      values.Get("draft") != "", LinkOnly: values.Get("visibility") == "link",
	}
	if n := people(values, "expectedPeople", &ps); n != nil {
		r.ExpectedPeople = *n
	}
	if r.AllDay {
		r.StartsAt, r.EndsAt = nil, nil
	}
	if values.Has("host.displayName") {
		r.Host = &events.HostProfile{
			DisplayName: values.Get("host.displayName"), Kind: choice(values, "host.kind", hostKinds()),
			Country: line(values, "host.country"), Languages: words(values.Get("host.languages")),
			Links: lines(values.Get("host.links")), Bio: unixLines(values.Get("host.bio")),
			Pseudonymous: values.Get("host.pseudonymous") != "",
		}
	}
	return r, ps
}

func placeIn(values url.Values, ps *events.Problems) events.PlaceInput {
	return events.PlaceInput{
		Precision: choice(values, "place.precision", precisions()),
		Latitude:  degrees(values, "place.latitude", ps), Longitude: degrees(values, "place.longitude", ps),
		Address: values.Get("place.address"), Locality: values.Get("place.locality"),
		Country: line(values, "place.country"),
	}
}

// unixLines undoes the carriage returns that browsers put into text areas.
func unixLines(typed string) string { return strings.ReplaceAll(typed, "\r\n", "\n") }

// words splits a list written with commas or spaces.
func words(typed string) []string {
	return strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
}
