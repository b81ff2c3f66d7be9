package db

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

// Counts implements events.LogStore. Tallies of nothing but zeros are left out.
func (s *Store) Counts(ctx context.Context, edition events.ID) (events.Counts, error) {
	counts, err := countsOf(ctx, s.db, edition)
	return counts, failure(ctx, "read the counters of "+edition.String(), err)
}

func countsOf(ctx context.Context, db bun.IDB, edition events.ID) (events.Counts, error) {
	var rows []struct {
		counterRow
		Seq int64
		At  time.Time `bun:",nullzero"`
	}
	err := db.NewRaw(`
		select h.seq, h.at, coalesce(c.scope, '') as scope, coalesce(c.key, '') as key,
			coalesce(c.metric, '') as metric, coalesce(c.value, 0) as value
		from heads h left join counters c on c.edition_id = h.edition_id and c.value <> 0
		where h.edition_id = ?`, uid(edition)).Scan(ctx, &rows)
	if err != nil {
		return events.Counts{}, err
	}
	counts := events.Counts{Tallies: map[events.Scope]events.Tally{}}
	for _, row := range rows {
		counts.AsOfSeq, counts.AsOf = row.Seq, row.At.UTC()
		scope := events.Scope{Kind: row.Scope, Key: row.Key}
		tally := counts.Tallies[scope]
		if slot := tally.Slot(row.Metric); slot != nil {
			*slot = row.Value
			counts.Tallies[scope] = tally
		}
	}
	return counts, nil
}

// countedRow is a listed event as it is now, with the people counted at it, less those whose news
// still waits.
type countedRow struct {
	ID             uuid.UUID
	Way            events.Way
	Themes         textList
	Country        string
	Day            events.DayState
	DeclaredPeople int64
	CheckIns       int64
	Cheers         int64
}

// Recount implements events.LogStore.
func (s *Store) Recount(ctx context.Context, edition events.ID) (counts events.Counts, err error) {
	err = s.inSnapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		counts, err = recount(ctx, tx, edition)
		return err
	})
	return counts, failure(ctx, "recount "+edition.String(), err)
}

func recount(ctx context.Context, tx bun.Tx, edition events.ID) (counts events.Counts, err error) {
	var rows []countedRow
	err = tx.NewRaw(`
		with people as (
			select event_id, count(*) filter (where kind = ?) as check_ins,
				count(*) filter (where kind = ?) as cheers
			from attendances group by event_id),
		waiting as (
			select event_id, coalesce(sum(count) filter (where kind = ?), 0) as check_ins,
				coalesce(sum(count) filter (where kind = ?), 0) as cheers
			from outbox group by event_id)
		select e.id, e.way, e.themes, e.country, e.day, e.declared_people,
			coalesce(p.check_ins, 0) - coalesce(w.check_ins, 0) as check_ins,
			coalesce(p.cheers, 0) - coalesce(w.cheers, 0) as cheers
		from events e join standings s on s.event_id = e.id
		left join people p on p.event_id = e.id
		left join waiting w on w.event_id = e.id
		where e.edition_id = ? and e.review = 'LISTED'`,
		events.CheckIn, events.Cheer, events.CheckedIn, events.Cheered, uid(edition)).Scan(ctx, &rows)
	if err != nil {
		return counts, err
	}
	counts = sum(rows)
	var at time.Time
	err = tx.NewRaw("select seq, coalesce(at, '0001-01-01Z') from heads where edition_id = ?",
		uid(edition)).Scan(ctx, &counts.AsOfSeq, &at)
	counts.AsOf = at.UTC()
	return counts, err
}

// CountsAt is the counters of an edition as they were at an earlier position of its log: those of
// now, less what came since.
func (s *Store) CountsAt(ctx context.Context, edition events.ID, seq int64) (counts events.Counts, err error) {
	err = s.inSnapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		if counts, err = countsOf(ctx, tx, edition); err != nil {
			return err
		}
		var later []counterRow
		err = tx.NewRaw(`
			select d->>'scope' as scope, coalesce(d->>'key', '') as key, d->>'metric' as metric,
				sum((d->>'by')::bigint)::bigint as value
			from activities a cross join jsonb_array_elements(a.deltas) d
			where a.edition_id = ? and a.seq > ? group by 1, 2, 3`, uid(edition), seq).Scan(ctx, &later)
		for _, row := range later {
			scope := events.Scope{Kind: row.Scope, Key: row.Key}
			tally := counts.Tallies[scope]
			if slot := tally.Slot(row.Metric); slot != nil {
				*slot -= row.Value
				counts.Tallies[scope] = tally
			}
		}
		counts.AsOfSeq, counts.AsOf = min(seq, counts.AsOfSeq), time.Time{}
		return err
	})
	return counts, failure(ctx, "read earlier counters of "+edition.String(), err)
}

// sum folds each event from nothing to what it is now and adds up.
func sum(rows []countedRow) events.Counts {
	counts := events.Counts{Tallies: map[events.Scope]events.Tally{}}
	for _, row := range rows {
		var standing events.Standing
		for _, a := range row.story() {
			a.Seq = counts.AsOfSeq + 1
			standing, a.Deltas = events.Fold(standing, a)
			counts.Apply(a)
		}
	}
	return counts
}

// story is the shortest way to what an event is now.
func (r countedRow) story() []events.Activity {
	return []events.Activity{
		{Kind: events.EventListed, Card: &events.EventCard{
			Way: r.Way, Themes: r.Themes, Place: events.Place{Country: r.Country},
			Day: r.Day, Declared: r.DeclaredPeople,
		}},
		{Kind: events.CheckedIn, Count: r.CheckIns},
		{Kind: events.Cheered, Count: r.Cheers},
	}
}
