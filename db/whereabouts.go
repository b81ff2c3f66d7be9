package db

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

// whereaboutsRow is private: only this file reads it.
type whereaboutsRow struct {
	bun.BaseModel `bun:"table:private.whereabouts"`

	EventID        uuid.UUID `bun:",pk"`
	Precision      events.Precision
	Latitude       *float64
	Longitude      *float64
	Address        string
	Locality       string
	Country        string
	CountryGuessed bool
	Zone           string
	StartMinute    int
	EndMinute      int
	AllDay         bool
}

// Whereabouts implements events.EventStore.
func (s *Store) Whereabouts(ctx context.Context, event events.ID) (events.Whereabouts, error) {
	var row whereaboutsRow
	err := s.db.NewRaw("select * from private.whereabouts where event_id = ?", uid(event)).Scan(ctx, &row)
	if err != nil {
		return events.Whereabouts{}, failure(ctx, "find whereabouts of "+event.String(), err)
	}
	return row.whereabouts(), nil
}

func (row whereaboutsRow) whereabouts() events.Whereabouts {
	return events.Whereabouts{
		Precision: row.Precision, Latitude: row.Latitude, Longitude: row.Longitude,
		Address: row.Address, Locality: row.Locality, Country: row.Country,
		CountryGuessed: row.CountryGuessed, Zone: row.Zone, Start: events.LocalTime(row.StartMinute),
		End: events.LocalTime(row.EndMinute), AllDay: row.AllDay,
	}
}

// coarsened is the whereabouts of all events of an edition that are not to be known exactly.
func coarsened(ctx context.Context, tx bun.Tx, edition uuid.UUID) (map[uuid.UUID]*events.Whereabouts, error) {
	var rows []whereaboutsRow
	err := tx.NewRaw(`
		select w.* from private.whereabouts w join events e on e.id = w.event_id
		where e.edition_id = ? and w.precision <> ?`, edition, events.ExactPrecision).Scan(ctx, &rows)
	truths := make(map[uuid.UUID]*events.Whereabouts, len(rows))
	for _, row := range rows {
		where := row.whereabouts()
		truths[row.EventID] = &where
	}
	return truths, err
}

func saveWhereabouts(ctx context.Context, tx bun.Tx, changes []events.Change) error {
	var rows []whereaboutsRow
	for _, c := range changes {
		if c.Event != nil && c.Whereabouts != nil {
			rows = append(rows, newWhereaboutsRow(c.Event.ID, *c.Whereabouts))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&rows).On("CONFLICT (event_id) DO UPDATE").Exec(ctx)
	return err
}

func newWhereaboutsRow(event events.ID, w events.Whereabouts) whereaboutsRow {
	return whereaboutsRow{
		EventID: uid(event), Precision: w.Precision, Latitude: w.Latitude, Longitude: w.Longitude,
		Address: w.Address, Locality: w.Locality, Country: w.Country, CountryGuessed: w.CountryGuessed,
		Zone: w.Zone, StartMinute: int(w.Start), EndMinute: int(w.End), AllDay: w.AllDay,
	}
}
