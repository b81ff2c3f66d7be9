package db

import (
	"context"

	"github.com/microgalleries/actionday/events"
)

// CheckInProofs implements events.AttendanceStore. The rows of one event lie together in the key.
func (s *Store) CheckInProofs(ctx context.Context, event events.ID) (p events.CheckInProofs, err error) {
	err = s.db.NewRaw(`
		select count(*) filter (where proof = ?), count(*) filter (where proof = ?)
		from attendances where event_id = ? and kind = ?`,
		events.RotatingProof, events.PrintedProof, uid(event), events.CheckIn).Scan(ctx, &p.Rotating, &p.Printed)
	return p, failure(ctx, "count the check-ins of "+event.String(), err)
}
