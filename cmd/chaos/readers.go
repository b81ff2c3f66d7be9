package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// readEvery is how often each reader looks at the map and the counts.
const readEvery = 50 * time.Millisecond

const countsQuery = `query ($id: ID!) { counts(editionId: $id) { asOfSeq world { ...t } byCountry { country tally { ...t } } byWay { way tally { ...t } } byTheme { theme tally { ...t } } } }
	fragment t on Tally { events live done off checkIns { ...c } cheers { ...c } declared { ...c } reached { ...c } }
	fragment c on CoveredCount { value reported expected }`

// read looks at one hub's map and counts again and again. What fails is noted with the fault of that
// time: during those of Redis and NATS nothing may.
func (s *show) read(ctx context.Context, n int) {
	c := newClient(s.hubs, n)
	for ctx.Err() == nil {
		if _, err := s.readCounts(ctx, c, s.hubs[n]); s.failed(ctx, err) {
			s.record.miss(fmt.Sprint("counts: ", err))
		}
		if err := s.readMap(ctx, c, s.hubs[n]); s.failed(ctx, err) {
			s.record.miss(fmt.Sprint("map: ", err))
		}
		c.from = anyAddress() // somebody else
		_ = rest(ctx, readEvery)
	}
}

// failed tells whether a read failed. With the race detector, on a machine with other work, one that
// took too long says nothing.
func (s *show) failed(ctx context.Context, err error) bool {
	return err != nil && ctx.Err() == nil && !(s.options.Race && errors.Is(err, context.DeadlineExceeded))
}

// readCounts asks one hub for the counts, and notes what it told at which position.
func (s *show) readCounts(ctx context.Context, c *client, hub string) (seq int64, err error) {
	var answer struct{ Counts json.RawMessage }
	if err := c.ask(ctx, hub, countsQuery, map[string]any{"id": s.edition}, &answer); err != nil {
		return 0, err
	}
	var at struct{ AsOfSeq int64 }
	if err := json.Unmarshal(answer.Counts, &at); err != nil {
		return 0, err
	}
	sum := sha256.Sum256(answer.Counts)
	s.record.tell(at.AsOfSeq, hex.EncodeToString(sum[:8]))
	return at.AsOfSeq, nil
}

func (s *show) readMap(ctx context.Context, c *client, hub string) error {
	ctx, cancel := context.WithTimeout(ctx, attemptLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+hub+"/tiles/chaos/0/0/0.mvt", nil)
	if err != nil {
		return err
	}
	tile, err := c.send(r)
	if err == nil && len(tile) == 0 {
		err = fmt.Errorf("an empty map")
	}
	return err
}
