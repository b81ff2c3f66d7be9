package events_test

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// stage is a hub with one open edition, its people and a clock that stands still.
type stage struct {
	*events.Service
	t       *testing.T
	store   *eventstest.Store
	clock   *eventstest.Clock
	newID   func() [16]byte
	edition events.Edition
	host    events.Actor // signed in, without a host profile yet
	steward events.Actor
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, store: eventstest.NewStore(), clock: eventstest.NewClock(eventstest.Morning())}
	ids := eventstest.NewIDs(7)
	s.newID = ids.UUID
	s.Service = events.New(s.parts(s.store))
	edition := eventstest.Edition(ids)
	made, err := s.NewEdition(t.Context(), events.Actor{System: true}, edition)
	if err != nil {
		t.Fatal(err)
	}
	s.edition = made
	s.host = s.signedIn("host@example.org")
	s.steward = s.signedIn("steward@example.org", events.StewardRole)
	return s
}

// parts are those of a hub over a store, which may be one that misbehaves.
func (s *stage) parts(store events.Store) events.Parts {
	return events.Parts{
		Store: store, Atlas: eventstest.Atlas{}, Now: s.clock.Now, NewID: s.newID,
		Random: rand.Reader, Site: func() string { return "https://hub.example" },
		CodeKey: eventstest.CodeKey(), Meter: &eventstest.Meter{},
	}
}

// signedIn goes through a real sign-in link.
func (s *stage) signedIn(email string, roles ...events.Role) events.Actor {
	s.t.Helper()
	link, err := s.InviteLink(s.t.Context(), email, time.Hour, roles...)
	if err != nil {
		s.t.Fatal(err)
	}
	_, session, err := s.SignIn(s.t.Context(), link[len("https://hub.example/sign-in/"):], "")
	if err != nil {
		s.t.Fatal(err)
	}
	who, err := s.ActorOf(s.t.Context(), session)
	if err != nil || !who.IsSignedIn() {
		s.t.Fatalf("signed in as %+v, %v", who, err)
	}
	return who
}

// kathmandu is a registration that has nothing wrong with it.
func (s *stage) kathmandu() events.Registration {
	latitude, longitude := 27.6727, 85.3253
	starts, ends := events.LocalTime(10*60), events.LocalTime(12*60)
	return events.Registration{
		EditionID: s.edition.ID, Way: events.OwnWork, Title: "Wall of birds", Zone: "Asia/Kathmandu",
		StartsAt: &starts, EndsAt: &ends, Host: &events.HostProfile{DisplayName: "Patan Collective"},
		Place: events.PlaceInput{
			Latitude: &latitude, Longitude: &longitude, Locality: "Patan", Country: "NP",
			Address: "Durbar Square 4",
		},
	}
}

func (s *stage) registered(change ...func(*events.Registration)) events.Event {
	s.t.Helper()
	r := s.kathmandu()
	for _, c := range change {
		c(&r)
	}
	e, err := s.Register(s.t.Context(), s.host, "", r)
	if err != nil {
		s.t.Fatal(err)
	}
	s.host = s.refreshed(s.host)
	return e
}

// refreshed is the actor with the host profile that a registration gave it.
func (s *stage) refreshed(who events.Actor) events.Actor {
	s.t.Helper()
	account, err := s.Account(s.t.Context(), who)
	if err != nil {
		s.t.Fatal(err)
	}
	return events.Actor{AccountID: account.ID, HostID: account.HostID, Roles: account.Roles}
}

