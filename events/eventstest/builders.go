package eventstest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/microgalleries/actionday/events"
)

// Edition is an open edition on 12 December 2026 with three themes. It is new: Version 0.
func Edition(ids *IDs, options ...func(*events.Edition)) events.Edition {
	id := ids.New(events.EditionPrefix)
	e := events.Edition{
		ID: id, Slug: "day-" + tail(id),
		Title:   "Global Day of Creative Action",
		Summary: "One public creative action everywhere on one day.",
		Date:    events.LocalDate{Year: 2026, Month: time.December, Day: 12}, GraceDays: 14,
		Licence: "CC-BY-4.0", Languages: []string{"en", "ne", "ar"},
		Mode: events.LiveMode, Stage: events.OpenStage,
		Themes: []events.Theme{
			{Slug: "crossing-boundaries", Title: "Crossing Boundaries"},
			{Slug: "points-of-no-return", Title: "Points of No Return"},
			{Slug: "emergent-futures", Title: "Emergent Futures"},
		},
		UpdatedAt: Morning(),
	}
	return apply(e, options)
}

// Host is a new host: a person with a moniker, known to nobody yet.
func Host(ids *IDs, options ...func(*events.Host)) events.Host {
	h := events.Host{
		ID: ids.New(events.HostPrefix), DisplayName: "Sparrow", Kind: events.PersonHost,
		Country: "NP", Languages: []string{"ne", "en"}, Links: []string{"https://example.org/sparrow"},
		Bio: "Paints walls.", Pseudonymous: true, Trust: events.NewTrust, UpdatedAt: Morning(),
	}
	return apply(h, options)
}

// Whereabouts is the private side of an event in the evening at Patan Durbar Square, Nepal, shown
// exactly.
func Whereabouts(options ...func(*events.Whereabouts)) events.Whereabouts {
	latitude, longitude := 27.672813, 85.325147
	w := events.Whereabouts{
		Precision: events.ExactPrecision, Latitude: &latitude, Longitude: &longitude,
		Address: "Mangal Bazar 7", Locality: "Lalitpur", Country: "NP", Zone: "Asia/Kathmandu",
		Start: 17 * 60, End: 19*60 + 30,
	}
	return apply(w, options)
}

// Event is a draft of the host's own work for the edition, at the place of Whereabouts. It is new:
// Version 0.
func Event(
	ids *IDs, edition events.Edition, host events.Host, options ...func(*events.Event),
) events.Event {
	id := ids.New(events.EventPrefix)
	secret := sha256.Sum256([]byte(id.String()))
	e := events.Event{
		ID: id, EditionID: edition.ID, HostID: host.ID,
		Slug: "wall-of-birds-" + tail(id), LinkKey: hex.EncodeToString(secret[:16]),
		Way: events.OwnWork, Title: "Wall of Birds", Summary: "A mural that grows all day.",
		Story: "Bring **chalk**.", Media: []events.Medium{events.Mural, events.Workshop},
		Themes: []string{"emergent-futures"}, Language: "en",
		Access:         []events.AccessFact{events.StepFree, events.Toilets},
		ExpectedPeople: 40, Permission: "The ward office agreed.",
		Review: events.Draft, Day: events.Planned, DayBy: events.ByHost, CreatedAt: Morning(),
	}
	return apply(apply(e, []func(*events.Event){Placed(edition, Whereabouts())}), options)
}

// Titled gives an event another title.
func Titled(title string) func(*events.Event) {
	return func(e *events.Event) { e.Title = title }
}

// Placed gives an event the public side of whereabouts on the edition's date. It panics when their
// zone is unknown.
func Placed(edition events.Edition, w events.Whereabouts) func(*events.Event) {
	return func(e *events.Event) {
		place, schedule, err := w.Public(edition.Date, Atlas{})
		if err != nil {
			panic(fmt.Sprintf("eventstest: place an event: %v", err))
		}
		e.Place, e.Schedule = place, schedule
	}
}

// Listed makes an event public as of an instant.
func Listed(at time.Time) func(*events.Event) {
	return func(e *events.Event) { e.Review, e.ListedAt = events.Listed, at }
}

// OnDay gives an event a state of the day and who set it.
func OnDay(state events.DayState, by events.DayBy) func(*events.Event) {
	return func(e *events.Event) { e.Day, e.DayBy = state, by }
}

// At moves whereabouts to a point.
func At(latitude, longitude float64) func(*events.Whereabouts) {
	return func(w *events.Whereabouts) { w.Latitude, w.Longitude = &latitude, &longitude }
}

// In moves whereabouts into the middle of a town.
func In(town Town) func(*events.Whereabouts) {
	return func(w *events.Whereabouts) {
		At(town.Latitude, town.Longitude)(w)
		w.Locality, w.Country, w.Zone = town.Name, town.Country, town.Zone
	}
}

// Shown gives whereabouts another precision.
func Shown(precision events.Precision) func(*events.Whereabouts) {
	return func(w *events.Whereabouts) { w.Precision = precision }
}

// Between gives whereabouts other local times.
func Between(start, end events.LocalTime) func(*events.Whereabouts) {
	return func(w *events.Whereabouts) { w.Start, w.End, w.AllDay = start, end, false }
}

// Morning is when the objects of this package were made: 1 December 2026, nine o'clock UTC.
func Morning() time.Time { return time.Date(2026, time.December, 1, 9, 0, 0, 0, time.UTC) }

// News is the activity that tells of an event: a change of the given kind at an instant. A removal
// has no card, is a tombstone and takes everything back.
func News(
	ids *IDs, kind events.ActivityKind, e events.Event, host events.Host, at time.Time,
) events.Activity {
	a := events.Activity{
		ID: ids.New(events.ActivityPrefix), EditionID: e.EditionID, Kind: kind, EventID: e.ID, At: at,
	}
	if kind == events.EventRemoved {
		a.Tombstone, a.Redacts = true, events.RedactAll
		return a
	}
	a.Card = e.Card(host.DisplayName)
	a.Card.Themes = slices.Clone(a.Card.Themes)
	return a
}

func apply[T any](object T, options []func(*T)) T {
	for _, option := range options {
		option(&object)
	}
	return object
}

// tail is an id's text without its prefix, which makes slugs unique.
func tail(id events.ID) string { return id.String()[4:] }
