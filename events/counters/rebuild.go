package counters

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/microgalleries/actionday/events"
)

const (
	// watchEvery is how soon counts that were lost while nothing happened are there again.
	watchEvery = time.Second
	// maxSnapshots is how often a snapshot is taken again because the epoch changed meanwhile.
	maxSnapshots = 3
)

// replaceScript puts a snapshot in place of the hash, unless the hash is further in the same epoch.
//
//	KEYS  the hash
//	ARGV  epoch, seq, time, then field and value in turn
const replaceScript = `
local at = redis.call('HMGET', KEYS[1], '_epoch', '_seq')
if at[1] == ARGV[1] and (tonumber(at[2]) or -1) > tonumber(ARGV[2]) then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], '_epoch', ARGV[1], '_seq', ARGV[2], '_at', ARGV[3])
for i = 4, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
end
return 1
`

// Rebuild throws an edition's counts in Redis away and makes them anew from one snapshot of
// Postgres, whatever they were. While it works, readers get the numbers from Postgres.
func (b *Board) Rebuild(ctx context.Context, edition events.ID) error {
	// Before the snapshot, not after it: what another hub adds meanwhile finds no counts to add to
	// and makes its own snapshot, so that it cannot be lost.
	if err := b.client.Del(ctx, hashKey(edition)).Err(); err != nil {
		return fmt.Errorf("counters: delete counts of %s: %w", edition, err)
	}
	if err := b.rebuild(ctx, edition); err != nil {
		return fmt.Errorf("counters: rebuild counts of %s: %w", edition, err)
	}
	return nil
}

// rebuild replaces an edition's counts by a snapshot unless they are newer.
func (b *Board) rebuild(ctx context.Context, edition events.ID) error {
	counts, epoch, err := b.snapshot(ctx, edition)
	if err != nil {
		return err
	}
	arguments := append([]any{formatEpoch(epoch), counts.AsOfSeq, formatTime(counts.AsOf)}, values(counts)...)
	replaced, err := b.replace.Run(ctx, b.client, []string{hashKey(edition)}, arguments...).Int()
	if err != nil {
		return err
	}
	b.looks.forget(edition)
	if replaced == 1 {
		b.log.Info("counts are rebuilt", "edition", edition, "seq", counts.AsOfSeq)
	}
	return nil
}

// snapshot is the truth and the epoch that it is of.
func (b *Board) snapshot(ctx context.Context, edition events.ID) (events.Counts, uint32, error) {
	before, err := b.source.Head(ctx, edition)
	for range maxSnapshots {
		if err != nil {
			return events.Counts{}, 0, err
		}
		var counts events.Counts
		if counts, err = b.source.Truth(ctx, edition); err != nil {
			return events.Counts{}, 0, err
		}
		var after events.Position
		if after, err = b.source.Head(ctx, edition); err == nil && after.Epoch == before.Epoch {
			return counts, after.Epoch, nil
		}
		before = after
	}
	return events.Counts{}, 0, errRestoring
}

// Position is where an edition's counts in Redis stand, and so from where on Apply wants the
// activities. Counts that are not there, or that the log does not know, are rebuilt first.
func (b *Board) Position(ctx context.Context, edition events.ID) (events.Position, error) {
	at, err := b.mend(ctx, edition, events.Position{Seq: -1})
	if err != nil {
		return at, fmt.Errorf("counters: find position of %s: %w", edition, err)
	}
	return at, nil
}

// mend rebuilds an edition's counts if they are not there, if the log does not know them, or if they
// lag behind and still are where they were. It tells where they stand then.
func (b *Board) mend(ctx context.Context, edition events.ID, were events.Position) (events.Position, error) {
	at, ok, err := b.position(ctx, edition)
	if err != nil {
		return at, err
	}
	head, err := b.source.Head(ctx, edition)
	if err != nil {
		return at, err
	}
	switch {
	case !ok || at.Epoch != head.Epoch || at.Seq > head.Seq:
		err = b.Rebuild(ctx, edition)
	case at.Seq < head.Seq && at == were:
		err = b.rebuild(ctx, edition)
	default:
		return at, nil
	}
	if err != nil {
		return at, err
	}
	at, _, err = b.position(ctx, edition)
	return at, err
}

func (b *Board) position(ctx context.Context, edition events.ID) (at events.Position, ok bool, err error) {
	both, err := b.client.HMGet(ctx, hashKey(edition), epochField, seqField).Result()
	if err != nil && !isWrongType(err) {
		return at, false, err
	}
	if len(both) != 2 {
		return at, false, nil
	}
	epoch, _ := both[0].(string)
	seq, _ := both[1].(string)
	at, ok = parsePosition(epoch, seq)
	return at, ok, nil
}

// isWrongType tells whether Redis says that a key holds something other than a hash.
func isWrongType(err error) bool { return redis.HasErrorPrefix(err, "WRONGTYPE") }

// Watch looks after the counts of the listed editions until ctx ends. The next activity brings up
// everything that Redis has lost; Watch does it where no activity comes, within about two seconds.
func (b *Board) Watch(ctx context.Context, editions func(context.Context) ([]events.ID, error)) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	stand, trouble := map[events.ID]events.Position{}, false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := b.watch(ctx, editions, stand)
		switch {
		case err != nil && !trouble && ctx.Err() == nil:
			b.log.Warn("the counts cannot be looked after", "err", err)
		case err == nil && trouble:
			b.log.Info("the counts are looked after again")
		}
		trouble = err != nil
	}
}

// watch looks at every edition once. It remembers in stand where each stood.
func (b *Board) watch(
	ctx context.Context, editions func(context.Context) ([]events.ID, error), stand map[events.ID]events.Position,
) error {
	all, err := editions(ctx)
	for _, edition := range all {
		were, seen := stand[edition]
		if !seen {
			were.Seq = -1
		}
		at, failed := b.mend(ctx, edition, were)
		if failed != nil {
			err = failed
			continue
		}
		stand[edition] = at
	}
	return err
}
