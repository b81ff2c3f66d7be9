package db

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/microgalleries/actionday/events"
)

// redaction is what a list of activities takes back from all earlier ones: the payload of some
// events and the place and times of others, the last word counting for each.
type redaction struct {
	gone   []uuid.UUID
	moved  []uuid.UUID
	places []string // JSON, one per moved
}

// redactionBy gathers what activities take back. It is empty for nearly all.
func redactionBy(list []events.Activity) (redaction, error) {
	last := map[uuid.UUID]int{}
	var r redaction
	for _, a := range list {
		switch {
		case a.Redacts == events.RedactAll:
			r.gone = append(r.gone, uid(a.EventID))
		case a.Redacts == events.RedactPlace && a.Card != nil:
			place, err := json.Marshal(whereAndWhen{a.Card.Place, a.Card.StartsAt, a.Card.EndsAt})
			if err != nil {
				return r, err
			}
			if i, seen := last[uid(a.EventID)]; seen {
				r.places[i] = string(place)
				continue
			}
			last[uid(a.EventID)] = len(r.moved)
			r.moved, r.places = append(r.moved, uid(a.EventID)), append(r.places, string(place))
		}
	}
	return r, nil
}

// whereAndWhen is the part of a card that events.RedactPlace replaces, under the card's own keys.
type whereAndWhen struct {
	Place    events.Place `json:"place"`
	StartsAt time.Time    `json:"startsAt"`
	EndsAt   time.Time    `json:"endsAt"`
}

// redactLog applies to what stands in the log, in SQL, what Activity.Redact does in Go.
func redactLog(ctx context.Context, tx bun.Tx, r redaction) error {
	return r.apply(ctx, tx, "activities a", "true")
}

// redactWaiting does the same to what waits in the outbox, so that a withdrawal is at once behind
// everything that anybody can still be told. Rows that the sequencer holds are left to it: it
// will redact them when it comes to the news of the withdrawal.
func redactWaiting(ctx context.Context, tx bun.Tx, news []events.Activity) error {
	r, err := redactionBy(news)
	if err != nil || len(r.gone)+len(r.moved) == 0 {
		return err
	}
	var free []int64
	err = tx.NewRaw("select id from outbox where event_id in (?) order by id for update skip locked",
		bun.List(append(r.gone, r.moved...))).Scan(ctx, &free)
	if err != nil || len(free) == 0 {
		return err
	}
	return r.apply(ctx, tx, "outbox a", "a.id in (?)", bun.List(free))
}

func (r redaction) apply(ctx context.Context, tx bun.Tx, table, where string, args ...any) error {
	if len(r.moved) > 0 {
		_, err := tx.NewRaw("update "+table+` set card = a.card || p.place::jsonb
			from unnest(?::uuid[], ?::text[]) p(event_id, place)
			where a.event_id = p.event_id and a.card is not null and `+where,
			append([]any{pgdialect.Array(r.moved), textList(r.places)}, args...)...).Exec(ctx)
		if err != nil {
			return err
		}
	}
	if len(r.gone) == 0 {
		return nil
	}
	_, err := tx.NewRaw("update "+table+` set card = null, tombstone = true
		where a.event_id in (?) and not (a.card is null and a.tombstone) and `+where,
		append([]any{bun.List(r.gone)}, args...)...).Exec(ctx)
	return err
}
