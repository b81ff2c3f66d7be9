package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/microgalleries/actionday/events"
)

const (
	askLimit   = 5 * time.Second // for one answer of a hub
	answerMost = 4 << 20         // bytes of it
)

// follower is somebody who tells the counts of an edition: Redis, or a hub.
type follower struct {
	name string
	look func(context.Context) (counts events.Counts, at events.Position, err error)
}

func (d *doctor) followers(edition events.ID) []follower {
	var list []follower
	if d.board != nil {
		list = append(list, follower{"Redis", func(ctx context.Context) (events.Counts, events.Position, error) {
			counts, at, ok, err := d.board.Stored(ctx, edition)
			if err == nil && !ok {
				err = errNothingStored
			}
			return counts, at, err
		}})
	}
	for _, hub := range d.hubs {
		list = append(list, follower{"the hub at " + hub, func(ctx context.Context) (events.Counts, events.Position, error) {
			return askCounts(ctx, hub, edition)
		}})
	}
	return list
}

var errNothingStored = fmt.Errorf("it has no counts")

// follower waits until a follower has come to where the log stood, and then holds every number of it
// against the log at the very position that it tells.
func (d *doctor) follower(ctx context.Context, edition events.ID, f follower) ([]string, error) {
	aim, err := d.store.Head(ctx, edition)
	if err != nil {
		return nil, err
	}
	for began := time.Now(); ; {
		counts, at, err := f.look(ctx)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		sameLog := at.Epoch == aim.Epoch || aim.Seq == 0 && at == (events.Position{}) // an empty log has no position to tell
		if err == nil && sameLog && at.Seq >= aim.Seq {
			return d.agree(ctx, edition, f.name, counts, at)
		}
		if time.Since(began) > followWithin {
			return []string{lag(f.name, at, aim, err)}, nil
		}
		if err := pause(ctx, lookEvery); err != nil {
			return nil, err
		}
	}
}

func lag(name string, at, aim events.Position, err error) string {
	switch {
	case err != nil:
		return fmt.Sprintf("%s cannot be read: %v.", name, err)
	case at.Epoch != aim.Epoch:
		return fmt.Sprintf("%s is of epoch %08x, but the log is of %08x.", name, at.Epoch, aim.Epoch)
	}
	return fmt.Sprintf("%s stands at %d after %s, but the log was at %d.", name, at.Seq, followWithin, aim.Seq)
}

// agree holds counts against the log at their position. The head is read after them, so that it
// cannot be behind.
func (d *doctor) agree(ctx context.Context, edition events.ID, name string, counts events.Counts, at events.Position) ([]string, error) {
	truth, err := d.store.CountsAt(ctx, edition, at.Seq)
	if err != nil {
		return nil, err
	}
	if truth.AsOfSeq < at.Seq {
		return []string{fmt.Sprintf("%s stands at %d, but the log ends at %d.", name, at.Seq, truth.AsOfSeq)}, nil
	}
	if err := counts.Differs(truth); err != nil {
		return []string{fmt.Sprintf("%s is wrong at %d: %v.", name, at.Seq, err)}, nil
	}
	return nil, nil
}

const countsQuestion = `query ($id: ID!) { changes(editionId: $id, first: 1) { position } counts(editionId: $id) { asOfSeq
	world { ...t } byCountry { country tally { ...t } } byWay { way tally { ...t } } byTheme { theme tally { ...t } } } }
	fragment t on Tally { events live done off checkIns { ...c } cheers { ...c } declared { ...c } reached { ...c } }
	fragment c on CoveredCount { value reported }`

type covered struct{ Value, Reported int64 }

type toldTally struct {
	Events, Live, Done, Off             int64
	CheckIns, Cheers, Declared, Reached covered
}

type toldCounts struct {
	AsOfSeq   int64
	World     toldTally
	ByCountry []struct {
		Country string
		Tally   toldTally
	}
	ByWay []struct {
		Way   string
		Tally toldTally
	}
	ByTheme []struct {
		Theme string
		Tally toldTally
	}
}

func (t toldTally) tally() events.Tally {
	return events.Tally{
		Events: t.Events, Live: t.Live, Done: t.Done, Off: t.Off,
		CheckIns: t.CheckIns.Value, CheckInEvents: t.CheckIns.Reported,
		Cheers: t.Cheers.Value, CheerEvents: t.Cheers.Reported,
		Declared: t.Declared.Value, DeclaredEvents: t.Declared.Reported,
		Reached: t.Reached.Value, ReachedEvents: t.Reached.Reported,
	}
}

func (t toldCounts) counts() events.Counts {
	c := events.Counts{AsOfSeq: t.AsOfSeq, Tallies: map[events.Scope]events.Tally{
		{Kind: events.WorldScope}: t.World.tally(),
	}}
	for _, row := range t.ByCountry {
		c.Tallies[events.Scope{Kind: events.CountryScope, Key: row.Country}] = row.Tally.tally()
	}
	for _, row := range t.ByWay {
		c.Tallies[events.Scope{Kind: events.WayScope, Key: row.Way}] = row.Tally.tally()
	}
	for _, row := range t.ByTheme {
		c.Tallies[events.Scope{Kind: events.ThemeScope, Key: row.Theme}] = row.Tally.tally()
	}
	return c
}

// askCounts asks a hub, as anybody may.
func askCounts(ctx context.Context, hub string, edition events.ID) (counts events.Counts, at events.Position, err error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	body, err := json.Marshal(map[string]any{"query": countsQuestion, "variables": map[string]string{"id": edition.String()}})
	if err != nil {
		return counts, at, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(hub, "/")+"/graphql", bytes.NewReader(body))
	if err != nil {
		return counts, at, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return counts, at, err
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Data struct {
			Changes []struct{ Position events.Position }
			Counts  *toldCounts
		}
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, answerMost)).Decode(&answer); err != nil {
		return counts, at, fmt.Errorf("it answered %d: %w", response.StatusCode, err)
	}
	if answer.Data.Counts == nil {
		return counts, at, fmt.Errorf("it answered %d without counts", response.StatusCode)
	}
	counts = answer.Data.Counts.counts()
	at.Seq = counts.AsOfSeq
	if len(answer.Data.Changes) > 0 {
		at.Epoch = answer.Data.Changes[0].Position.Epoch
	}
	return counts, at, nil
}
