package db

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

// SaveEvents implements events.EventStore. Many changes take a handful of statements, each of many
// rows, as long as they are about different events and hosts.
func (s *Store) SaveEvents(ctx context.Context, changes ...events.Change) error {
	if len(changes) == 0 {
		return nil
	}
	before := versions(changes)
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		before.restore() // what an earlier try changed
		return saveAll(ctx, tx, changes)
	})
	if err != nil {
		before.restore()
		return failure(ctx, fmt.Sprintf("save %d events, first %s", len(changes), name(changes[0])), err)
	}
	return nil
}

func name(c events.Change) string {
	if c.Event == nil {
		return "none"
	}
	return c.Event.ID.String()
}

func saveAll(ctx context.Context, tx bun.Tx, changes []events.Change) error {
	if err := saveReceipts(ctx, tx, changes); err != nil {
		return err
	}
	for len(changes) > 0 {
		n := apart(changes)
		if err := savePart(ctx, tx, changes[:n]); err != nil {
			return err
		}
		changes = changes[n:]
	}
	return nil
}

// apart is how many changes from the first on can share statements: no event or host comes twice.
func apart(changes []events.Change) int {
	seen := map[events.ID]bool{}
	for i, c := range changes {
		twice := c.Event != nil && seen[c.Event.ID] || c.Host != nil && seen[c.Host.ID]
		if twice || i == maxRows {
			return i
		}
		if c.Event != nil {
			seen[c.Event.ID] = true
		}
		if c.Host != nil {
			seen[c.Host.ID] = true
		}
	}
	return len(changes)
}

func savePart(ctx context.Context, tx bun.Tx, changes []events.Change) error {
	if err := saveHosts(ctx, tx, changes); err != nil {
		return err
	}
	if err := saveEventRows(ctx, tx, changes); err != nil {
		return err
	}
	if err := saveWhereabouts(ctx, tx, changes); err != nil {
		return err
	}
	if err := clearFlags(ctx, tx, changes); err != nil {
		return err
	}
	if err := saveAudit(ctx, tx, changes); err != nil {
		return err
	}
	var news []events.Activity
	for _, c := range changes {
		news = append(news, c.News...)
	}
	return enqueue(ctx, tx, news)
}

// saveHosts stores new and changed hosts and makes accounts their owners.
func saveHosts(ctx context.Context, tx bun.Tx, changes []events.Change) error {
	var fresh []hostRow
	var known []events.Host
	for _, c := range changes {
		switch {
		case c.Host == nil:
		case c.Host.Version == 0:
			fresh = append(fresh, newHostRow(*c.Host))
		default:
			known = append(known, *c.Host)
		}
	}
	if len(fresh) > 0 {
		if _, err := tx.NewInsert().Model(&fresh).Exec(ctx); err != nil {
			return err
		}
	}
	slices.SortFunc(known, func(a, b events.Host) int { return compare(uid(a.ID), uid(b.ID)) })
	for _, h := range known { // hosts change by hand, one at a time
		if err := saveHost(ctx, tx, h); err != nil {
			return err
		}
	}
	for _, c := range changes {
		if c.Host == nil {
			continue
		}
		c.Host.Version++
		if err := ownHost(ctx, tx, c.AccountID, c.Host.ID); err != nil {
			return err
		}
	}
	return nil
}

// saveEventRows inserts new events and replaces known ones, whose rows are first locked in one
// order everywhere, so that two writers cannot wait for each other.
func saveEventRows(ctx context.Context, tx bun.Tx, changes []events.Change) error {
	names, err := hostNames(ctx, tx, changes)
	if err != nil {
		return err
	}
	var fresh, known []eventRow
	for _, c := range changes {
		if c.Event == nil {
			continue
		}
		row := newEventRow(*c.Event, names[uid(c.Event.HostID)])
		row.UpdatedAt = stored(c.At)
		if c.Event.Version == 0 {
			fresh = append(fresh, row)
		} else {
			known = append(known, row)
		}
	}
	if err := lockVersions(ctx, tx, known); err != nil {
		return err
	}
	if err := writeEventRows(ctx, tx, fresh, known); err != nil {
		return err
	}
	for _, c := range changes {
		if c.Event != nil {
			c.Event.Version, c.Event.UpdatedAt = c.Event.Version+1, stored(c.At)
		}
	}
	return nil
}

func writeEventRows(ctx context.Context, tx bun.Tx, fresh, known []eventRow) error {
	if len(fresh) > 0 {
		// In the order of slugs, so that two imports of the same events cannot wait for each other.
		slices.SortFunc(fresh, func(a, b eventRow) int { return cmp.Compare(a.Slug, b.Slug) })
		if _, err := tx.NewInsert().Model(&fresh).Exec(ctx); err != nil {
			return err
		}
	}
	if len(known) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&known).On("CONFLICT (id) DO UPDATE").Exec(ctx)
	return err
}

// lockVersions locks the rows that will be replaced and compares their versions.
func lockVersions(ctx context.Context, tx bun.Tx, rows []eventRow) error {
	if len(rows) == 0 {
		return nil
	}
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	var found []struct {
		ID      uuid.UUID
		Version int64
	}
	err := tx.NewRaw("select id, version from events where id in (?) order by id for update",
		bun.List(ids)).Scan(ctx, &found)
	if err != nil {
		return err
	}
	newest := make(map[uuid.UUID]int64, len(found))
	for _, row := range found {
		newest[row.ID] = row.Version
	}
	for _, row := range rows {
		if newest[row.ID] != row.Version-1 {
			return stale("event")
		}
	}
	return nil
}

// hostNames finds what the hosts of the changed events are called.
func hostNames(
	ctx context.Context, tx bun.Tx, changes []events.Change,
) (map[uuid.UUID]string, error) {
	names := map[uuid.UUID]string{}
	var unknown []uuid.UUID
	for _, c := range changes {
		if c.Host != nil {
			names[uid(c.Host.ID)] = c.Host.DisplayName
		}
	}
	for _, c := range changes {
		if c.Event == nil {
			continue
		}
		if _, ok := names[uid(c.Event.HostID)]; !ok {
			names[uid(c.Event.HostID)] = ""
			unknown = append(unknown, uid(c.Event.HostID))
		}
	}
	if len(unknown) == 0 {
		return names, nil
	}
	var rows []hostRow
	err := tx.NewRaw("select id, display_name from hosts where id in (?)", bun.List(unknown)).Scan(ctx, &rows)
	for _, row := range rows {
		names[row.ID] = row.DisplayName
	}
	return names, err
}

func compare(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }

// undo remembers what a failed save must not leave changed in the caller's objects.
type undo []func()

func versions(changes []events.Change) undo {
	var before undo
	for _, c := range changes {
		if e := c.Event; e != nil {
			version, at := e.Version, e.UpdatedAt
			before = append(before, func() { e.Version, e.UpdatedAt = version, at })
		}
		if h := c.Host; h != nil {
			version := h.Version
			before = append(before, func() { h.Version = version })
		}
	}
	return before
}

func (u undo) restore() {
	for _, back := range u {
		back()
	}
}