func (s *stage) listed(change ...func(*events.Registration)) events.Event {
	s.t.Helper()
	e, err := s.Approve(s.t.Context(), s.steward, "", s.registered(change...).ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

// log sequences what waits and gives the edition's whole log.
func (s *stage) log() []events.Activity {
	s.t.Helper()
	for {
		moved, err := s.store.Sequence(s.t.Context(), 100)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(moved) == 0 {
			break
		}
	}
	all, err := s.Changes(s.t.Context(), s.edition.ID, events.Position{}, events.MaxChanges)
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

func wantProblem(t *testing.T, err error, code events.ProblemCode, field string) {
	t.Helper()
	problems, other := events.ProblemsIn(err)
	if other != nil {
		t.Fatalf("error = %v, want a problem %s at %s", other, code, field)
	}
	for _, p := range problems {
		if p.Code == code && p.Field == field && p.Message != "" {
			return
		}
	}
	t.Errorf("problems = %+v, want %s at %q", problems, code, field)
}

func TestAnEventIsListedAfterReview(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.registered()
	if e.Review != events.Submitted || e.Day != events.Planned {
		t.Fatalf("registered event is %s, %s", e.Review, e.Day)
	}
	if _, err := s.Event(t.Context(), events.Actor{}, e.ID); !errors.Is(err, events.ErrNotFound) {
		t.Errorf("a passer-by can see an event that waits: %v", err)
	}
	if byLink, err := s.EventByName(t.Context(), events.Actor{}, e.LinkKey); err != nil || byLink.ID != e.ID {
		t.Errorf("the link does not work at once: %v", err)
	}
	if _, err := s.EventByName(t.Context(), events.Actor{}, e.Slug); !errors.Is(err, events.ErrNotFound) {
		t.Errorf("the slug, which can be guessed, works before the listing: %v", err)
	}
	listed, err := s.Approve(t.Context(), s.steward, "", e.ID)
	if err != nil || listed.Review != events.Listed {
		t.Fatalf("approved event = %+v, %v", listed.Review, err)
	}
	if _, err := s.EventByName(t.Context(), events.Actor{}, e.Slug); err != nil {
		t.Errorf("a listed event has no page: %v", err)
	}
	last := s.log()[len(s.log())-1]
	if last.Kind != events.EventListed || last.Card.HostName != "Patan Collective" {
		t.Errorf("the log ends with %+v", last)
	}
}

func TestWhatIsSavedSaysWhen(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	draft := eventstest.Edition(eventstest.NewIDs(8), func(e *events.Edition) { e.Slug, e.UpdatedAt = "another", time.Time{} })
	made, err := s.NewEdition(t.Context(), events.Actor{System: true}, draft)
	if err != nil || !made.UpdatedAt.Equal(s.clock.Now()) {
		t.Errorf("an edition made now says %v, %v", made.UpdatedAt, err)
	}
	e := s.registered()
	s.clock.Advance(time.Hour)
	if _, err := s.Approve(t.Context(), s.steward, "", e.ID); err != nil {
		t.Fatal(err)
	}
	if host, err := s.Host(t.Context(), e.HostID); err != nil || !host.UpdatedAt.Equal(s.clock.Now()) {
		t.Errorf("a host whose trust grew now says %v, %v", host.UpdatedAt, err)
	}
}

func TestTrustedHostsSkipTheQueue(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	first := s.listed()
	host, err := s.Host(t.Context(), first.HostID)
	if err != nil || host.Trust != events.KnownTrust {
		t.Fatalf("after a first approval the host is %s, %v", host.Trust, err)
	}
	host.Trust = events.TrustedTrust
	if err := s.store.SaveHost(t.Context(), &host); err != nil {
		t.Fatal(err)
	}
	if e := s.registered(); e.Review != events.Listed {
		t.Errorf("a trusted host's event is %s", e.Review)
	}
	host.Trust = events.BlockedTrust
	if err := s.store.SaveHost(t.Context(), &host); err != nil {
		t.Fatal(err)
	}
	_, err = s.Register(t.Context(), s.host, "", s.kathmandu())
	wantProblem(t, err, events.WrongState, "host")
}

func TestRegisteringTellsAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	r := s.kathmandu()
	swappedLatitude, swappedLongitude := 139.69, 35.68
	r.Title, r.Way, r.RSVPURL = "  ", "", "javascript:alert(1)"
	r.Place.Latitude, r.Place.Longitude = &swappedLatitude, &swappedLongitude
	r.Place.Country, r.Zone, r.Themes = "XX", "Mars/Olympus", []string{"no-such-theme"}
	_, err := s.Register(t.Context(), s.host, "", r)
	wantProblem(t, err, events.Required, "title")
	wantProblem(t, err, events.Required, "way")
	wantProblem(t, err, events.Invalid, "rsvpUrl")
	wantProblem(t, err, events.OutOfRange, "place.latitude")
	wantProblem(t, err, events.Invalid, "place.country")
	wantProblem(t, err, events.Invalid, "place.zone")
	wantProblem(t, err, events.Invalid, "themes")
}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.registered()
	stranger := s.signedIn("stranger@example.org")
	ctx := t.Context()
	acts := map[string]func(events.Actor) error{
		"revise":   func(a events.Actor) error { _, err := s.Revise(ctx, a, "", e.ID, events.Revision{}); return err },
		"withdraw": func(a events.Actor) error { _, err := s.Withdraw(ctx, a, "", e.ID, ""); return err },
		"set day":  func(a events.Actor) error { _, err := s.SetDay(ctx, a, "", e.ID, events.DayChange{}); return err },
		"submit":   func(a events.Actor) error { _, err := s.Submit(ctx, a, "", e.ID); return err },
	}
	for name, act := range acts {
		if err := act(events.Actor{}); !errors.Is(err, events.ErrNotSignedIn) {
			t.Errorf("nobody can %s: %v", name, err)
		}
		if err := act(stranger); !errors.Is(err, events.ErrNotFound) {
			t.Errorf("%s by another host answers %v, which is not as if the event were not there", name, err)
		}
	}
	reviews := map[string]func(events.Actor) error{
		"approve":         func(a events.Actor) error { _, err := s.Approve(ctx, a, "", e.ID); return err },
		"reject":          func(a events.Actor) error { _, err := s.Reject(ctx, a, "", e.ID, "why"); return err },
		"hide":            func(a events.Actor) error { _, err := s.Hide(ctx, a, "", e.ID, "why"); return err },
		"request changes": func(a events.Actor) error { _, err := s.RequestChanges(ctx, a, "", e.ID, "why"); return err },
		"see the queue":   func(a events.Actor) error { _, err := s.ReviewQueue(ctx, a, s.edition.ID, 0, ""); return err },
	}
	for name, act := range reviews {
		if err := act(s.host); !errors.Is(err, events.ErrNotAllowed) {
			t.Errorf("a host can %s: %v", name, err)
		}
		if err := act(events.Actor{}); !errors.Is(err, events.ErrNotSignedIn) {
			t.Errorf("nobody can %s: %v", name, err)
		}
	}
	if _, err := s.NewEdition(ctx, s.steward, s.edition); !errors.Is(err, events.ErrNotAllowed) {
		t.Errorf("a steward can open an edition: %v", err)
	}
	if _, err := s.Whereabouts(ctx, stranger, e.ID); !errors.Is(err, events.ErrNotFound) {
		t.Errorf("another host sees the address: %v", err)
	}
}

func TestAStaleRevisionIsAConflict(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.registered()
	title := "Wall of cranes"
	revised, err := s.Revise(t.Context(), s.host, "", e.ID, events.Revision{Version: &e.Version, Title: &title})
	if err != nil || revised.Title != title || revised.Version != e.Version+1 {
		t.Fatalf("revised = %q v%d, %v", revised.Title, revised.Version, err)
	}
	_, err = s.Revise(t.Context(), s.host, "", e.ID, events.Revision{Version: &e.Version, Title: &title})
	wantProblem(t, err, events.Conflict, "version")
}

// The panic button: the event is gone for everybody, and what the log had said is emptied.
func TestWithdrawingEmptiesTheLog(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.listed()
	s.log()
	if _, err := s.Withdraw(t.Context(), s.host, "", e.ID, "not safe"); err != nil {
		t.Fatal(err)
	}
	for _, a := range s.log() {
		if a.EventID == e.ID && (a.Card != nil || !a.Tombstone) {
			t.Errorf("activity %d still tells of the event: %+v", a.Seq, a.Card)
		}
	}
	for _, name := range []string{e.Slug, e.LinkKey} {
		if _, err := s.EventByName(t.Context(), events.Actor{}, name); !errors.Is(err, events.ErrNotFound) {
			t.Errorf("/e/%s still answers: %v", name, err)
		}
	}
	counts, err := s.store.Counts(t.Context(), s.edition.ID)
	if err != nil || counts.World() != (events.Tally{}) {
		t.Errorf("it still counts: %+v, %v", counts.World(), err)
	}
	back, err := s.Submit(t.Context(), s.host, "", e.ID)
	if err != nil || back.Review != events.Submitted {
		t.Errorf("submitted again it is %s, %v", back.Review, err)
	}
}

// A host who makes the place coarser must not be found in older news.
func TestCoarserPlaceIsTakenBackFromTheLog(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.listed()
	s.log()
	place := s.kathmandu().Place
	place.Precision = events.HiddenPrecision
	hidden, err := s.Revise(t.Context(), s.host, "", e.ID, events.Revision{Place: &place})
	if err != nil {
		t.Fatal(err)
	}
	if hidden.Place.IsMapped() || hidden.Place.Country != "" || hidden.Schedule.Zone != "" {
		t.Errorf("a hidden event shows %+v %+v", hidden.Place, hidden.Schedule)
	}
	for _, a := range s.log() {
		if a.Card != nil && (a.Card.Place.IsMapped() || a.Card.Place.Country != "" || a.Card.Place.Locality != "") {
			t.Errorf("activity %d still places it: %+v", a.Seq, a.Card.Place)
		}
	}
	where, err := s.Whereabouts(t.Context(), s.host, e.ID)
	if err != nil || where.Address != "Durbar Square 4" || *where.Latitude != 27.6727 {
		t.Errorf("the host's own view lost the place: %+v, %v", where, err)
	}
}

func mustZone(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := events.LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
