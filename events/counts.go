package events

import (
	"fmt"
	"slices"
	"sort"
	"time"
)

// Tally is one set of public numbers: for the world, a country, a way or a theme. Confirmed
// numbers (CheckIns, Cheers) stand apart from declared ones (the hosts' head counts), and each
// comes with the number of events that it was gathered from; Events is how many there are at all.
type Tally struct {
	Events         int64 // listed events
	Live           int64 // of which live now
	Done           int64 // of which done or documented
	Off            int64 // of which postponed or cancelled
	CheckIns       int64 // people confirmed on site
	CheckInEvents  int64 // events with at least one check-in
	Cheers         int64 // people confirmed online
	CheerEvents    int64 // events with at least one cheer
	Declared       int64 // people counted by hosts
	DeclaredEvents int64 // events whose host declared a number
	Reached        int64 // per event the larger of confirmed and declared, summed
	ReachedEvents  int64 // events with anything confirmed or declared
}

// Metric names one number of a Tally, as it stands in logs and stores.
type Metric string

// Metrics lists the numbers of a Tally in their order.
func Metrics() []Metric {
	return []Metric{
		"events", "live", "done", "off", "checkIns", "checkInEvents", "cheers", "cheerEvents",
		"declared", "declaredEvents", "reached", "reachedEvents",
	}
}

// Slot is where in t the metric is kept, or nil for an unknown one.
func (t *Tally) Slot(m Metric) *int64 {
	slots := t.slots()
	for i, metric := range Metrics() {
		if metric == m {
			return slots[i]
		}
	}
	return nil
}

func (t *Tally) slots() []*int64 {
	return []*int64{
		&t.Events, &t.Live, &t.Done, &t.Off, &t.CheckIns, &t.CheckInEvents, &t.Cheers, &t.CheerEvents,
		&t.Declared, &t.DeclaredEvents, &t.Reached, &t.ReachedEvents,
	}
}

// Scope is what a Tally is about.
type Scope struct {
	Kind ScopeKind `json:"scope"`
	Key  string    `json:"key,omitempty"` // "" for the world; ISO code, way or theme slug
}

// ScopeKind is a way to divide the numbers.
type ScopeKind string

// The divisions.
const (
	WorldScope   ScopeKind = "world"
	CountryScope ScopeKind = "country" // events with a public country only
	WayScope     ScopeKind = "way"
	ThemeScope   ScopeKind = "theme"
)

// Delta is a change of one number by the activity that carries it.
type Delta struct {
	Scope
	Metric Metric `json:"metric"`
	By     int64  `json:"by"`
}

// Counts is all public numbers of an edition at one position of its log.
type Counts struct {
	AsOfSeq int64
	AsOf    time.Time // when activity AsOfSeq happened; the zero time before the first
	Tallies map[Scope]Tally
}

// World is the tally of everything.
func (c Counts) World() Tally { return c.Tallies[Scope{Kind: WorldScope}] }

// By lists the tallies of one division that have at least one event, most events first, then by
// key.
func (c Counts) By(kind ScopeKind) []ScopedTally {
	var list []ScopedTally
	for scope, tally := range c.Tallies {
		if scope.Kind == kind && tally.Events > 0 {
			list = append(list, ScopedTally{scope.Key, tally})
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].before(list[j]) })
	return list
}

// ScopedTally is the tally of one country, way or theme.
type ScopedTally struct {
	Key string
	Tally
}

// before orders tallies by how many events they have, most first, then by key.
func (t ScopedTally) before(other ScopedTally) bool {
	if t.Events != other.Events {
		return t.Events > other.Events
	}
	return t.Key < other.Key
}

// Countries is how many countries and territories have at least one listed event with a public
// country.
func (c Counts) Countries() int { return len(c.By(CountryScope)) }

// Apply adds an activity's deltas. It ignores an activity that c already includes.
func (c *Counts) Apply(a Activity) {
	if a.Seq <= c.AsOfSeq {
		return
	}
	if c.Tallies == nil {
		c.Tallies = map[Scope]Tally{}
	}
	for _, d := range a.Deltas {
		tally := c.Tallies[d.Scope]
		if slot := tally.Slot(d.Metric); slot != nil {
			*slot += d.By
		}
		c.Tallies[d.Scope] = tally
	}
	c.AsOfSeq, c.AsOf = a.Seq, a.At
}

