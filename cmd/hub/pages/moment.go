package pages

import (
	"context"
	"time"

	"github.com/microgalleries/actionday/events"
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
	replay, err := s.Replay.Replay(ctx, ed.ID, at)
	if err != nil {
		s.Log.WarnContext(ctx, "the replay for the front page", "err", err)
		return
	}
	v.Moment.Shown, v.Counts = true, mapCounts(replay.Counts)
	v.Wave.Then = thenOf(ed, at)
}
