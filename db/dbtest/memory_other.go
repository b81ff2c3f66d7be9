//go:build !linux

package dbtest

import "os"

// tempFolder is where the server lives.
func tempFolder() string { return os.TempDir() }
