package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// axeFolder is where tests find axe, which looks for what in a page keeps people out. It goes there
// and not to the assets, because the hub has nothing of it.
const axeFolder = "cmd/hub/browsertest"

const axePreface = `axe.min.js is axe-core %s by Deque Systems, unchanged, under the Mozilla Public License 2.0.
Its source is the npm package axe-core of that version, and https://github.com/dequelabs/axe-core.
Tests run it; no part of it is in the hub. go run ./web/build puts it here.

`

// axe is the program as its authors minified it, with their banner, and its licences beside it.
func axe(modules string) (map[string][]byte, error) {
	script, err := os.ReadFile(filepath.Join(modules, "axe-core", "axe.min.js"))
	if err != nil {
		return nil, fmt.Errorf("web: %w (run npm ci in web first)", err)
	}
	p, err := readPackage(modules, "axe-core")
	if err != nil {
		return nil, err
	}
	text, err := licence(modules, "axe-core")
	if err != nil {
		return nil, err
	}
	others, err := os.ReadFile(filepath.Join(modules, "axe-core", "LICENSE-3RD-PARTY.txt"))
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	return map[string][]byte{
		"axe.min.js":     script,
		"axe.NOTICE.txt": fmt.Appendf(nil, axePreface+"%s\n\nIt holds work by others:\n\n%s", p.Version, strings.TrimSpace(text), others),
	}, nil
}

// place writes files into a folder that holds other things, too.
func place(folder string, files map[string][]byte) error {
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return fmt.Errorf("web: write %s: %w", name, err)
		}
	}
	return nil
}

// placed fails for the first file that is not in the folder as it should be.
func placed(folder string, files map[string][]byte) error {
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil || !bytes.Equal(got, want) {
			return fmt.Errorf("web: %s is not fresh: run go run ./web/build", name)
		}
	}
	return nil
}
