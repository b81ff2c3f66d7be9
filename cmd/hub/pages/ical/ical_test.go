package ical

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/microgalleries/actionday/events"
)

func entry() Entry {
	return Entry{
		UID: "evt_1@actionday", Version: 3, Changed: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC), Stamped: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC),
		Starts: time.Date(2026, 12, 12, 11, 15, 0, 0, time.UTC), Ends: time.Date(2026, 12, 12, 13, 45, 0, 0, time.UTC),
		Title: "Wall of Birds", Where: "Lalitpur, Nepal", URL: "https://hub.example/e/birds", Status: Confirmed,
	}
}

// read is the calendar as a reader unfolds and takes it apart, in order.
func read(t *testing.T, raw []byte) (properties [][2]string) {
	t.Helper()
	text := string(raw)
	if strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n") || strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\r") {
		t.Fatalf("a line ends by half: %q", text)
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > widest {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
		if !utf8.ValidString(line) {
			t.Errorf("a line breaks a character: %q", line)
		}
	}
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n ", ""), "\r\n") {
		if name, value, ok := strings.Cut(line, ":"); ok {
			properties = append(properties, [2]string{name, unescaped(value)})
		} else if line != "" {
			t.Fatalf("a line without a name: %q", line)
		}
	}
	return properties
}

func unescaped(value string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\;`, ";", `\,`, ",").Replace(value)
}

func one(properties [][2]string, name string) string {
	found := ""
	for _, p := range properties {
		if p[0] == name {
			found += p[1]
		}
	}
	return found
}

func TestEntryIsReadBack(t *testing.T) {
	t.Parallel()
	e := entry()
	e.Title = "Wände; Vögel, \\ und\r\nmehr " + strings.Repeat("壁", 60)
	e.Point = &[2]float64{27.6727, 85.3251}
	got := read(t, Calendar{Name: "Day", Entries: []Entry{e}}.Encode())
	for name, want := range map[string]string{
		"UID": "evt_1@actionday", "SEQUENCE": "3", "DTSTART": "20261212T111500Z", "DTEND": "20261212T134500Z",
		"SUMMARY": strings.ReplaceAll(e.Title, "\r\n", "\n"), "LOCATION": "Lalitpur, Nepal", "STATUS": "CONFIRMED",
		"URL": "https://hub.example/e/birds", "GEO": "27.67270;85.32510", "METHOD": "PUBLISH", "VERSION": "2.0",
	} {
		if one(got, name) != want {
			t.Errorf("%s = %q, want %q", name, one(got, name), want)
		}
	}
}

// A day is a date and nothing else: an instant would be another date elsewhere.
func TestDayHasNoClock(t *testing.T) {
	t.Parallel()
	e := entry()
	e.Date = events.LocalDate{Year: 2026, Month: time.December, Day: 31}
	got := read(t, Calendar{Entries: []Entry{e}}.Encode())
	if one(got, "DTSTART;VALUE=DATE") != "20261231" || one(got, "DTEND;VALUE=DATE") != "20270101" {
		t.Errorf("%v", got)
	}
	if one(got, "DTSTART") != "" {
		t.Error("the day has an hour")
	}
}

func TestAddressThatIsNoneIsLeftOut(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"https://x\r\nATTENDEE:mailto:evil@example.org", "a b", "x\x00"} {
		e := entry()
		e.URL = address
		if got := read(t, Calendar{Entries: []Entry{e}}.Encode()); one(got, "URL") != "" || one(got, "ATTENDEE") != "" {
			t.Errorf("%q: %v", address, got)
		}
	}
}

// Whatever a host types is one value, and nothing but that value.
func FuzzText(f *testing.F) {
	for _, seed := range []string{
		"", "Wall of Birds", "x\r\nATTENDEE:mailto:a@b", "\nEND:VEVENT\nEND:VCALENDAR", "\\n\\;,", "\x00\x1b[2J", "\xff\xfe",
		"\u2028BEGIN:VALARM\u2029", strings.Repeat("ш", 200), strings.Repeat("🎨", 60), "a\tb", "\u0085", "x\n y",
	} {
		f.Add(seed)
	}
	plain := len(read(&testing.T{}, Calendar{Name: "x", Entries: []Entry{{Title: "x", About: "x", Where: "x"}}}.Encode()))
	f.Fuzz(func(t *testing.T, text string) {
		raw := Calendar{Name: "x" + text, Entries: []Entry{{Title: "x" + text, About: "x" + text, Where: "x" + text}}}.Encode()
		got := read(t, raw)
		if len(got) != plain {
			t.Fatalf("%q makes %d properties of %d", text, len(got), plain)
		}
		want := "x" + strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(text)
		clean := func(r rune) bool {
			return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError
		}
		if !strings.ContainsFunc(want, clean) && one(got, "SUMMARY") != want && !strings.Contains(want, `\`) {
			t.Fatalf("%q is read back as %q", want, one(got, "SUMMARY"))
		}
	})
}
