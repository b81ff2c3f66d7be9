package db

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/microgalleries/actionday/events"
)

// presence is what counts once: a device at an event in one way.
type presence struct {
	event  uuid.UUID
	kind   events.AttendanceKind
	device hash
}

// found is what the database knows about a presence after the insert.
type found struct {
	EventID uuid.UUID
	Kind    events.AttendanceKind
	Device  hash
	Key     hash
	Fresh   bool
}

// Attend implements events.AttendanceStore. However many they are, they take one statement, which
// is its own transaction; only repeats take a second one, to look for their keys.
func (s *Store) Attend(
	ctx context.Context, all []events.Attendance, newID func() [16]byte,
) ([]events.Outcome, error) {
	if len(all) == 0 {
		return nil, nil
	}
	firsts := firstOfEach(all)
	listed, keys, err := s.count(ctx, firsts, newsIDs(firsts, newID))
	if err != nil {
		return nil, failure(ctx, "count attendances", err)
	}
	fresh := make(map[presence]hash, len(keys))
	for p, key := range keys {
		fresh[p] = key
	}
	if err := s.addKnown(ctx, all, listed, keys); err != nil {
		return nil, failure(ctx, "find attendances", err)
	}
	outcomes := make([]events.Outcome, len(all))
	for i, a := range all {
		p := presenceOf(a)
		_, isFresh := fresh[p]
		switch {
		case !listed[p.event]:
			outcomes[i] = events.UnknownEvent
		case isFresh, a.Key != [32]byte{} && hash(a.Key) == keys[p]:
			outcomes[i] = events.Fresh
		default:
			outcomes[i] = events.AlreadyCounted
		}
		delete(fresh, p) // the next one of this device in the batch is not
	}
	return outcomes, nil
}

func presenceOf(a events.Attendance) presence { return presence{uid(a.EventID), a.Kind, a.Device} }

// firstOfEach drops repeats within the batch and sorts the rest, so that two batches of the same
// crowd, from two hubs, insert in the same order and cannot wait for each other.
func firstOfEach(all []events.Attendance) []events.Attendance {
	seen := make(map[presence]bool, len(all))
	firsts := make([]events.Attendance, 0, len(all))
	for _, a := range all {
		if p := presenceOf(a); !seen[p] {
			seen[p] = true
			firsts = append(firsts, a)
		}
	}
	slices.SortFunc(firsts, func(a, b events.Attendance) int {
		p, q := presenceOf(a), presenceOf(b)
		return cmp.Or(compare(p.event, q.event), cmp.Compare(p.kind, q.kind),
			bytes.Compare(p.device[:], q.device[:]))
	})
	return firsts
}

// newsIDOf is the id of the one activity of each event and kind, should anybody be fresh.
type newsIDOf struct {
	events []uuid.UUID
	kinds  []string
	ids    []uuid.UUID
}

// newsIDs takes an id for each event and kind of a sorted batch.
func newsIDs(sorted []events.Attendance, newID func() [16]byte) (n newsIDOf) {
	for i, a := range sorted {
		if i > 0 && sorted[i-1].EventID == a.EventID && sorted[i-1].Kind == a.Kind {
			continue
		}
		n.events = append(n.events, uid(a.EventID))
		n.kinds = append(n.kinds, string(a.Kind))
		n.ids = append(n.ids, newID())
	}
	return n
}

// count inserts who is not there yet and puts the news of them into the outbox. It tells which of
// the events are listed, and the keys of those who are fresh.
func (s *Store) count(
	ctx context.Context, firsts []events.Attendance, news newsIDOf,
) (map[uuid.UUID]bool, map[presence]hash, error) {
	var c columns
	for _, a := range firsts {
		c.add(a)
	}
	var rows []found
	err := s.db.NewRaw(`
		with arrived as (
			select * from unnest(?::uuid[], ?::uuid[], ?::text[], ?::bytea[], ?::bytea[], ?::timestamptz[], ?::text[])
				with ordinality a(id, event_id, kind, device, key, at, proof, ordinal)),
		listed as (
			select id, edition_id from events
			where id in (select event_id from arrived) and review = 'LISTED'),
		fresh as (
			insert into attendances (id, event_id, kind, device, key, at, proof)
			select a.id, a.event_id, a.kind, a.device, a.key, a.at, a.proof
			from arrived a join listed l on l.id = a.event_id order by a.ordinal
			on conflict do nothing returning event_id, kind, device, key, at),
		news as (
			insert into outbox (edition_id, activity_id, kind, event_id, at, count, tombstone, redacts)
			select l.edition_id, n.id, case n.kind when ? then ? else ? end, l.id, max(f.at), count(*),
				false, ''
			from fresh f join listed l on l.id = f.event_id
			join unnest(?::uuid[], ?::text[], ?::uuid[]) n(event_id, kind, id)
				on n.event_id = f.event_id and n.kind = f.kind
			group by l.edition_id, n.id, n.kind, l.id)
		select id as event_id, '' as kind, null::bytea as device, null::bytea as key, false as fresh
		from listed
		union all
		select event_id, kind, device, key, true from fresh`,
		pgdialect.Array(c.ids), pgdialect.Array(c.events), textList(c.kinds),
		pgdialect.Array(c.devices), pgdialect.Array(c.keys), pgdialect.Array(c.at), textList(c.proofs),
		events.CheckIn, events.CheckedIn, events.Cheered,
		pgdialect.Array(news.events), textList(news.kinds), pgdialect.Array(news.ids),
	).Scan(ctx, &rows)
	listed, keys := map[uuid.UUID]bool{}, map[presence]hash{}
	for _, row := range rows {
		if row.Fresh {
			keys[presence{row.EventID, row.Kind, row.Device}] = row.Key
		} else {
			listed[row.EventID] = true
		}
	}
	return listed, keys, err
}

// columns are attendances as arrays, one per column.
type columns struct {
	ids, events   []uuid.UUID
	kinds, proofs []string
	devices, keys [][]byte
	at            []time.Time
}

func (c *columns) add(a events.Attendance) {
	c.ids, c.events = append(c.ids, uid(a.ID)), append(c.events, uid(a.EventID))
	c.kinds, c.at = append(c.kinds, string(a.Kind)), append(c.at, a.At)
	c.proofs = append(c.proofs, string(a.Proof))
	c.devices = append(c.devices, hash(a.Device).bytes())
	c.keys = append(c.keys, hash(a.Key).bytes())
}

// addKnown looks for the keys of those who repeat themselves under a key.
func (s *Store) addKnown(
	ctx context.Context, all []events.Attendance, listed map[uuid.UUID]bool, keys map[presence]hash,
) error {
	var c columns
	for _, a := range all {
		_, fresh := keys[presenceOf(a)]
		if listed[uid(a.EventID)] && !fresh && a.Key != [32]byte{} {
			c.add(a)
		}
	}
	if len(c.ids) == 0 {
		return nil
	}
	var rows []found
	err := s.db.NewRaw(`
		select a.event_id, a.kind, a.device, a.key
		from attendances a join unnest(?::uuid[], ?::text[], ?::bytea[]) w(event_id, kind, device)
			using (event_id, kind, device)`,
		pgdialect.Array(c.events), textList(c.kinds), pgdialect.Array(c.devices)).Scan(ctx, &rows)
	for _, row := range rows {
		keys[presence{row.EventID, row.Kind, row.Device}] = row.Key
	}
	return err
}
