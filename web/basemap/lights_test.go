package main

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/microgalleries/actionday/events/places"
)

func TestLightsCanBeReadBack(t *testing.T) {
	t.Parallel()
	towns := []places.Town{
		{Longitude: 139.7, Latitude: 35.7, Population: 8 * lightsFrom},
		{Longitude: -70.9, Latitude: -53.2, Population: lightsFrom},
		{Longitude: 139.7, Latitude: 35.7, Population: lightsFrom}, // in the glow of the first
	}
	file := lightsOf(towns)
	if n := binary.LittleEndian.Uint32(file); n != 2 {
		t.Fatalf("%d lights", n)
	}
	at, place := 4, uint64(0)
	found := map[[2]int]bool{}
	for range 2 {
		delta, size := binary.Uvarint(file[at:])
		at, place = at+size, place+delta
		longitude, latitude := unlaced(place)/65536*360-180, unlaced(place>>1)/65536*360-90
		found[[2]int{int(math.Round(longitude * 10)), int(math.Round(latitude * 10))}] = true
	}
	if !found[[2]int{1397, 357}] || !found[[2]int{-709, -532}] {
		t.Errorf("lights at %v", found)
	}
	if got := file[at:]; len(got) != 2 || got[0] != 0 || got[1] != 24 {
		t.Errorf("brightness %v, want that of the south first", got)
	}
}

func unlaced(place uint64) (v float64) {
	for bit := range 16 {
		v += float64(place >> (2 * bit) & 1 << bit)
	}
	return v
}

// What the first view loads of the base map has a size to keep, in kilobytes as browsers get it.
func TestFirstViewStaysSmall(t *testing.T) {
	t.Parallel()
	for name, most := range map[string]int64{
		"world-*.json.br": 66, "cities-*.json.br": 5, "lights-*.bin.br": 60, "zones-*.json.br": 4, "detail-*.json.br": 300,
	} {
		found, err := filepath.Glob("../../" + target + "/" + name)
		if err != nil || len(found) != 1 {
			t.Errorf("%s: %v %v", name, found, err)
			continue
		}
		info, err := os.Stat(found[0])
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > most*1000 {
			t.Errorf("%s has %d bytes, more than %d kB", name, info.Size(), most)
		}
	}
}
