package db

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

// maxEditions is how many editions are listed at most: two centuries of one a year.
const maxEditions = 200

type editionRow struct {
	bun.BaseModel `bun:"table:editions"`

	ID                   uuid.UUID `bun:"id,pk"`
	Slug                 string
	Title                string
	Summary              string
	Date                 date
	GraceDays            int
	RegistrationOpensAt  time.Time `bun:",nullzero"`
	RegistrationClosesAt time.Time `bun:",nullzero"`
	ProgrammeAt          time.Time `bun:",nullzero"`
	Licence              string
	Attribution          string
	Languages            textList
	Mode                 events.Mode
	Stage                events.Stage
	Version              int64
	UpdatedAt            time.Time
	Seq                  int64 `bun:",scanonly"`
}

type themeRow struct {
	bun.BaseModel `bun:"table:edition_themes"`

	EditionID uuid.UUID
	Ordinal   int
	Slug      string
	Title     string
}

// Edition implements events.EditionStore.
func (s *Store) Edition(ctx context.Context, id events.ID) (events.Edition, error) {
	return one(s.editions(ctx, "e.id = ?", uid(id)))
}

// EditionBySlug implements events.EditionStore.
func (s *Store) EditionBySlug(ctx context.Context, slug string) (events.Edition, error) {
	return one(s.editions(ctx, "e.slug = ?", slug))
}

// Editions implements events.EditionStore.
func (s *Store) Editions(ctx context.Context) ([]events.Edition, error) {
	return s.editions(ctx, "true")
}

func (s *Store) editions(ctx context.Context, where string, args ...any) ([]events.Edition, error) {
	var rows []editionRow
	err := s.db.NewRaw(`
		select e.*, h.edition_seq as seq
		from editions e join heads h on h.edition_id = e.id
		where `+where+` order by e.date desc, e.id limit ?`, append(args, maxEditions)...).Scan(ctx, &rows)
	if err != nil {
		return nil, failure(ctx, "find editions", err)
	}
	list := make([]events.Edition, len(rows))
	ids := make([]events.ID, len(rows))
	for i, row := range rows {
		list[i] = row.edition()
		ids[i] = list[i].ID
	}
	return list, s.addThemes(ctx, ids, list)
}

func (s *Store) addThemes(ctx context.Context, ids []events.ID, list []events.Edition) error {
	if len(list) == 0 {
		return nil
	}
	var rows []themeRow
	err := s.db.NewRaw(`
		select edition_id, ordinal, slug, title from edition_themes
		where edition_id in (?) order by edition_id, ordinal`, bun.List(uids(ids))).Scan(ctx, &rows)
	if err != nil {
		return failure(ctx, "find themes", err)
	}
	for _, row := range rows {
		for i := range list {
			if uid(list[i].ID) == row.EditionID {
				list[i].Themes = append(list[i].Themes, events.Theme{Slug: row.Slug, Title: row.Title})
			}
		}
	}
	return nil
}

// SaveEdition implements events.EditionStore.
func (s *Store) SaveEdition(ctx context.Context, e *events.Edition, news ...events.Activity) error {
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := saveEditionRow(ctx, tx, *e); err != nil {
			return err
		}
		if err := saveThemes(ctx, tx, *e); err != nil {
			return err
		}
		return enqueue(ctx, tx, news)
	})
	if err != nil {
		return failure(ctx, "save edition "+e.ID.String(), err)
	}
	e.Version++
	return nil
}

func saveEditionRow(ctx context.Context, tx bun.Tx, e events.Edition) error {
	row := newEditionRow(e)
	if e.Version == 0 {
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewRaw("insert into heads (edition_id) values (?)", row.ID).Exec(ctx)
		return err
	}
	done, err := tx.NewUpdate().Model(&row).WherePK().Where("version = ?", e.Version).Exec(ctx)
	return changedOne(done, err, "edition")
}

func saveThemes(ctx context.Context, tx bun.Tx, e events.Edition) error {
	_, err := tx.NewRaw("delete from edition_themes where edition_id = ?", uid(e.ID)).Exec(ctx)
	if err != nil {
		return err
	}
	if len(e.Themes) == 0 {
		return nil
	}
	rows := make([]themeRow, len(e.Themes))
	for i, theme := range e.Themes {
		rows[i] = themeRow{EditionID: uid(e.ID), Ordinal: i, Slug: theme.Slug, Title: theme.Title}
	}
	_, err = tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}

func newEditionRow(e events.Edition) editionRow {
	return editionRow{
		ID: uid(e.ID), Slug: e.Slug, Title: e.Title, Summary: e.Summary, Date: date{e.Date},
		GraceDays: e.GraceDays, RegistrationOpensAt: e.RegistrationOpensAt,
		RegistrationClosesAt: e.RegistrationClosesAt, ProgrammeAt: e.ProgrammeAt, Licence: e.Licence,
		Attribution: e.Attribution, Languages: texts(e.Languages), Mode: e.Mode, Stage: e.Stage,
		Version: e.Version + 1, UpdatedAt: e.UpdatedAt,
	}
}

func (r editionRow) edition() events.Edition {
	return events.Edition{
		ID: events.NewID(events.EditionPrefix, r.ID), Slug: r.Slug, Title: r.Title, Summary: r.Summary,
		Date: r.Date.day, GraceDays: r.GraceDays, RegistrationOpensAt: r.RegistrationOpensAt.UTC(),
		RegistrationClosesAt: r.RegistrationClosesAt.UTC(), ProgrammeAt: r.ProgrammeAt.UTC(),
		Licence: r.Licence, Attribution: r.Attribution, Languages: listOf[string](r.Languages),
		Mode: r.Mode, Stage: r.Stage, Version: r.Version, Seq: r.Seq, UpdatedAt: r.UpdatedAt.UTC(),
	}
}
