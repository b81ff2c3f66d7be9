package model

import (
	"context"

	"github.com/microgalleries/actionday/events"
)

// PageInfo is where a page of a list stands. Cursors are "" on an empty page.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     string
	EndCursor       string
}

// EventEdge is an event in a list.
type EventEdge struct {
	Cursor string
	Node   *events.Event
}

// EventConnection is a page of events. How many there are in all is asked for only when somebody
// wants to know.
type EventConnection struct {
	page  events.EventPage
	after string
	count func(context.Context) (int64, error)
}

// NewEventConnection makes the connection of a page that goes on after a cursor ("" for the first
// page); count tells how many there are in all.
func NewEventConnection(
	page events.EventPage, after string, count func(context.Context) (int64, error),
) *EventConnection {
	return &EventConnection{page, after, count}
}

// Nodes lists the events of the page.
func (c *EventConnection) Nodes() []events.Event { return c.page.Events }

// Edges lists the events of the page with their cursors.
func (c *EventConnection) Edges() []EventEdge {
	edges := make([]EventEdge, len(c.page.Events))
	for i := range edges {
		edges[i] = EventEdge{c.page.Cursors[i], &c.page.Events[i]}
	}
	return edges
}

// PageInfo tells where the page stands. A page that goes on after a cursor has something before it.
func (c *EventConnection) PageInfo() *PageInfo {
	info := &PageInfo{HasNextPage: c.page.HasNext, HasPreviousPage: c.after != ""}
	if n := len(c.page.Cursors); n > 0 {
		info.StartCursor, info.EndCursor = c.page.Cursors[0], c.page.Cursors[n-1]
	}
	return info
}

// TotalCount is how many events there are in all.
func (c *EventConnection) TotalCount(ctx context.Context) (*int64, error) {
	n, err := c.count(ctx)
	if err != nil {
		return nil, err
	}
	return &n, nil
}
