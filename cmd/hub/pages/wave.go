package pages

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"time"

	"github.com/microgalleries/actionday/events"
)

// zoneClasses are the time zones by what their clocks show, as the base map draws them: the land of
// class n in basemap/world.json is where the zones of the n-th class are. All zones of a class agree,
// so the first one answers for all.
type zoneClasses struct {
	file    string // its name changes with the classes
	members [][]string
	first   []*time.Location
}

func readZoneClasses(a assets) (zoneClasses, error) {
	z := zoneClasses{file: a.manifest["basemap/zones.json"]}
	if z.file == "" {
		return z, nil
	}
	raw, err := fs.ReadFile(a.files, z.file)
	if err != nil {
		return z, err
	}
	if err := json.Unmarshal(raw, &z.members); err != nil {
		return z, fmt.Errorf("%s: %w", z.file, err)
	}
	for i, members := range z.members {
		if len(members) == 0 {
			return z, fmt.Errorf("%s: class %d has no zone", z.file, i)
		}
		zone, err := events.LoadZone(members[0])
		if err != nil {
			return z, fmt.Errorf("%s: class %d: %w", z.file, i, err)
		}
		z.first = append(z.first, zone)
	}
	return z, nil
}

// dayOfClass is when a date begins and ends in a class of time zones, in seconds since 1970. A date
// that the zones never had ends as it begins.
type dayOfClass struct {
	Zones  []string `json:"zones"`
	Starts int64    `json:"starts"`
	Ends   int64    `json:"ends"`
}

// wave tells when a date begins and ends in every class of time zones, so that the map goes by the
// rules of the domain and not by those of somebody's browser.
func (s *site) wave(w http.ResponseWriter, r *http.Request) error {
	date, err := events.ParseLocalDate(r.PathValue("date"))
	if err != nil {
		return events.ErrNotFound
	}
	days := make([]dayOfClass, len(s.zones.first))
	for i, zone := range s.zones.first {
		starts, ends := date.In(zone)
		days[i] = dayOfClass{s.zones.members[i], starts.Unix(), ends.Unix()}
	}
	body, err := json.Marshal(days)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", publicShort)
	if r.URL.Query().Get("zones") == s.zones.name() { // a page of another build asks for its own classes
		h.Set("Cache-Control", publicLong)
	}
	small, err := zipped(body)
	if err != nil {
		return err
	}
	packedForms{"": body, "gzip": small.Bytes()}.send(w, r)
	return nil
}

// wavePath is where the map finds the wave of a date. The classes are part of the address, so that
// a cache never pairs a new base map with old classes.
func (s *site) wavePath(date events.LocalDate) string {
	query := url.Values{"zones": {s.zones.name()}}
	return "/wave/" + date.String() + "?" + query.Encode()
}

// name is how addresses tell the classes of one build from those of another.
func (z zoneClasses) name() string { return path.Base(z.file) }

// MapWave is how far the date has come on its way round the globe.
type MapWave struct {
	Path  string // where scripts find the day of each class of time zones
	Phase string // "before", "in" or "after"
	Left  string // until the first midnight, in words; before
	// OpensDay and OpensClock are the first midnight by UTC; before.
	OpensDay, OpensClock string
	West, East           string // from which offset to which the date is now, such as UTC-03:00; in
	// Counts are the numbers of the finished day, also while a moment of it is shown.
	Counts *MapCounts
	Then   MapThen
}

// MapThen is where the date was at the moment that is shown instead of now.
type MapThen struct {
	Shown      bool
	West, East string
}

func (s *site) mapWave(t tongue, ed events.Edition, now time.Time) MapWave {
	opens, closes := ed.OpensAt(), ed.ClosesAt()
	v := MapWave{Path: s.wavePath(ed.Date), Phase: "in"}
	switch {
	case now.Before(opens):
		v.Phase, v.Left = "before", t.spell(opens.Sub(now))
		v.OpensDay, v.OpensClock = t.Day(dateOf(opens)), opens.Format("15:04")
	case !now.Before(closes):
		v.Phase = "after"
	default:
		v.West, v.East = offsetsOf(ed.Date, now)
	}
	return v
}

// thenOf is where the date was at a moment of it. The last one of all counts to the date, as the
// slider goes that far.
func thenOf(ed events.Edition, at time.Time) MapThen {
	v := MapThen{Shown: true}
	v.West, v.East = offsetsOf(ed.Date, at)
	return v
}

// offsetsOf tells from which offset to which walls show the date: where now is not before its
// midnight and before the next, in the whole hours that offsets reach.
func offsetsOf(date events.LocalDate, now time.Time) (west, east string) {
	opens, closes := date.Window()
	least := max(westmost, eastmost-int(now.Sub(opens)/time.Hour))
	most := min(eastmost, westmost+int((closes.Sub(now)-1)/time.Hour))
	return offsetName(least), offsetName(most)
}

// The offsets of the first and the last place of a date, in hours east of UTC.
const (
	eastmost = 14
	westmost = -12
)

func offsetName(hours int) string { return fmt.Sprintf("UTC%+03d:00", hours) }

// spell says a span in its two largest units, such as "3 days 4 hours".
func (t tongue) spell(span time.Duration) string {
	minutes := int64(span / time.Minute)
	days, hours := minutes/(24*60), minutes/60%24
	if days > 0 {
		return t.N("map.wave.days", days) + " " + t.N("map.wave.hours", hours)
	}
	return t.N("map.wave.hours", hours) + " " + t.N("map.wave.minutes", minutes%60)
}
