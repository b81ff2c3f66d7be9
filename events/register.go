package events

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
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

func (r Registration) check(edition Edition) (ps Problems) {
	ps = ps.text("title", "title", r.Title, 3, MaxTitle)
	ps = ps.text("summary", "summary", r.Summary, 0, MaxSummary)
	ps = ps.text("story", "story", r.Story, 0, MaxStory)
	ps = ps.text("rain plan", "rainPlan", r.RainPlan, 0, MaxNote)
	ps = ps.text("permission statement", "permission", r.Permission, 0, MaxNote)
	ps = ps.text("language", "language", r.Language, 0, 35)
	ps = ps.link("onlineUrl", r.OnlineURL)
	ps = ps.link("rsvpUrl", r.RSVPURL)
	ps = ps.items("media", len(r.Media))
	ps = ps.items("themes", len(r.Themes))
	ps = ps.items("access", len(r.Access))
	if r.ExpectedPeople < 0 || r.ExpectedPeople > MaxPeople {
		ps = append(ps, problem(OutOfRange, "expectedPeople", "Expected people are 0 to %d.", MaxPeople))
	}
	for _, theme := range r.Themes {
		if !edition.HasTheme(theme) {
			ps = append(ps, problem(Invalid, "themes", "%.60q is not a theme of %s.", theme, edition.Title))
		}
	}
	if r.Way == "" {
		ps = append(ps, problem(Required, "way", "Please choose one of the three ways to take part."))
	}
	if r.Way == Digital && strings.TrimSpace(r.OnlineURL) == "" && !r.Draft {
		ps = append(ps, problem(Required, "onlineUrl", "A digital event needs the link where it happens."))
	}
	return ps
}

func (h Host) check() (ps Problems) {
	ps = ps.text("host's name", "host.displayName", h.DisplayName, 2, MaxShortText)
	ps = ps.text("bio", "host.bio", h.Bio, 0, 2000)
	ps = ps.items("host.links", len(h.Links))
	ps = ps.items("host.languages", len(h.Languages))
	for _, link := range h.Links {
		ps = ps.link("host.links", link)
	}
	return ps
}

func (w Whereabouts) check(atlas Atlas, way Way) (ps Problems) {
	ps = ps.text("address", "place.address", w.Address, 0, MaxShortText)
	ps = ps.text("town", "place.locality", w.Locality, 0, MaxShortText)
	switch {
	case (w.Latitude == nil) != (w.Longitude == nil):
		ps = append(ps, problem(Required, "place.longitude", "A pin needs both latitude and longitude."))
	case w.Latitude != nil && (!isLatitude(*w.Latitude) || !isLongitude(*w.Longitude)):
		ps = append(ps, problem(OutOfRange, "place.latitude", "%s", pinAdvice(*w.Latitude, *w.Longitude)))
	case w.Latitude == nil && way != Digital && needsPin(w.Precision):
		ps = append(ps, problem(Required, "place", "Please put a pin on the map, or choose a coarser precision."))
	}
	switch {
	case w.Country == "" && w.Precision != HiddenPrecision && way != Digital:
		ps = append(ps, problem(Required, "place.country", "Please choose the country or territory."))
	case w.Country != "" && !atlas.IsCountry(w.Country):
		ps = append(ps, problem(Invalid, "place.country", "%.10q is not a country code such as NP.", w.Country))
	}
	if _, err := LoadZone(w.Zone); err != nil {
		found, _ := ProblemsIn(err)
		ps = append(ps, found...)
	}
	return ps
}

func needsPin(p Precision) bool {
	return p == ExactPrecision || p == AreaPrecision || p == CityPrecision
}

func pinAdvice(latitude, longitude float64) string {
	if isLatitude(longitude) && isLongitude(latitude) {
		return "Latitude is -90 to 90 degrees. These two look swapped."
	}
	return "Latitude is -90 to 90 and longitude -180 to 180 degrees."
}

// text checks the length of a text in characters and refuses what cannot be stored.
func (ps Problems) text(what, field, text string, least, most int) Problems {
	text = strings.TrimSpace(text)
	n := utf8.RuneCountInString(text)
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return append(ps, problem(Invalid, field, "The %s holds characters that are not text.", what))
	case n == 0 && least > 0:
		return append(ps, problem(Required, field, "Please give a %s.", what))
	case n < least:
		return append(ps, problem(Invalid, field, "The %s needs at least %d characters.", what, least))
	case n > most:
		return append(ps, problem(TooLong, field, "The %s has %d characters; at most %d fit.", what, n, most))
	}
	return ps
}

func (ps Problems) items(field string, n int) Problems {
	if n > MaxItems {
		return append(ps, problem(TooLong, field, "At most %d can be chosen here.", MaxItems))
	}
	return ps
}

// link accepts nothing or an absolute http(s) address.
func (ps Problems) link(field, text string) Problems {
	text = strings.TrimSpace(text)
	if text == "" {
		return ps
	}
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil || len(text) > MaxURL {
		return append(ps, problem(Invalid, field, "Please give a web address that starts with https:// or http://."))
	}
	return ps
}

// tidy trims a text and takes control characters out of it, line breaks aside.
func tidy(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || !unicode.IsControl(r) {
			return r
		}
		return -1
	}, text))
}

// tidyLine is tidy for a text of one line: every run of white space becomes one space.
func tidyLine(text string) string {
	return strings.Join(strings.Fields(tidy(text)), " ")
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

// missing turns ErrNotFound into a problem of a field.
func missing(err error, field, message string) error {
	if ps, other := ProblemsIn(err); other == nil && len(ps) == 1 && ps[0].Code == NotFound {
		return Problem{Code: NotFound, Message: message, Field: field}
	}
	return err
}

// ClockNotes tells the host in sentences what clock changes do to the times they gave, and when
// the zone does not seem to fit the pin.
func (w Whereabouts) ClockNotes(date LocalDate) []string {
	zone, err := LoadZone(w.Zone)
	if err != nil {
		return nil
	}
	var notes []string
	for _, at := range []LocalTime{w.Start, w.End} {
		if w.AllDay {
			break
		}
		instant, shift := Resolve(date, at, zone)
		switch shift {
		case Skipped:
			notes = append(notes, fmt.Sprintf("The clocks jump over %s on that day, so it becomes %s.", at, instant.In(zone).Format("15:04")))
		case Doubled:
			notes = append(notes, fmt.Sprintf("The clocks show %s twice on that day; the first is meant.", at))
		}
	}
	if w.Longitude != nil && zoneIsFar(zone, *w.Longitude, date) {
		notes = append(notes, fmt.Sprintf("%s is unusual for a place at this longitude. Is it right?", w.Zone))
	}
	return notes
}

// zoneIsFar is true where the zone's offset differs from the sun's by more than 3.5 hours.
func zoneIsFar(zone *time.Location, longitude float64, date LocalDate) bool {
	offset := offsetAt(date.wall(12*60), zone).Hours()
	difference := offset - longitude/15
	for difference > 12 {
		difference -= 24
	}
	for difference < -12 {
		difference += 24
	}
	return difference > 3.5 || difference < -3.5
}
