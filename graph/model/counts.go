package model

import "github.com/microgalleries/actionday/events"

// Counts is the domain's counts, divided as the API shows them.
type Counts struct {
	events.Counts
}

// Replay is the domain's replay with its counts as the API shows them.
type Replay struct {
	events.Replay
}

// Counts is the numbers at that moment.
func (r Replay) Counts() Counts { return Counts{r.Replay.Counts} }

// World is everything.
func (c Counts) World() Tally { return Tally{c.Counts.World()} }

// ByCountry lists the countries with events, most events first.
func (c Counts) ByCountry() []CountryTally {
	return divided(c, events.CountryScope, func(key string, t Tally) CountryTally { return CountryTally{key, t} })
}

// ByWay lists the ways with events, most events first.
func (c Counts) ByWay() []WayTally {
	return divided(c, events.WayScope, func(key string, t Tally) WayTally { return WayTally{events.Way(key), t} })
}

// ByTheme lists the themes with events, most events first.
func (c Counts) ByTheme() []ThemeTally {
	return divided(c, events.ThemeScope, func(key string, t Tally) ThemeTally { return ThemeTally{key, t} })
}

// CountsChange is the domain's change of counts, divided like Counts.
type CountsChange struct {
	events.CountsChange
}

// World is everything.
func (c CountsChange) World() Tally { return Tally{c.CountsChange.World()} }

// ByCountry lists the countries whose numbers changed, most events first.
func (c CountsChange) ByCountry() []CountryTally {
	return divided(c, events.CountryScope, func(key string, t Tally) CountryTally { return CountryTally{key, t} })
}

// ByWay lists the ways whose numbers changed, most events first.
func (c CountsChange) ByWay() []WayTally {
	return divided(c, events.WayScope, func(key string, t Tally) WayTally { return WayTally{events.Way(key), t} })
}

// ByTheme lists the themes whose numbers changed, most events first.
func (c CountsChange) ByTheme() []ThemeTally {
	return divided(c, events.ThemeScope, func(key string, t Tally) ThemeTally { return ThemeTally{key, t} })
}

type divisible interface {
	By(kind events.ScopeKind) []events.ScopedTally
}

func divided[T any](c divisible, by events.ScopeKind, row func(string, Tally) T) []T {
	tallies := c.By(by)
	rows := make([]T, len(tallies))
	for i, t := range tallies {
		rows[i] = row(t.Key, Tally{t.Tally})
	}
	return rows
}

// CountryTally is the numbers of a country.
type CountryTally struct {
	Country string // ISO 3166-1 alpha-2
	Tally   Tally
}

// WayTally is the numbers of a way.
type WayTally struct {
	Way   events.Way
	Tally Tally
}

// ThemeTally is the numbers of a theme.
type ThemeTally struct {
	Theme string // slug
	Tally Tally
}

// Tally is the domain's tally, each number with the events that it comes from.
type Tally struct {
	events.Tally
}

// CoveredCount is a number with its coverage: gathered from Reported events of Expected.
type CoveredCount struct {
	Value, Reported, Expected int64
}

// CheckIns is the people confirmed on site.
func (t Tally) CheckIns() CoveredCount { return t.covered(t.Tally.CheckIns, t.CheckInEvents) }

// Cheers is the people confirmed online.
func (t Tally) Cheers() CoveredCount { return t.covered(t.Tally.Cheers, t.CheerEvents) }

// Declared is the people that hosts counted.
func (t Tally) Declared() CoveredCount { return t.covered(t.Tally.Declared, t.DeclaredEvents) }

// Reached is per event the larger of confirmed and declared, summed.
func (t Tally) Reached() CoveredCount { return t.covered(t.Tally.Reached, t.ReachedEvents) }

func (t Tally) covered(value, reported int64) CoveredCount {
	return CoveredCount{value, reported, t.Events}
}
