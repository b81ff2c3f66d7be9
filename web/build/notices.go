package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// shipped are the packages whose work is in the built files; what they depend on counts, too.
func shipped() []string { return []string{"maplibre-gl", "world-atlas", "city-timezones"} }

const preface = `The pages of this hub contain work by others, under these licences.

Shapes of land, coasts and borders are made with Natural Earth, which is in the public domain.

Where land is divided by time zones (basemap/world and basemap/detail), the lines between zones come
from timezone-boundary-builder and so contain information from OpenStreetMap, © OpenStreetMap
contributors, https://www.openstreetmap.org/copyright. These two files are made available under the
Open Database License 1.0, https://opendatacommons.org/licenses/odbl/1-0/; go run ./web/basemap in
the source of this hub makes them.

City lights (basemap/lights) are made from data by GeoNames, https://www.geonames.org/, licensed
under CC BY 4.0, https://creativecommons.org/licenses/by/4.0/. Changed: towns of fewer than 40,000
people and all fields but place and population left out, both rounded.
`

// notices gathers the licence texts of all shipped packages, each once.
func notices(modules string) ([]byte, error) {
	names, err := closure(modules, shipped())
	if err != nil {
		return nil, err
	}
	var out strings.Builder
	out.WriteString(preface)
	for _, name := range names {
		text, err := licence(modules, name)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&out, "\n%s\n%s\n\n%s\n", name, strings.Repeat("-", len(name)), strings.TrimSpace(text))
	}
	return []byte(out.String()), nil
}

// closure is the packages and all that they depend on, sorted. Packages of types alone have
// nothing in the output.
func closure(modules string, names []string) ([]string, error) {
	seen := map[string]bool{}
	for len(names) > 0 {
		name := names[0]
		names = names[1:]
		if seen[name] || strings.HasPrefix(name, "@types/") {
			continue
		}
		seen[name] = true
		p, err := readPackage(modules, name)
		if err != nil {
			return nil, err
		}
		for dependency := range p.Dependencies {
			names = append(names, dependency)
		}
	}
	var all []string
	for name := range seen {
		all = append(all, name)
	}
	slices.Sort(all)
	return all, nil
}

type npmPackage struct {
	Version      string            `json:"version"`
	License      string            `json:"license"`
	Dependencies map[string]string `json:"dependencies"`
}

func readPackage(modules, name string) (p npmPackage, err error) {
	raw, err := os.ReadFile(filepath.Join(modules, name, "package.json"))
	if err != nil {
		return p, fmt.Errorf("web: %w (run npm ci in web first)", err)
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return p, fmt.Errorf("web: read package %s: %w", name, err)
	}
	return p, nil
}

// licence is the text that the package carries, or, for those few that carry none, what its
// package.json declares.
func licence(modules, name string) (string, error) {
	files, err := os.ReadDir(filepath.Join(modules, name))
	if err != nil {
		return "", fmt.Errorf("web: read package %s: %w", name, err)
	}
	for _, f := range files {
		if isLicence(f.Name()) && !f.IsDir() {
			text, err := os.ReadFile(filepath.Join(modules, name, f.Name()))
			return string(text), err
		}
	}
	p, err := readPackage(modules, name)
	if err != nil {
		return "", err
	}
	if p.License == "" {
		return "", fmt.Errorf("web: package %s declares no licence", name)
	}
	return "Version " + p.Version + ", licence " + p.License + ", as its package.json declares.", nil
}

func isLicence(file string) bool {
	return regexp.MustCompile(`(?i)^licen[cs]e(\.(txt|md))?$`).MatchString(file)
}
