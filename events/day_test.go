package events_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
	_ "time/tzdata" // the zones on machines that have none

	"github.com/microgalleries/actionday/events"
)

func date(year int, month time.Month, day int) events.LocalDate {
	return events.LocalDate{Year: year, Month: month, Day: day}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loaded, err := events.LoadZone(name)
	if err != nil {
		t.Fatalf("load %s: %v", name, err)
	}
	return loaded
}

func utc(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

// The days of the editions so far, and days that clock changes bent.
func TestDayOfAPlace(t *testing.T) {
	t.Parallel()
	for _, day := range []struct {
		why, zone    string
		date         events.LocalDate
		starts, ends string
	}{
		{
			"summer time ended at midnight", "Asia/Tehran", date(2019, 9, 21),
			"2019-09-20T19:30:00Z", "2019-09-21T20:30:00Z",
		},
		{
			"first edition, plain", "Africa/Nairobi", date(2019, 9, 21),
			"2019-09-20T21:00:00Z", "2019-09-21T21:00:00Z",
		},
		{
			"the day after the second edition", "America/New_York", date(2021, 11, 7),
			"2021-11-07T04:00:00Z", "2021-11-08T05:00:00Z",
		},
		{
			"first to see the third", "Pacific/Kiritimati", date(2025, 12, 12),
			"2025-12-11T10:00:00Z", "2025-12-12T10:00:00Z",
		},
		{
			"last to see the third", "Pacific/Pago_Pago", date(2025, 12, 12),
			"2025-12-12T11:00:00Z", "2025-12-13T11:00:00Z",
		},
		{
			"offset of 5:45", "Asia/Kathmandu", date(2025, 12, 12),
			"2025-12-11T18:15:00Z", "2025-12-12T18:15:00Z",
		},
		{
			"offset of 8:45", "Australia/Eucla", date(2025, 12, 12),
			"2025-12-11T15:15:00Z", "2025-12-12T15:15:00Z",
		},
		{
			"offset of 13:45", "Pacific/Chatham", date(2025, 12, 12),
			"2025-12-11T10:15:00Z", "2025-12-12T10:15:00Z",
		},
		{
			"offset of -9:30", "Pacific/Marquesas", date(2025, 12, 12),
			"2025-12-12T09:30:00Z", "2025-12-13T09:30:00Z",
		},
		{
			"no midnight: summer time began at it", "America/Sao_Paulo", date(2018, 11, 4),
			"2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z",
		},
		{
			"23 hours before that midnight that was two", "America/Sao_Paulo", date(2018, 2, 17),
			"2018-02-17T02:00:00Z", "2018-02-18T03:00:00Z",
		},
		{
			"no midnight in Lebanon", "Asia/Beirut", date(2021, 3, 28),
			"2021-03-27T22:00:00Z", "2021-03-28T21:00:00Z",
		},
		{
			"no midnight in Egypt", "Africa/Cairo", date(2023, 4, 28),
			"2023-04-27T22:00:00Z", "2023-04-28T21:00:00Z",
		},
		{
			"no midnight in Jordan", "Asia/Amman", date(2016, 4, 1),
			"2016-03-31T22:00:00Z", "2016-04-01T21:00:00Z",
		},
		{
			"midnight twice in Cuba: the first", "America/Havana", date(2021, 11, 7),
			"2021-11-07T04:00:00Z", "2021-11-08T05:00:00Z",
		},
		{
			"back at one past midnight: the first midnight", "America/St_Johns", date(2010, 11, 7),
			"2010-11-07T02:30:00Z", "2010-11-08T03:30:00Z",
		},
		{
			"the day before it is cut at that midnight", "America/St_Johns", date(2010, 11, 6),
			"2010-11-06T02:30:00Z", "2010-11-07T02:30:00Z",
		},
		{
			"on at one past midnight", "America/St_Johns", date(2010, 3, 14),
			"2010-03-14T03:30:00Z", "2010-03-15T02:30:00Z",
		},
		{
			"a day that Samoa never had", "Pacific/Apia", date(2011, 12, 30),
			"2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z",
		},
		{
			"the day before it", "Pacific/Apia", date(2011, 12, 29),
			"2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z",
		},
		{
			"the day after it", "Pacific/Apia", date(2011, 12, 31),
			"2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z",
		},
		{
			"half an hour longer", "Australia/Lord_Howe", date(2026, 4, 5),
			"2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z",
		},
		{
			"half an hour longer for good", "Asia/Pyongyang", date(2015, 8, 14),
			"2015-08-13T15:00:00Z", "2015-08-14T15:30:00Z",
		},
	} {
		t.Run(fmt.Sprint(day.zone, " ", day.date, " ", day.why), func(t *testing.T) {
			t.Parallel()
			starts, ends := day.date.In(zone(t, day.zone))
			if !starts.Equal(utc(t, day.starts)) || !ends.Equal(utc(t, day.ends)) {
				t.Errorf("%v to %v, want %s to %s", starts, ends, day.starts, day.ends)
			}
		})
	}
}

func TestDayAfterTheSecondEditionWasLongIn82Zones(t *testing.T) {
	t.Parallel()
	long := 0
	for _, name := range events.ZoneNames() {
		starts, ends := date(2021, 11, 7).In(zone(t, name))
		if ends.Sub(starts) == 25*time.Hour {
			long++
		}
	}
	if long != 82 {
		t.Errorf("2021-11-07 was 25 hours long in %d zones, want 82", long)
	}
}

func TestWindowOfADate(t *testing.T) {
	t.Parallel()
	opens, closes := date(2025, 12, 12).Window()
	if !opens.Equal(utc(t, "2025-12-11T10:00:00Z")) || !closes.Equal(utc(t, "2025-12-13T12:00:00Z")) {
		t.Errorf("window is %v to %v", opens, closes)
	}
	if closes.Sub(opens) != 50*time.Hour {
		t.Errorf("window lasts %v, want 50 hours", closes.Sub(opens))
	}
	first, last := date(2025, 12, 12).InhabitedWindow()
	if !first.Equal(opens) || !last.Equal(utc(t, "2025-12-13T11:00:00Z")) || last.Sub(first) != 49*time.Hour {
		t.Errorf("inhabited window is %v to %v, want 49 hours from the start", first, last)
	}
	starts, _ := date(2025, 12, 12).In(zone(t, "Pacific/Kiritimati"))
	_, ends := date(2025, 12, 12).In(zone(t, "Pacific/Pago_Pago"))
	if !starts.Equal(first) || !ends.Equal(last) {
		t.Errorf("people see the date from %v to %v, the window says %v to %v", starts, ends, first, last)
	}
}

func TestWindowHoldsTheDayOfEveryPlace(t *testing.T) {
	t.Parallel()
	for _, day := range []events.LocalDate{
		date(2019, 9, 21), date(2021, 11, 6), date(2021, 11, 7), date(2025, 12, 12), date(2026, 12, 12),
	} {
		opens, closes := day.InhabitedWindow()
		for _, name := range events.ZoneNames() {
			if starts, ends := day.In(zone(t, name)); starts.Before(opens) || ends.After(closes) {
				t.Errorf("%s in %s is %v to %v, outside %v to %v", day, name, starts, ends, opens, closes)
			}
		}
	}
}

func TestResolveWallTime(t *testing.T) {
	t.Parallel()
	for _, wall := range []struct {
		why, zone string
		date      events.LocalDate
		at        string
		want      string
		shift     events.Shift
	}{
		{"plain", "Asia/Kathmandu", date(2026, 12, 12), "17:00", "2026-12-12T11:15:00Z", events.Plain},
		{"skipped, moves on by an hour", "Europe/Berlin", date(2026, 3, 29), "02:30", "2026-03-29T01:30:00Z", events.Skipped},
		{"the first minute skipped", "Europe/Berlin", date(2026, 3, 29), "02:00", "2026-03-29T01:00:00Z", events.Skipped},
		{"the last minute before", "Europe/Berlin", date(2026, 3, 29), "01:59", "2026-03-29T00:59:00Z", events.Plain},
		{"the first minute after", "Europe/Berlin", date(2026, 3, 29), "03:00", "2026-03-29T01:00:00Z", events.Plain},
		{"doubled, the first", "Europe/Berlin", date(2026, 10, 25), "02:30", "2026-10-25T00:30:00Z", events.Doubled},
		{"the first minute doubled", "Europe/Berlin", date(2026, 10, 25), "02:00", "2026-10-25T00:00:00Z", events.Doubled},
		{"the minute after the doubled hour", "Europe/Berlin", date(2026, 10, 25), "03:00", "2026-10-25T02:00:00Z", events.Plain},
		{"half an hour skipped", "Australia/Lord_Howe", date(2026, 10, 4), "02:15", "2026-10-03T15:45:00Z", events.Skipped},
		{"half an hour doubled", "Australia/Lord_Howe", date(2026, 4, 5), "01:45", "2026-04-04T14:45:00Z", events.Doubled},
		{"midnight skipped", "America/Sao_Paulo", date(2018, 11, 4), "00:00", "2018-11-04T03:00:00Z", events.Skipped},
		{"half past a skipped midnight", "Asia/Beirut", date(2021, 3, 28), "00:30", "2021-03-27T22:30:00Z", events.Skipped},
		{"midnight doubled", "America/Havana", date(2021, 11, 7), "00:00", "2021-11-07T04:00:00Z", events.Doubled},
		{"doubled over midnight, before it", "America/St_Johns", date(2010, 11, 6), "23:30", "2010-11-07T02:00:00Z", events.Doubled},
		{"doubled over midnight, at it", "America/St_Johns", date(2010, 11, 7), "00:00", "2010-11-07T02:30:00Z", events.Doubled},
		{"one past midnight is once", "America/St_Johns", date(2010, 11, 7), "00:01", "2010-11-07T03:31:00Z", events.Plain},
		{"a whole day skipped", "Pacific/Apia", date(2011, 12, 30), "12:00", "2011-12-30T22:00:00Z", events.Skipped},
		{"summer time ends at midnight", "Asia/Tehran", date(2019, 9, 21), "23:30", "2019-09-21T19:00:00Z", events.Doubled},
	} {
		t.Run(fmt.Sprint(wall.zone, " ", wall.date, " ", wall.at, " ", wall.why), func(t *testing.T) {
			t.Parallel()
			at, err := events.ParseLocalTime(wall.at)
			if err != nil {
				t.Fatal(err)
			}
			got, shift := events.Resolve(wall.date, at, zone(t, wall.zone))
			if !got.Equal(utc(t, wall.want)) || shift != wall.shift {
				t.Errorf("%v %q, want %s %q", got, shift, wall.want, wall.shift)
			}
		})
	}
}

func TestPhaseInADay(t *testing.T) {
	t.Parallel()
	day, tehran := date(2019, 9, 21), zone(t, "Asia/Tehran")
	starts, ends := day.In(tehran)
	for at, want := range map[time.Time]events.PhaseOfDay{
		starts.Add(-time.Nanosecond): events.BeforeDay,
		starts:                       events.InDay,
		starts.Add(24 * time.Hour):   events.InDay, // the 25th hour
		ends.Add(-time.Nanosecond):   events.InDay,
		ends:                         events.AfterDay,
	} {
		if got := day.PhaseIn(tehran, at); got != want {
			t.Errorf("phase at %v is %s, want %s", at, got, want)
		}
	}
}

func TestDateIsTheOneOnTheWall(t *testing.T) {
	t.Parallel()
	at := utc(t, "2025-12-12T10:30:00Z")
	for name, want := range map[string]events.LocalDate{
		"Pacific/Kiritimati": date(2025, 12, 13), "Pacific/Pago_Pago": date(2025, 12, 11),
		"Asia/Kathmandu": date(2025, 12, 12),
	} {
		if got := events.DateIn(at, zone(t, name)); got != want {
			t.Errorf("%s reads %s, want %s", name, got, want)
		}
	}
}

func TestLocalDateText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"1900-01-01", "2024-02-29", "2026-12-12", "2200-12-31"} {
		day, err := events.ParseLocalDate(text)
		if err != nil || day.String() != text {
			t.Errorf("%s came back as %s, %v", text, day, err)
		}
		raw, err := json.Marshal(day)
		var back events.LocalDate
		if err != nil || json.Unmarshal(raw, &back) != nil || back != day {
			t.Errorf("%s came back from JSON %s as %s", text, raw, back)
		}
	}
	for _, text := range []string{
		"", "2026-2-3", "2026-02-30", "2025-02-29", "26-12-12", "2026-12-12T00:00", "1899-12-31", "2201-01-01",
		"12.12.2026", "2026-13-01", "2026-00-10", "tomorrow", " 2026-12-12", "2026-12-12\n", "٢٠٢٦-١٢-١٢",
	} {
		if day, err := events.ParseLocalDate(text); err == nil {
			t.Errorf("%q was taken for %s", text, day)
		} else if problems, other := events.ProblemsIn(err); other != nil || problems[0].Code != events.Invalid {
			t.Errorf("%q: %v is no problem for the person", text, err)
		}
	}
	var day events.LocalDate
	if !day.IsZero() || day.UnmarshalText(nil) != nil || !day.IsZero() {
		t.Error("no text is not the zero date")
	}
	if raw, err := day.MarshalText(); err != nil || len(raw) != 0 {
		t.Errorf("the zero date is written as %q", raw)
	}
}

