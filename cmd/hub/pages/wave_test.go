package pages

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// waveOn asks for the wave of a date and gives the day of each zone.
func waveOn(t *testing.T, h *house, date string) map[string]dayOfClass {
	t.Helper()
	a := h.anybody().open("/wave/" + date)
	if got := a.Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type %q", got)
	}
	var days []dayOfClass
	if err := json.Unmarshal(a.Body.Bytes(), &days); err != nil {
		t.Fatal(err)
	}
	byZone := map[string]dayOfClass{}
	for _, day := range days {
		for _, zone := range day.Zones {
			byZone[zone] = day
		}
	}
	return byZone
}

func TestTheWaveOfTheThirdEdition(t *testing.T) {
	t.Parallel()
	wave := waveOn(t, newHouse(t), "2025-12-12")
	for zone, want := range map[string][2]string{
		"Pacific/Kiritimati": {"2025-12-11T10:00:00Z", "2025-12-12T10:00:00Z"},
		"Pacific/Chatham":    {"2025-12-11T10:15:00Z", "2025-12-12T10:15:00Z"},
		"Australia/Eucla":    {"2025-12-11T15:15:00Z", "2025-12-12T15:15:00Z"},
		"Asia/Kathmandu":     {"2025-12-11T18:15:00Z", "2025-12-12T18:15:00Z"},
		"Asia/Katmandu":      {"2025-12-11T18:15:00Z", "2025-12-12T18:15:00Z"}, // as browsers call it
		"Pacific/Marquesas":  {"2025-12-12T09:30:00Z", "2025-12-13T09:30:00Z"},
		"Pacific/Pago_Pago":  {"2025-12-12T11:00:00Z", "2025-12-13T11:00:00Z"},
		"Etc/GMT+12":         {"2025-12-12T12:00:00Z", "2025-12-13T12:00:00Z"},
	} {
		day, known := wave[zone]
		got := [2]string{instantOf(day.Starts), instantOf(day.Ends)}
		if !known || got != want {
			t.Errorf("in %s the day is %v, want %v", zone, got, want)
		}
	}
	ends := int64(0)
	for zone, day := range wave {
		if !strings.HasPrefix(zone, "Etc/") {
			ends = max(ends, day.Ends)
		}
	}
	if got := instantOf(ends); got != "2025-12-13T11:00:00Z" {
		t.Errorf("where people live the day ends at %s", got)
	}
}

func instantOf(seconds int64) string { return time.Unix(seconds, 0).UTC().Format(time.RFC3339) }

func TestDaysThatAreNot24HoursLong(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if day := waveOn(t, h, "2019-09-21")["Asia/Tehran"]; day.Ends-day.Starts != 25*3600 {
		t.Errorf("in Tehran the day was %d seconds long", day.Ends-day.Starts)
	}
	long := 0
	wave := waveOn(t, h, "2021-11-07")
	for _, zone := range events.ZoneNames() {
		if day := wave[zone]; day.Ends-day.Starts == 25*3600 {
			long++
		}
	}
	if long != 82 {
		t.Errorf("the day was 25 hours long in %d zones, want 82", long)
	}
}

// What scripts are told of a class is true by the domain's rules in each of its zones.
func TestTheWaveIsThatOfTheDomain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, text := range []string{"2019-09-21", "2021-11-06", "2021-11-07", "2025-12-12", "2026-03-29", "2027-10-31"} {
		date, err := events.ParseLocalDate(text)
		if err != nil {
			t.Fatal(err)
		}
		wave := waveOn(t, h, text)
		for _, name := range events.ZoneNames() {
			zone, err := events.LoadZone(name)
			if err != nil {
				t.Fatal(err)
			}
			starts, ends := date.In(zone)
			if day := wave[name]; day.Starts != starts.Unix() || day.Ends != ends.Unix() {
				t.Errorf("%s in %s: %s to %s, want %v to %v", text, name, instantOf(day.Starts), instantOf(day.Ends), starts, ends)
			}
		}
	}
}

// While hubs are replaced by newer ones, a page of the new build may ask a hub of the old one: what that
// says is kept for as long as it is true of the address, which it is not.
func TestTheWaveOfAnotherBuildIsNotKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	date := events.LocalDate{Year: 2025, Month: 12, Day: 12}
	built, err := openAssets()
	if err != nil {
		t.Fatal(err)
	}
	classes, err := readZoneClasses(built)
	if err != nil {
		t.Fatal(err)
	}
	own := (&site{zones: classes}).wavePath(date)
	for target, want := range map[string]string{
		own: publicLong, "/wave/2025-12-12?zones=zones-12345678.json": publicShort, "/wave/2025-12-12": publicShort,
	} {
		if got := h.anybody().open(target).Header().Get("Cache-Control"); got != want {
			t.Errorf("%s may be kept %q, want %q", target, got, want)
		}
	}
}

func TestAWaveOfNoDate(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, target := range []string{"/wave/tomorrow", "/wave/2025-02-30", "/wave/1066-10-14", "/wave/" + strings.Repeat("9", 3000)} {
		if got := h.anybody().get(target).Code; got != http.StatusNotFound {
			t.Errorf("%.30s is answered with %d", target, got)
		}
	}
}

