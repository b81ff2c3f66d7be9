package eventstest_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

func TestClockMovesOnlyWhenTold(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 12, 12, 12, 0, 0, 1999, time.FixedZone("NPT", 20700))
	clock := eventstest.NewClock(noon)
	if want := noon.UTC().Truncate(time.Microsecond); clock.Now() != want {
		t.Errorf("clock shows %v, want %v", clock.Now(), want)
	}
	if later := clock.Advance(time.Hour); later != clock.Now() || later.Sub(noon) > time.Hour {
		t.Errorf("an hour later the clock shows %v", later)
	}
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() { clock.Advance(time.Second) })
	}
	clock.Set(noon)
	wait.Wait()
	if ahead := clock.Now().Sub(noon); ahead < -time.Microsecond || ahead > 50*time.Second {
		t.Errorf("after 50 seconds told by many the clock is %v ahead", ahead)
	}
}

func TestIDsIncreaseAndRepeat(t *testing.T) {
	t.Parallel()
	const many = 10_000 // more than two made-up milliseconds hold
	ids, again, other := eventstest.NewIDs(1), eventstest.NewIDs(1), eventstest.NewIDs(2)
	last := ""
	for range many {
		id := ids.New(events.EventPrefix)
		if id.String() <= last {
			t.Fatalf("%s follows %s", id, last)
		}
		last = id.String()
		if id != again.New(events.EventPrefix) {
			t.Fatalf("%s is not the same in another run", id)
		}
		if id == other.New(events.EventPrefix) {
			t.Fatalf("%s is given by two seeds", id)
		}
		if uuid := id.UUID(); uuid[6]>>4 != 7 || uuid[8]>>6 != 2 {
			t.Fatalf("%x is no UUID of version 7", uuid)
		}
	}
}

func TestIDsAreUniqueAmongGoroutines(t *testing.T) {
	t.Parallel()
	const writers, each = 8, 500
	source := eventstest.NewIDs(9)
	given := make(chan [16]byte, writers*each)
	var wait sync.WaitGroup
	for range writers {
		wait.Go(func() {
			for range each {
				given <- source.UUID()
			}
		})
	}
	wait.Wait()
	close(given)
	seen := map[[16]byte]bool{}
	for uuid := range given {
		seen[uuid] = true
	}
	if len(seen) != writers*each {
		t.Errorf("%d different ids, want %d", len(seen), writers*each)
	}
}

func TestAtlasKnowsItsTowns(t *testing.T) {
	t.Parallel()
	var atlas eventstest.Atlas
	for _, town := range eventstest.Towns() {
		zone, ok := atlas.ZoneAt(town.Latitude+0.1, town.Longitude)
		country, known := atlas.CountryAt(town.Latitude, town.Longitude-0.1)
		if !ok || zone != town.Zone || !known || country != town.Country {
			t.Errorf("near %s lie %s and %s", town.Name, zone, country)
		}
		if _, err := events.LoadZone(town.Zone); err != nil {
			t.Errorf("%s: %v", town.Name, err)
		}
		lat, lon, ok := atlas.TownPoint(town.Latitude+0.05, town.Longitude+0.05)
		if !ok || lat != town.Latitude || lon != town.Longitude {
			t.Errorf("the town near %s is at %v, %v", town.Name, lat, lon)
		}
		if _, _, ok := atlas.CountryPoint(town.Country); !ok || !atlas.IsCountry(town.Country) {
			t.Errorf("country of %s is unknown", town.Name)
		}
	}
	if _, ok := atlas.ZoneAt(0, -140); ok || atlas.IsCountry("XX") {
		t.Error("the atlas knows the middle of the ocean")
	}
	if _, _, ok := atlas.TownPoint(0, -140); ok {
		t.Error("the atlas knows a town in the middle of the ocean")
	}
	if _, _, ok := atlas.CountryPoint(""); ok {
		t.Error("the atlas knows where no country is")
	}
}

func TestBuildersMakeWhatHoldsTogether(t *testing.T) {
	t.Parallel()
	ids := eventstest.NewIDs(1)
	edition, host := eventstest.Edition(ids), eventstest.Host(ids)
	w := eventstest.Whereabouts(eventstest.Shown(events.HiddenPrecision))
	plain := eventstest.Event(ids, edition, host)
	hidden := eventstest.Event(ids, edition, host, eventstest.Titled("Tide"), eventstest.Placed(edition, w),
		eventstest.Listed(eventstest.Morning()), eventstest.OnDay(events.Live, events.ByClock))

	if !edition.TakesRegistrations(eventstest.Morning()) || !edition.HasTheme(plain.Themes[0]) {
		t.Error("the edition takes no registrations or has not the event's theme")
	}
	if plain.EditionID != edition.ID || plain.HostID != host.ID || plain.Version != 0 || plain.IsPublic() {
		t.Errorf("plain event %+v", plain)
	}
	if plain.Slug == hidden.Slug || plain.LinkKey == hidden.LinkKey || len(plain.LinkKey) != 32 {
		t.Errorf("names %q and %q, links %q and %q", plain.Slug, hidden.Slug, plain.LinkKey, hidden.LinkKey)
	}
	place, schedule, err := eventstest.Whereabouts().Public(edition.Date, eventstest.Atlas{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]any{place, schedule}, []any{plain.Place, plain.Schedule}, eventstest.Compare()...); diff != "" {
		t.Errorf("public side (-want +got):\n%s", diff)
	}
	if hidden.Place.IsMapped() || !hidden.IsPublic() || hidden.Title != "Tide" || hidden.Day != events.Live {
		t.Errorf("hidden event %+v", hidden)
	}
}
