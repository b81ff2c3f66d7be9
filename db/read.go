package db

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

// Event implements events.EventStore.
func (s *Store) Event(ctx context.Context, id events.ID) (events.Event, error) {
	return one(s.events(ctx, "e.id = ?", uid(id)))
}

// EventsByID implements events.EventStore.
func (s *Store) EventsByID(ctx context.Context, ids []events.ID) ([]events.Event, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return s.events(ctx, "e.id in (?)", bun.List(uids(ids)))
}

// EventByName implements events.EventStore.
func (s *Store) EventByName(ctx context.Context, name string) (events.Event, error) {
	return one(s.events(ctx, "(e.slug = ? or e.link_key = ?) and ? <> ''", name, name, name))
}

// EventBySource implements events.EventStore.
func (s *Store) EventBySource(
	ctx context.Context, edition events.ID, source, sourceID string,
) (events.Event, error) {
	return one(s.events(ctx,
		"e.edition_id = ? and e.source_name = ? and e.source_id = ? and e.source_id <> ''",
		uid(edition), source, sourceID))
}

// events reads at most a page of events that meet a condition.
func (s *Store) events(ctx context.Context, where string, args ...any) ([]events.Event, error) {
	query := "select" + eventColumns + " from" + eventTables + "where " + where + " limit ?"
	var rows []eventRow
	if err := s.db.NewRaw(query, append(args, events.MaxPage)...).Scan(ctx, &rows); err != nil {
		return nil, failure(ctx, "find events", err)
	}
	return eventsOf(rows), nil
}

func eventsOf(rows []eventRow) []events.Event {
	list := make([]events.Event, len(rows))
	for i, row := range rows {
		list[i] = row.event()
	}
	return list
}
