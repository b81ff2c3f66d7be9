package events

import (
	"context"
	"strings"
)

// Revision changes an event; nil leaves a field as it is. Place, zone and times are given whole or
// not at all, because they depend on each other.
type Revision struct {
	Version *int64 // the version that the host saw; nil takes the newest

	Way       *Way
	Title     *string
	Summary   *string
	Story     *string
	Media     []Medium
	Themes    []string
	Language  *string
	Place     *PlaceInput
	Zone      *string
	StartsAt  *LocalTime
	EndsAt    *LocalTime
	AllDay    *bool
	OnlineURL *string
	RSVPURL   *string
	Access    []AccessFact
	RainPlan  *string

	ExpectedPeople *int
	Permission     *string
}

// Revise changes an event of the actor's, or any event for a steward. A listed event stays listed
// and the change is news; when it becomes harder to find, older news lose its place.
func (s *Service) Revise(ctx context.Context, who Actor, key string, id ID, rev Revision) (Event, error) {
	input := struct {
		ID  ID
		Rev Revision
	}{id, rev}
	return s.change(ctx, act{who, "revise", key, input}, id, func(e *Event) (Change, error) {
		if rev.Version != nil && *rev.Version != e.Version {
			return Change{}, staleEvent()
		}
		edition, where, host, err := s.surroundings(ctx, *e)
		if err != nil {
			return Change{}, err
		}
		if stage := edition.StageAt(s.now()); stage == FrozenStage || stage == ArchivedStage {
			return Change{}, problem(NotOpen, "", "%s is frozen: its events cannot be changed any more.", edition.Title)
		}
		before := *e
		after, where, err := s.revised(edition, *e, where, rev)
		if err != nil {
			return Change{}, err
		}
		*e = after
		change := Change{Whereabouts: &where}
		change.News = s.newsOf(EventRevised, before, *e, host)
		return change, nil
	})
}

func (s *Service) revised(ed Edition, e Event, w Whereabouts, rev Revision) (Event, Whereabouts, error) {
	r := registrationOf(e, w)
	rev.applyTo(&r)
	where := s.whereabouts(r)
	where.CountryGuessed = w.CountryGuessed && where.Country == w.Country
	ps := r.check(ed)
	ps = append(ps, where.check(s.atlas, r.Way)...)
	if len(ps) > 0 {
		return e, w, ps
	}
	place, schedule, err := where.Public(ed.Date, s.atlas)
	if err != nil {
		return e, w, err
	}
	e.Place, e.Schedule = place, schedule
	return r.apply(e), where, nil
}

// registrationOf is the registration that would make the event as it stands.
func registrationOf(e Event, w Whereabouts) Registration {
	r := Registration{
		EditionID: e.EditionID, Way: e.Way, Title: e.Title, Summary: e.Summary, Story: e.Story,
		Media: e.Media, Themes: e.Themes, Language: e.Language, Zone: w.Zone, AllDay: w.AllDay,
		OnlineURL: e.OnlineURL, RSVPURL: e.RSVPURL, Access: e.Access, RainPlan: e.RainPlan,
		ExpectedPeople: e.ExpectedPeople, Permission: e.Permission,
		Place: PlaceInput{w.Precision, w.Latitude, w.Longitude, w.Address, w.Locality, w.Country},
	}
	if !w.AllDay {
		start, end := w.Start, w.End
		r.StartsAt, r.EndsAt = &start, &end
	}
	return r
}

func (rev Revision) applyTo(r *Registration) {
	set(&r.Way, rev.Way)
	set(&r.Title, rev.Title)
	set(&r.Summary, rev.Summary)
	set(&r.Story, rev.Story)
	set(&r.Language, rev.Language)
	set(&r.Place, rev.Place)
	set(&r.Zone, rev.Zone)
	set(&r.AllDay, rev.AllDay)
	set(&r.OnlineURL, rev.OnlineURL)
	set(&r.RSVPURL, rev.RSVPURL)
	set(&r.RainPlan, rev.RainPlan)
	set(&r.ExpectedPeople, rev.ExpectedPeople)
	set(&r.Permission, rev.Permission)
	if rev.Media != nil {
		r.Media = rev.Media
	}
	if rev.Themes != nil {
		r.Themes = rev.Themes
	}
	if rev.Access != nil {
		r.Access = rev.Access
	}
	if rev.StartsAt != nil {
		r.StartsAt, r.AllDay = rev.StartsAt, false
	}
	if rev.EndsAt != nil {
		r.EndsAt = rev.EndsAt
	}
	if r.AllDay {
		r.StartsAt, r.EndsAt = nil, nil
	}
	if rev.Place != nil && rev.Zone == nil && strings.TrimSpace(r.Zone) != "" && rev.Place.Latitude != nil {
		r.Zone = "" // a new pin may lie in another zone: propose it again
	}
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// newsOf is the news of a change to an event, none while it is not public. What readers of older
// news would learn of the place and could not see any more is taken back from them.
func (s *Service) newsOf(kind ActivityKind, before, after Event, host Host) []Activity {
	if !after.IsPublic() {
		return nil
	}
	news := s.news(kind, after, host.DisplayName)
	if placeChanged(before, after) {
		news.Redacts = RedactPlace
	}
	return []Activity{news}
}

// placeChanged tells whether readers of older news would learn a place or hour that the event no
// longer shows.
func placeChanged(before, after Event) bool {
	a, b := before.Place, after.Place
	return a.Precision != b.Precision || !sameDegree(a.Latitude, b.Latitude) ||
		!sameDegree(a.Longitude, b.Longitude) || a.Locality != b.Locality || a.Country != b.Country ||
		!before.Schedule.StartsAt.Equal(after.Schedule.StartsAt)
}

func sameDegree(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// change loads an event that the actor may change, lets decide change it, and saves it once.
func (s *Service) change(ctx context.Context, a act, id ID, decide func(*Event) (Change, error)) (Event, error) {
	if !a.who.IsSignedIn() && !a.who.System {
		return Event{}, ErrNotSignedIn
	}
	decided := func() (Change, error) {
		e, err := s.store.Event(ctx, id)
		if err != nil {
			return Change{}, err
		}
		if !a.who.Owns(e) && !a.who.Moderates() { // the same answer as if it were not there
			return Change{}, ErrNotFound
		}
		change, err := decide(&e)
		change.Event = &e
		return change, err
	}
	e, err := s.once(ctx, a, decided)
	for try := 1; try < maxDecisions && isConflict(err); try++ { // as when the clock starts the event
		e, err = s.once(ctx, a, decided)
	}
	return e, err
}

// maxDecisions is how often an act is decided anew because somebody else, often the clock, saved the
// event between its loading and its saving. Whoever named a stale version is refused each time.
const maxDecisions = 3

func isConflict(err error) bool {
	problems, _ := ProblemsIn(err)
	return len(problems) == 1 && problems[0].Code == Conflict && problems[0].Field == "version"
}

// surroundings loads what decisions about an event need.
func (s *Service) surroundings(ctx context.Context, e Event) (ed Edition, w Whereabouts, h Host, err error) {
	if ed, err = s.store.Edition(ctx, e.EditionID); err != nil {
		return ed, w, h, err
	}
	if w, err = s.store.Whereabouts(ctx, e.ID); err != nil {
		return ed, w, h, err
	}
	h, err = s.store.Host(ctx, e.HostID)
	return ed, w, h, err
}

func staleEvent() error {
	return problem(Conflict, "version", "Somebody changed this event meanwhile. Please load it again.")
}