func TestLocalTimeText(t *testing.T) {
	t.Parallel()
	for minutes := range events.LocalTime(24 * 60) {
		back, err := events.ParseLocalTime(minutes.String())
		if err != nil || back != minutes {
			t.Fatalf("%s came back as %s, %v", minutes, back, err)
		}
	}
	if at, err := events.ParseLocalTime("9:05"); err != nil || at != 9*60+5 {
		t.Errorf("9:05 was read as %s, %v", at, err)
	}
	for _, text := range []string{"", "24:00", "12:60", "7", "7pm", "19:30:00", "-1:00", "19.30", "12:5 "} {
		if at, err := events.ParseLocalTime(text); err == nil {
			t.Errorf("%q was taken for %s", text, at)
		}
	}
}

func TestDatesFollowEachOther(t *testing.T) {
	t.Parallel()
	day := date(1999, 12, 31)
	for range 30 * 366 {
		next := day.AddDays(1)
		if !day.Before(next) || next.Before(day) || day.Before(day) || next.AddDays(-1) != day {
			t.Fatalf("%s and %s are out of order", day, next)
		}
		day = next
	}
	if got := date(2028, 2, 28).AddDays(2); got != date(2028, 3, 1) {
		t.Errorf("two days after 28 February 2028 comes %s", got)
	}
	if got := date(2026, 1, 1).AddDays(-1); got != date(2025, 12, 31) {
		t.Errorf("the day before New Year is %s", got)
	}
}

func TestZonesOfTheMachineAreRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Local", "Mars/Olympus", "../etc/passwd", "Asia/Kathmandu\x00", "+05:45"} {
		if loaded, err := events.LoadZone(name); err == nil {
			t.Errorf("%q was taken for %s", name, loaded)
		} else if problems, other := events.ProblemsIn(err); other != nil || problems[0].Field != "place.zone" {
			t.Errorf("%q: %v is no problem for the person", name, err)
		}
	}
	for _, name := range events.ZoneNames() {
		zone(t, name)
	}
}
