package events_test

import (
	"slices"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

func TestZoneNames(t *testing.T) {
	t.Parallel()
	names := events.ZoneNames()
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Error("zone names are not in order or come twice")
	}
	if len(names) < 400 {
		t.Errorf("%d zone names: some are missing", len(names))
	}
	for _, name := range []string{"Asia/Kathmandu", "Asia/Gaza", "Pacific/Kiritimati", "Pacific/Pago_Pago"} {
		if !slices.Contains(names, name) {
			t.Errorf("%s is missing", name)
		}
	}
	names[0] = "scribbled over"
	if events.ZoneNames()[0] == names[0] {
		t.Error("a caller can change the list of zones")
	}
}

// The third edition: 37 offsets, 11 of them not whole hours.
func TestWaveOfTheThirdEdition(t *testing.T) {
	t.Parallel()
	at := utc(t, "2025-12-12T10:30:00Z")
	wave := events.WaveAt(date(2025, 12, 12), at)
	odd := 0
	for _, band := range wave.Bands {
		if band.OffsetMinutes%60 != 0 {
			odd++
		}
	}
	if len(wave.Bands) != 37 || odd != 11 {
		t.Errorf("%d offsets, %d of them not whole hours, want 37 and 11", len(wave.Bands), odd)
	}
	if wave.Date != date(2025, 12, 12) || !wave.At.Equal(at) {
		t.Errorf("wave is of %s at %v", wave.Date, wave.At)
	}
	first, last := wave.Bands[0], wave.Bands[len(wave.Bands)-1]
	if first.OffsetMinutes != 840 || first.Phase != events.AfterDay || first.Progress != 1 ||
		first.LocalAt != "2025-12-13T00:30:00" || first.LocalDate != date(2025, 12, 13) {
		t.Errorf("Kiritimati has had the day: %+v", first)
	}
	if last.OffsetMinutes != -660 || last.Phase != events.BeforeDay || last.Progress != 0 ||
		last.LocalAt != "2025-12-11T23:30:00" || !slices.Contains(last.Zones, "Pacific/Pago_Pago") {
		t.Errorf("Pago Pago waits for the day: %+v", last)
	}
	nepal := bandOf(t, wave, "Asia/Kathmandu")
	if nepal.OffsetMinutes != 345 || nepal.Phase != events.InDay || nepal.LocalAt != "2025-12-12T16:15:00" {
		t.Errorf("Nepal is in the day: %+v", nepal)
	}
	if want := 16.25 / 24; nepal.Progress != want {
		t.Errorf("in Nepal %v of the day has passed, want %v", nepal.Progress, want)
	}
}

func bandOf(t *testing.T, wave events.Wave, zone string) events.WaveBand {
	t.Helper()
	for _, band := range wave.Bands {
		if slices.Contains(band.Zones, zone) {
			return band
		}
	}
	t.Fatalf("%s is in no band", zone)
	return events.WaveBand{}
}

// At any instant of any edition, every zone stands in one band, bands are in order from east to
// west, and what a band says is true of each of its zones.
func TestWaveIsTrueOfEveryZone(t *testing.T) {
	t.Parallel()
	for _, day := range []events.LocalDate{
		date(2019, 9, 21), date(2021, 11, 6), date(2021, 11, 7), date(2025, 12, 12), date(2026, 12, 12),
	} {
		opens, closes := day.Window()
		for at := opens.Add(-90 * time.Minute); at.Before(closes.Add(2 * time.Hour)); at = at.Add(285 * time.Minute) {
			checkWave(t, events.WaveAt(day, at))
		}
	}
}

