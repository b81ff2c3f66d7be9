package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/microgalleries/actionday"

// layer is a room of the house and what of our own it may import. A package belongs to the layer
// with the longest prefix of its path.
type layer struct {
	prefix  string
	imports []string // layer prefixes; its own is always allowed
}

// layers is the table that architecture follows: adapters never import one another, the domain
// imports nothing, the program alone knows everything.
func layers() []layer {
	return []layer{
		{"events", []string{}},
		{"events/words", []string{}},
		{"events/accept", []string{}},
		{"events/eventstest", []string{"events", "events/words"}},
		{"events/live", []string{"events"}},
		{"events/counters", []string{"events"}},
		{"events/tiles", []string{"events", "events/accept"}},
		{"events/replay", []string{"events", "events/accept"}},
		{"events/places", []string{"events"}},
		{"events/mail", []string{"events"}},
		{"events/opendataday", []string{"events"}},
		{"db", []string{"events", "events/words"}},
		{"graph", []string{"events", "events/accept"}},
		{"cmd/hub/embedded", []string{}},
		{"cmd/hub/browsertest", []string{}},
		{"cmd/hub/cluster", []string{"db"}}, // for db/pgserver; the hubs in it are other processes
		{"cmd/hub/pages", []string{"events", "events/accept", "graph"}},
		{"cmd/hub", []string{"events", "events/*", "db", "graph", "cmd/hub/embedded", "cmd/hub/cluster", "cmd/hub/pages"}},
		{"cmd/chaos", []string{"events", "db", "cmd/hub/cluster"}}, // the hubs are other processes
		{"web", []string{}},
		{"web/basemap", []string{"events", "events/places"}}, // asks in which zone land lies
	}
}

// Tests may lean on the test kits and on real services beside what their package may import.
var testKits = []string{"events", "events/eventstest", "events/words", "db/dbtest", "db/pgserver", "cmd/hub/browsertest"}

func TestLayers(t *testing.T) {
	t.Parallel()
	root := moduleRoot(t)
	files := 0
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && file != root || d.Name() == "node_modules" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") {
			return nil
		}
		files++
		relative, _ := filepath.Rel(root, file)
		imports, err := importsOf(file)
		if err != nil {
			return err
		}
		for _, broken := range violations(filepath.ToSlash(relative), imports) {
			t.Error(broken)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Errorf("only %d files were looked at: is the module root right?", files)
	}
}

// The rule bites: each of these arrows is forbidden.
func TestLayersRefuse(t *testing.T) {
	t.Parallel()
	for file, imported := range map[string]string{
		"events/day.go":          "github.com/uptrace/bun",
		"events/review.go":       module + "/db",
		"events/live/bus.go":     module + "/events/counters",
		"events/tiles/index.go":  module + "/db",
		"db/store.go":            module + "/events/live",
		"graph/resolver.go":      module + "/db",
		"cmd/hub/pages/map.go":   module + "/db",
		"cmd/hub/pages/page.go":  module + "/cmd/hub/browsertest",
		"cmd/hub/run.go":         module + "/cmd/hub/browsertest",
		"newroom/anything.go":    module + "/events",
		"events/day_test.go":     module + "/graph",
		"cmd/hub/cluster/x.go":   module + "/graph",
		"events/newthing/doc.go": module + "/events",
	} {
		if len(violations(file, []string{imported})) == 0 {
			t.Errorf("%s may import %s", file, imported)
		}
	}
	if broken := violations("cmd/hub/run.go", []string{module + "/events/tiles", module + "/db"}); len(broken) > 0 {
		t.Errorf("the program may import everything, but: %v", broken)
	}
}

// violations lists what a file imports against the table.
func violations(file string, imports []string) (broken []string) {
	from, known := layerOf(path.Dir(file))
	if !known {
		return []string{file + ": its folder has no row in the table of layers"}
	}
	for _, imported := range imports {
		own, isOwn := strings.CutPrefix(imported, module+"/")
		isTest := strings.HasSuffix(file, "_test.go")
		switch {
		case !isOwn && from.prefix == "events" && !isTest && strings.Contains(strings.Split(imported, "/")[0], "."):
			broken = append(broken, fmt.Sprintf("%s imports %s, but the domain lives on the standard library alone", file, imported))
		case isOwn && !from.allows(own) && !(isTest && slices.Contains(testKits, own)):
			broken = append(broken, fmt.Sprintf("%s imports %s, which the table of layers does not allow", file, own))
		}
	}
	return broken
}

func layerOf(folder string) (layer, bool) {
	best, found := layer{}, false
	for _, l := range layers() {
		if (folder == l.prefix || strings.HasPrefix(folder, l.prefix+"/")) && len(l.prefix) >= len(best.prefix) {
			best, found = l, true
		}
	}
	if best.prefix == "events" && folder != "events" { // every adapter has a row of its own
		return layer{}, false
	}
	return best, found
}

func (l layer) allows(own string) bool {
	target, known := layerOf(own)
	if !known {
		return false
	}
	if target.prefix == l.prefix {
		return true
	}
	for _, allowed := range l.imports {
		if allowed == target.prefix || (strings.HasSuffix(allowed, "/*") && strings.HasPrefix(target.prefix, strings.TrimSuffix(allowed, "*"))) {
			return true
		}
	}
	return false
}

func importsOf(file string) ([]string, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		paths = append(paths, imported)
	}
	return paths, nil
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			t.Fatal("no go.mod above the test")
		}
		folder = parent
	}
}
