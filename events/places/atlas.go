package places

import (
	"math"
	"sync"

	"github.com/microgalleries/actionday/events"
)

// Atlas answers every question about places. It costs nothing until asked, then each layer is
// read once and kept. All methods are safe for concurrent use, take any input and never fail: a
// point that is not on the globe or a text past its limit is simply not found. The embedded files
// are part of the program, so one that cannot be read is a panic.
type Atlas struct {
	zones     func() *zoneTable
	borders   func() *borders
	countries func() *countryTable
	towns     func() *gazetteer
}

var _ events.Atlas = (*Atlas)(nil)

// New makes an Atlas that has read nothing yet.
func New() *Atlas {
	return &Atlas{
		zones:     sync.OnceValue(loadZones),
		borders:   sync.OnceValue(loadBorders),
		countries: sync.OnceValue(loadCountries),
		towns:     sync.OnceValue(loadTowns),
	}
}

// Load reads everything now, about a third of a second of one core and 27 MiB, for a program
// that would rather pay at its start than in the first request.
func (a *Atlas) Load() {
	a.zones()
	a.borders()
	a.countries()
	a.towns().others()
}

// onGlobe tells whether a point is finite and within ±90 and ±180 degrees.
func onGlobe(lat, lon float64) bool {
	return math.Abs(lat) <= 90 && math.Abs(lon) <= 180 // false for NaN
}

// must stops the program over a file that was embedded broken.
func must[T any](value T, err error) T {
	if err != nil {
		panic("places: embedded data: " + err.Error())
	}
	return value
}