func checkWave(t *testing.T, wave events.Wave) {
	t.Helper()
	zones := 0
	for i, band := range wave.Bands {
		zones += len(band.Zones)
		if i > 0 && wave.Bands[i-1].OffsetMinutes <= band.OffsetMinutes {
			t.Errorf("band of %d minutes follows that of %d", band.OffsetMinutes, wave.Bands[i-1].OffsetMinutes)
		}
		if !slices.IsSorted(band.Zones) || band.Progress < 0 || band.Progress > 1 {
			t.Errorf("band %+v", band)
		}
		for _, name := range band.Zones {
			checkBand(t, wave, band, zone(t, name))
		}
	}
	if zones != len(events.ZoneNames()) {
		t.Errorf("%d zones stand in the bands, want %d", zones, len(events.ZoneNames()))
	}
}

func checkBand(t *testing.T, wave events.Wave, band events.WaveBand, place *time.Location) {
	t.Helper()
	local := wave.At.In(place)
	if _, offset := local.Zone(); offset != band.OffsetMinutes*60 {
		t.Errorf("%s is %d s east of UTC, its band %d min", place, offset, band.OffsetMinutes)
	}
	if local.Format("2006-01-02T15:04:05") != band.LocalAt || events.DateIn(wave.At, place) != band.LocalDate {
		t.Errorf("in %s it is %v, its band says %s", place, local, band.LocalAt)
	}
	phase := wave.Date.PhaseIn(place, wave.At)
	if phase != band.Phase {
		t.Errorf("%s at %v is %s the day, its band %s", place, wave.At, phase, band.Phase)
	}
	if (phase == events.BeforeDay) != band.LocalDate.Before(wave.Date) {
		t.Errorf("%s reads %s and yet is %s %s", place, band.LocalDate, phase, wave.Date)
	}
}

func TestWaveAtTheEdgesOfTheDay(t *testing.T) {
	t.Parallel()
	day := date(2025, 12, 12)
	opens, closes := day.InhabitedWindow()
	for name, c := range map[string]struct {
		at   time.Time
		zone string
		want events.PhaseOfDay
	}{
		"before anybody wakes": {opens.Add(-time.Nanosecond), "Pacific/Kiritimati", events.BeforeDay},
		"the first midnight":   {opens, "Pacific/Kiritimati", events.InDay},
		"the first has had it": {opens.Add(24 * time.Hour), "Pacific/Kiritimati", events.AfterDay},
		"the last moment":      {closes.Add(-time.Nanosecond), "Pacific/Pago_Pago", events.InDay},
		"all have had it":      {closes, "Pacific/Pago_Pago", events.AfterDay},
	} {
		wave := events.WaveAt(day, c.at)
		if got := bandOf(t, wave, c.zone).Phase; got != c.want {
			t.Errorf("%s: %s is %s the day, want %s", name, c.zone, got, c.want)
		}
		in := slices.ContainsFunc(wave.Bands, func(b events.WaveBand) bool { return b.Phase == events.InDay })
		if wanted := !c.at.Before(opens) && c.at.Before(closes); in != wanted {
			t.Errorf("%s: somebody is in the day: %v", name, in)
		}
	}
}

// Tehran's day had 25 hours, and so had that of St. John's, whose clocks went back over midnight:
// progress follows the hours that pass, not those on the wall.
func TestWaveOnADayOfAnotherLength(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone string
		day  events.LocalDate
		at   string
		want float64
	}{
		{"Asia/Tehran", date(2019, 9, 21), "2019-09-21T19:30:00Z", 24.0 / 25},
		{"America/St_Johns", date(2010, 11, 7), "2010-11-07T02:30:00Z", 0},
		{"America/St_Johns", date(2010, 11, 7), "2010-11-07T03:00:00Z", 0.5 / 25}, // 23:30 again
		{"America/St_Johns", date(2010, 11, 7), "2010-11-07T15:00:00Z", 12.5 / 25},
	} {
		band := bandOf(t, events.WaveAt(c.day, utc(t, c.at)), c.zone)
		if band.Progress != c.want || band.Phase != events.InDay {
			t.Errorf("%s at %s: %s the day, %v has passed, want %v", c.zone, c.at, band.Phase, band.Progress, c.want)
		}
	}
}
