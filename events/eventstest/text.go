package eventstest

import (
	"slices"
	"strings"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/words"
)

// reads tells whether every word of a search text begins a word of the event's public text.
func (s *Store) reads(text string, e events.Event) bool {
	asked := words.Query(text)
	if len(asked) == 0 {
		return true
	}
	host := s.hosts[e.HostID].DisplayName
	document := words.Document(e.Title, e.Summary, e.Place.Locality, host, e.Story)
	for _, word := range asked {
		begins := func(of string) bool { return strings.HasPrefix(of, word) }
		if !slices.ContainsFunc(document, begins) {
			return false
		}
	}
	return true
}
