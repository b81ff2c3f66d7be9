package tiles

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

func TestSpotsAddUpToEverything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cards := anyCards(200).Draw(t, "cards")
		x := New(edition())
		if err := x.Load(events.Position{Epoch: 7, Seq: 10}, cards); err != nil {
			t.Fatal(err)
		}
		most := rapid.IntRange(1, 50).Draw(t, "most")
		spots := x.Spots(most)
		if len(spots) > most {
			t.Fatalf("%d spots, at most %d were wanted", len(spots), most)
		}
		sum := 0
		for _, s := range spots {
			sum += s.Count
			if s.OwnWork+s.Blueprint+s.Digital != s.Count || s.Live > s.Count || (s.Phase == "") != (s.Count > 1) {
				t.Fatalf("%+v does not add up", s)
			}
		}
		if sum != x.Len() {
			t.Fatalf("the spots hold %d events of %d", sum, x.Len())
		}
	})
}

func TestSpotStandsWhereItsEventDoes(t *testing.T) {
	t.Parallel()
	for _, at := range [][2]float64{{27.6727, 85.3251}, {-36.8, 174.7}, {0, 0}, {71.3, -156.8}, {-54.8, -179.99}} {
		c := card(1, at[0], at[1])
		c.Way, c.Day = events.Digital, events.Live
		spots := loaded(t, c).Spots(10)
		if len(spots) != 1 {
			t.Fatalf("%d spots", len(spots))
		}
		s := spots[0]
		if math.Abs(s.Latitude-at[0]) > 1e-6 || math.Abs(s.Longitude-at[1]) > 1e-6 {
			t.Errorf("%v is drawn at %v, %v", at, s.Latitude, s.Longitude)
		}
		if s.Digital != 1 || s.Live != 1 || s.Phase != events.Now {
			t.Errorf("%+v", s)
		}
	}
}

// What must not be on the map is in no spot either, and what is taken away is gone at once.
func TestSpotsKeepToThePublicMap(t *testing.T) {
	t.Parallel()
	hidden := card(1, 10, 10)
	hidden.Place.Precision = events.HiddenPrecision
	x := loaded(t, hidden, card(2, 20, 20))
	if spots := x.Spots(10); len(spots) != 1 || spots[0].Latitude < 19 {
		t.Fatalf("%+v", spots)
	}
	gone := events.Activity{EditionID: edition(), EventID: eventID(2), Kind: events.EventRemoved, Epoch: 7, Seq: 11}
	if err := x.Apply(t.Context(), []events.Activity{gone}); err != nil {
		t.Fatal(err)
	}
	if spots := x.Spots(10); len(spots) != 0 {
		t.Errorf("still there: %+v", spots)
	}
}
