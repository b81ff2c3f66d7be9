package pages

import (
	"context"
	"time"

	"github.com/microgalleries/actionday/events"
)

const (
	// momentLimit is how long the front page waits for the numbers of a moment.
	momentLimit = time.Second
	// momentsAtOnce is how many pages wait for such numbers: each may have the hub read a stretch of the
	// log, which must leave the database to what happens now.
	momentsAtOnce = 4
)

// MapMoment is the moment that the front page tells of instead of now.
type MapMoment struct {
	At    time.Time
	Shown bool // false where the moment cannot be told for now: the page then shows now
}

// momentAsked reads ?at=, an instant with or without seconds. What is none is no moment: an old or
// mistyped address still shows the day.
func momentAsked(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC().Truncate(time.Second), true
		}
	}
	return time.Time{}, false
}

// momentOf is the moment of the day that a visitor asks for: from when the date begins anywhere until
// now or its end. Before the day there is none, nor for a moment that is still to come.
func momentOf(ed events.Edition, now time.Time, text string) (time.Time, bool) {
	at, ok := momentAsked(text)
	if !ok || !at.Before(now) || now.Before(ed.OpensAt()) {
		return time.Time{}, false
	}
	if at.Before(ed.OpensAt()) {
		at = ed.OpensAt()
	}
	if at.After(ed.ClosesAt()) {
		at = ed.ClosesAt()
	}
	return at, true
}

// showMoment puts the numbers of a moment in the place of those of now. The list stays as it is now,
// and the page says so.
func (s *site) showMoment(ctx context.Context, v *MapView, ed events.Edition, text string) {
	at, ok := momentOf(ed, v.Now, text)
	if !ok || s.Replay == nil {
		return
	}
	v.Moment = &MapMoment{At: at}
	replay, err := s.replay(ctx, ed.ID, at)
	if err != nil {
		s.Log.WarnContext(ctx, "the replay for the front page", "err", err)
		return
	}
	v.Moment.Shown, v.Counts = true, mapCounts(replay.Counts)
	v.Wave.Then = thenOf(ed, at)
}

// replay tells the numbers of the last whole minute until a moment, as the player does: there are three
// thousand of those in a day, and a hundred and eighty thousand seconds to ask for.
func (s *site) replay(ctx context.Context, edition events.ID, at time.Time) (events.Replay, error) {
	ctx, cancel := context.WithTimeout(ctx, momentLimit)
	defer cancel()
	select {
	case s.moments <- struct{}{}:
	case <-ctx.Done():
		return events.Replay{}, ctx.Err()
	}
	defer func() { <-s.moments }()
	return s.Replay.Replay(ctx, edition, at.Truncate(time.Minute))
}
