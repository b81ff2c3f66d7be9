package events

import (
	"context"
	"sync"
	"time"
)

// The limits of the watch.
const (
	watchMost  = 10_000          // networks that wait to be measured; people of more count for their event only
	watchLimit = 5 * time.Second // for measuring and storing one round
)

// watcher measures how fast people check in and raises flags. It works beside the people, whom it
// neither stops nor holds up: what it cannot measure or store is lost. It has no goroutine while
// nothing waits, and keeps a network no longer than until it is measured.
type watcher struct {
	meter Meter
	raise func(context.Context, []Flag) error
	now   func() time.Time

	mu       sync.Mutex
	arrivals map[ID]*arrivals
	networks int // in all arrivals
	running  bool
}

// arrivals are the people who came to one event and have not been measured.
type arrivals struct {
	pace        Pace
	all         int
	fromNetwork map[string]int
}

// arrived notes that somebody was counted.
func (w *watcher) arrived(e Event, network string) {
	if w.meter == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.arrivals == nil {
		w.arrivals = map[ID]*arrivals{}
	}
	at := w.arrivals[e.ID]
	if at == nil {
		at = &arrivals{fromNetwork: map[string]int{}}
		w.arrivals[e.ID] = at
	}
	at.pace = paceOf(e)
	at.all++
	if _, known := at.fromNetwork[network]; network != "" && (known || w.networks < watchMost) {
		if !known {
			w.networks++
		}
		at.fromNetwork[network]++
	}
	if !w.running {
		w.running = true
		go w.run()
	}
}

// run measures until nobody waits. Whoever comes while a round is measured is in the next one.
func (w *watcher) run() {
	for round := w.take(); round != nil; round = w.take() {
		w.measure(round)
	}
}

func (w *watcher) take() map[ID]*arrivals {
	w.mu.Lock()
	defer w.mu.Unlock()
	round := w.arrivals
	w.arrivals, w.networks, w.running = nil, 0, round != nil
	return round
}

func (w *watcher) measure(round map[ID]*arrivals) {
	ctx, cancel := context.WithTimeout(context.Background(), watchLimit)
	defer cancel()
	var flags []Flag
	now := w.now()
	note := func(event ID, kind FlagKind, over int) {
		if over > 0 {
			flags = append(flags, Flag{event, kind, now, now, int64(over)})
		}
	}
	for event, at := range round {
		note(event, ManyAtOneEvent, w.meter.Over(ctx, "check-ins "+event.String(), at.pace, at.all))
		over := 0
		for network, n := range at.fromNetwork {
			over += w.meter.Over(ctx, "check-ins "+event.String()+" "+network, Pace{NetworkPace, paceOver}, n)
		}
		note(event, ManyFromOneNetwork, over)
	}
	if len(flags) > 0 {
		_ = w.raise(ctx, flags) // the next ones that come too fast will tell again
	}
}
