package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/microgalleries/actionday/events/places"
)

// pageLanguages are those of the pages, as CLDR calls them, and the other Portuguese.
const pageLanguages = "en fr es pt pt-PT ar hi id zh"

// citiesFile has what the towns that zones are named after are called in the languages of the pages: a
// line "ES Madrid: मैड्रिड|马德里" for each. GeoNames lacks many of these names. They are CLDR's, of a
// package too large to be installed for them at every making: -cities writes the file from it.
//
//go:embed cities.txt
var citiesFile string

// makeCities writes citiesFile.
func makeCities(dates, modules string, codes []code) ([]byte, error) {
	countries, err := zoneCountries(modules, codes)
	if err != nil {
		return nil, err
	}
	called := map[string][]string{}
	for lang := range strings.FieldsSeq(pageLanguages) {
		zones, err := zonesIn(dates, lang)
		if err != nil {
			return nil, err
		}
		for zone, name := range zones {
			city := strings.ReplaceAll(zone[strings.LastIndex(zone, "/")+1:], "_", " ")
			country := countries[zone]
			if country == "" || places.Fold(name) == places.Fold(city) || strings.ContainsAny(name, "()[],|") {
				continue
			}
			if key := country + " " + city; !slices.Contains(called[key], name) {
				called[key] = append(called[key], name)
			}
		}
	}
	var buf bytes.Buffer
	for _, key := range slices.Sorted(maps.Keys(called)) {
		slices.Sort(called[key])
		fmt.Fprintf(&buf, "%s: %s\n", key, strings.Join(called[key], "|"))
	}
	return buf.Bytes(), nil
}

// zoneCountries tells in which country a zone is, by each of its names.
func zoneCountries(modules string, codes []code) (map[string]string, error) {
	zones, err := makeZones(modules, codes)
	if err != nil {
		return nil, err
	}
	countries := map[string]string{}
	for line := range strings.Lines(string(zones)) {
		words := strings.Fields(line)
		for _, name := range append(words[2:], words[0]) {
			countries[name] = words[1]
		}
	}
	return countries, nil
}

// zonesIn are the cities of zones in a language.
func zonesIn(dates, lang string) (map[string]string, error) {
	var file struct {
		Main map[string]struct {
			Dates struct {
				TimeZoneNames struct {
					Zone map[string]any `json:"zone"`
				} `json:"timeZoneNames"`
			} `json:"dates"`
		} `json:"main"`
	}
	if err := readJSON(&file, filepath.Join(dates, "cldr-dates-full"), "main", lang, "timeZoneNames.json"); err != nil {
		return nil, err
	}
	names := map[string]string{}
	var walk func(path string, tree map[string]any)
	walk = func(path string, tree map[string]any) {
		for key, value := range tree {
			switch value := value.(type) {
			case string:
				if key == "exemplarCity" {
					names[path] = value
				}
			case map[string]any:
				walk(strings.TrimPrefix(path+"/"+key, "/"), value)
			}
		}
	}
	walk("", file.Main[lang].Dates.TimeZoneNames.Zone)
	return names, nil
}

// withCities adds the names of citiesFile to those that GeoNames has: each to the largest town of that
// name in its country.
func withCities(towns []town) {
	owner := map[string]int{}
	claim := func(i int, folded string) {
		key := towns[i].country + " " + folded
		if have, taken := owner[key]; !taken || towns[have].population < towns[i].population {
			owner[key] = i
		}
	}
	for i, t := range towns {
		for name := range strings.SplitSeq(t.others, ",") {
			claim(i, places.Fold(name))
		}
	}
	own := map[string]bool{}  // a town's own name is nobody else's
	for i, t := range towns { // of one name the largest first
		if key := t.country + " " + t.folded; !own[key] {
			own[key], owner[key] = true, i
		}
	}
	for line := range strings.Lines(citiesFile) {
		city, names, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if i, found := owner[city[:3]+places.Fold(city[3:])]; found {
			towns[i].others += "," + strings.ReplaceAll(names, "|", ",")
		}
	}
}
