package events_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

// The sweep visits every zone and every date of thirty years. What it expects comes from another
// reading of the zone data than the code's: the list of a zone's spans of equal offset.

// span is a stretch of time during which a zone's offset is the same.
type span struct {
	from, to time.Time
	offset   time.Duration
}

func firstDate() events.LocalDate { return date(2000, 1, 1) }
func lastDate() events.LocalDate  { return date(2029, 12, 31) }

// spans lists the spans of a zone from before the first date to after the last.
func spans(place *time.Location) (list []span) {
	at := time.Date(1999, 11, 1, 0, 0, 0, 0, time.UTC)
	end := time.Date(2030, 3, 1, 0, 0, 0, 0, time.UTC)
	for at.Before(end) {
		_, seconds := at.In(place).Zone()
		_, next := at.In(place).ZoneBounds()
		if next.IsZero() || next.After(end) {
			next = end
		}
		offset := time.Duration(seconds) * time.Second
		if n := len(list); n > 0 && list[n-1].offset == offset { // only the name changed
			list[n-1].to = next.UTC()
		} else {
			list = append(list, span{at.UTC(), next.UTC(), offset})
		}
		at = next
	}
	return list
}

// eachZone runs a parallel subtest for every different zone. Names with the same spans, which is
// what aliases are, share one: nothing but the spans can make a difference to a day.
func eachZone(t *testing.T, test func(t *testing.T, place *time.Location, list []span)) {
	t.Helper()
	alike := map[string][]string{}
	for _, name := range events.ZoneNames() {
		key := fmt.Sprint(spans(zone(t, name)))
		alike[key] = append(alike[key], name)
	}
	for _, names := range alike {
		t.Run(strings.ReplaceAll(names[0], "/", " "), func(t *testing.T) {
			t.Parallel()
			place := zone(t, names[0])
			test(t, place, spans(place))
		})
	}
}

// dayBegins is the first instant at which the wall shows the date or a later one.
func dayBegins(day events.LocalDate, list []span) time.Time {
	wall := time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, time.UTC)
	i, _ := slices.BinarySearchFunc(list, wall, func(s span, wall time.Time) int {
		if s.to.Add(s.offset).After(wall) {
			return 1
		}
		return -1
	})
	for i > 0 && list[i-1].to.Add(list[i-1].offset).After(wall) { // walls overlap where clocks go back
		i--
	}
	if at := wall.Add(-list[i].offset); at.After(list[i].from) {
		return at
	}
	return list[i].from
}

func TestDaysTileThirtyYearsOfEveryZone(t *testing.T) {
	t.Parallel()
	eachZone(t, func(t *testing.T, place *time.Location, list []span) {
		last := dayBegins(firstDate(), list)
		for day := firstDate(); !lastDate().Before(day); day = day.AddDays(1) {
			starts, ends := day.In(place)
			next := dayBegins(day.AddDays(1), list)
			if !starts.Equal(last) || !ends.Equal(next) {
				t.Fatalf("%s is %v to %v, want %v to %v", day, starts, ends, last, next)
			}
			if length := ends.Sub(starts); !isUsual(length) && !isMove(starts, ends, place) {
				t.Errorf("%s lasts %v", day, length)
			}
			last = next
		}
	})
}

func isUsual(length time.Duration) bool { return length >= 23*time.Hour && length <= 25*time.Hour }

// isMove tells whether a place changed its zone on a day, by more than clocks change in spring and
// autumn: Samoa left a day out in 2011, Chita had one of 26 hours in 2014.
func isMove(starts, ends time.Time, place *time.Location) bool {
	_, before := starts.Add(-time.Nanosecond).In(place).Zone()
	_, after := ends.In(place).Zone()
	hour := int(time.Hour / time.Second)
	return before-after > hour || after-before > hour
}

func TestWallTimesOfThirtyYearsOfEveryZoneComeBack(t *testing.T) {
	t.Parallel()
	eachZone(t, func(t *testing.T, place *time.Location, list []span) {
		minute := events.LocalTime(0)
		for day := firstDate(); !lastDate().Before(day); day = day.AddDays(1) {
			minute = (minute + 607) % (24 * 60) // another time each day, all of them in the end
			at, shift := events.Resolve(day, minute, place)
			if shift == events.Skipped {
				continue
			}
			local := at.In(place)
			back := events.LocalTime(local.Hour()*60 + local.Minute())
			if events.DateIn(at, place) != day || back != minute {
				t.Fatalf("%s %s became %v", day, minute, local)
			}
		}
	})
}

// Around each change of the clocks, times before, within and after it are resolved and compared
// with all instants at which the wall shows them.
func TestWallTimesAroundEveryClockChange(t *testing.T) {
	t.Parallel()
	eachZone(t, func(t *testing.T, place *time.Location, list []span) {
		for i := 1; i < len(list); i++ {
			before, after := list[i-1].to.Add(list[i-1].offset), list[i].from.Add(list[i].offset)
			for _, edge := range []time.Time{before, after, before.Add(after.Sub(before) / 2)} {
				for _, minutes := range []int{-1500, -121, -61, -31, -1, 0, 1, 29, 30, 59, 60, 119, 1500} {
					checkWall(t, place, list, edge.Add(time.Duration(minutes)*time.Minute).Truncate(time.Minute))
				}
			}
		}
	})
}

func checkWall(t *testing.T, place *time.Location, list []span, wall time.Time) {
	t.Helper()
	var shown []time.Time // the instants at which the wall shows it
	var skips time.Time   // where it would be if the clocks had not jumped over it
	for i, s := range list {
		at := wall.Add(-s.offset)
		if !at.Before(s.from) && at.Before(s.to) {
			shown = append(shown, at)
		}
		if i+1 < len(list) && !at.Before(s.to) && wall.Before(s.to.Add(list[i+1].offset)) {
			skips = at
		}
	}
	day := events.DateIn(wall, time.UTC)
	got, shift := events.Resolve(day, events.LocalTime(wall.Hour()*60+wall.Minute()), place)
	want, wantShift := skips, events.Skipped
	if len(shown) > 0 {
		want, wantShift = shown[0], events.Plain
	}
	if len(shown) > 1 {
		wantShift = events.Doubled
	}
	if !got.Equal(want) || shift != wantShift {
		t.Errorf("%s is %v %q, want %v %q", wall.Format("2006-01-02 15:04"), got, shift, want, wantShift)
	}
}
