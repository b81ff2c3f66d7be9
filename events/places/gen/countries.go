package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// code is one country or territory of ISO 3166-1 in use, and Kosovo by its user-assigned XK.
type code struct{ alpha2, alpha3 string }

// notISO are the two-letter codes of CLDR that ISO 3166-1 reserves, withdrew or leaves to users.
const notISO = "AA AC AN BU CP CQ CS DD DG EA EU EZ FX IC NT QO QU SU TA TP UK UN XA XB YD YU ZR ZZ"

// languages are those that get display names; text is matched in all of them. Each has a name
// for every code in CLDR 48. The order decides nothing.
const languages = "en af am ar as az be bg bn bs ca cs cy da de el es et eu fa fi fil fr ga gl " +
	"gu ha he hi hr ht hu hy id ig is it ja ka kk km kn ko ku ky lo lt lv mk ml mn mr ms my nb " +
	"ne nl om or pa pcm pl ps pt pt-PT qu ro ru sd si sk sl so sq sr sr-Latn sv sw ta te tg th " +
	"ti tk tr uk ur uz vi wo xh yo zh zh-Hant zu"

// shortNames are the codes whose variant name in CLDR is the one that people there use; the
// values are CLDR's suffixes.
var shortNames = map[string]string{
	"CD": "-alt-variant",
	"HK": "-alt-short", "MO": "-alt-short", "MM": "-alt-short", "PS": "-alt-short",
}

func readCodes(modules string) ([]code, error) {
	var file struct {
		Supplemental struct {
			CodeMappings map[string]struct {
				Alpha3 string `json:"_alpha3"`
			} `json:"codeMappings"`
		} `json:"supplemental"`
	}
	err := readJSON(&file, modules, "cldr-core", "supplemental", "codeMappings.json")
	if err != nil {
		return nil, err
	}
	var codes []code
	for alpha2, c := range file.Supplemental.CodeMappings {
		if len(alpha2) != 2 || strings.Contains(notISO, alpha2) || isUserAssigned(alpha2) {
			continue
		}
		codes = append(codes, code{alpha2, c.Alpha3})
	}
	slices.SortFunc(codes, func(a, b code) int { return strings.Compare(a.alpha2, b.alpha2) })
	return codes, nil
}

// isUserAssigned tells of the ranges that ISO 3166-1 leaves to users, but for Kosovo.
func isUserAssigned(alpha2 string) bool {
	return alpha2[0] == 'X' && alpha2 != "XK" || alpha2[0] == 'Q' && alpha2[1] >= 'M' && alpha2 != "QA"
}

// makeCountries writes one line of codes ("AF AFG"), then for every language a line "!tag" and
// the countries in that language's order: code, display name, other names, parted by tabs.
func makeCountries(modules string, codes []code) ([]byte, error) {
	var buf bytes.Buffer
	for _, c := range codes {
		fmt.Fprintf(&buf, "%s %s\n", c.alpha2, c.alpha3)
	}
	for tag := range strings.FieldsSeq(languages) {
		lines, err := countryLines(modules, tag, codes)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&buf, "!%s\n%s\n", tag, strings.Join(lines, "\n"))
	}
	return gzipped(buf.Bytes())
}

func countryLines(modules, tag string, codes []code) ([]string, error) {
	names, err := territories(modules, tag)
	if err != nil {
		return nil, err
	}
	lines := make([]string, 0, len(codes))
	shown := make(map[string]string, len(codes))
	for _, c := range codes {
		all := namesOf(names, c.alpha2)
		if len(all) == 0 {
			return nil, fmt.Errorf("%s has no name for %s", tag, c.alpha2)
		}
		line := c.alpha2 + "\t" + strings.Join(all, "\t")
		lines = append(lines, line)
		shown[line] = all[0]
	}
	order := collate.New(language.Make(tag))
	slices.SortStableFunc(lines, func(a, b string) int { return order.CompareString(shown[a], shown[b]) })
	return lines, nil
}

// namesOf lists the distinct names of a code, the one to show first.
func namesOf(names map[string]string, alpha2 string) []string {
	keys := []string{alpha2, alpha2 + "-alt-short", alpha2 + "-alt-variant", alpha2 + "-alt-chagos"}
	if suffix, ok := shortNames[alpha2]; ok {
		keys = slices.Insert(keys, 0, alpha2+suffix)
	}
	var all []string
	for _, key := range keys {
		if n := strings.TrimSpace(names[key]); n != "" && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

func territories(modules, tag string) (map[string]string, error) {
	var file struct {
		Main map[string]struct {
			Names struct {
				Territories map[string]string `json:"territories"`
			} `json:"localeDisplayNames"`
		} `json:"main"`
	}
	err := readJSON(&file, modules, "cldr-localenames-full", "main", tag, "territories.json")
	return file.Main[tag].Names.Territories, err
}