func TestThePageKnowsThePhases(t *testing.T) {
	t.Parallel()
	date := events.LocalDate{Year: 2025, Month: time.December, Day: 12}
	h := newHouse(t, func(ed *events.Edition) { ed.Date = date })
	for at, want := range map[string][]string{
		"2025-12-09T08:59:30Z": {"before", "2 days 1 hour", "on 11 December at 10:00 UTC"},
		"2025-12-11T09:58:00Z": {"before", "0 hours 2 minutes"},
		"2025-12-11T10:00:00Z": {"in", "from UTC+14:00 to UTC+14:00"},
		"2025-12-12T09:59:59Z": {"in", "from UTC-09:00 to UTC+14:00"},
		"2025-12-12T10:00:00Z": {"in", "from UTC-10:00 to UTC+13:00"},
		"2025-12-12T12:00:00Z": {"in", "from UTC-12:00 to UTC+11:00"},
		"2025-12-13T11:59:59Z": {"in", "from UTC-12:00 to UTC-12:00"},
		"2025-12-13T12:00:00Z": {"after", "The day has gone round the globe", "0 people counted"},
	} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		h.clock.Set(now)
		a := h.anybody().open("/")
		box := a.all("section", "class", "wave")
		if len(box) != 1 || attribute(box[0], "data-wave-phase") != want[0] {
			t.Errorf("at %s the phase is not %s", at, want[0])
			continue
		}
		wantText(t, textOf(box[0]), want[1:]...)
	}
}

// In a replay the words are those of the moment, during the day and after it, in every language; those
// of now are there for when it ends.
func TestTheWaveOfAMoment(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.clock.Set(h.edition.OpensAt().Add(20 * time.Hour))
	h.add(h.host(), eventstest.Whereabouts(), titled("Wall of Birds", "wall-of-birds-1"), listed)
	opens := h.edition.OpensAt()
	for _, now := range []time.Time{opens.Add(30 * time.Hour), h.edition.ClosesAt().Add(time.Hour)} {
		h.clock.Set(now)
		for lang, then := range map[string]string{
			"en": "At this moment it was this date from UTC+04:00 to UTC+14:00.", "fr": "À ce moment", "es": "En ese momento",
			"pt": "Naquele momento", "ar": "في تلك اللحظة", "hi": "उस क्षण", "id": "Pada saat itu", "zh-Hans": "当时从 UTC+04:00 到 UTC+14:00",
		} {
			a := h.anybody().open("/?lang=" + lang + "&at=" + opens.Add(10*time.Hour).Format(time.RFC3339))
			words, moment := a.all("div", "class", "wave-words")[0], a.all("p", "class", "fine")
			moment = slices.DeleteFunc(moment, func(n *html.Node) bool { return !hasAttribute(n, "data-wave-then") })
			if !hasAttribute(words, "hidden") || len(moment) != 1 || hasAttribute(moment[0], "hidden") {
				t.Fatalf("%s at %v: the box does not tell of the moment", lang, now)
			}
			wantText(t, textOf(moment[0]), then, "UTC+04:00", "UTC+14:00")
			a = h.anybody().open("/?lang=" + lang)
			if hasAttribute(a.all("div", "class", "wave-words")[0], "hidden") {
				t.Errorf("%s at %v: the box does not tell of now", lang, now)
			}
		}
	}
	finished := h.anybody().open("/?at=" + opens.Add(time.Hour).Format(time.RFC3339))
	wantText(t, textOf(finished.all("div", "class", "wave-words")[0]), "1 event")
	for _, count := range finished.all("dd", "data-count", "events") {
		wantText(t, textOf(count), "0")
	}
	last := h.anybody().open("/?at=" + h.edition.ClosesAt().Format(time.RFC3339))
	wantText(t, textOf(last.all("section", "class", "wave")[0]), "from UTC-12:00 to UTC-12:00.")
}

func TestCountdownsInOtherLanguages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.clock.Set(h.edition.OpensAt().Add(-(3*24 + 2) * time.Hour))
	for lang, want := range map[string]string{
		"en": "3 days 2 hours", "es": "3 días 2 horas", "fr": "3 jours 2 heures", "ar": "3 أيام ساعتان",
	} {
		who := h.anybody()
		who.lang = lang
		wantText(t, textOf(who.open("/").all("section", "class", "wave")[0]), want)
	}
}

func TestTheSourcesOfTheMapAreCredited(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, drawn := range []string{"/", "/screen"} {
		credits := textOf(h.anybody().open(drawn).all("p", "class", "credits")[0])
		wantText(t, credits, "Natural Earth", "time zones © OpenStreetMap contributors", "GeoNames")
	}
	wantText(t, h.anybody().open("/about/data").text(), "OpenStreetMap contributors", "ODbL", "GeoNames", "Natural Earth")
	notice := h.anybody().open("/assets/NOTICE.txt").Body.String()
	wantText(t, notice, "OpenStreetMap", "Open Database License", "GeoNames")
}

// The classes that scripts are told must be those of the base map that they draw.
func TestTheWaveIsAskedForWithItsClasses(t *testing.T) {
	t.Parallel()
	built, err := openAssets()
	if err != nil {
		t.Fatal(err)
	}
	want := "/wave/2026-12-12?zones=" + strings.TrimPrefix(built.manifest["basemap/zones.json"], "basemap/")
	if got := attribute(newHouse(t).anybody().open("/").all("div", "id", "day")[0], "data-wave"); got != want {
		t.Errorf("the wave is at %s, want %s", got, want)
	}
}
