package places

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"slices"
	"strings"
	"testing"

	tzfrellite "github.com/ringsaturn/tzf-rel-lite"
)

// The generated files are as they were made: a change by hand or by half fails here, and a new
// version of a source changes the hash and NOTICE.md in one commit.
func TestEmbeddedFilesAreAsGenerated(t *testing.T) {
	t.Parallel()
	files := map[string]struct{ data, hash string }{
		"countries.gz": {string(countriesFile), "663e38330e9765d0b0a9c3e3024a254dac6f7f9723939451c4a479617aaa7129"},
		"names.zst":    {string(namesFile), "2220c461c0be9c5fdb1878ed68d8665c771a90d51e34662f5aa6eb4f3ae1e855"},
		"towns.zst":    {string(townsFile), "aa8a40abe3f4caf1c27569bc2ad2f978ac47567de83da2634b49a01328934018"},
		"zones.txt":    {zonesFile, "663e0c39f3167c232c815a36d3e5be049ac4ae846a1efdba05fe57bdc36c6da2"},
	}
	for name, f := range files {
		sum := sha256.Sum256([]byte(f.data))
		if got := hex.EncodeToString(sum[:]); got != f.hash {
			t.Errorf("%s has hash %s, generated was %s", name, got, f.hash)
		}
	}
	// The polygons come with a module; another release of it is another row in NOTICE.md.
	sum := sha256.Sum256(tzfrellite.LiteCompressData)
	if got := hex.EncodeToString(sum[:8]); got != "336a7f5350ad9b29" {
		t.Errorf("the polygons of zones have hash %s", got)
	}
	notice, err := os.ReadFile("NOTICE.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, must := range []string{"GeoNames", "CC BY 4.0", "UNICODE LICENSE V3", "OpenStreetMap", "ODbL"} {
		if !strings.Contains(string(notice), must) {
			t.Errorf("NOTICE.md does not name %s", must)
		}
	}
}

func TestTownsAreInTheOrderThatSearchNeeds(t *testing.T) {
	t.Parallel()
	g, countries := loadTowns(), loadCountries()
	if g.len() != 130_377 {
		t.Errorf("%d towns", g.len())
	}
	for i := range g.len() {
		lat, lon := g.point(i)
		if !onGlobe(lat, lon) || countries.names[0][g.country(i)] == "" || g.name(i) == "" {
			t.Errorf("town %d is %+v", i, g.town(i))
		}
		if g.fold(i) != Fold(g.name(i)) {
			t.Errorf("town %q is folded to %q", g.name(i), g.fold(i))
		}
		if i > 0 && (g.fold(i-1) > g.fold(i) ||
			g.fold(i-1) == g.fold(i) && g.population[i-1] < g.population[i]) {
			t.Errorf("town %q comes before %q", g.name(i-1), g.name(i))
		}
	}
}

func TestBrokenTownsAreRefused(t *testing.T) {
	t.Parallel()
	whole := []byte("\x01\x00\x00\x00Here\nKE\x01\x5f\x90\x02\xbf\x20\x05")
	g, err := readTowns(whole)
	if err != nil || g.town(0) != (Town{"Here", "KE", 0, 0, 5}) {
		t.Fatalf("one town = %+v, %v", g, err)
	}
	for n := range len(whole) {
		if _, err := readTowns(whole[:n]); err == nil {
			t.Errorf("towns cut at byte %d are read", n)
		}
	}
}

func TestOtherNamesAreInTheOrderThatSearchNeeds(t *testing.T) {
	t.Parallel()
	g := loadTowns()
	o := g.others()
	small := map[int32]bool{}
	for i, town := range o.towns {
		if o.fold(i) != Fold(o.name(i)) || o.name(i) == "" {
			t.Errorf("name %d is %q, folded to %q", i, o.name(i), o.fold(i))
		}
		if i > 0 && o.fold(i-1) > o.fold(i) {
			t.Errorf("name %q comes before %q", o.name(i-1), o.name(i))
		}
		if o.fold(i) == g.fold(int(town)) {
			t.Errorf("%q is said twice", o.name(i))
		}
		if isLatin(o.name(i)) && o.name(i) == strings.ToLower(o.name(i)) {
			t.Errorf("%q is a transcript", o.name(i))
		}
		if g.population[town] < 20_000 {
			small[town] = true
		}
	}
	if len(small) > 70 {
		t.Errorf("%d small towns have other names: more than there are small capitals", len(small))
	}
	if len(o.towns) != 137_942 {
		t.Errorf("%d names", len(o.towns))
	}
}

func TestBrokenOtherNamesAreRefused(t *testing.T) {
	t.Parallel()
	whole := []byte("\x02\x00\x00\x00\x01\x02東京\t도쿄\nМосква\n")
	o, err := readOtherNames(whole, 4)
	if err != nil || len(o.towns) != 3 || o.name(0) != "Москва" || o.towns[0] != 3 || o.towns[2] != 1 {
		t.Fatalf("three names = %+v, %v", o, err)
	}
	if _, err := readOtherNames(whole, 3); err == nil {
		t.Error("names of a town that is not there are read")
	}
	for n := range len(whole) {
		if _, err := readOtherNames(whole[:n], 4); err == nil {
			t.Errorf("names cut at byte %d are read", n)
		}
	}
}

// An alias that folds to what another line has already given away would be decided by chance.
func TestAliasesAreSaidOnce(t *testing.T) {
	t.Parallel()
	countries := loadCountries()
	owner := map[string]string{}
	lines := bufio.NewScanner(strings.NewReader(aliasesFile))
	for lines.Scan() {
		code, names, found := strings.Cut(lines.Text(), " ")
		if !found || code == "#" {
			continue
		}
		if code != "-" && countries.names[0][code] == "" {
			t.Errorf("aliases of %q", code)
		}
		for name := range strings.SplitSeq(names, "|") {
			folded := Fold(name)
			if other := owner[folded]; folded == "" || other != "" && other != code {
				t.Errorf("alias %q of %s belongs to %q", name, code, other)
			}
			owner[folded] = code
		}
	}
	if len(owner) < 400 {
		t.Errorf("only %d aliases", len(owner))
	}
}

func TestAddressWordsAreRead(t *testing.T) {
	t.Parallel()
	w := readAddressWords()
	if !w.noise["online"] || !w.links["province"] || !w.certain["usa"] || !w.short["us"] {
		t.Errorf("words = %+v", w)
	}
	for name := range w.doubtful {
		if _, ok := loadCountries().named(name); !ok {
			t.Errorf("doubtful %q is no country's name", name)
		}
	}
}

func TestZoneTableIsWhole(t *testing.T) {
	t.Parallel()
	table, countries := loadZones(), loadCountries()
	if !slices.IsSorted(table.names) || len(table.names) != 418 {
		t.Errorf("%d zones, sorted %v", len(table.names), slices.IsSorted(table.names))
	}
	for _, name := range table.names {
		if countries.names[0][table.country[name]] == "" {
			t.Errorf("%s is in %q", name, table.country[name])
		}
	}
}
