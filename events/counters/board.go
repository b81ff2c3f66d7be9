package counters

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/microgalleries/actionday/events"
)

// maxTries is how often a batch is tried: as it is, after a rebuild, and cut to what the rebuilt
// counts do not have yet, with one to spare for another hub in between.
const maxTries = 4

var (
	errGap       = errors.New("the snapshot is older than the activities: it must come from the primary")
	errBatch     = errors.New("activities are not consecutive")
	errRestoring = errors.New("the log's epoch keeps changing")
)

// applyScript adds a batch if it follows what the hash has, and tells where the hash stood. Redis
// does not undo a script that fails half-way, so a hash that cannot be added to is deleted.
//
//	KEYS  the hash
//	ARGV  epoch, seq before the batch, seq after it, time, then field and increment in turn
const applyScript = `
local at = redis.call('HMGET', KEYS[1], '_epoch', '_seq')
if at[1] ~= ARGV[1] or at[2] ~= ARGV[2] then
  return {0, at[1] or '', at[2] or ''}
end
for i = 5, #ARGV, 2 do
  local sum = redis.pcall('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1])
  if type(sum) == 'table' and sum.err then
    redis.call('DEL', KEYS[1])
    return {0, '', ''}
  end
end
redis.call('HSET', KEYS[1], '_seq', ARGV[3], '_at', ARGV[4])
return {1, at[1], at[2]}
`

// Source is the truth in Postgres. All reads go to the primary.
type Source struct {
	// Truth is the counters of an edition with the position that they include, in one snapshot.
	Truth func(ctx context.Context, edition events.ID) (events.Counts, error)
	// Head is the position of an edition's last activity.
	Head func(ctx context.Context, edition events.ID) (events.Position, error)
}

// Board is the live numbers of every edition, in Redis for all hubs together.
type Board struct {
	client  redis.UniversalClient
	source  Source
	log     *slog.Logger
	apply   *redis.Script
	replace *redis.Script
	pause   *pause
	truth   *shelf
	looks   *shelf
}

var _ events.CountsReader = (*Board)(nil)

// New makes a Board over a client, which should have been made with Options and remains the
// caller's to close.
func New(client redis.UniversalClient, source Source, now func() time.Time, log *slog.Logger) *Board {
	b := &Board{
		client: client, source: source, log: log, pause: newPause(now, log),
		apply: redis.NewScript(applyScript), replace: redis.NewScript(replaceScript),
	}
	b.truth = newShelf(source.Truth, truthLife, now)
	b.looks = newShelf(b.look, lookLife, now)
	return b
}

// Apply counts activities of one edition, which follow one another in its log. What Redis has
// counted already, it does not count again. When Redis stands further back, or has nothing or
// something of another epoch, the counts are rebuilt first. After an error nothing is half counted,
// and the same activities can be applied again.
func (b *Board) Apply(ctx context.Context, activities []events.Activity) error {
	if len(activities) == 0 {
		return nil
	}
	edition := activities[0].EditionID
	if err := b.count(ctx, edition, activities); err != nil {
		return fmt.Errorf("counters: apply %d activities of %s: %w", len(activities), edition, err)
	}
	b.looks.forget(edition)
	return nil
}

func (b *Board) count(ctx context.Context, edition events.ID, news []events.Activity) error {
	if !areConsecutive(news) {
		return errBatch
	}
	epoch, rebuilt := news[0].Epoch, false
	for range maxTries {
		applied, at, ok, err := b.add(ctx, edition, news)
		if err != nil || applied {
			return err
		}
		known := ok && at.Epoch == epoch
		switch {
		case known && at.Seq >= news[len(news)-1].Seq: // another hub came first
			return nil
		case known && at.Seq >= news[0].Seq: // what was rebuilt has a part of them
			news = news[at.Seq-news[0].Seq+1:]
			continue
		case rebuilt && known:
			return errGap
		case rebuilt && ok: // these activities are of a log that is gone
			return nil
		}
		if err := b.rebuild(ctx, edition); err != nil {
			return err
		}
		rebuilt = true
	}
	return errGap
}

// add runs the script. Where it was not applied it tells where the hash stands, which is not ok if
// there is none.
func (b *Board) add(ctx context.Context, edition events.ID, news []events.Activity) (
	applied bool, at events.Position, ok bool, err error,
) {
	last := news[len(news)-1]
	arguments := append([]any{
		formatEpoch(last.Epoch), news[0].Seq - 1, last.Seq, formatTime(last.At),
	}, sums(news)...)
	answer, err := b.apply.Run(ctx, b.client, []string{hashKey(edition)}, arguments...).Slice()
	if err != nil {
		return false, at, false, err
	}
	if len(answer) != 3 {
		return false, at, false, fmt.Errorf("the script answered %v", answer)
	}
	at, ok = parsePosition(fmt.Sprint(answer[1]), fmt.Sprint(answer[2]))
	return answer[0] == int64(1), at, ok, nil
}

func areConsecutive(news []events.Activity) bool {
	for i, a := range news {
		if a.Seq != news[0].Seq+int64(i) || a.Epoch != news[0].Epoch || a.EditionID != news[0].EditionID {
			return false
		}
	}
	return true
}

// Counts is the numbers of an edition at one position: those in Redis, or if Redis has none or does
// not answer, those in Postgres, which are then kept for a quarter of a second.
func (b *Board) Counts(ctx context.Context, edition events.ID) (events.Counts, error) {
	if !b.pause.isOn() {
		counts, err := b.looks.counts(ctx, edition)
		b.pause.after(ctx, err)
		if err == nil {
			return counts, nil
		}
		if ctx.Err() != nil {
			return events.Counts{}, ctx.Err()
		}
	}
	counts, err := b.truth.counts(ctx, edition)
	if err != nil {
		return events.Counts{}, fmt.Errorf("counters: read counts of %s: %w", edition, err)
	}
	return counts, nil
}

// errNoCounts is what look says about a hash that is not there or is not ours.
var errNoCounts = errors.New("no counts in redis")

func (b *Board) look(ctx context.Context, edition events.ID) (events.Counts, error) {
	fields, err := b.client.HGetAll(ctx, hashKey(edition)).Result()
	if err != nil {
		return events.Counts{}, err
	}
	counts, ok := parseCounts(fields)
	if !ok {
		return events.Counts{}, errNoCounts
	}
	return counts, nil
}
