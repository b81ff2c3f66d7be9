package events

import (
	"context"
	"time"
)

// Edition finds an edition that the actor may see, or ErrNotFound.
func (s *Service) Edition(ctx context.Context, who Actor, id ID) (Edition, error) {
	return visibleEdition(who)(s.store.Edition(ctx, id))
}

// EditionBySlug is Edition by its human key; "" gives the current edition: the public one whose
// date is nearest to come or, when all are over, the latest.
func (s *Service) EditionBySlug(ctx context.Context, who Actor, slug string) (Edition, error) {
	if slug != "" {
		return visibleEdition(who)(s.store.EditionBySlug(ctx, slug))
	}
	list, err := s.Editions(ctx, Actor{})
	if err != nil {
		return Edition{}, err
	}
	if len(list) == 0 {
		return Edition{}, ErrNotFound
	}
	current := list[0] // latest date first
	for _, ed := range list {
		if s.now().Before(ed.ClosesAt()) {
			current = ed
		}
	}
	return current, nil
}

// Editions lists the editions that the actor may see, latest date first.
func (s *Service) Editions(ctx context.Context, who Actor) ([]Edition, error) {
	all, err := s.store.Editions(ctx)
	if err != nil {
		return nil, err
	}
	var list []Edition
	for _, ed := range all {
		if ed.IsPublic() || who.Moderates() {
			list = append(list, ed)
		}
	}
	return list, nil
}

func visibleEdition(who Actor) func(Edition, error) (Edition, error) {
	return func(ed Edition, err error) (Edition, error) {
		if err == nil && !ed.IsPublic() && !who.Moderates() {
			return Edition{}, ErrNotFound
		}
		return ed, err
	}
}

// Event finds an event that the actor may see, or ErrNotFound.
func (s *Service) Event(ctx context.Context, who Actor, id ID) (Event, error) {
	e, err := s.store.Event(ctx, id)
	if err == nil && !e.VisibleTo(who) {
		return Event{}, ErrNotFound
	}
	return e, err
}

// EventByName finds an event by the last part of its link: the slug of a listed event, or the link
// key of one that works by its link.
func (s *Service) EventByName(ctx context.Context, who Actor, name string) (Event, error) {
	e, err := s.store.EventByName(ctx, name)
	if err != nil || e.VisibleTo(who) || (name == e.LinkKey && e.WorksByLink()) {
		return e, err
	}
	return Event{}, ErrNotFound
}

// Host finds a host.
func (s *Service) Host(ctx context.Context, id ID) (Host, error) { return s.store.Host(ctx, id) }

// Hosts finds hosts by id, at most MaxPage, in any order.
func (s *Service) Hosts(ctx context.Context, ids []ID) ([]Host, error) {
	return s.store.Hosts(ctx, ids)
}

// Account is the actor's own account.
func (s *Service) Account(ctx context.Context, who Actor) (Account, error) {
	if !who.IsSignedIn() {
		return Account{}, ErrNotSignedIn
	}
	return s.store.Account(ctx, who.AccountID)
}

// Find is a page of listed events.
func (s *Service) Find(ctx context.Context, q Query) (EventPage, error) {
	q, err := publicQuery(q)
	if err != nil {
		return EventPage{}, err
	}
	return s.store.FindEvents(ctx, q)
}

// CountFound is how many listed events a query has in all.
func (s *Service) CountFound(ctx context.Context, q Query) (int64, error) {
	q, err := publicQuery(q)
	if err != nil {
		return 0, err
	}
	return s.store.CountEvents(ctx, q)
}

func publicQuery(q Query) (Query, error) {
	q.Reviews = []ReviewState{Listed}
	if q.Order == ByDue {
		q.Order = ByStart
	}
	return q.Check()
}

// StartsPerHour counts the listed events of an edition by the hour in which they begin, from the
// first hour of its date anywhere on earth to the last.
func (s *Service) StartsPerHour(ctx context.Context, ed Edition) ([]int64, error) {
	opens, closes := ed.Date.Window()
	return s.store.StartsPerHour(ctx, ed.ID, opens, int(closes.Sub(opens)/time.Hour))
}

