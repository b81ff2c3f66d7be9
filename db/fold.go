package db

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

// standingRow is what an event contributes, at its last activity.
type standingRow struct {
	bun.BaseModel `bun:"table:standings"`

	EventID   uuid.UUID `bun:",pk"`
	EditionID uuid.UUID
	Seq       int64
	Listed    bool
	Day       events.DayState
	Country   string
	Way       events.Way
	Themes    textList
	Declared  int64
	CheckIns  int64
	Cheers    int64
}

// counterRow is one number of one tally.
type counterRow struct {
	bun.BaseModel `bun:"table:counters"`

	EditionID uuid.UUID
	Scope     events.ScopeKind
	Key       string
	Metric    events.Metric
	Value     int64
}

// fold moves the standings past numbered activities, writes the deltas into the activities and
// adds them to the counters.
func fold(ctx context.Context, tx bun.Tx, list []events.Activity) error {
	standings, err := loadStandings(ctx, tx, list)
	if err != nil {
		return err
	}
	sums := map[counterRow]int64{}
	for i, a := range list {
		if a.EventID.IsZero() {
			continue
		}
		row := standings[uid(a.EventID)]
		after, deltas := events.Fold(row.standing(), a)
		standings[uid(a.EventID)] = newStandingRow(a, after)
		list[i].Deltas = deltas
		for _, d := range deltas {
			sums[counterRow{EditionID: uid(a.EditionID), Scope: d.Kind, Key: d.Key, Metric: d.Metric}] += d.By
		}
	}
	if err := saveStandings(ctx, tx, standings); err != nil {
		return err
	}
	return addToCounters(ctx, tx, sums)
}

func loadStandings(
	ctx context.Context, tx bun.Tx, list []events.Activity,
) (map[uuid.UUID]standingRow, error) {
	seen := map[uuid.UUID]bool{}
	var ids []uuid.UUID
	for _, a := range list {
		if id := uid(a.EventID); !a.EventID.IsZero() && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []standingRow
	err := tx.NewRaw("select * from standings where event_id in (?)", bun.List(ids)).Scan(ctx, &rows)
	standings := make(map[uuid.UUID]standingRow, len(ids))
	for _, row := range rows {
		standings[row.EventID] = row
	}
	return standings, err
}

func saveStandings(ctx context.Context, tx bun.Tx, standings map[uuid.UUID]standingRow) error {
	rows := make([]standingRow, 0, len(standings))
	for _, row := range standings {
		rows = append(rows, row)
	}
	for part := range slices.Chunk(rows, maxRows) {
		_, err := tx.NewInsert().Model(&part).On("CONFLICT (event_id) DO UPDATE").Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

func addToCounters(ctx context.Context, tx bun.Tx, sums map[counterRow]int64) error {
	rows := make([]counterRow, 0, len(sums))
	for row, by := range sums {
		if by != 0 {
			row.Value = by
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b counterRow) int { // neighbors in the table are written together
		return cmp.Or(compare(a.EditionID, b.EditionID), cmp.Compare(a.Scope, b.Scope),
			cmp.Compare(a.Key, b.Key), cmp.Compare(a.Metric, b.Metric))
	})
	for part := range slices.Chunk(rows, maxRows) {
		_, err := tx.NewInsert().Model(&part).ModelTableExpr("counters as c").
			On("CONFLICT (edition_id, scope, key, metric) DO UPDATE").
			Set("value = c.value + excluded.value").Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

func newStandingRow(a events.Activity, s events.Standing) standingRow {
	return standingRow{
		EventID: uid(a.EventID), EditionID: uid(a.EditionID), Seq: a.Seq, Listed: s.Listed, Day: s.Day,
		Country: s.Country, Way: s.Way, Themes: texts(s.Themes), Declared: s.Declared,
		CheckIns: s.CheckIns, Cheers: s.Cheers,
	}
}

func (r standingRow) standing() events.Standing {
	return events.Standing{
		Listed: r.Listed, Day: r.Day, Country: r.Country, Way: r.Way, Themes: listOf[string](r.Themes),
		Declared: r.Declared, CheckIns: r.CheckIns, Cheers: r.Cheers,
	}
}
