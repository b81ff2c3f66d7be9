package opendataday

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/microgalleries/actionday/events"
)

// jsonLine writes a record as a line of a file.
func jsonLine(r record) string {
	text, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	return string(text) + "\n"
}

func inNepal(year int, slug, title string, lat, lon float64) record {
	r := pinned(lat, lon)
	r.Year, r.Slug, r.Title, r.Country = year, slug, title, "Nepal"
	return r
}

// readAll reads files, named 0, 1 and so on, by one Reader.
func readAll(t *testing.T, files ...string) (all []*Line) {
	t.Helper()
	reader := NewReader(testEdition(), testAtlas{})
	for i, file := range files {
		lines, err := reader.Read(fmt.Sprint(i), strings.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, lines...)
	}
	return all
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	first := inNepal(2024, "a", "Open maps", 27.7, 85.3)
	noPin := record{Year: 2024, Slug: "b", Title: "Open maps", Country: "Nepal", Place: "Thamel, Kathmandu", Organisers: "Map Makers"}
	with := func(r record, change func(*record)) record { change(&r); return r }
	cases := []struct {
		name        string
		one, other  record
		isDuplicate bool
	}{
		{"the same id", first, with(first, func(r *record) { r.Title = "Other words" }), true},
		{"the same id of another year", first, with(first, func(r *record) { r.Year = 2025 }), false},
		{"the same title at the same place", first, inNepal(2024, "b", "OPEN MAPS!", 27.7, 85.3), true},
		{"the same title four km away", first, inNepal(2024, "b", "Open  maps", 27.736, 85.3), true},
		{"the same title six km away", first, inNepal(2024, "b", "Open maps", 27.754, 85.3), false},
		{"the same title in another year", first, inNepal(2025, "b", "Open maps", 27.7, 85.3), false},
		{"another title at the same place", first, inNepal(2024, "b", "Open mops", 27.7, 85.3), false},
		{"titles of signs alone", inNepal(2024, "a", "!!!", 27.7, 85.3), inNepal(2024, "b", "???", 27.7, 85.3), false},
		{"titles of marks that differ", inNepal(2024, "a", "कि", 27.7, 85.3), inNepal(2024, "b", "की", 27.7, 85.3), false},
		{"without pins, the same town and host", noPin, with(noPin, func(r *record) { r.Slug = "c" }), true},
		{"without pins, the same town", noPin, with(noPin, func(r *record) { r.Slug, r.Organisers = "c", "Others" }), true},
		{
			"without pins, the host in other words", noPin,
			with(noPin, func(r *record) { r.Slug, r.Place, r.Organisers = "c", "Patan", "Organized by: map makers" }), true,
		},
		{
			"without pins, another town and host", noPin,
			with(noPin, func(r *record) { r.Slug, r.Place, r.Organisers = "c", "Patan", "Others" }), false,
		},
		{"without pins, another country", noPin, with(noPin, func(r *record) { r.Slug, r.Country = "c", "Japan" }), false},
	}
	for _, c := range cases {
		one, other := jsonLine(c.one), jsonLine(c.other)
		for _, files := range [][]string{{one + other}, {one, other}, {other, one}} {
			lines := readAll(t, files...)
			switch twin := lines[1].DuplicateOf; {
			case lines[0].Import == nil:
				t.Errorf("%s: the first is %+v", c.name, lines[0])
			case c.isDuplicate && (twin != lines[0] || lines[1].Import != nil):
				t.Errorf("%s: the second is %+v", c.name, lines[1])
			case !c.isDuplicate && lines[1].Import == nil:
				t.Errorf("%s: the second is %+v", c.name, lines[1])
			}
		}
	}
}

// A third one is a duplicate of the first, not of the second.
func TestDuplicatesNameTheFirst(t *testing.T) {
	t.Parallel()
	file := jsonLine(inNepal(2024, "a", "Open maps", 27.7, 85.3))
	lines := readAll(t, file+file, file)
	if lines[2].DuplicateOf != lines[0] || lines[2].File != "1" || lines[2].Number != 1 {
		t.Errorf("the third is %+v", lines[2])
	}
}

func TestBrokenAndBlankLines(t *testing.T) {
	t.Parallel()
	good := strings.TrimSpace(jsonLine(inNepal(2024, "a", " Open maps ", 27.7, 85.3)))
	lines := readAll(t, "\ufeff"+good+"\r\n\n  \t\n{\"year\": \"2024\"}\nnull\n[1]\n"+good[:20]+"\n{}")
	numbers, refused := []int{1, 4, 5, 6, 7, 8}, 0
	if len(lines) != len(numbers) {
		t.Fatalf("%d lines", len(lines))
	}
	for i, l := range lines {
		if l.Number != numbers[i] {
			t.Errorf("line %d is numbered %d", i, l.Number)
		}
		if l.Refused != "" {
			refused++
		}
	}
	if lines[0].Import == nil || lines[0].Title != "Open maps" || refused != 5 {
		t.Errorf("%d refused, the first is %+v", refused, lines[0])
	}
	for _, i := range []int{1, 3, 4} {
		if !strings.HasPrefix(lines[i].Refused, "the line is not an event in JSON: ") {
			t.Errorf("line %d is refused because %s", lines[i].Number, lines[i].Refused)
		}
	}
}

