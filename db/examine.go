package db

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

// Examination is what one look at an edition has found. All of it is of one moment.
type Examination struct {
	Head        events.Position
	Activities  int64
	Events      int64
	Standings   int64
	Attendances int64
	Counters    int64
	Waiting     int64    // news that has no number yet
	Findings    []string // what is broken, in whole sentences
	// Unsure says that news of changes waits, so that what is counted anew may be ahead of the log: a
	// finding about the counters has to be seen again.
	Unsure bool
}

// Examine reads the whole log of an edition and holds everything that was folded from it, and
// everything that it was made from, against it.
func (s *Store) Examine(ctx context.Context, edition events.ID) (Examination, error) {
	var x *examination
	err := s.inSnapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		x = &examination{tx: tx, edition: edition, Examiner: events.NewExaminer()}
		return x.run(ctx)
	})
	if err != nil {
		return Examination{}, failure(ctx, "examine "+edition.String(), err)
	}
	x.found.Findings = x.Findings
	return x.found, nil
}

type examination struct {
	*events.Examiner
	tx      bun.Tx
	edition events.ID
	found   Examination
	busy    map[uuid.UUID]bool // events with news of changes that waits
}

func (x *examination) run(ctx context.Context) error {
	for _, look := range []func(context.Context) error{
		x.readLog, x.head, x.outbox, x.standings, x.attendances, x.events, x.counters,
	} {
		if err := look(ctx); err != nil {
			return err
		}
	}
	return nil
}

// readLog goes through the log row by row: it may be large.
func (x *examination) readLog(ctx context.Context) (err error) {
	rows, err := x.tx.QueryContext(ctx, `
		select seq, id, kind, event_id, at, card, count, deltas, tombstone, redacts
		from activities where edition_id = ? order by seq`, uid(x.edition))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		a, err := readLogRow(rows, uid(x.edition))
		if err != nil {
			return err
		}
		x.Read(a)
		x.found.Activities++
	}
	return rows.Err()
}

func readLogRow(rows *sql.Rows, edition uuid.UUID) (events.Activity, error) {
	row := logRow{EditionID: edition}
	var card, deltas []byte
	err := rows.Scan(&row.Seq, &row.ID, &row.Kind, &row.EventID, &row.At, &card, &row.Count, &deltas,
		&row.Tombstone, &row.Redacts)
	if err != nil {
		return events.Activity{}, err
	}
	row.Card, row.Deltas = card, deltas
	return row.activity(0)
}

func (x *examination) head(ctx context.Context) error {
	var err error
	if x.found.Head, err = headOf(ctx, x.tx, x.edition); err != nil {
		return err
	}
	if seq := x.found.Head.Seq; seq != x.Head || seq != x.found.Activities {
		x.Find("The head stands at %d, but the log has %d activities and ends with %d.", seq, x.found.Activities, x.Head)
	}
	return nil
}

// outbox looks at what waits, and whether any of it has been numbered already.
func (x *examination) outbox(ctx context.Context) error {
	var rows []struct {
		EventID uuid.NullUUID
		Kind    events.ActivityKind
		Known   bool
	}
	err := x.tx.NewRaw(`
		select o.event_id, o.kind, exists (
			select from activities a where a.edition_id = o.edition_id and a.id = o.activity_id) as known
		from outbox o where o.edition_id = ?`, uid(x.edition)).Scan(ctx, &rows)
	x.busy = map[uuid.UUID]bool{}
	for _, row := range rows {
		x.found.Waiting++
		if row.Known {
			x.Find("News of %s waits although it is in the log.", idOf(events.EventPrefix, row.EventID))
		}
		if row.Kind != events.CheckedIn && row.Kind != events.Cheered {
			x.busy[row.EventID.UUID], x.found.Unsure = true, true
		}
	}
	return err
}

func (x *examination) standings(ctx context.Context) error {
	var rows []standingRow
	err := x.tx.NewRaw("select * from standings where edition_id = ?", uid(x.edition)).Scan(ctx, &rows)
	for _, row := range rows {
		x.found.Standings++
		x.Kept(events.NewID(events.EventPrefix, row.EventID), row.Seq, row.standing())
	}
	if n := int64(len(x.Stories)); n > x.found.Standings {
		x.Find("The log tells of %d events, but only %d have a standing.", n, x.found.Standings)
	}
	return err
}

