package main

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/microgalleries/actionday/events"
)

// bareRows is a program that does nothing but insert the rows of check-ins, many at once, into a table
// of the same shape: nobody is answered, nothing is looked up, and no news are made.
type bareRows struct {
	*checkIns
	conn *pgx.Conn
}

func newBareRows(c *checkIns, databaseURL string) *bareRows {
	c.Helper()
	conn, err := pgx.Connect(c.Context(), databaseURL)
	c.ok(err)
	c.Cleanup(func() { _ = conn.Close(c.Context()) })
	_, err = conn.Exec(c.Context(), `create table bare_attendances (like attendances including all)`)
	c.ok(err)
	_, err = conn.Prepare(c.Context(), "bare", `
		insert into bare_attendances (id, event_id, kind, device, key, at, proof)
		select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::bytea[], $6::timestamptz[], $7::text[])`)
	c.ok(err)
	return &bareRows{c, conn}
}

// groups is how many commits of check-ins there have been: each makes one activity of the one event,
// and no hub takes them away.
func (r *bareRows) groups() (n int) {
	r.Helper()
	r.ok(r.conn.QueryRow(r.Context(), `select count(*) from outbox`).Scan(&n))
	return n
}

// insert is a round of as many rows as the callers make, so many in one commit.
func (r *bareRows) insert(atOnce int) time.Duration {
	r.Helper()
	all := make([]events.Attendance, callersAtOnce*callsOfOne)
	for i := range all {
		all[i] = r.attendance(r.event)
	}
	start := time.Now()
	for rows := range slices.Chunk(all, atOnce) {
		var ids, ofEvents []uuid.UUID
		var kinds, proofs []string
		var devices, keys [][]byte
		var at []time.Time
		for _, a := range rows {
			ids, ofEvents = append(ids, a.ID.UUID()), append(ofEvents, a.EventID.UUID())
			kinds, proofs = append(kinds, string(a.Kind)), append(proofs, string(a.Proof))
			devices, keys = append(devices, a.Device[:]), append(keys, nil)
			at = append(at, a.At)
		}
		_, err := r.conn.Exec(r.Context(), "bare", ids, ofEvents, kinds, devices, keys, at, proofs)
		r.ok(err)
	}
	return time.Since(start)
}

// middle is the middle one of some values.
func middle(of []float64) float64 {
	return slices.Sorted(slices.Values(of))[len(of)/2]
}
