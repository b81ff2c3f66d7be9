package events

import (
	"context"
	"fmt"
	"strings"
	"unicode"
)

// The limits of what a host can write, in characters or items.
const (
	MaxTitle      = 240
	MaxSummary    = 600
	MaxStory      = 20000
	MaxShortText  = 300 // names, localities, addresses
	MaxNote       = 1000
	MaxURL        = 500
	MaxItems      = 12     // media, themes, access facts, links, languages
	MaxPeople     = 100000 // expected or declared at one event
	MaxEventsHost = 200    // events of one host in one edition
)

// HostProfile is what a host tells about themselves.
type HostProfile struct {
	DisplayName  string
	Kind         HostKind
	Country      string
	Languages    []string
	Links        []string
	Bio          string
	Pseudonymous bool
}

// PlaceInput is where an event is, as its host gives it. Latitude, longitude and address stay
// private unless Precision is EXACT; the address is never public.
type PlaceInput struct {
	Precision Precision // "" is EXACT
	Latitude  *float64
	Longitude *float64
	Address   string
	Locality  string
	Country   string
}

// Registration is a new event.
type Registration struct {
	EditionID ID
	Host      *HostProfile // needed with the first registration of an account
	Way       Way
	Title     string
	Summary   string
	Story     string
	Media     []Medium
	Themes    []string
	Language  string
	Place     PlaceInput
	Zone      string // IANA; "" proposes the zone of the pin
	StartsAt  *LocalTime
	EndsAt    *LocalTime
	AllDay    bool
	OnlineURL string
	RSVPURL   string
	Access    []AccessFact
	RainPlan  string

	ExpectedPeople int
	Permission     string

	Draft    bool // keep it to the host for now
	LinkOnly bool // works by its link, never listed
}

// Register makes a new event of the actor's and hands it to the stewards, unless it is a draft or
// for its link only. Events of trusted hosts are listed at once.
func (s *Service) Register(ctx context.Context, who Actor, key string, r Registration) (Event, error) {
	if !who.IsSignedIn() {
		return Event{}, ErrNotSignedIn
	}
	return s.once(ctx, act{who, "register", key, r}, func() (Change, error) {
		edition, host, newHost, err := s.registrar(ctx, who, r)
		if err != nil {
			return Change{}, err
		}
		e, where, err := s.draft(edition, host, r)
		if err != nil {
			return Change{}, err
		}
		change := Change{Event: &e, Whereabouts: &where}
		if newHost {
			change.Host, change.AccountID = &host, who.AccountID
		}
		switch {
		case r.LinkOnly:
			e.Review = LinkOnly
		case !r.Draft:
			change.News = s.submit(&e, host)
		}
		return change, nil
	})
}

// registrar finds who registers and for what.
func (s *Service) registrar(ctx context.Context, who Actor, r Registration) (ed Edition, h Host, isNew bool, err error) {
	if ed, err = s.edition(ctx, who, r.EditionID, "editionId"); err != nil {
		return ed, h, false, err
	}
	if !ed.TakesRegistrations(s.now()) {
		return ed, h, false, problem(NotOpen, "editionId", "%s does not take registrations now.", ed.Title)
	}
	if !who.HostID.IsZero() {
		h, err = s.store.Host(ctx, who.HostID)
		if err == nil && h.Trust == BlockedTrust {
			err = problem(WrongState, "host", "This host cannot register events. Please write to the organizers.")
		}
		return ed, h, false, err
	}
	if r.Host == nil {
		return ed, h, false, problem(Required, "host", "Please say who hosts: a name or a moniker.")
	}
	h = Host{ID: s.id(HostPrefix), Trust: NewTrust}
	return ed, h.with(*r.Host), true, nil
}

