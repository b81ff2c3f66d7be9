package counters

import (
	"context"
	"fmt"

	"github.com/microgalleries/actionday/events"
)

// Stored is what stands in Redis for an edition now and where that stands, for whoever holds it
// against the truth. It looks at nothing but Redis and changes nothing; ok is false if there are no
// counts, or none that can be read.
func (b *Board) Stored(ctx context.Context, edition events.ID) (
	counts events.Counts, at events.Position, ok bool, err error,
) {
	fields, err := b.client.HGetAll(ctx, hashKey(edition)).Result()
	if isWrongType(err) {
		return counts, at, false, nil
	}
	if err != nil {
		return counts, at, false, fmt.Errorf("counters: look at counts of %s: %w", edition, err)
	}
	at, ok = parsePosition(fields[epochField], fields[seqField])
	if ok {
		counts, ok = parseCounts(fields)
	}
	return counts, at, ok, nil
}
