package events

import (
	"context"
	"time"
)

// DayGrace is how long before and after its local day an event can be set live by hand, and how
// long after its end an event that its host set live stays so before the clock ends it.
const DayGrace = 3 * time.Hour

// DayChange is what a host reports on the day.
type DayChange struct {
	State       DayState    // LIVE, DONE, CONFIRMED, MOVED, POSTPONED, WENT_DIGITAL or CANCELLED
	Reason      string      // a public sentence; needed for CANCELLED and POSTPONED
	PostponedTo *LocalDate  // needed for POSTPONED
	Place       *PlaceInput // the new place, for MOVED
	OnlineURL   *string     // where it happens now, for WENT_DIGITAL
	People      *int        // the host's head count so far, any state
}

// SetDay records what becomes of an event on its day. LIVE can be set during the event's local day
// and DayGrace around it, by the hour of the place.
func (s *Service) SetDay(ctx context.Context, who Actor, key string, id ID, d DayChange) (Event, error) {
	input := struct {
		ID ID
		D  DayChange
	}{id, d}
	return s.change(ctx, act{who, "setDay", key, input}, id, func(e *Event) (Change, error) {
		edition, where, host, err := s.surroundings(ctx, *e)
		if err != nil {
			return Change{}, err
		}
		if err := d.check(*e, edition, where, s.now()); err != nil {
			return Change{}, err
		}
		before, change := *e, Change{Audit: AuditEntry{Reason: d.Reason}}
		if d.Place != nil && d.State == Moved {
			moved, newWhere, err := s.revised(edition, *e, where, Revision{Place: d.Place})
			if err != nil {
				return Change{}, err
			}
			*e, change.Whereabouts = moved, &newWhere
		}
		e.setDay(d, dayBy(who, *e), s.now())
		change.News = s.newsOf(DayChanged, before, *e, host)
		return change, nil
	})
}

func dayBy(who Actor, e Event) DayBy {
	if who.Owns(e) {
		return ByHost
	}
	return BySteward
}

func (e *Event) setDay(d DayChange, by DayBy, now time.Time) {
	if d.State != "" {
		e.Day, e.DayBy, e.DayReason = d.State, by, tidy(d.Reason)
	}
	if d.People != nil {
		e.DeclaredPeople = *d.People
	}
	if d.OnlineURL != nil {
		e.OnlineURL = *d.OnlineURL
	}
	e.PostponedTo = LocalDate{}
	switch d.State {
	case Postponed:
		e.PostponedTo = *d.PostponedTo
	case Live:
		e.LiveAt = now
	case Done:
		e.DoneAt = now
	}
}

func (d DayChange) check(e Event, ed Edition, w Whereabouts, now time.Time) error {
	var ps Problems
	ps = ps.text("reason", "reason", d.Reason, 0, MaxNote)
	if d.People != nil && (*d.People < 0 || *d.People > MaxPeople) {
		ps = append(ps, problem(OutOfRange, "people", "The head count is 0 to %d.", MaxPeople))
	}
	if d.OnlineURL != nil {
		ps = ps.link("onlineUrl", *d.OnlineURL)
	}
	switch stage := ed.StageAt(now); {
	case stage == FrozenStage || stage == ArchivedStage:
		ps = append(ps, problem(NotOpen, "", "%s is frozen: its events cannot be changed any more.", ed.Title))
	case !e.Review.in(Listed, LinkOnly, Submitted):
		ps = append(ps, wrongReview(e, "run"))
	}
	return append(ps, d.checkState(e, ed, w, now)...).orNil()
}

