package eventstest

import (
	"context"
	"slices"
	"time"

	"github.com/microgalleries/actionday/events"
)

// editionLog is the public log of one edition with what the sequencer folds out of it.
type editionLog struct {
	activities []events.Activity // activity seq stands at seq-1
	standings  map[events.ID]events.Standing
	counts     events.Counts
}

// Sequence implements events.LogStore.
func (s *Store) Sequence(_ context.Context, limit int) ([]events.Activity, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	batch := s.outbox[:min(len(s.outbox), limit)]
	s.outbox = slices.Clone(s.outbox[len(batch):])
	firsts := map[events.ID]int{}
	var editions []events.ID
	for _, a := range batch {
		log := s.log(a.EditionID)
		if _, seen := firsts[a.EditionID]; !seen {
			firsts[a.EditionID] = len(log.activities)
			editions = append(editions, a.EditionID)
		}
		s.stamp(log.append(s.illustrated(a)))
	}
	var moved []events.Activity
	for _, edition := range editions {
		moved = append(moved, cloneActivities(s.log(edition).activities[firsts[edition]:])...)
	}
	return moved, nil
}

// illustrated gives a check-in or cheer the card of its event as it is now.
func (s *Store) illustrated(a events.Activity) events.Activity {
	e := s.events[a.EventID]
	if (a.Kind == events.CheckedIn || a.Kind == events.Cheered) && e.IsPublic() {
		copied := cloneEvent(e)
		a.Card = copied.Card(s.hosts[e.HostID].DisplayName)
	}
	return a
}

func (s *Store) log(edition events.ID) *editionLog {
	log := s.logs[edition]
	if log == nil {
		log = &editionLog{standings: map[events.ID]events.Standing{}}
		s.logs[edition] = log
	}
	return log
}

// append numbers an activity, folds it, and takes back what it redacts.
func (l *editionLog) append(a events.Activity) events.Activity {
	a.Seq, a.Epoch = int64(len(l.activities))+1, Epoch
	if !a.EventID.IsZero() {
		l.standings[a.EventID], a.Deltas = events.Fold(l.standings[a.EventID], a)
	}
	if a.Redacts != events.RedactNothing {
		for i, earlier := range l.activities {
			if earlier.EventID == a.EventID {
				l.activities[i] = earlier.Redact(a)
			}
		}
	}
	l.activities = append(l.activities, a)
	l.counts.Apply(a)
	return a
}

// stamp notes the position of its last change in what an activity is about.
func (s *Store) stamp(a events.Activity) {
	if e, ok := s.events[a.EventID]; ok {
		e.Seq = a.Seq
		s.events[e.ID] = e
	}
	if e, ok := s.editions[a.EditionID]; ok && a.Kind == events.EditionChanged {
		e.Seq = a.Seq
		s.editions[e.ID] = e
	}
}

// Head implements events.LogStore.
func (s *Store) Head(_ context.Context, edition events.ID) (events.Position, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log(edition).head(), nil
}

func (l *editionLog) head() events.Position {
	return events.Position{Epoch: Epoch, Seq: int64(len(l.activities))}
}

// Changes implements events.LogStore.
func (s *Store) Changes(
	_ context.Context, edition events.ID, after int64, limit int,
) ([]events.Activity, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.log(edition).activities
	start := min(max(after, 0), int64(len(all)))
	rest := all[start:]
	return cloneActivities(rest[:min(len(rest), limit)]), nil
}

// Replay implements events.Replayer: it folds the log from its beginning.
func (s *Store) Replay(_ context.Context, edition events.ID, at time.Time) (events.Replay, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := events.Counts{Tallies: map[events.Scope]events.Tally{}}
	for _, a := range s.log(edition).activities {
		if a.At.After(at) {
			break
		}
		counts.Apply(a)
	}
	return events.Replay{
		EditionID: edition, At: at, Counts: counts, Position: events.Position{Epoch: Epoch, Seq: counts.AsOfSeq},
	}, nil
}

// Counts implements events.LogStore.
func (s *Store) Counts(_ context.Context, edition events.ID) (events.Counts, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := s.log(edition).counts
	tallies := map[events.Scope]events.Tally{}
	for scope, tally := range counts.Tallies {
		tallies[scope] = tally
	}
	counts.Tallies = tallies
	return counts, nil
}

// Recount implements events.LogStore.
func (s *Store) Recount(_ context.Context, edition events.ID) (events.Counts, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var counts events.Counts
	for _, e := range s.events {
		if e.EditionID == edition && e.Review == events.Listed && e.Seq > 0 {
			counts.Apply(events.Activity{Seq: counts.AsOfSeq + 1, Deltas: s.contribution(e)})
		}
	}
	log := s.log(edition)
	counts.AsOfSeq, counts.AsOf = log.head().Seq, log.counts.AsOf
	return counts, nil
}

// contribution is what an event adds to the numbers, from its devices and not from the log.
func (s *Store) contribution(e events.Event) (deltas []events.Delta) {
	people := map[events.AttendanceKind]int64{}
	for a := range s.attended {
		if a.event == e.ID {
			people[a.kind]++
		}
	}
	var standing events.Standing
	for _, a := range []events.Activity{
		{Kind: events.EventListed, Card: e.Card("")},
		{Kind: events.CheckedIn, Count: people[events.CheckIn]},
		{Kind: events.Cheered, Count: people[events.Cheer]},
	} {
		var more []events.Delta
		standing, more = events.Fold(standing, a)
		deltas = append(deltas, more...)
	}
	return deltas
}

// Cards implements events.LogStore.
func (s *Store) Cards(
	_ context.Context, edition events.ID,
) (cards []events.EventCard, _ events.Position, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.events {
		if e.EditionID == edition && e.Review == events.Listed && e.Place.IsMapped() {
			copied := cloneEvent(e)
			cards = append(cards, *copied.Card(s.hosts[e.HostID].DisplayName))
		}
	}
	return cards, s.log(edition).head(), nil
}

func cloneActivities(list []events.Activity) []events.Activity {
	copied := make([]events.Activity, len(list))
	for i, a := range list {
		copied[i] = cloneActivity(a)
	}
	return copied
}
