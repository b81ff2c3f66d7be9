package events

import (
	"context"
	"time"
)

// The paces of check-ins above which an event is flagged. Nobody is turned away: a square shares one
// address, and a crowd may be real.
const (
	// NetworkPace is how many people an hour may check in at one event from one network.
	NetworkPace = 300
	// EventPace is how many people an hour may check in at one event, whatever its host expects.
	EventPace = 1000
	// ExpectedTimes is how many times the people whom the host expects may come in an hour.
	ExpectedTimes = 5
	paceOver      = time.Hour
)

// MaxFlags is how many flags are listed at once.
const MaxFlags = MaxPage

// Flag says that something at an event deserves a steward's look. It names no address.
type Flag struct {
	EventID ID
	Kind    FlagKind
	FirstAt time.Time
	LastAt  time.Time
	Count   int64 // how many check-ins were above the pace
}

// FlagKind is what is odd.
type FlagKind string

// The kinds of flag.
const (
	ManyFromOneNetwork FlagKind = "MANY_FROM_ONE_NETWORK"
	ManyAtOneEvent     FlagKind = "MANY_AT_ONE_EVENT"
)

func (k FlagKind) known() bool { return k == ManyFromOneNetwork || k == ManyAtOneEvent }

// paceOf is how many people an hour may check in at an event without being odd.
func paceOf(e Event) Pace { return Pace{max(EventPace, ExpectedTimes*e.ExpectedPeople), paceOver} }

// FlaggedEvent is a flag with its event.
type FlaggedEvent struct {
	Flag
	Event Event
}

// Flags lists the flags of an edition, of one event or of all for stewards, last seen first. A zero
// id means all.
func (s *Service) Flags(ctx context.Context, who Actor, edition, event ID, first int) ([]FlaggedEvent, error) {
	if err := moderator(who); err != nil {
		return nil, err
	}
	if first < 1 || first > MaxFlags {
		return nil, problem(OutOfRange, "first", "Ask for 1 to %d flags at once.", MaxFlags)
	}
	flags, err := s.store.Flags(ctx, edition, event, first)
	if err != nil || len(flags) == 0 {
		return nil, err
	}
	ids := make([]ID, 0, len(flags))
	for _, f := range flags {
		ids = append(ids, f.EventID)
	}
	found, err := s.store.EventsByID(ctx, ids)
	byID := make(map[ID]Event, len(found))
	for _, e := range found {
		byID[e.ID] = e
	}
	list := make([]FlaggedEvent, 0, len(flags))
	for _, f := range flags {
		list = append(list, FlaggedEvent{f, byID[f.EventID]})
	}
	return list, err
}

// ClearFlag takes a flag off an event, for a steward who has looked. It is raised again if check-ins
// still come too fast.
func (s *Service) ClearFlag(ctx context.Context, who Actor, key string, event ID, kind FlagKind) (Event, error) {
	a := act{who, "clearFlag", key, [2]any{event, kind}}
	return s.moderate(ctx, a, event, func(*Event, *Host) (Change, error) {
		if !kind.known() {
			return Change{}, problem(Invalid, "kind", "%.40q is no kind of flag.", kind)
		}
		return Change{Clears: kind, Audit: AuditEntry{Reason: string(kind)}}, nil
	})
}
