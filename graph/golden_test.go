package graph_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

var update = flag.Bool("update", false, "write the answers in testdata anew")

// world is a small day in its middle: four hosts, one event of each precision but CITY, live, over
// and called off, with people counted.
func world(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	ctx, system := t.Context(), events.Actor{System: true}
	town := func(name string) eventstest.Town {
		for _, town := range eventstest.Towns() {
			if town.Name == name {
				return town
			}
		}
		t.Fatalf("no %s", name)
		return eventstest.Town{}
	}
	in := func(name string, precision events.Precision, hour events.LocalTime) func(*events.Registration) {
		return func(r *events.Registration) {
			place := town(name)
			start, end := hour*60, hour*60+90
			r.StartsAt, r.EndsAt = &start, &end
			r.Place = events.PlaceInput{
				Precision: precision, Latitude: &place.Latitude, Longitude: &place.Longitude,
				Address: "A secret street", Locality: place.Name, Country: place.Country,
			}
		}
	}
	wall := h.signedIn("a@example.org").listed("Wall of birds", in("Kathmandu", events.ExactPrecision, 9), func(r *events.Registration) {
		r.Media, r.Access = []events.Medium{events.Mural}, []events.AccessFact{events.StepFree}
		r.Story, r.Language, r.ExpectedPeople = "Bring **chalk**.", "en", 40
	})
	dance := h.signedIn("b@example.org").listed("Dance of the rising sea", in("Nairobi", events.AreaPrecision, 8))
	h.signedIn("c@example.org").listed("ورشة الرسم", in("Gaza", events.CountryPrecision, 10), func(r *events.Registration) { r.Language = "ar" })
	h.signedIn("d@example.org").listed("Reading for nobody", in("Berlin", events.HiddenPrecision, 11))
	h.signedIn("e@example.org").registered("Waits for a steward")

	h.clock.Set(wall.Schedule.StartsAt.Add(time.Hour))
	people := 25
	h.done(h.service.SetDay(ctx, system, "", wall.ID, events.DayChange{State: events.Live, People: &people}))
	h.done(h.service.SetDay(ctx, system, "", dance.ID, events.DayChange{State: events.Cancelled, Reason: "The beach is closed."}))
	for _, device := range []string{"the-first-device-token", "another-device-token-"} {
		if _, _, err := h.service.CheckIn(ctx, "", events.Arrival{Code: h.code(wall), Device: device}); err != nil {
			t.Fatal(err)
		}
	}
	h.sequence()
	return h
}

// What the press asks, and what it gets, to the letter.
func TestGoldenAnswers(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.graphql")
	if err != nil || len(files) < 6 {
		t.Fatalf("questions: %v %v", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			h := world(t)
			query, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			answer := h.anonymous().must(string(query))
			var pretty bytes.Buffer
			if err := json.Indent(&pretty, withoutRemaining(t, answer.body), "", "  "); err != nil {
				t.Fatal(err)
			}
			pretty.WriteByte('\n')
			golden := strings.TrimSuffix(file, ".graphql") + ".json"
			if *update {
				if err := os.WriteFile(golden, pretty.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), pretty.String()); diff != "" {
				t.Errorf("the answer changed (-update writes it anew):\n%s", diff)
			}
		})
	}
}

// withoutRemaining takes out what depends on how long the test has run.
func withoutRemaining(t *testing.T, body []byte) []byte {
	t.Helper()
	var answer struct {
		Data       json.RawMessage `json:"data"`
		Extensions map[string]any  `json:"extensions"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatal(err)
	}
	delete(answer.Extensions["cost"].(map[string]any), "remaining")
	raw, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
