// Command build makes the files that the hub's pages load: scripts from TypeScript, style sheets,
// the map engine and its worker, and the licences of what others wrote in them. They are committed,
// so that nobody needs Node to build or run the hub.
//
// Every file carries a hash of its content in its name, so that browsers may keep it for ever;
// manifest.json tells which file stands for which plain name ("map.js": "map-5GSXLF3K.js"). The
// engine is a chunk of its own that pages fetch after their first paint. What only tests need of npm's
// packages goes beside the tests.
//
// Run it in the folder of the module, after "npm ci" in web:
//
//	go run ./web/build          write cmd/hub/pages/assets, and axe for tests
//	go run ./web/build -check   fail if what is there is not what would be written
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

const (
	sources = "web"
	target  = "cmd/hub/pages/assets"
	basemap = "basemap" // the folder in target that go run ./web/basemap owns
)

func main() {
	check := flag.Bool("check", false, "compare with the files that are there instead of writing")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(check bool) error {
	built, err := build(sources, target)
	if err != nil {
		return err
	}
	forTests, err := axe(filepath.Join(sources, "node_modules"))
	if err != nil {
		return err
	}
	if check {
		return errors.Join(built.compare(target), placed(axeFolder, forTests))
	}
	return errors.Join(built.write(target), place(axeFolder, forTests))
}
