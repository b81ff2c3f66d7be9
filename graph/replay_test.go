package graph_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph"
)

const askReplay = `query ($at: DateTime!, $first: Int) { replay(at: $at) { at position
	counts { asOfSeq world { events live off checkIns { value } } }
	activities(first: $first) { seq kind tombstone card { title day } } } }`

// What the numbers were is what the replay says that they were, whatever has happened since.
func TestReplayIsWhatWasLive(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.signedIn("host@example.org")
	type then struct {
		at     time.Time
		counts string
		feed   string
	}
	var moments []then
	note := func() {
		h.sequence()
		live := h.anonymous().must(`{ counts { asOfSeq world { events live off checkIns { value } } } changes { seq kind tombstone card { title day } } }`)
		all := live.get(t, "changes").([]any)
		var feed []any
		for i := len(all) - 1; i >= max(0, len(all)-20); i-- {
			feed = append(feed, all[i])
		}
		moments = append(moments, then{h.clock.Now(), fmt.Sprint(live.get(t, "counts")), fmt.Sprint(feed)})
		h.clock.Set(h.clock.Now().Add(time.Minute))
	}
	e := host.listed("Wall of birds")
	note()
	h.clock.Set(e.Schedule.StartsAt)
	h.done(h.service.SetDay(t.Context(), host.actor, "", e.ID, events.DayChange{State: events.Live}))
	note()
	for i := range 3 {
		if _, _, err := h.service.CheckIn(t.Context(), "", events.Arrival{Code: h.code(e), Device: fmt.Sprintf("a-device-of-16-or-more-%d", i)}); err != nil {
			t.Fatal(err)
		}
		note()
	}
	h.done(h.service.SetDay(t.Context(), host.actor, "", e.ID, events.DayChange{State: events.Cancelled, Reason: "Rain."}))
	note()

	for _, m := range moments {
		got := h.anonymous().must(askReplay, "at", m.at)
		if counts := fmt.Sprint(got.get(t, "replay.counts")); counts != m.counts {
			t.Errorf("at %v the numbers were\n%s, but are told as\n%s", m.at, m.counts, counts)
		}
		if feed := fmt.Sprint(got.get(t, "replay.activities")); feed != m.feed {
			t.Errorf("at %v had happened\n%s, but is told\n%s", m.at, m.feed, feed)
		}
	}
}

func TestReplayKeepsNothingThatWasTakenBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.signedIn("host@example.org")
	e := host.listed("CANARY wall")
	h.sequence()
	shown := h.clock.Now()
	h.clock.Set(shown.Add(time.Minute))
	h.done(h.service.Withdraw(t.Context(), host.actor, "", e.ID, ""))
	h.sequence()

	got := h.anonymous().must(askReplay, "at", shown)
	if strings.Contains(string(got.body), "CANARY") || !strings.Contains(string(got.body), `"tombstone":true`) {
		t.Errorf("it is told: %s", got.body)
	}
	if events := got.get(t, "replay.counts.world.events"); events != 1.0 {
		t.Errorf("%v events; what was counted stays counted", events)
	}
}

func TestReplayAtTheEdges(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.signedIn("host@example.org").listed("Wall of birds")
	h.sequence()
	before := h.anonymous().must(askReplay, "at", "1999-01-01T00:00:00Z")
	if before.get(t, "replay.counts.asOfSeq") != 0.0 || fmt.Sprint(before.get(t, "replay.activities")) != "[]" {
		t.Errorf("before everything: %s", before.Data)
	}
	future := h.anonymous().must(askReplay, "at", "2099-01-01T00:00:00Z")
	if at := future.get(t, "replay.at"); at != h.clock.Now().Format(time.RFC3339Nano) || future.get(t, "replay.counts.world.events") != 1.0 {
		t.Errorf("what is still to come: %s", future.Data)
	}
	for _, first := range []int{0, -1, 101} {
		if got := h.anonymous().ask(askReplay, "at", "2099-01-01T00:00:00Z", "first", first); got.code() != "BAD_REQUEST" {
			t.Errorf("first %d: %s", first, got.body)
		}
	}
	unknown := h.anonymous().must(`query ($id: ID) { replay(editionId: $id, at: "2026-12-12T12:00:00Z") { at } }`, "id", events.NewID(events.EditionPrefix, [16]byte{9}))
	if unknown.get(t, "replay") != nil {
		t.Errorf("an edition that is not there: %s", unknown.Data)
	}
}

// noPast is a replayer that cannot be asked.
type noPast struct{}

func (noPast) Replay(context.Context, events.ID, time.Time) (events.Replay, error) {
	return events.Replay{}, errors.New("the log at postgres://secret is being read")
}

func TestAReplayThatCannotBeHadCostsOneField(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(p *graph.Parts) { p.Replay = noPast{} })
	got := h.anonymous().ask(`{ edition { title } replay(at: "2026-12-12T12:00:00Z") { at } }`)
	if got.code() != "UNAVAILABLE" || got.get(t, "replay") != nil || got.get(t, "edition.title") == nil || strings.Contains(string(got.body), "secret") {
		t.Errorf("%s", got.body)
	}
}
