package db

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

// Watch lets a test see every statement.
func (s *Store) Watch(hook bun.QueryHook) { s.db = s.db.WithQueryHook(hook) }

// PageByOffset reads the same page as FindEvents in the way that it is compared with.
func (s *Store) PageByOffset(ctx context.Context, edition events.ID, first, offset int) error {
	var rows []eventRow
	err := s.db.NewRaw("select"+eventColumns+" from"+eventTables+`
		where e.review = 'LISTED' and e.edition_id = ? order by e.starts_at, e.id limit ? offset ?`,
		uid(edition), first+1, offset).Scan(ctx, &rows)
	eventsOf(rows)
	return err
}