// edition finds an edition that the actor may see.
func (s *Service) edition(ctx context.Context, who Actor, id ID, field string) (Edition, error) {
	ed, err := s.store.Edition(ctx, id)
	if err != nil {
		return ed, missing(err, field, "There is no edition with this id.")
	}
	if !ed.IsPublic() && !who.Moderates() {
		return Edition{}, problem(NotFound, field, "There is no edition with this id.")
	}
	return ed, nil
}

func (h Host) with(p HostProfile) Host {
	h.DisplayName, h.Kind, h.Country = tidyLine(p.DisplayName), p.Kind, strings.ToUpper(p.Country)
	h.Languages, h.Links, h.Bio, h.Pseudonymous = p.Languages, p.Links, tidy(p.Bio), p.Pseudonymous
	if h.Kind == "" {
		h.Kind = PersonHost
	}
	return h
}

// draft turns a registration into an event and its whereabouts, or all that is wrong with it.
func (s *Service) draft(edition Edition, host Host, r Registration) (Event, Whereabouts, error) {
	where := s.whereabouts(r)
	ps := r.check(edition)
	ps = append(ps, host.check()...)
	ps = append(ps, where.check(s.atlas, r.Way)...)
	if len(ps) > 0 {
		return Event{}, where, ps
	}
	place, schedule, err := where.Public(edition.Date, s.atlas)
	if err != nil {
		return Event{}, where, err
	}
	link, err := s.randomBits()
	if err != nil {
		return Event{}, where, err
	}
	id := s.id(EventPrefix)
	e := Event{
		ID: id, EditionID: edition.ID, HostID: host.ID, LinkKey: link,
		Slug: slugOf(r.Title, link), Review: Draft, Day: Planned, DayBy: ByHost,
		Place: place, Schedule: schedule, CreatedAt: s.now(),
	}
	return r.apply(e), where, nil
}

func (r Registration) apply(e Event) Event {
	e.Way, e.Title, e.Summary, e.Story = r.Way, tidyLine(r.Title), tidy(r.Summary), tidy(r.Story)
	e.Media, e.Themes, e.Language = r.Media, r.Themes, r.Language
	e.OnlineURL, e.RSVPURL, e.Access = strings.TrimSpace(r.OnlineURL), strings.TrimSpace(r.RSVPURL), r.Access
	e.RainPlan, e.ExpectedPeople, e.Permission = tidy(r.RainPlan), r.ExpectedPeople, tidy(r.Permission)
	return e
}

func (s *Service) whereabouts(r Registration) Whereabouts {
	w := Whereabouts{
		Precision: r.Place.Precision, Latitude: r.Place.Latitude, Longitude: r.Place.Longitude,
		Address: tidyLine(r.Place.Address), Locality: tidyLine(r.Place.Locality),
		Country: strings.ToUpper(strings.TrimSpace(r.Place.Country)), Zone: r.Zone, AllDay: r.AllDay,
	}
	if w.Precision == "" {
		w.Precision = ExactPrecision
	}
	if w.Zone == "" && w.Latitude != nil && w.Longitude != nil {
		w.Zone, _ = s.atlas.ZoneAt(*w.Latitude, *w.Longitude)
	}
	if r.StartsAt != nil {
		w.Start = *r.StartsAt
	}
	switch {
	case r.EndsAt != nil:
		w.End = *r.EndsAt
	case r.StartsAt != nil:
		w.End = (w.Start + 120) % (24 * 60)
	}
	if r.StartsAt == nil {
		w.AllDay = true
	}
	return w
}

const maxSlugRunes = 60

// slugOf makes the human key of an event from its title in its own script, and five characters of
// randomness that keep equal titles apart.
func slugOf(title, random string) string {
	var b strings.Builder
	runes := 0
	for _, r := range strings.ToLower(title) {
		switch {
		case runes >= maxSlugRunes:
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			b.WriteRune(r)
			runes++
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	words := strings.Trim(b.String(), "-")
	if words == "" {
		words = "event"
	}
	return fmt.Sprintf("%s-%s", words, random[:5])
}
