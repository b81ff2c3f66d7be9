package db

import (
	"context"
	"database/sql"
	"errors"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

// MaxChanges is how many activities Changes gives at once at most.
const MaxChanges = 1000

// Head implements events.LogStore. The log of an unknown edition is empty.
func (s *Store) Head(ctx context.Context, edition events.ID) (events.Position, error) {
	position, err := headOf(ctx, s.db, edition)
	return position, failure(ctx, "find the head of "+edition.String(), err)
}

func headOf(ctx context.Context, db bun.IDB, edition events.ID) (events.Position, error) {
	var position events.Position
	err := db.NewRaw(`
		select e.value, coalesce(h.seq, 0) from epoch e left join heads h on h.edition_id = ?`,
		uid(edition)).Scan(ctx, &position.Epoch, &position.Seq)
	return position, err
}

// Changes implements events.LogStore.
func (s *Store) Changes(
	ctx context.Context, edition events.ID, after int64, limit int,
) ([]events.Activity, error) {
	var rows []struct {
		logRow
		Epoch uint32
	}
	err := s.db.NewRaw(`
		select a.*, e.value as epoch from activities a cross join epoch e
		where a.edition_id = ? and a.seq > ? order by a.seq limit ?`,
		uid(edition), after, min(limit, MaxChanges)).Scan(ctx, &rows)
	if err != nil {
		return nil, failure(ctx, "read the log of "+edition.String(), err)
	}
	list := make([]events.Activity, len(rows))
	for i, row := range rows {
		if list[i], err = row.activity(row.Epoch); err != nil {
			return nil, failure(ctx, "read an activity", err)
		}
	}
	return list, nil
}

// cardQuery reads the cards of events, for readCards; a where clause must follow.
const cardQuery = `
	select e.id, e.slug, e.title, h.display_name as host_name, e.way, e.themes, e.precision,
		e.latitude, e.longitude, e.locality, e.country, e.starts_at, e.ends_at, e.day, e.day_by,
		e.declared_people, e.version
	from events e join hosts h on h.id = e.host_id`

// Cards implements events.LogStore. Cards are as events are now: one that changed since its last
// activity was numbered is newer than the position, and says so by its Version.
func (s *Store) Cards(
	ctx context.Context, edition events.ID,
) (cards []events.EventCard, position events.Position, err error) {
	err = s.inSnapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		position, err = headOf(ctx, tx, edition)
		if err != nil {
			return err
		}
		var rows *sql.Rows
		rows, err = tx.QueryContext(ctx, cardQuery+`
			where e.edition_id = ? and e.review = 'LISTED' and e.latitude is not null`, uid(edition))
		if err != nil {
			return err
		}
		cards, err = readCards(rows)
		return err
	})
	return cards, position, failure(ctx, "read the cards of "+edition.String(), err)
}

// readCards reads row by row: a whole edition at once is the largest answer of the store.
func readCards(rows *sql.Rows) (cards []events.EventCard, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var c events.EventCard
		var id uuid.UUID
		var themes textList
		err := rows.Scan(&id, &c.Slug, &c.Title, &c.HostName, &c.Way, &themes, &c.Place.Precision,
			&c.Place.Latitude, &c.Place.Longitude, &c.Place.Locality, &c.Place.Country, &c.StartsAt,
			&c.EndsAt, &c.Day, &c.DayBy, &c.Declared, &c.Version)
		if err != nil {
			return nil, err
		}
		c.ID, c.Themes = events.NewID(events.EventPrefix, id), listOf[string](themes)
		c.StartsAt, c.EndsAt = c.StartsAt.UTC(), c.EndsAt.UTC()
		cards = append(cards, c)
	}
	return cards, rows.Err()
}
