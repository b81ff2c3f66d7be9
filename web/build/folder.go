package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// write puts the files into the folder and removes those of earlier builds. Folders within it
// belong to others and stay.
func (b *bundle) write(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("web: make %s: %w", folder, err)
	}
	stale, err := b.stale(folder)
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
	return nil
}

// compare tells the first difference between the files and the folder.
func (b *bundle) compare(folder string) error {
	stale, err := b.stale(folder)
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
	return nil
}

func (b *bundle) stale(folder string) (names []string, err error) {
	there, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("web: read %s: %w", folder, err)
	}
	for _, f := range there {
		if _, wanted := b.files[f.Name()]; !wanted && !f.IsDir() {
			names = append(names, f.Name())
		}
	}
	return names, nil
}
