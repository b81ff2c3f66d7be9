package main

import (
	"math/rand/v2"
	"sync"
)

// stage is what writers act on: the events that are listed.
type stage struct {
	mu      sync.Mutex
	listed  []string
	posters map[string]string // printed codes by event
}

func (s *stage) add(event, poster string) (many bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listed = append(s.listed, event)
	s.posters[event] = poster
	return len(s.listed) > stageMost
}

func (s *stage) poster(event string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posters[event]
}

// pick prefers the first event: most people are in one square.
func (s *stage) pick(random *rand.Rand) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if random.IntN(2) == 0 {
		return s.listed[0]
	}
	return s.listed[random.IntN(len(s.listed))]
}

// drop takes an event off the stage, but never the first ones.
func (s *stage) drop(random *rand.Rand) (event string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.listed) <= stageKeeps {
		return "", false
	}
	i := stageKeeps + random.IntN(len(s.listed)-stageKeeps)
	event = s.listed[i]
	s.listed = append(s.listed[:i], s.listed[i+1:]...)
	return event, true
}

const (
	stageKeeps = 4  // events that stay from beginning to end
	stageMost  = 24 // listed events, so that what the log tells stays readable
)
