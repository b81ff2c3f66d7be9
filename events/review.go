package events

import "context"

// Submit hands an event of the actor's to the stewards, or lists it at once for a trusted host.
func (s *Service) Submit(ctx context.Context, who Actor, key string, id ID) (Event, error) {
	return s.change(ctx, act{who, "submit", key, id}, id, func(e *Event) (Change, error) {
		if !e.Review.in(Draft, NeedsInfo, LinkOnly, Withdrawn) {
			return Change{}, wrongReview(*e, "submitted")
		}
		host, err := s.store.Host(ctx, e.HostID)
		if err != nil {
			return Change{}, err
		}
		if host.Trust == BlockedTrust {
			return Change{}, problem(WrongState, "host", "This host cannot submit events. Please write to the organizers.")
		}
		return Change{News: s.submit(e, host)}, nil
	})
}

// submit moves the event into the queue or past it.
func (s *Service) submit(e *Event, host Host) []Activity {
	e.ReviewReason = ""
	if host.Trust != TrustedTrust {
		e.Review = Submitted
		return nil
	}
	return s.list(e, host)
}

func (s *Service) list(e *Event, host Host) []Activity {
	e.Review, e.ListedAt = Listed, s.now()
	return []Activity{s.news(EventListed, *e, host.DisplayName)}
}

// Approve lists an event. It also takes back a rejection or a steward's hiding. The host of a
// first approved event is known from then on.
func (s *Service) Approve(ctx context.Context, who Actor, key string, id ID) (Event, error) {
	return s.moderate(ctx, act{who, "approve", key, id}, id, func(e *Event, host *Host) (Change, error) {
		if !e.Review.in(Submitted, NeedsInfo, Rejected, Hidden) {
			return Change{}, wrongReview(*e, "approved")
		}
		change := Change{}
		if host.Trust == NewTrust {
			host.Trust = KnownTrust
			change.Host = host
		}
		e.ReviewReason = ""
		change.News = s.list(e, *host)
		return change, nil
	})
}

// RequestChanges gives an event back to its host with a question. It is not listed meanwhile.
func (s *Service) RequestChanges(ctx context.Context, who Actor, key string, id ID, reason string) (Event, error) {
	return s.refuse(ctx, act{who, "requestChanges", key, [2]any{id, reason}}, id, NeedsInfo, reason,
		Submitted, Listed, Rejected)
}

// Reject refuses an event for good, with a reason for its host; Approve can take it back.
func (s *Service) Reject(ctx context.Context, who Actor, key string, id ID, reason string) (Event, error) {
	return s.refuse(ctx, act{who, "reject", key, [2]any{id, reason}}, id, Rejected, reason,
		Submitted, NeedsInfo, LinkOnly)
}

// Hide takes a listed event down everywhere at once; Approve can take it back.
func (s *Service) Hide(ctx context.Context, who Actor, key string, id ID, reason string) (Event, error) {
	return s.refuse(ctx, act{who, "hide", key, [2]any{id, reason}}, id, Hidden, reason, Listed, LinkOnly)
}

// Withdraw is the host's panic button: the event disappears everywhere at once, from whatever
// state, and its older news are emptied. Submit brings it back.
func (s *Service) Withdraw(ctx context.Context, who Actor, key string, id ID, reason string) (Event, error) {
	return s.change(ctx, act{who, "withdraw", key, [2]any{id, reason}}, id, func(e *Event) (Change, error) {
		if ps := Problems(nil).text("reason", "reason", reason, 0, MaxNote); len(ps) > 0 {
			return Change{}, ps
		}
		change := Change{Audit: AuditEntry{Reason: reason}}
		if e.IsPublic() {
			change.News = []Activity{s.tombstone(*e)}
		}
		e.Review, e.ReviewReason = Withdrawn, tidy(reason)
		return change, nil
	})
}

func (s *Service) refuse(ctx context.Context, a act, id ID, to ReviewState, reason string, from ...ReviewState) (Event, error) {
	return s.moderate(ctx, a, id, func(e *Event, _ *Host) (Change, error) {
		if !e.Review.in(from...) {
			return Change{}, wrongReview(*e, "moved to "+string(to))
		}
		if ps := Problems(nil).text("reason", "reason", reason, 3, MaxNote); len(ps) > 0 {
			return Change{}, ps
		}
		change := Change{Audit: AuditEntry{Reason: reason}}
		if e.IsPublic() {
			change.News = []Activity{s.tombstone(*e)}
		}
		e.Review, e.ReviewReason = to, tidy(reason)
		return change, nil
	})
}

// moderate is change for stewards only.
func (s *Service) moderate(ctx context.Context, a act, id ID, decide func(*Event, *Host) (Change, error)) (Event, error) {
	if err := moderator(a.who); err != nil {
		return Event{}, err
	}
	return s.change(ctx, a, id, func(e *Event) (Change, error) {
		host, err := s.store.Host(ctx, e.HostID)
		if err != nil {
			return Change{}, err
		}
		return decide(e, &host)
	})
}

// moderator says what keeps somebody from acting as a steward.
func moderator(who Actor) error {
	switch {
	case !who.IsSignedIn() && !who.System:
		return ErrNotSignedIn
	case !who.Moderates():
		return ErrNotAllowed
	}
	return nil
}

func (r ReviewState) in(states ...ReviewState) bool {
	for _, state := range states {
		if r == state {
			return true
		}
	}
	return false
}

func wrongReview(e Event, done string) Problem {
	return problem(WrongState, "eventId", "An event that is %s cannot be %s.", e.Review, done)
}
