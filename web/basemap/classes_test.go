package main

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/places"
)

// sharedClasses are those of all tests here: reading the zones takes a while under the race detector.
var sharedClasses = sync.OnceValues(func() (*classes, error) { return newClasses(places.New()) })

func zoneClasses(t *testing.T) *classes {
	t.Helper()
	c, err := sharedClasses()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryZoneIsInOneClass(t *testing.T) {
	t.Parallel()
	c := zoneClasses(t)
	in := map[string]int{}
	for _, members := range c.members {
		if !slices.IsSorted(members) {
			t.Errorf("class %v is not in order", members)
		}
		for _, name := range members {
			in[name]++
		}
	}
	for _, name := range slices.Concat(c.atlas.Zones(), events.ZoneNames(), []string{"UTC", "Etc/GMT+12", "Asia/Calcutta"}) {
		if in[name] != 1 {
			t.Errorf("%s is in %d classes", name, in[name])
		}
	}
	if n := len(c.members); n < 60 || n > 120 {
		t.Errorf("%d classes: do zones still share them?", n)
	}
}

// All zones of a class show the same time at every hour of the years that count, which means that
// each edition in them begins and ends at once in the whole class; and no two classes do.
func TestClocksOfAClassAgreeAtEveryHour(t *testing.T) {
	t.Parallel()
	c := zoneClasses(t)
	var hours []time.Time
	for at := time.Date(agreeFrom, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() <= agreeUntil; at = at.Add(time.Hour) {
		hours = append(hours, at)
	}
	clocks := map[string]int{}
	for class, members := range c.members {
		var first []byte
		for _, name := range members {
			clock := clockAt(t, name, hours)
			if first == nil {
				first = clock
				if other, taken := clocks[string(clock)]; taken {
					t.Errorf("classes %d and %d are one", class, other)
				}
				clocks[string(clock)] = class
			} else if !slices.Equal(first, clock) {
				t.Errorf("%s and %s are in one class and disagree", members[0], name)
			}
		}
	}
}

// clockAt is the offset of a zone at each hour, in minutes, two bytes each. A zone is asked anew
// where its offset may change.
func clockAt(t *testing.T, name string, hours []time.Time) []byte {
	t.Helper()
	zone, err := events.LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	clock := make([]byte, 0, 2*len(hours))
	var until time.Time
	minutes := 0
	for i, at := range hours {
		if i == 0 || !until.IsZero() && !at.Before(until) {
			local := at.In(zone)
			_, offset := local.Zone()
			_, until = local.ZoneBounds()
			minutes = offset/60 + 12*60
		}
		clock = append(clock, byte(minutes>>8), byte(minutes))
	}
	return clock
}

func TestPlacesHaveTheClassOfTheirZone(t *testing.T) {
	t.Parallel()
	c := zoneClasses(t)
	for name, p := range map[string]point{
		"Asia/Kathmandu": {85.3, 27.7}, "Australia/Eucla": {128.9, -31.7}, "Pacific/Chatham": {-176.5, -43.9},
		"Pacific/Marquesas": {-139.1, -9.8}, "Asia/Tehran": {51.4, 35.7}, "Pacific/Kiritimati": {-157.4, 1.9},
		"Etc/GMT+12": {-179.9, 40}, "Etc/GMT-12": {179.9, 40}, "Etc/GMT": {-7.4, -30}, "Etc/GMT+1": {-7.6, -30},
	} {
		if got := c.at(p); got != c.of[name] {
			t.Errorf("%v is in class %v, not in that of %s", p, c.members[got], name)
		}
	}
}
