package graph

import (
	"context"
	"sync"

	"github.com/microgalleries/actionday/events"
)

// company finds the hosts of the events that one operation shows, all in one look-up: whoever
// fetches events announces them, and the first host asked for brings all announced ones along. So
// a page costs one query whether it is read by nodes or by edges, and nobody waits for a timer.
type company struct {
	load func(context.Context, []events.ID) ([]events.Host, error)

	mu       sync.Mutex
	expected map[events.ID]struct{}
	known    map[events.ID]*events.Host // nil for one that does not exist
}

type companyKey struct{}

func newCompany(load func(context.Context, []events.ID) ([]events.Host, error)) *company {
	return &company{load: load, expected: map[events.ID]struct{}{}, known: map[events.ID]*events.Host{}}
}

// expect announces the hosts of events.
func expect(ctx context.Context, list ...events.Event) {
	c, ok := ctx.Value(companyKey{}).(*company)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range list {
		if _, ok := c.known[e.HostID]; !ok {
			c.expected[e.HostID] = struct{}{}
		}
	}
}

// host finds one host, or ErrNotFound.
func (c *company) host(ctx context.Context, id events.ID) (*events.Host, error) {
	c.mu.Lock() // held while loading: whoever comes now wants what is being loaded
	defer c.mu.Unlock()
	if _, ok := c.known[id]; !ok {
		c.expected[id] = struct{}{}
		if err := c.loadExpected(ctx); err != nil {
			return nil, err
		}
	}
	if h := c.known[id]; h != nil {
		return h, nil
	}
	return nil, events.ErrNotFound
}

func (c *company) loadExpected(ctx context.Context) error {
	for len(c.expected) > 0 {
		ids := make([]events.ID, 0, min(len(c.expected), events.MaxPage))
		for id := range c.expected {
			if ids = append(ids, id); len(ids) == events.MaxPage {
				break
			}
		}
		hosts, err := c.load(ctx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			c.known[id] = nil
			delete(c.expected, id)
		}
		for i := range hosts {
			c.known[hosts[i].ID] = &hosts[i]
		}
	}
	return nil
}
