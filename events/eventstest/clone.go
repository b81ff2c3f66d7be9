package eventstest

import (
	"slices"

	"github.com/microgalleries/actionday/events"
)

// What goes into the store and comes out of it is copied, as a database would, so that no test can
// change what is stored without saving it.

func cloneEdition(e events.Edition) events.Edition {
	e.Languages, e.Themes = slices.Clone(e.Languages), slices.Clone(e.Themes)
	return e
}

func cloneHost(h events.Host) events.Host {
	h.Languages, h.Links = slices.Clone(h.Languages), slices.Clone(h.Links)
	return h
}

func cloneEvent(e events.Event) events.Event {
	e.Media, e.Themes, e.Access = slices.Clone(e.Media), slices.Clone(e.Themes), slices.Clone(e.Access)
	e.Place = clonePlace(e.Place)
	return e
}

func clonePlace(p events.Place) events.Place {
	p.Latitude, p.Longitude = clonePointer(p.Latitude), clonePointer(p.Longitude)
	return p
}

func cloneWhereabouts(w events.Whereabouts) events.Whereabouts {
	w.Latitude, w.Longitude = clonePointer(w.Latitude), clonePointer(w.Longitude)
	return w
}

func cloneActivity(a events.Activity) events.Activity {
	a.Deltas = slices.Clone(a.Deltas)
	if a.Card != nil {
		card := *a.Card
		card.Themes, card.Place = slices.Clone(card.Themes), clonePlace(card.Place)
		a.Card = &card
	}
	return a
}

func cloneReceipt(r events.Receipt) events.Receipt {
	r.Answer = slices.Clone(r.Answer)
	return r
}

func cloneAccount(a events.Account) events.Account {
	a.Roles = slices.Clone(a.Roles)
	return a
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	copied := *p
	return &copied
}