// Standing is what an event contributes to the numbers, as far as the log tells. The sequencer
// keeps one per event; only it changes them, in log order.
type Standing struct {
	Listed   bool
	Day      DayState
	Country  string
	Way      Way
	Themes   []string
	Declared int64
	CheckIns int64
	Cheers   int64
}

// Fold moves an event's standing past one activity and gives the changes of the public numbers
// that follow from it. Deltas come in a fixed order and are never zero.
func Fold(before Standing, a Activity) (after Standing, deltas []Delta) {
	after = before.after(a)
	old, now := before.contribution(), after.contribution()
	scopes := before.scopes()
	for _, scope := range after.scopes() {
		if !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	for _, scope := range scopes {
		deltas = appendDeltas(deltas, scope, before.share(scope, old), after.share(scope, now))
	}
	return after, deltas
}

func (s Standing) after(a Activity) Standing {
	switch a.Kind {
	case CheckedIn:
		s.CheckIns += a.Count
	case Cheered:
		s.Cheers += a.Count
	case EventRemoved:
		s.Listed = false
	case EventListed, EventRevised, DayChanged:
		if a.Card != nil {
			s.Listed = true
			s.Day, s.Way, s.Themes = a.Card.Day, a.Card.Way, a.Card.Themes
			s.Country, s.Declared = a.Card.Place.Country, a.Card.Declared
		}
	}
	return s
}

// contribution is what the event adds to each scope that it belongs to.
func (s Standing) contribution() Tally {
	if !s.Listed {
		return Tally{}
	}
	confirmed := s.CheckIns + s.Cheers
	reached := max(confirmed, s.Declared)
	return Tally{
		Events: 1, Live: one(s.Day.Phase() == Now), Done: one(s.Day.Phase() == Over),
		Off:      one(s.Day.Phase() == Off),
		CheckIns: s.CheckIns, CheckInEvents: one(s.CheckIns > 0),
		Cheers: s.Cheers, CheerEvents: one(s.Cheers > 0),
		Declared: s.Declared, DeclaredEvents: one(s.Declared > 0),
		Reached: reached, ReachedEvents: one(reached > 0),
	}
}

func (s Standing) scopes() []Scope {
	scopes := []Scope{{Kind: WorldScope}}
	if s.Country != "" {
		scopes = append(scopes, Scope{CountryScope, s.Country})
	}
	if s.Way != "" {
		scopes = append(scopes, Scope{WayScope, string(s.Way)})
	}
	for i, theme := range s.Themes {
		if !slices.Contains(s.Themes[:i], theme) { // named twice, it counts once
			scopes = append(scopes, Scope{ThemeScope, theme})
		}
	}
	return scopes
}

func (s Standing) share(scope Scope, contribution Tally) Tally {
	if slices.Contains(s.scopes(), scope) {
		return contribution
	}
	return Tally{}
}

func appendDeltas(deltas []Delta, scope Scope, old, now Tally) []Delta {
	before, after := old.slots(), now.slots()
	for i, metric := range Metrics() {
		if by := *after[i] - *before[i]; by != 0 {
			deltas = append(deltas, Delta{scope, metric, by})
		}
	}
	return deltas
}

func one(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// Differs is an error that names the first number in which other is not the same, or nil. Tallies
// without anything in them are as good as absent.
func (c Counts) Differs(other Counts) error {
	for scope := range c.Tallies {
		if c.Tallies[scope] != other.Tallies[scope] {
			return fmt.Errorf("%s %s: %+v is not %+v", scope.Kind, scope.Key, c.Tallies[scope], other.Tallies[scope])
		}
	}
	for scope, tally := range other.Tallies {
		if tally != (Tally{}) && c.Tallies[scope] != tally {
			return fmt.Errorf("%s %s: %+v is not %+v", scope.Kind, scope.Key, c.Tallies[scope], tally)
		}
	}
	return nil
}