func (d DayChange) checkState(e Event, ed Edition, w Whereabouts, now time.Time) (ps Problems) {
	switch d.State {
	case "":
		if d.People == nil {
			ps = append(ps, problem(Required, "state", "Please say what changed: the state or the head count."))
		}
	case Live:
		return d.checkLive(ed, w, now)
	case Done:
		if e.Day != Live && now.Before(e.Schedule.StartsAt) {
			ps = append(ps, problem(WrongState, "state", "It has not begun yet, so it cannot be done."))
		}
	case Postponed:
		if d.PostponedTo == nil || !ed.Date.Before(*d.PostponedTo) {
			ps = append(ps, problem(Required, "postponedTo", "Please give the new date, after %s.", ed.Date))
		}
		ps = ps.text("reason", "reason", d.Reason, 3, MaxNote)
	case Cancelled:
		ps = ps.text("reason", "reason", d.Reason, 3, MaxNote)
	case WentDigital:
		if e.OnlineURL == "" && (d.OnlineURL == nil || *d.OnlineURL == "") {
			ps = append(ps, problem(Required, "onlineUrl", "Please give the link where it happens now."))
		}
	case Planned, Confirmed, Moved:
	default:
		ps = append(ps, problem(Invalid, "state", "An event becomes DOCUMENTED by its report, not by hand."))
	}
	return ps
}

// checkLive holds the event's local day with DayGrace around it against the clock.
func (d DayChange) checkLive(ed Edition, w Whereabouts, now time.Time) Problems {
	zone, err := LoadZone(w.Zone)
	if err != nil {
		found, _ := ProblemsIn(err)
		return found
	}
	starts, ends := ed.Date.In(zone)
	if now.Before(starts.Add(-DayGrace)) || !now.Before(ends.Add(DayGrace)) {
		return Problems{problem(NotOpen, "state",
			"It can go live on %s by the clock of the place, and three hours around it; there it is %s now.",
			ed.Date, now.In(zone).Format("2006-01-02 15:04"))}
	}
	return nil
}

// maxDue is how many events one tick of the clock starts or ends; what is left comes next.
const maxDue = 500

// Tick lets the clock start and end the events whose hosts set nothing, and tells how many it
// changed. Any number of hubs may tick: an event that another hub was faster with is left to it.
func (s *Service) Tick(ctx context.Context) (int, error) {
	now := s.now()
	due, err := s.store.EventsDue(ctx, now, DayGrace, maxDue)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	names, err := s.hostNames(ctx, due)
	if err != nil {
		return 0, err
	}
	changes := make([]Change, 0, len(due))
	for _, e := range due {
		e.tick(now)
		changes = append(changes, Change{
			Event: &e, News: []Activity{s.news(DayChanged, e, names[e.HostID])},
			Audit: AuditEntry{Act: "tick"}, At: now,
		})
	}
	if err := s.store.SaveEvents(ctx, changes...); err == nil {
		return len(changes), nil
	}
	return s.saveEach(ctx, changes) // one stale event must not hold up the others
}

func (s *Service) saveEach(ctx context.Context, changes []Change) (saved int, err error) {
	for _, change := range changes {
		err := s.store.SaveEvents(ctx, change)
		if _, other := ProblemsIn(err); other != nil {
			return saved, other
		}
		if err == nil {
			saved++
		}
	}
	return saved, nil
}

func (e *Event) tick(now time.Time) {
	e.DayBy, e.DayReason = ByClock, ""
	if e.Day.Phase() == Upcoming && now.Before(e.Schedule.EndsAt) {
		e.Day, e.LiveAt = Live, now
		return
	}
	e.Day, e.DoneAt = Done, now
}

func (s *Service) hostNames(ctx context.Context, list []Event) (map[ID]string, error) {
	ids := make([]ID, 0, len(list))
	seen := map[ID]bool{}
	for _, e := range list {
		if !seen[e.HostID] {
			seen[e.HostID] = true
			ids = append(ids, e.HostID)
		}
	}
	names := make(map[ID]string, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), MaxPage)
		hosts, err := s.store.Hosts(ctx, ids[:n])
		if err != nil {
			return nil, err
		}
		for _, h := range hosts {
			names[h.ID] = h.DisplayName
		}
		ids = ids[n:]
	}
	return names, nil
}
