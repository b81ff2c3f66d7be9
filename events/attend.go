package events

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// MinDeviceToken and MaxDeviceToken bound a device token in characters.
const (
	MinDeviceToken = 16
	MaxDeviceToken = 200
)

// Cheer counts one device online, once per event. It is a public act that needs no account. The
// device is a random token that the browser keeps; only its hash is stored. Repeating it is
// harmless.
func (s *Service) Cheer(ctx context.Context, key string, event ID, device string) (Event, Outcome, error) {
	e, edition, err := s.doors.at(ctx, event)
	if err != nil || !e.IsPublic() {
		return Event{}, "", missing(orNotFound(err), "eventId", "There is no such event.")
	}
	if err := checkAttendance(Cheer, e, edition, s.now(), "eventId"); err != nil {
		return Event{}, NotOpenNow, err
	}
	outcome, err := s.attend(ctx, key, device, Attendance{EventID: event, Kind: Cheer}, "eventId")
	return e, outcome, err
}

func orNotFound(err error) error {
	if err == nil {
		return ErrNotFound
	}
	return err
}

// CheckInsOpen is from when to when people can check in: from DayGrace before the begin until
// DayGrace after the end. While the event is live they can at any time.
func (e Event) CheckInsOpen() (opens, closes time.Time) {
	return e.Schedule.StartsAt.Add(-DayGrace), e.Schedule.EndsAt.Add(DayGrace)
}

// checkAttendance says whether the event takes people now: check-ins while CheckInsOpen, cheers
// during the whole edition.
func checkAttendance(kind AttendanceKind, e Event, edition Edition, now time.Time, field string) error {
	if e.Day.Phase() == Off {
		return problem(NotOpen, field, "This event does not take place on the day, so nobody can be counted.")
	}
	opens, closes := e.CheckInsOpen()
	if kind == Cheer {
		opens, closes = edition.Date.Window()
	}
	if e.Day != Live && (now.Before(opens) || now.After(closes)) {
		return problem(NotOpen, field, "Counting is open from %s to %s.",
			opens.UTC().Format(time.RFC3339), closes.UTC().Format(time.RFC3339))
	}
	return nil
}

// eventAndEdition loads what checkAttendance needs.
func (s *Service) eventAndEdition(ctx context.Context, id ID) (Event, Edition, error) {
	e, err := s.store.Event(ctx, id)
	if err != nil {
		return e, Edition{}, err
	}
	ed, err := s.store.Edition(ctx, e.EditionID)
	return e, ed, err
}

// The limits of group commit.
const (
	gatherFor   = 3 * time.Millisecond // how long the first of a group waits for others
	gatherMost  = 500                  // attendances in one statement
	gatherQueue = 5000                 // attendances that wait; more are turned away
	attendLimit = 5 * time.Second      // for storing one group
)

// gatherer collects the attendances that arrive within a few milliseconds and stores them in one
// transaction (group commit): one commit for a crowd instead of one for each person. Every caller
// is answered after the commit with its own outcome. It has no goroutine while nothing waits.
type gatherer struct {
	store func(context.Context, []Attendance, func() [16]byte) ([]Outcome, error)
	newID func() [16]byte

	mu      sync.Mutex
	waiting []pending
	running bool
}

type pending struct {
	attendance Attendance
	answer     chan answer // buffered, so that nobody waits for a caller who left
}

type answer struct {
	outcome Outcome
	err     error
}

func newGatherer(store func(context.Context, []Attendance, func() [16]byte) ([]Outcome, error), newID func() [16]byte) *gatherer {
	return &gatherer{store: store, newID: newID}
}

func (g *gatherer) attend(ctx context.Context, a Attendance) (Outcome, error) {
	p := pending{a, make(chan answer, 1)}
	if !g.enqueue(p) {
		return "", &BusyError{RetryAfter: 1}
	}
	select {
	case got := <-p.answer:
		return got.outcome, got.err
	case <-ctx.Done(): // it may still be counted; the caller's repeat is harmless
		return "", fmt.Errorf("events: attend: %w", ctx.Err())
	}
}

func (g *gatherer) enqueue(p pending) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) >= gatherQueue {
		return false
	}
	g.waiting = append(g.waiting, p)
	if !g.running {
		g.running = true
		go g.run()
	}
	return true
}

// run stores group after group until nothing waits. While a group is being committed the next
// one gathers, so only the first of a lull waits the full time.
func (g *gatherer) run() {
	<-time.After(gatherFor)
	for {
		group := g.take()
		if len(group) == 0 {
			return
		}
		g.commit(group)
	}
}

func (g *gatherer) take() []pending {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := min(len(g.waiting), gatherMost)
	group := g.waiting[:n:n]
	g.waiting = g.waiting[n:]
	if n == 0 {
		g.waiting, g.running = nil, false
	}
	return group
}

func (g *gatherer) commit(group []pending) {
	ctx, cancel := context.WithTimeout(context.Background(), attendLimit)
	defer cancel()
	all := make([]Attendance, len(group))
	for i, p := range group {
		all[i] = p.attendance
	}
	outcomes, err := g.store(ctx, all, g.newID)
	for i, p := range group {
		got := answer{err: err}
		if err == nil {
			got.outcome = outcomes[i]
		}
		p.answer <- got
	}
}
