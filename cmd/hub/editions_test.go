package main

import (
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events"
)

func TestAnEditionFromTheCommandLine(t *testing.T) {
	t.Parallel()
	good := openEditionCommand{
		Slug: "day-2026", Date: "2026-12-12", Title: "Global Day", Language: []string{"en", "ar"},
		Theme: []string{"crossing-boundaries=Crossing Boundaries"}, Closes: "2026-12-11T12:00:00Z",
		Rehearsal: true,
	}
	ed, err := good.edition()
	if err != nil {
		t.Fatal(err)
	}
	if ed.Date.String() != "2026-12-12" || ed.Stage != events.OpenStage || ed.Mode != events.RehearsalMode ||
		len(ed.Themes) != 1 || ed.Themes[0].Title != "Crossing Boundaries" || ed.RegistrationClosesAt.IsZero() {
		t.Errorf("edition = %+v", ed)
	}
	for name, c := range map[string]struct {
		change func(*openEditionCommand)
		want   string
	}{
		"date":   {func(c *openEditionCommand) { c.Date = "12.12.2026" }, "not a date"},
		"closes": {func(c *openEditionCommand) { c.Closes = "tomorrow" }, "--closes"},
		"theme":  {func(c *openEditionCommand) { c.Theme = []string{"Crossing"} }, "--theme"},
	} {
		bad := good
		c.change(&bad)
		if _, err := bad.edition(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error = %v, want one with %q", name, err, c.want)
		}
	}
}
