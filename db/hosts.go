package db

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/words"
)

type hostRow struct {
	bun.BaseModel `bun:"table:hosts"`

	ID           uuid.UUID `bun:"id,pk"`
	DisplayName  string
	Kind         events.HostKind
	Country      string
	Languages    textList
	Links        textList
	Bio          string
	Pseudonymous bool
	Trust        events.Trust
	Version      int64
	UpdatedAt    time.Time
}

// Host implements events.HostStore.
func (s *Store) Host(ctx context.Context, id events.ID) (events.Host, error) {
	return one(s.Hosts(ctx, []events.ID{id}))
}

// Hosts implements events.HostStore.
func (s *Store) Hosts(ctx context.Context, ids []events.ID) ([]events.Host, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []hostRow
	err := s.db.NewRaw("select * from hosts where id in (?) limit ?",
		bun.List(uids(ids)), events.MaxPage).Scan(ctx, &rows)
	if err != nil {
		return nil, failure(ctx, "find hosts", err)
	}
	list := make([]events.Host, len(rows))
	for i, row := range rows {
		list[i] = row.host()
	}
	return list, nil
}

// SaveHost implements events.HostStore.
func (s *Store) SaveHost(ctx context.Context, h *events.Host) error {
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		return saveHost(ctx, tx, *h)
	})
	if err != nil {
		return failure(ctx, "save host "+h.ID.String(), err)
	}
	h.Version++
	return nil
}

func saveHost(ctx context.Context, tx bun.Tx, h events.Host) error {
	row := newHostRow(h)
	if h.Version == 0 {
		_, err := tx.NewInsert().Model(&row).Exec(ctx)
		return err
	}
	done, err := tx.NewUpdate().Model(&row).WherePK().Where("version = ?", h.Version).Exec(ctx)
	if err := changedOne(done, err, "host"); err != nil {
		return err
	}
	return renameHost(ctx, tx, row)
}

// renameHost lets the host's events be found by the name that the host has now.
func renameHost(ctx context.Context, tx bun.Tx, row hostRow) error {
	name := lexemes(words.Document(row.DisplayName))
	_, err := tx.NewRaw(
		"update events set host_words = ? where host_id = ? and host_words <> ?", name, row.ID, name,
	).Exec(ctx)
	return err
}

func newHostRow(h events.Host) hostRow {
	return hostRow{
		ID: uid(h.ID), DisplayName: h.DisplayName, Kind: h.Kind, Country: h.Country,
		Languages: texts(h.Languages), Links: texts(h.Links), Bio: h.Bio, Pseudonymous: h.Pseudonymous,
		Trust: h.Trust, Version: h.Version + 1, UpdatedAt: h.UpdatedAt,
	}
}

func (r hostRow) host() events.Host {
	return events.Host{
		ID: events.NewID(events.HostPrefix, r.ID), DisplayName: r.DisplayName, Kind: r.Kind,
		Country: r.Country, Languages: listOf[string](r.Languages), Links: listOf[string](r.Links),
		Bio: r.Bio, Pseudonymous: r.Pseudonymous, Trust: r.Trust, Version: r.Version,
		UpdatedAt: r.UpdatedAt.UTC(),
	}
}
