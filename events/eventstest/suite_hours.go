package eventstest

import (
	"slices"
	"time"

	"github.com/microgalleries/actionday/events"
)

func hourTests() map[string]func(*stage) {
	return map[string]func(*stage){"begins are counted by hour, hidden ones not at all": testStartsPerHour}
}

func testStartsPerHour(s *stage) {
	opens, _ := s.edition.Date.Window()
	begins := func(after time.Duration, options ...func(*events.Event)) {
		s.list(append([]func(*events.Event){func(e *events.Event) {
			e.Schedule.StartsAt, e.Schedule.EndsAt = opens.Add(after), opens.Add(after+time.Hour)
		}}, options...)...)
	}
	begins(0)
	begins(59 * time.Minute)
	begins(time.Hour)
	begins(50*time.Hour - time.Second)
	begins(50 * time.Hour)
	begins(-time.Second)
	begins(0, func(e *events.Event) { e.Place.Precision = events.HiddenPrecision })
	begins(0, func(e *events.Event) { e.Review = events.Submitted })
	counts, err := s.store.StartsPerHour(s.ctx, s.edition.ID, opens, 50)
	s.ok(err)
	want := make([]int64, 50)
	want[0], want[1], want[49] = 2, 1, 1
	if !slices.Equal(counts, want) {
		s.Errorf("counts = %v, want %v", counts, want)
	}
}
