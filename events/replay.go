package events

import (
	"context"
	"time"
)

// Replay is an edition as it was at an instant, told by its log: what a reader would have seen who
// had followed the log until then.
type Replay struct {
	EditionID ID
	At        time.Time // the instant that was asked for
	Position  Position  // of the last activity until then; Seq 0 before the first
	Counts    Counts    // the numbers at that position
}

// Replayer tells how an edition was at an instant.
//
// An instant is a place in the log: behind the longest run of activities from the first on of which
// none happened after it. Hubs' clocks differ by a little, so that an activity may be dated before
// the one in front of it; it then counts as having happened with that one. What the log says of an
// instant never changes but for what is taken back, and numbers are not.
type Replayer interface {
	Replay(ctx context.Context, edition ID, at time.Time) (Replay, error)
}

// Before lists the last activities of an edition up to and with a position, oldest first, at most
// first, as far as they have not been taken back.
func (s *Service) Before(ctx context.Context, edition ID, until Position, first int) ([]Activity, error) {
	if first < 1 || first > MaxPage {
		return nil, problem(OutOfRange, "first", "Ask for 1 to %d activities at once.", MaxPage)
	}
	if until.Seq <= 0 {
		return nil, nil
	}
	after := max(0, until.Seq-int64(first))
	return s.store.Changes(ctx, edition, after, int(until.Seq-after))
}
