package eventstest

import (
	"math/rand/v2"
	"sync"

	"github.com/microgalleries/actionday/events"
)

func cardTests() map[string]func(*stage) {
	return map[string]func(*stage){
		"are of listed and mapped events":         cardsOfMapped,
		"with what happens after, they are whole": cardsAndChanges,
	}
}

func cardsOfMapped(s *stage) {
	mapped := s.list()
	s.list(Placed(s.edition, Whereabouts(Shown(events.HiddenPrecision))))
	gone := s.list()
	s.withdraw(&gone)
	waiting := s.draft(func(e *events.Event) { e.Review = events.Submitted })
	s.save(events.Change{Event: &waiting})
	other := Edition(s.ids)
	s.ok(s.store.SaveEdition(s.ctx, &other))
	elsewhere := Event(s.ids, other, s.host, Listed(s.clock.Now()))
	s.save(events.Change{Event: &elsewhere, News: []events.Activity{s.news(events.EventListed, elsewhere)}})
	s.drain()

	cards, position, err := s.store.Cards(s.ctx, s.edition.ID)
	s.ok(err)
	want := mapped.Card(s.host.DisplayName)
	want.Version = mapped.Version
	s.same("cards", []events.EventCard{*want}, cards)
	head, err := s.store.Head(s.ctx, s.edition.ID)
	s.ok(err)
	s.same("position of the cards", head, position)
}

// A map loads the cards and then follows the log from their position. Whenever it loads, it must
// end up with the same map: the cards are never behind their position.
func cardsAndChanges(s *stage) {
	done := make(chan struct{})
	var writer, sequencer sync.WaitGroup
	writer.Go(func() { s.storm(s.edition, rand.New(rand.NewPCG(9, 9))) })
	sequencer.Go(func() { s.sequenceUntil(done) })
	snapshots := s.snapshots(12)
	writer.Wait()
	close(done)
	sequencer.Wait()
	s.drain()

	final, _, err := s.store.Cards(s.ctx, s.edition.ID)
	s.ok(err)
	want := onMap(final)
	log := s.changes(s.edition.ID)
	for _, snapshot := range snapshots {
		got := onMap(snapshot.cards)
		for _, a := range log[snapshot.position.Seq:] {
			follow(got, a)
		}
		s.same("map that was followed from "+snapshot.position.String(), want, got)
	}
}

type snapshot struct {
	cards    []events.EventCard
	position events.Position
}

func (s *stage) snapshots(n int) (list []snapshot) {
	s.Helper()
	for range n {
		cards, position, err := s.store.Cards(s.ctx, s.edition.ID)
		s.ok(err)
		list = append(list, snapshot{cards, position})
	}
	return list
}

// point is what a map draws of an event.
type point struct {
	Title string
	Day   events.DayState
}

func onMap(cards []events.EventCard) map[events.ID]point {
	points := map[events.ID]point{}
	for _, card := range cards {
		points[card.ID] = point{card.Title, card.Day}
	}
	return points
}

func follow(points map[events.ID]point, a events.Activity) {
	switch {
	case a.Kind == events.EventRemoved:
		delete(points, a.EventID)
	case a.Card != nil && a.Card.Place.IsMapped():
		points[a.EventID] = point{a.Card.Title, a.Card.Day}
	}
}
