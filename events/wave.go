package events

import (
	_ "embed"
	"sort"
	"strings"
	"time"
)

// zoneNames is every place name of the IANA time zone database, aliases included, as shipped with
// Go 1.26; the nautical Etc/ names are left out because nobody lives by them.
//
//go:embed zones.txt
var zoneNames string

// ZoneNames lists the time zones that a place can have, in alphabetical order.
func ZoneNames() []string { return strings.Fields(zoneNames) }

// Wave is the state of an edition's date over the globe at one instant.
type Wave struct {
	At    time.Time
	Date  LocalDate
	Bands []WaveBand // from east (furthest ahead) to west
}

// WaveBand is all the places that share one offset from UTC at the instant of the wave.
type WaveBand struct {
	OffsetMinutes int // minutes east of UTC, -720 to 840
	LocalAt       string
	LocalDate     LocalDate
	Phase         PhaseOfDay
	Progress      float64  // how much of the date has passed in the first of its zones, 0 to 1
	Zones         []string // IANA names in alphabetical order
}

// WaveAt tells for every offset in use where it stands in the date: who has yet to wake up to the
// day, who is in it, who has had it. Service.Wave does the same without loading the zones anew.
func WaveAt(date LocalDate, at time.Time) Wave { return waveOf(date, at, loadZones()) }

// loadZones loads all that ZoneNames lists, but what a machine with older zone data does not have.
func loadZones() []*time.Location {
	var zones []*time.Location
	for _, name := range ZoneNames() {
		if zone, err := time.LoadLocation(name); err == nil {
			zones = append(zones, zone)
		}
	}
	return zones
}

func waveOf(date LocalDate, at time.Time, zones []*time.Location) Wave {
	bands := map[int]*WaveBand{}
	for _, zone := range zones {
		_, offset := at.In(zone).Zone()
		band := bands[offset]
		if band == nil {
			band = newBand(date, at, zone, offset)
			bands[offset] = band
		}
		band.Zones = append(band.Zones, zone.String())
	}
	wave := Wave{At: at, Date: date, Bands: make([]WaveBand, 0, len(bands))}
	for _, band := range bands {
		wave.Bands = append(wave.Bands, *band)
	}
	sort.Slice(wave.Bands, func(i, j int) bool {
		return wave.Bands[i].OffsetMinutes > wave.Bands[j].OffsetMinutes
	})
	return wave
}

func newBand(date LocalDate, at time.Time, zone *time.Location, offset int) *WaveBand {
	starts, ends := date.In(zone)
	progress := 0.0
	if ends.After(starts) {
		progress = max(0, min(1, float64(at.Sub(starts))/float64(ends.Sub(starts))))
	}
	return &WaveBand{
		OffsetMinutes: offset / 60,
		LocalAt:       at.In(zone).Format("2006-01-02T15:04:05"),
		LocalDate:     DateIn(at, zone),
		Phase:         date.PhaseIn(zone, at),
		Progress:      progress,
	}
}
