package events_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

func TestPositionComesBackFromItsText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := events.Position{
			Epoch: rapid.Uint32().Draw(t, "epoch"), Seq: rapid.Int64Min(0).Draw(t, "seq"),
		}
		got, err := events.ParsePosition(want.String())
		if err != nil || got != want {
			t.Fatalf("%s came back as %v, %v", want, got, err)
		}
		raw, err := json.Marshal(want)
		var back events.Position
		if err != nil || json.Unmarshal(raw, &back) != nil || back != want {
			t.Fatalf("%s came back from JSON %s as %v", want, raw, back)
		}
	})
	if got := (events.Position{Epoch: 0x5f3a09c1, Seq: 1234}).String(); got != "5f3a09c1-1234" {
		t.Errorf("position is written %q", got)
	}
}

func TestPositionRefusesJunk(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "-", "1234", "5f3a09c1", "5f3a09c1-", "-1234", "5f3a09c1--1", "5f3a09c1-1.5", "5f3a09c-1234",
		"05f3a09c1-1234", "5f3a09cg-1234", "5f3a09c1-99999999999999999999", "5f3a09c1-12 ", "5f3a09c1-0x10",
		"'; drop table activities", strings.Repeat("9", 100_000),
	} {
		got, err := events.ParsePosition(text)
		problems, other := events.ProblemsIn(err)
		if err == nil || other != nil || problems[0].Code != events.Invalid {
			t.Errorf("%.40q was taken for %v (%v)", text, got, err)
		} else if len(problems[0].Message) > 200 {
			t.Errorf("the problem repeats %d bytes of junk", len(problems[0].Message))
		}
	}
}

func TestRedactAllLeavesATombstone(t *testing.T) {
	t.Parallel()
	earlier := told(events.ExactPrecision)
	got := earlier.Redact(events.Activity{Kind: events.EventRemoved, Redacts: events.RedactAll})
	want := earlier
	want.Card, want.Tombstone = nil, true
	if diff := cmp.Diff(want, got, eventstest.Compare()...); diff != "" {
		t.Errorf("emptied activity (-want +got):\n%s", diff)
	}
	if earlier.Card == nil || earlier.Tombstone {
		t.Error("the earlier activity itself was changed: others may hold it")
	}
}

func TestRedactPlaceReplacesPlaceAndTimes(t *testing.T) {
	t.Parallel()
	earlier, later := told(events.ExactPrecision), told(events.HiddenPrecision)
	later.Redacts, later.Card.Title = events.RedactPlace, "A later title"
	got := earlier.Redact(later)
	if got.Card == earlier.Card || !earlier.Card.Place.IsMapped() {
		t.Fatal("the earlier card itself was changed: others may hold it")
	}
	want := *earlier.Card
	want.Place, want.StartsAt, want.EndsAt = later.Card.Place, later.Card.StartsAt, later.Card.EndsAt
	if diff := cmp.Diff(&want, got.Card, eventstest.Compare()...); diff != "" {
		t.Errorf("card without its place (-want +got):\n%s", diff)
	}
	raw, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"27.71", "85.31", "Canaryville", "NP", "11:15"} {
		if strings.Contains(string(raw), secret) {
			t.Errorf("the redacted activity tells %q: %s", secret, raw)
		}
	}
}

func TestRedactOfWhatHasNothingToHide(t *testing.T) {
	t.Parallel()
	earlier, bare := told(events.ExactPrecision), events.Activity{Kind: events.CheckedIn, Count: 3}
	for name, c := range map[string]struct{ earlier, later events.Activity }{
		"nothing is taken back":     {earlier, told(events.ExactPrecision)},
		"an activity without card":  {bare, func() events.Activity { a := told(""); a.Redacts = events.RedactPlace; return a }()},
		"a place without new place": {earlier, events.Activity{Redacts: events.RedactPlace}},
	} {
		if diff := cmp.Diff(c.earlier, c.earlier.Redact(c.later), eventstest.Compare()...); diff != "" {
			t.Errorf("%s, and yet (-want +got):\n%s", name, diff)
		}
	}
}

// told is the activity that lists an event at the secret place.
func told(precision events.Precision) events.Activity {
	ids := eventstest.NewIDs(1)
	edition, host := eventstest.Edition(ids), eventstest.Host(ids)
	e := eventstest.Event(ids, edition, host, eventstest.Placed(edition, secret(precision)))
	a := eventstest.News(ids, events.EventListed, e, host, eventstest.Morning())
	a.Seq, a.Epoch, a.Deltas = 7, 1, []events.Delta{{Metric: "events", By: 1}}
	return a
}
