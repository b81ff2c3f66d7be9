package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// zone is one entry of CLDR's bcp47/timezone.json. Aliases begins with the name that CLDR keeps
// for ever; IANA is today's name in the zone data where that differs.
type zone struct {
	Aliases    string `json:"_alias"`
	IANA       string `json:"_iana"`
	Region     string `json:"_region"`
	Deprecated bool   `json:"_deprecated"`
}

// makeZones writes a line for every zone of a place: IANA name, country, other names. Zones of
// the sea and of no place are left out.
func makeZones(modules string, codes []code) ([]byte, error) {
	var file struct {
		Keyword struct {
			U struct {
				TZ map[string]json.RawMessage `json:"tz"`
			} `json:"u"`
		} `json:"keyword"`
	}
	if err := readJSON(&file, modules, "cldr-bcp47", "bcp47", "timezone.json"); err != nil {
		return nil, err
	}
	countries := map[string]bool{}
	for _, c := range codes {
		countries[c.alpha2] = true
	}
	var lines []string
	for key, raw := range file.Keyword.U.TZ {
		var z zone
		if strings.HasPrefix(key, "_") || json.Unmarshal(raw, &z) != nil {
			continue
		}
		if line := z.line(key, countries); line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return nil, errors.New("timezone.json holds no zones")
	}
	slices.Sort(lines)
	var buf bytes.Buffer
	for _, line := range lines {
		fmt.Fprintln(&buf, line)
	}
	return buf.Bytes(), nil
}

// abbreviations are links of the zone data that people use for a clock, not for a place: EST there
// is Panama.
const abbreviations = "EST MST HST"

// line is empty for what is not the zone of a place in a country. The first two letters of a
// key are its country unless the entry names another.
func (z zone) line(key string, countries map[string]bool) string {
	country := z.Region
	if country == "" && len(key) >= 2 {
		country = strings.ToUpper(key[:2])
	}
	aliases := strings.Fields(z.Aliases)
	if z.Deprecated || len(aliases) == 0 || !countries[country] || len(key) < 5 {
		return ""
	}
	name := z.IANA
	if name == "" {
		name = aliases[0]
	}
	if !strings.Contains(name, "/") {
		return ""
	}
	others := slices.DeleteFunc(aliases, func(a string) bool {
		return a == name || strings.Contains(abbreviations, a)
	})
	return strings.Join(append([]string{name, country}, others...), " ")
}