func TestFilesPastTheLimitsAreNotRead(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk on fire")
	for name, c := range map[string]struct {
		file io.Reader
		want string
	}{
		"a line too long": {strings.NewReader("\n" + strings.Repeat("x", MaxLine+1)), "has a line of more than 1048576 bytes"},
		"too many lines":  {strings.NewReader(strings.Repeat("\n", MaxLines+1)), "has more than 100000 lines"},
		"a broken disk":   {iotest.ErrReader(broken), "disk on fire"},
	} {
		lines, err := NewReader(testEdition(), testAtlas{}).Read("f.jsonl", c.file)
		if err == nil || lines != nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "f.jsonl") {
			t.Errorf("%s: %d lines, %v", name, len(lines), err)
		}
	}
	lines, err := NewReader(testEdition(), testAtlas{}).Read("", strings.NewReader(strings.Repeat("\n", MaxLines)))
	if err != nil || len(lines) != 0 {
		t.Errorf("as many lines as may be: %d, %v", len(lines), err)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	guessed := pinned(27.7, 85.3)
	guessed.Year, guessed.Slug, guessed.Title = 2024, "guessed", "Guessed"
	again := inNepal(2024, "new", "New", 27.7, 85.3)
	lines := readAll(t, jsonLine(again)+"broken\n"+jsonLine(guessed),
		jsonLine(again)+jsonLine(inNepal(2024, "same", "Same", 28, 84))+
			jsonLine(inNepal(2024, "x", "X", 29, 83))+jsonLine(record{Title: "Nowhere"}))
	items := Imports(lines)
	if len(items) != 4 || items[1].Registration.Title != "Guessed" {
		t.Fatalf("%d imports", len(items))
	}
	report := NewReport(lines, []events.Imported{
		{Result: events.ImportCreated},
		{Result: events.ImportUpdated},
		{Result: events.ImportUnchanged},
		{Result: events.ImportRefused, Err: events.Problems{{Message: "The title needs at least 3 characters."}}},
	})
	if report.Created != 1 || report.Updated != 1 || report.Unchanged != 1 || report.Duplicates != 1 ||
		report.Refused != 3 || report.GuessedCountries != 1 {
		t.Errorf("report = %+v", report)
	}
	total := report.Created + report.Updated + report.Unchanged + report.Duplicates + report.Refused
	if total != len(lines) {
		t.Errorf("the report is about %d of %d lines", total, len(lines))
	}
	var text strings.Builder
	if err := report.Print(&text); err != nil {
		t.Fatal(err)
	}
	want := `0:2 refused: the line is not an event in JSON: invalid character 'b' looking for beginning of value ("")
0:3 note: country NP guessed from the pin ("Guessed")
1:1 duplicate: of 0:1 ("New")
1:3 refused: The title needs at least 3 characters. ("X")
1:4 refused: no country: "" and "" name none, and the pin (none) lies in none ("Nowhere")
created 1, updated 1, unchanged 1, duplicate 1, refused 3; country guessed for 1
`
	if text.String() != want {
		t.Errorf("report:\n%s\nwant:\n%s", text.String(), want)
	}
	if err := report.Print(brokenWriter{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("err = %v", err)
	}
	if err := (Report{}).Print(brokenWriter{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("err = %v", err)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// Whatever a file holds, each of its lines ends in exactly one way.
func FuzzRead(f *testing.F) {
	f.Add(jsonLine(inNepal(2024, "a", "Open maps", 27.7, 85.3)))
	f.Add(`{"latitude": 1e308, "longitude": -1e308, "country": "Nepal", "participants": "9e9", "time": "25:61"}`)
	f.Fuzz(func(t *testing.T, file string) {
		lines, err := NewReader(testEdition(), testAtlas{}).Read("fuzz", strings.NewReader(file+"\n"+file))
		if err != nil {
			return
		}
		for _, l := range lines {
			ways := 0
			for _, is := range []bool{l.Import != nil, l.DuplicateOf != nil, l.Refused != ""} {
				if is {
					ways++
				}
			}
			if ways != 1 {
				t.Fatalf("line %+v", l)
			}
		}
	})
}

func TestFilesAreTheSixEditions(t *testing.T) {
	t.Parallel()
	files, err := Files()
	if err != nil {
		t.Fatal(err)
	}
	events := 0
	for year := FirstYear; year <= LastYear; year++ {
		name := fmt.Sprintf("events-%d.jsonl", year)
		file, err := files.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := readLines(name, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			if l.err != nil || l.record.Year != year {
				t.Errorf("%s:%d is of %d, %v", name, l.number, l.record.Year, l.err)
			}
		}
		events += len(lines)
	}
	if events != 1283 {
		t.Errorf("%d events", events)
	}
}