func (x *examination) attendances(ctx context.Context) error {
	var rows []struct {
		EventID uuid.UUID
		Kind    events.AttendanceKind
		N       int64
		Devices int64
		Waiting int64
	}
	err := x.tx.NewRaw(`
		with rows as (
			select a.event_id, a.kind, count(*) as n, count(distinct a.device) as devices
			from attendances a join events e on e.id = a.event_id
			where e.edition_id = ? group by a.event_id, a.kind),
		waiting as (
			select event_id, case kind when ? then ? else ? end as kind, sum(count) as n
			from outbox where edition_id = ? and kind in (?, ?) group by event_id, kind),
		named as (
			select id as event_id, kind from events cross join (values (?), (?)) k(kind) where edition_id = ?)
		select event_id, kind, coalesce(r.n, 0) as n, coalesce(r.devices, 0) as devices,
			coalesce(w.n, 0)::bigint as waiting
		from named left join rows r using (event_id, kind) left join waiting w using (event_id, kind)`,
		uid(x.edition), events.CheckedIn, events.CheckIn, events.Cheer, uid(x.edition), events.CheckedIn,
		events.Cheered, events.CheckIn, events.Cheer, uid(x.edition)).Scan(ctx, &rows)
	for _, row := range rows {
		id := events.NewID(events.EventPrefix, row.EventID)
		x.found.Attendances += row.N
		x.Counted(id, row.Kind, row.N, row.Waiting)
		if row.Devices != row.N {
			x.Find("%d devices stand %d times at %s (%s).", row.Devices, row.N, id, row.Kind)
		}
	}
	return err
}

// events holds every event as it is against what the log shows of it.
func (x *examination) events(ctx context.Context) error {
	truths, err := coarsened(ctx, x.tx, uid(x.edition))
	if err != nil {
		return err
	}
	var rows []struct {
		ID        uuid.UUID
		Listed    bool
		Precision events.Precision
		Latitude  *float64
		Longitude *float64
		Locality  string
		Country   string
	}
	err = x.tx.NewRaw(`
		select id, review = 'LISTED' as listed, precision, latitude, longitude, locality, country
		from events where edition_id = ?`, uid(x.edition)).Scan(ctx, &rows)
	for _, row := range rows {
		x.found.Events++
		if x.busy[row.ID] {
			continue
		}
		public := events.Place{
			Precision: row.Precision, Latitude: row.Latitude, Longitude: row.Longitude,
			Locality: row.Locality, Country: row.Country,
		}
		x.Now(events.NewID(events.EventPrefix, row.ID), row.Listed, public, truths[row.ID])
	}
	return err
}

// counters holds the table against the deltas of the log and against a recount.
func (x *examination) counters(ctx context.Context) error {
	kept, err := countsOf(ctx, x.tx, x.edition)
	if err != nil {
		return err
	}
	for _, tally := range kept.Tallies {
		for _, metric := range events.Metrics() {
			if *tally.Slot(metric) != 0 {
				x.found.Counters++
			}
		}
	}
	if err := kept.Differs(x.Counts); err != nil {
		x.Find("The counters are not the sum of the log: %v.", err)
	}
	if kept.AsOfSeq > 0 && !kept.AsOf.Equal(x.Counts.AsOf) {
		x.Find("The counters are as of %s, but the last activity is of %s.",
			kept.AsOf.Format(time.RFC3339Nano), x.Counts.AsOf.Format(time.RFC3339Nano))
	}
	recounted, err := recount(ctx, x.tx, x.edition)
	if err != nil {
		return err
	}
	if err := kept.Differs(recounted); err != nil {
		x.Find("The counters are not what events and attendances give: %v.", err)
	}
	return nil
}

// Waiting is how much of an edition's news waits for its number, and the last place in the queue: all
// of it, or only what stands at a place or before it.
func (s *Store) Waiting(ctx context.Context, edition events.ID, upTo int64) (n, last int64, err error) {
	err = s.db.NewRaw(`
		select count(*), coalesce(max(id), 0) from outbox where edition_id = ? and (? = 0 or id <= ?)`,
		uid(edition), upTo, upTo).Scan(ctx, &n, &last)
	return n, last, failure(ctx, "look at the outbox of "+edition.String(), err)
}
