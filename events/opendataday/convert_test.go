package opendataday

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

func TestTimes(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"09:30": "09:30", "9:30": "09:30", " 9:30 ": "09:30", "00:00": "00:00", "23:59": "23:59",
		"18:05:30": "18:05", "14.15": "14:15", "15h30": "15:30", "15H30": "15:30", "18h": "18:00",
		"3:04 PM": "15:04", "3:04pm": "15:04", "12 am": "00:00", "11PM": "23:00",
		"": "", "  ": "", // all day, and nothing to say about it
		"24:00": "!", "9:75": "!", "noon": "!", "9:00-17:00": "!", "-1:00": "!",
		strings.Repeat("1", 10_000): "!",
	} {
		got, notes := startOf(typed)
		switch {
		case want == "" || want == "!":
			if got != nil || (len(notes) > 0) != (want == "!") {
				t.Errorf("time %.20q = %v, notes %q", typed, got, notes)
			}
		case got == nil || got.String() != want || len(notes) > 0:
			t.Errorf("time %q = %v, notes %q; want %s", typed, got, notes, want)
		}
	}
}

func TestParticipants(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]int{
		"50": 50, "+100": 100, "": 0, " 12 ": 12, "about 30 people": 30, "~40": 40, "100+": 100,
		"0": 0, "100000": events.MaxPeople,
	} {
		if got, notes := peopleOf(typed); got != want || len(notes) > 0 {
			t.Errorf("participants %q = %d, notes %q", typed, got, notes)
		}
	}
	for typed, note := range map[string]string{
		"many": "cannot be read", "30-40": "cannot be read", "1,000": "cannot be read",
		"-5": "out of range", "100001": "out of range", "99999999999999999999": "out of range",
	} {
		if got, notes := peopleOf(typed); got != 0 || !hasNote(notes, note) {
			t.Errorf("participants %q = %d, notes %q", typed, got, notes)
		}
	}
}

func TestWebAddresses(t *testing.T) {
	t.Parallel()
	long := "https://example.org/" + strings.Repeat("x", events.MaxURL)
	for _, good := range []string{
		"https://example.org", "http://example.org/a?b=c#d", "HTTPS://Example.org/", "https://example.org:8443/x",
		"https://www.youtube.com/@somebody", "https://example.org?q=a@b", "https://例え.jp/あ",
		long[:events.MaxURL],
	} {
		if got := webAddress(" " + good + "\n"); got != good {
			t.Errorf("webAddress(%.60q) = %q", good, got)
		}
	}
	for _, bad := range []string{
		"", "https://", "https:/example.org", "https//example.org", "example.org", "ftp://example.org",
		"javascript:alert(1)//https://example.org", "https://user@example.org", "https://user:pass@example.org",
		"https://Https://example.org", "https://localhost", "https://exa mple.org", "https://example.org/a b", long,
	} {
		if got := webAddress(bad); got != "" {
			t.Errorf("webAddress(%.60q) = %q", bad, got)
		}
	}
}

func TestAnAddressThatIsNoneIsNoted(t *testing.T) {
	t.Parallel()
	for typed, noted := range map[string]bool{"https//example.org": true, " https://example.org ": false, "": false} {
		item, notes, err := convert(record{Country: "Nepal", Title: "Maps", URL: typed}, testEdition(), testAtlas{})
		if err != nil || hasNote(notes, "no web page") != noted || noted != (item.Source.URL != strings.TrimSpace(typed)) {
			t.Errorf("address %q gives %q, notes %q, %v", typed, item.Source.URL, notes, err)
		}
	}
}

func TestWays(t *testing.T) {
	t.Parallel()
	cases := []struct {
		online       bool
		url          string
		way          events.Way
		join, signUp string
	}{
		{true, "https://example.org", events.Digital, "https://example.org", ""},
		{true, "", events.OwnWork, "", ""},
		{true, "nowhere", events.OwnWork, "", ""},
		{false, "https://example.org", events.OwnWork, "", "https://example.org"},
	}
	for _, c := range cases {
		item, _, err := convert(record{Country: "Nepal", Online: c.online, URL: c.url}, testEdition(), testAtlas{})
		r := item.Registration
		if err != nil || r.Way != c.way || r.OnlineURL != c.join || r.RSVPURL != c.signUp {
			t.Errorf("%+v gives %s, %q, %q, %v", c, r.Way, r.OnlineURL, r.RSVPURL, err)
		}
	}
}

