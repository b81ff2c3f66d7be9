package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func built(t *testing.T) (*bundle, string) {
	t.Helper()
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, basemap), 0o755); err != nil {
		t.Fatal(err)
	}
	land := []byte(strings.Repeat("land and coast ", 200))
	if err := os.WriteFile(filepath.Join(folder, "basemap/world-0a1b2c3d.json"), land, 0o644); err != nil {
		t.Fatal(err)
	}
	b := &bundle{
		files: map[string][]byte{
			"map-ABCDEFGH.js": []byte(strings.Repeat("draw();", 300)),
			"manifest.json":   []byte("{}"),
		},
		manifest: map[string]string{
			"map.js": "map-ABCDEFGH.js", "basemap/world.json": "basemap/world-0a1b2c3d.json",
		},
	}
	if err := b.write(folder); err != nil {
		t.Fatal(err)
	}
	return b, folder
}

func TestWhatWasWrittenIsFresh(t *testing.T) {
	t.Parallel()
	b, folder := built(t)
	if err := b.compare(folder); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"map-ABCDEFGH.js.br", "map-ABCDEFGH.js.gz", "basemap/world-0a1b2c3d.json.br"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Errorf("no compressed form: %v", err)
		}
	}
}

func TestCompareFindsEveryDifference(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(folder string) error{
		"changed file": func(folder string) error {
			return os.WriteFile(filepath.Join(folder, "map-ABCDEFGH.js"), []byte("other"), 0o644)
		},
		"lost file": func(folder string) error { return os.Remove(filepath.Join(folder, "manifest.json")) },
		"left over": func(folder string) error {
			return os.WriteFile(filepath.Join(folder, "map-OLDOLDOL.js"), nil, 0o644)
		},
		"packed form of another content": func(folder string) error {
			return packings()[0].write(filepath.Join(folder, "map-ABCDEFGH.js"), []byte("other"))
		},
		"packed form of a lost basemap": func(folder string) error {
			return os.WriteFile(filepath.Join(folder, "basemap/world-ffffffff.json.gz"), nil, 0o644)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, folder := built(t)
			if err := spoil(folder); err != nil {
				t.Fatal(err)
			}
			if err := b.compare(folder); err == nil {
				t.Error("the difference was not found")
			}
			if err := b.write(folder); err != nil {
				t.Fatal(err)
			}
			if err := b.compare(folder); err != nil {
				t.Errorf("writing again did not mend it: %v", err)
			}
		})
	}
}

func TestFoldersOfOthersStay(t *testing.T) {
	t.Parallel()
	b, folder := built(t)
	foreign := filepath.Join(folder, "explorer", "index.js")
	if err := os.MkdirAll(filepath.Dir(foreign), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(foreign, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := b.write(folder); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(foreign); err != nil || b.compare(folder) != nil {
		t.Errorf("a folder of others: %v, %v", err, b.compare(folder))
	}
}

func TestNoticesTellEveryLicence(t *testing.T) {
	t.Parallel()
	modules := t.TempDir()
	packages := map[string]map[string]string{
		"maplibre-gl": {
			"package.json": `{"version":"6.17.0","dependencies":{"pbf":"1","@types/geojson":"1"}}`,
			"LICENSE.txt":  "engine's terms",
		},
		"pbf":            {"package.json": `{"version":"5.1.2"}`, "LICENSE": "buffers' terms"},
		"world-atlas":    {"package.json": `{"version":"2.0.2"}`, "LICENSE": "atlas's terms"},
		"city-timezones": {"package.json": `{"version":"1.3.4","license":"MIT"}`},
	}
	for name, files := range packages {
		for file, text := range files {
			at := filepath.Join(modules, name, file)
			if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	got, err := notices(modules)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"engine's terms", "buffers' terms", "atlas's terms", "1.3.4, licence MIT", "Natural Earth", "OpenStreetMap", "GeoNames"} {
		if !strings.Contains(string(got), want) {
			t.Errorf("the notices lack %q:\n%s", want, got)
		}
	}
}

func TestAxeComesWithItsLicence(t *testing.T) {
	t.Parallel()
	modules, folder := t.TempDir(), t.TempDir()
	at := filepath.Join(modules, "axe-core")
	if err := os.Mkdir(at, 0o755); err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string]string{"package.json": `{"version":"4.14.1"}`, "LICENSE": "axe's terms\n", "LICENSE-3RD-PARTY.txt": "others' terms", "axe.min.js": "/*! banner */look()"} {
		if err := os.WriteFile(filepath.Join(at, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	files, err := axe(modules)
	if err != nil {
		t.Fatal(err)
	}
	if notice := string(files["axe.NOTICE.txt"]); !strings.Contains(notice, "axe-core 4.14.1 by") || !strings.Contains(notice, "axe's terms\n\nIt holds") || !strings.HasSuffix(notice, "others' terms") {
		t.Errorf("the notice is %q", notice)
	}
	if placed(folder, files) == nil {
		t.Error("an empty folder is fresh")
	}
	if err := place(folder, files); err != nil || placed(folder, files) != nil {
		t.Errorf("what was placed is not there: %v", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "axe.min.js"), []byte("look()"), 0o644); err != nil {
		t.Fatal(err)
	}
	if placed(folder, files) == nil {
		t.Error("a lost banner was not found")
	}
}
