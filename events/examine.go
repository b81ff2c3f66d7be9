package events

import (
	"fmt"
	"slices"
)

// maxFindings is how many sentences an examination says at most: one broken rule often breaks it for
// everything behind.
const maxFindings = 50

// Examiner reads one edition's log from its beginning and notes what is not as it must be: numbers
// that follow one another, ids that come once, nothing left of what was taken back. It folds on the
// way, so that what others have folded can be held against it.
type Examiner struct {
	Head     int64    // the last activity read
	Findings []string // whole sentences, at most maxFindings
	Counts   Counts   // the sum of all deltas
	Stories  map[ID]*Story

	seen map[ID]int64 // activities by their id
}

// Story is what an edition's log tells about one event, as far as it was read.
type Story struct {
	Standing Standing
	Seq      int64 // the last activity
	CheckIns int64 // people, whether or not the event was listed then
	Cheers   int64
	// Shown is every different place that the log shows for the event now, oldest first.
	Shown []Place

	payload int64 // the last activity that still has a payload, 0 for none
	gone    bool  // the last word is that the event is not public
}

// NewExaminer makes an Examiner that has read nothing.
func NewExaminer() *Examiner {
	return &Examiner{Stories: map[ID]*Story{}, seen: map[ID]int64{}}
}

// Find notes what is broken.
func (x *Examiner) Find(format string, args ...any) {
	if len(x.Findings) < maxFindings {
		x.Findings = append(x.Findings, fmt.Sprintf(format, args...))
	}
}

// Read takes the next activity of the log.
func (x *Examiner) Read(a Activity) {
	if a.Seq != x.Head+1 {
		x.Find("The log goes from %d to %d.", x.Head, a.Seq)
	}
	x.Head = a.Seq
	if first, twice := x.seen[a.ID]; twice {
		x.Find("Activity %s is in the log twice, as %d and %d.", a.ID, first, a.Seq)
	}
	x.seen[a.ID] = a.Seq
	x.Counts.Apply(a)
	if a.EventID.IsZero() {
		return
	}
	story := x.Stories[a.EventID]
	if story == nil {
		story = &Story{}
		x.Stories[a.EventID] = story
	}
	story.Standing, story.Seq = story.Standing.after(a), a.Seq
	story.count(a)
	x.readPayload(story, a)
}

func (s *Story) count(a Activity) {
	switch a.Kind {
	case CheckedIn:
		s.CheckIns += a.Count
	case Cheered:
		s.Cheers += a.Count
	}
}

// readPayload looks for what should have been taken back. Who is counted in the moment that an event
// is hidden may come into the log behind that, but without a payload.
func (x *Examiner) readPayload(s *Story, a Activity) {
	switch {
	case a.Redacts == RedactAll && s.payload > 0:
		x.Find("Activity %d still tells of %s, which activity %d took back.", s.payload, a.EventID, a.Seq)
	case a.Redacts == RedactPlace && a.Card != nil && slices.ContainsFunc(s.Shown, a.Card.Place.isElsewhere):
		x.Find("The log still shows %s where it was before activity %d took that back.", a.EventID, a.Seq)
	}
	if a.Redacts == RedactAll {
		s.payload, s.Shown, s.gone = 0, nil, true
	}
	if a.Kind == EventListed {
		s.gone = false
	}
	if a.Card == nil {
		return
	}
	if s.gone {
		x.Find("Activity %d tells of %s after it was taken back.", a.Seq, a.EventID)
	}
	s.payload = a.Seq
	if !slices.ContainsFunc(s.Shown, func(p Place) bool { return !p.isElsewhere(a.Card.Place) }) {
		s.Shown = append(s.Shown, a.Card.Place)
	}
}

// isElsewhere tells whether another place is not the same to the last digit.
func (p Place) isElsewhere(other Place) bool {
	return p.Precision != other.Precision || p.Locality != other.Locality || p.Country != other.Country ||
		!sameDegrees(p.Latitude, other.Latitude) || !sameDegrees(p.Longitude, other.Longitude)
}

func sameDegrees(a, b *float64) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// Kept holds what somebody else has folded of an event against the log. Of an event that is gone
// only the people can still be told: the rest was taken back.
func (x *Examiner) Kept(id ID, seq int64, kept Standing) {
	story := x.Stories[id]
	if story == nil {
		x.Find("%s has a standing, but the log does not know it.", id)
		return
	}
	told := story.Standing
	same := kept.Listed == told.Listed && kept.CheckIns == told.CheckIns && kept.Cheers == told.Cheers
	if same && kept.Listed {
		same = kept.Day == told.Day && kept.Country == told.Country && kept.Way == told.Way &&
			kept.Declared == told.Declared && slices.Equal(kept.Themes, told.Themes)
	}
	if !same {
		x.Find("The standing of %s is %+v, but its log says %+v.", id, kept, told)
	}
	if seq != story.Seq {
		x.Find("The standing of %s is of activity %d, but the last one is %d.", id, seq, story.Seq)
	}
}

// Counted holds how many devices were counted at an event against the log and what waits to be
// numbered.
func (x *Examiner) Counted(id ID, kind AttendanceKind, devices, waiting int64) {
	told := int64(0)
	if story := x.Stories[id]; story != nil {
		told = story.CheckIns
		if kind == Cheer {
			told = story.Cheers
		}
	}
	if devices != told+waiting {
		x.Find("%d devices are counted at %s (%s), but the log tells of %d and %d wait.", devices, id, kind, told, waiting)
	}
}

// Now holds an event as it is against what the log shows of it.
func (x *Examiner) Now(id ID, listed bool, public Place, truth *Whereabouts) {
	story := x.Stories[id]
	if story == nil {
		return
	}
	if !listed && story.payload > 0 {
		x.Find("Activity %d tells of %s, which is not public.", story.payload, id)
	}
	for _, shown := range story.Shown {
		if truth != nil && truth.isGivenAway(shown, public) {
			x.Find("The log shows %s more exactly than its host wants it known.", id)
			return
		}
	}
}

// isGivenAway tells whether a place that is shown is finer than it may be, or is the pin itself where
// the public point is another.
func (w Whereabouts) isGivenAway(shown, public Place) bool {
	order := []Precision{ExactPrecision, AreaPrecision, CityPrecision, CountryPrecision, HiddenPrecision}
	if slices.Index(order, shown.Precision) < slices.Index(order, w.Precision) {
		return true
	}
	isPin := sameDegrees(shown.Latitude, w.Latitude) && sameDegrees(shown.Longitude, w.Longitude) && shown.IsMapped()
	return w.Precision != ExactPrecision && isPin && public.isElsewhere(shown)
}
