package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/places"
)

// The years in which all zones of a class show the same time. Rules that repeat every year are
// among them, so that zones that agree in the last of these years go on agreeing.
const (
	agreeFrom  = 2019
	agreeUntil = 2027
)

// classes are the time zones by what their clocks show: two zones are in one class if they agree at
// every moment of the years above. A map then needs one color a class instead of one a zone.
type classes struct {
	members [][]string     // zones of each class, older names too, in alphabetical order
	of      map[string]int // the class of a zone
	atlas   *places.Atlas
}

func newClasses(atlas *places.Atlas) (*classes, error) {
	byClock := map[string][]string{}
	names := slices.Concat(atlas.Zones(), events.ZoneNames(), nautical())
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		clock, err := clockOf(name)
		if err != nil {
			return nil, err
		}
		byClock[clock] = append(byClock[clock], name)
	}
	c := &classes{of: map[string]int{}, atlas: atlas}
	for _, members := range byClock {
		slices.Sort(members)
		c.members = append(c.members, members)
	}
	slices.SortFunc(c.members, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	for i, members := range c.members {
		for _, name := range members {
			c.of[name] = i
		}
	}
	return c, nil
}

// nautical are the zones of the high sea, by which parts of Antarctica are told, too, and what
// browsers call a clock without a place.
func nautical() []string {
	names := []string{"Etc/GMT", "Etc/UTC", "UTC"}
	for hours := 1; hours <= 12; hours++ {
		names = append(names, fmt.Sprintf("Etc/GMT+%d", hours), fmt.Sprintf("Etc/GMT-%d", hours))
	}
	return names
}

// clockOf writes down everything that the clocks of a zone do in the years that count: the offset
// at the start and each change of it.
func clockOf(name string) (string, error) {
	zone, err := events.LoadZone(name)
	if err != nil {
		return "", fmt.Errorf("basemap: zone %s: %w", name, err)
	}
	at := time.Date(agreeFrom, 1, 1, 0, 0, 0, 0, time.UTC)
	until := time.Date(agreeUntil+1, 1, 1, 0, 0, 0, 0, time.UTC)
	var clock strings.Builder
	last := -1 << 30
	for at.Before(until) {
		local := at.In(zone)
		if _, offset := local.Zone(); offset != last { // a change may be one of the name alone
			fmt.Fprintf(&clock, "%d:%d ", at.Unix(), offset)
			last = offset
		}
		_, next := local.ZoneBounds()
		if next.IsZero() {
			break
		}
		at = next.UTC()
	}
	return clock.String(), nil
}

// at is the class of a point on the globe; every point has one, at sea that of its meridians.
func (c *classes) at(p point) int {
	zone, _ := c.atlas.ZoneAt(max(-90, min(90, p[1])), max(-180, min(180, p[0])))
	if class, known := c.of[zone]; known {
		return class
	}
	hours := int((p[0]+180+7.5)/15) - 12
	switch {
	case hours == 0:
		return c.of["Etc/GMT"]
	case hours > 0:
		return c.of[fmt.Sprintf("Etc/GMT-%d", hours)]
	}
	return c.of[fmt.Sprintf("Etc/GMT+%d", -hours)]
}

// table writes the members of all classes, for the hub: it knows when the day begins in each.
func (c *classes) table() ([]byte, error) {
	raw, err := json.Marshal(c.members)
	return append(raw, '\n'), err
}
