package events

import (
	"context"
	"sync"
	"time"
)

// The limits of what is remembered about events while people are counted at them.
const (
	doorLasts = time.Second // how long a change of an event may go unnoticed by who is being counted
	doorsMost = 10_000
)

// doors remembers for a moment which events people are coming to, so that a crowd at one event does
// not read it from the store one by one. It is only asked whether the event takes people now; that
// an event is still listed is checked again when its people are stored.
type doors struct {
	load func(ctx context.Context, event ID) (Event, Edition, error)
	now  func() time.Time

	mu   sync.Mutex
	open map[ID]door
}

type door struct {
	event   Event
	edition Edition
	until   time.Time
}

func newDoors(load func(context.Context, ID) (Event, Edition, error), now func() time.Time) *doors {
	return &doors{load: load, now: now, open: map[ID]door{}}
}

// at finds an event and its edition, as they were at most doorLasts ago.
func (d *doors) at(ctx context.Context, event ID) (Event, Edition, error) {
	now := d.now()
	d.mu.Lock()
	known, ok := d.open[event]
	d.mu.Unlock()
	if ok && now.Before(known.until) && now.After(known.until.Add(-2*doorLasts)) { // the clock may be set back
		return known.event, known.edition, nil
	}
	e, ed, err := d.load(ctx, event)
	if err != nil {
		return e, ed, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.open) >= doorsMost {
		clear(d.open)
	}
	d.open[event] = door{e, ed, now.Add(doorLasts)}
	return e, ed, nil
}
