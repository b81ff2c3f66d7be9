package db

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

// illustrate gives check-ins and cheers the card of their event, so that a viewer can draw them
// without asking. The card is made here and not when people are counted, because here it is surely
// as public as the event is now: if a host makes the place coarser at this moment, the news of that
// gets a later number and redacts this card, too.
func illustrate(ctx context.Context, tx bun.Tx, list []events.Activity) error {
	wanted := map[events.ID]*events.EventCard{}
	var ids []uuid.UUID
	for _, a := range list {
		if _, known := wanted[a.EventID]; isCount(a) && !known {
			wanted[a.EventID] = nil
			ids = append(ids, uid(a.EventID))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := tx.QueryContext(ctx, cardQuery+` where e.id in (?) and e.review = 'LISTED'`, bun.List(ids))
	if err != nil {
		return err
	}
	cards, err := readCards(rows)
	if err != nil {
		return err
	}
	for i := range cards {
		wanted[cards[i].ID] = &cards[i]
	}
	for i, a := range list {
		if isCount(a) {
			list[i].Card = wanted[a.EventID]
		}
	}
	return nil
}

func isCount(a events.Activity) bool {
	return (a.Kind == events.CheckedIn || a.Kind == events.Cheered) && !a.Tombstone
}
