package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// write puts the files and their compressed forms into the folder and removes those of earlier
// builds. Other folders within it belong to others and stay.
func (b *bundle) write(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("web: make %s: %w", folder, err)
	}
	packed, err := b.packed(folder)
	if err != nil {
		return err
	}
	stale, err := b.stale(folder, packed)
	if err != nil {
		return err
	}
	for _, name := range stale {
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			return fmt.Errorf("web: remove stale %s: %w", name, err)
		}
	}
	for name, content := range b.files {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return fmt.Errorf("web: write %s: %w", name, err)
		}
	}
	for name, content := range packed {
		for _, p := range packings() {
			file := filepath.Join(folder, name)
			if p.holds(file, content) {
				continue // the best compression takes seconds
			}
			if err := p.write(file, content); err != nil {
				return err
			}
		}
	}
	return nil
}

// compare tells the first difference between what was built and the folder.
func (b *bundle) compare(folder string) error {
	packed, err := b.packed(folder)
	if err != nil {
		return err
	}
	stale, err := b.stale(folder, packed)
	if err != nil {
		return err
	}
	if len(stale) > 0 {
		return fmt.Errorf("web: %s is left over from an earlier build: run go run ./web/build", stale[0])
	}
	for name, want := range b.files {
		got, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil || !bytes.Equal(got, want) {
			return fmt.Errorf("web: %s is not fresh: run go run ./web/build", name)
		}
	}
	for name, content := range packed {
		for _, p := range packings() {
			if !p.holds(filepath.Join(folder, name), content) {
				return fmt.Errorf("web: %s%s is not fresh: run go run ./web/build", name, p.suffix)
			}
		}
	}
	return nil
}

// stale lists what is in the folder without being wanted: files of ours, and compressed forms of
// files that are no more.
func (b *bundle) stale(folder string, packed map[string][]byte) (names []string, err error) {
	for _, dir := range []string{".", basemap} {
		there, err := os.ReadDir(filepath.Join(folder, dir))
		if err != nil {
			return nil, fmt.Errorf("web: read %s: %w", folder, err)
		}
		for _, f := range there {
			name := filepath.Join(dir, f.Name())
			if !f.IsDir() && !b.wants(name, packed) {
				names = append(names, name)
			}
		}
	}
	return names, nil
}

func (b *bundle) wants(name string, packed map[string][]byte) bool {
	for _, p := range packings() {
		if plain, ok := strings.CutSuffix(name, p.suffix); ok {
			return packed[plain] != nil
		}
	}
	_, ours := b.files[name]
	return ours || filepath.Dir(name) == basemap
}