// Wave tells where a date stands over the globe at an instant.
func (s *Service) Wave(date LocalDate, at time.Time) Wave { return waveOf(date, at, s.zones()) }

// OwnEvents is a page of the actor's events in every state.
func (s *Service) OwnEvents(ctx context.Context, who Actor, first int, after string) (EventPage, error) {
	if !who.IsSignedIn() {
		return EventPage{}, ErrNotSignedIn
	}
	if who.HostID.IsZero() {
		return EventPage{}, nil
	}
	q, err := ownQuery(who, first, after).Check()
	if err != nil {
		return EventPage{}, err
	}
	return s.store.FindEvents(ctx, q)
}

// CountOwnEvents is how many events the actor has in all.
func (s *Service) CountOwnEvents(ctx context.Context, who Actor) (int64, error) {
	if !who.IsSignedIn() {
		return 0, ErrNotSignedIn
	}
	if who.HostID.IsZero() {
		return 0, nil
	}
	return s.store.CountEvents(ctx, ownQuery(who, DefaultPage, ""))
}

func ownQuery(who Actor, first int, after string) Query {
	return Query{
		Filter: Filter{HostID: who.HostID}, Order: ByUpdated, First: first, After: after,
		Reviews: []ReviewState{Draft, Submitted, NeedsInfo, LinkOnly, Listed, Rejected, Hidden, Withdrawn},
	}
}

// ReviewQueue is a page of the events of an edition that wait for a steward, least time left
// until their start first.
func (s *Service) ReviewQueue(ctx context.Context, who Actor, edition ID, first int, after string) (EventPage, error) {
	q, err := reviewQuery(who, edition, first, after)
	if err != nil {
		return EventPage{}, err
	}
	return s.store.FindEvents(ctx, q)
}

// CountReviewQueue is how many events wait for a steward.
func (s *Service) CountReviewQueue(ctx context.Context, who Actor, edition ID) (int64, error) {
	q, err := reviewQuery(who, edition, 0, "")
	if err != nil {
		return 0, err
	}
	return s.store.CountEvents(ctx, q)
}

func reviewQuery(who Actor, edition ID, first int, after string) (Query, error) {
	if err := moderator(who); err != nil {
		return Query{}, err
	}
	return Query{
		Filter: Filter{EditionID: edition}, Reviews: []ReviewState{Submitted}, Order: ByDue,
		First: first, After: after,
	}.Check()
}

// Whereabouts is the private side of an event, for its host and for stewards.
func (s *Service) Whereabouts(ctx context.Context, who Actor, id ID) (Whereabouts, error) {
	if _, err := s.entrusted(ctx, who, id); err != nil {
		return Whereabouts{}, err
	}
	return s.store.Whereabouts(ctx, id)
}

// MaxChanges is how many activities Changes gives at once.
const MaxChanges = 1000

// Changes lists an edition's activities after a position, oldest first, for those who poll. A
// position of another epoch gives one SnapshotRequired activity.
func (s *Service) Changes(ctx context.Context, edition ID, since Position, first int) ([]Activity, error) {
	if first < 1 || first > MaxChanges {
		return nil, problem(OutOfRange, "first", "Ask for 1 to %d changes at once.", MaxChanges)
	}
	head, err := s.store.Head(ctx, edition)
	if err != nil {
		return nil, err
	}
	if since.Epoch != head.Epoch && since != (Position{}) || since.Seq > head.Seq {
		return []Activity{{Kind: SnapshotRequired, EditionID: edition, Epoch: head.Epoch, Seq: head.Seq, At: s.now()}}, nil
	}
	return s.store.Changes(ctx, edition, since.Seq, first)
}

// Head is the position of an edition's last activity.
func (s *Service) Head(ctx context.Context, edition ID) (Position, error) {
	return s.store.Head(ctx, edition)
}

// ZoneAt proposes the time zone of a pin.
func (s *Service) ZoneAt(latitude, longitude float64) (string, bool) {
	if !isLatitude(latitude) || !isLongitude(longitude) {
		return "", false
	}
	return s.atlas.ZoneAt(latitude, longitude)
}