func TestWholeRecord(t *testing.T) {
	t.Parallel()
	r := pinned(27.7, 85.3)
	r.Year, r.Slug, r.Title = 2024, "maps", "  Open maps "
	r.Purpose, r.Report = strings.Repeat("why ", 200), []string{" It rained. ", "", "We came."}
	r.Organisers, r.Place, r.Country = "  Map\n Makers ", "Thamel", "Nepal"
	r.Time, r.Timezone, r.URL, r.Participants = "9:30", "NPT", "https://example.org", "+40"
	item, notes, err := convert(r, testEdition(), testAtlas{})
	if err != nil || len(notes) > 0 {
		t.Fatalf("notes %q, %v", notes, err)
	}
	got := item.Registration
	if got.Title != "Open maps" || got.Host.DisplayName != "Map Makers" || got.Host.Kind != events.GroupHost ||
		got.Zone != "Asia/Kathmandu" || got.StartsAt == nil || *got.StartsAt != 9*60+30 || got.EndsAt != nil ||
		!slices.Equal(got.Themes, []string{ThemeOf(2024)}) {
		t.Errorf("registration = %+v", got)
	}
	if got.Place.Precision != events.ExactPrecision || got.Place.Country != "NP" || got.Place.Locality != "Thamel" {
		t.Errorf("place = %+v", got.Place)
	}
	samePoint(t, "place", got.Place.Latitude, got.Place.Longitude, 27.7, 85.3)
	if !strings.HasSuffix(got.Summary, "why…") || !strings.HasSuffix(got.Story, "why\n\nIt rained.\n\nWe came.") {
		t.Errorf("summary %q, story %q", got.Summary, got.Story)
	}
	if item.People != 40 || item.CountryGuessed ||
		item.Source != (events.Source{Name: SourceName, ID: "2024/maps", URL: "https://example.org"}) {
		t.Errorf("import = %+v", item)
	}
}

func TestWithoutAPinItIsPlacedByItsCountry(t *testing.T) {
	t.Parallel()
	item, notes, err := convert(record{Year: 2031, Country: "Nepal"}, testEdition(), testAtlas{})
	got := item.Registration
	if err != nil || got.Place.Precision != events.CountryPrecision || !hasNote(notes, "placed by its country only") {
		t.Errorf("place = %+v, notes %q, %v", got.Place, notes, err)
	}
	if got.Host.DisplayName != "Open Data Day host" || got.StartsAt != nil || got.Themes != nil {
		t.Errorf("registration = %+v", got)
	}
}

func TestSourceIDs(t *testing.T) {
	t.Parallel()
	ids := map[string]record{}
	for _, r := range []record{
		{Year: 2024, Slug: "a"},
		{Year: 2025, Slug: "a"},
		{Year: 2024},
		{Year: 2024, Title: "a"},
		{Year: 2024, Organisers: "a"},
		{Year: 2024, Place: "a"},
		{Year: 2025, Title: "a"},
		{Year: 2024, Title: "a", Organisers: "a"},
	} {
		id := sourceID(r)
		if other, taken := ids[id]; taken || id != sourceID(r) {
			t.Errorf("%+v and %+v have the id %s", r, other, id)
		}
		ids[id] = r
	}
}

func TestALongTitleIsCutAndNoted(t *testing.T) {
	t.Parallel()
	title := strings.Repeat("データ ", events.MaxTitle)
	item, notes, err := convert(record{Country: "Nepal", Title: title}, testEdition(), testAtlas{})
	got := item.Registration.Title
	if err != nil || utf8.RuneCountInString(got) > events.MaxTitle || !strings.HasSuffix(got, "データ…") ||
		!hasNote(notes, "title cut to 240 characters") {
		t.Errorf("title %q, notes %q, %v", got, notes, err)
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		n    int
		want string
	}{
		{"short", 10, "short"},
		{"  trimmed  ", 7, "trimmed"},
		{"exactly ten", 11, "exactly ten"},
		{"one two three four", 17, "one two three…"},
		{"a word, and", 9, "a word…"},
		{"onewordwithoutanyspace", 10, "onewordwi…"},
		{"x yyyyyyyyyyyyyyyyyyyy", 10, "x yyyyyyy…"}, // the only space is too far from the end
		{"नमस्ते दुनिया नमस्ते", 14, "नमस्ते दुनिया…"},
		{"", 5, ""},
	} {
		if got := shorten(c.text, c.n); got != c.want {
			t.Errorf("shorten(%q, %d) = %q, want %q", c.text, c.n, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text, n := rapid.String().Draw(t, "text"), rapid.IntRange(1, 40).Draw(t, "n")
		got := shorten(text, n)
		whole := strings.TrimSpace(text)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > n {
			t.Fatalf("shorten gives %q", got)
		}
		if kept, cut := strings.CutSuffix(got, "…"); cut && got != whole && !strings.HasPrefix(whole, kept) {
			t.Fatalf("%q does not begin %q", kept, whole)
		}
	})
}
