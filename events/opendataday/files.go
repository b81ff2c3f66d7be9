package opendataday

import (
	"embed"
	"io/fs"
)

// files is the six editions of 2021 to 2026; data/NOTICE.md says whose they are.
//
//go:embed data/*.jsonl
var files embed.FS

// Files holds events-2021.jsonl to events-2026.jsonl, 1,283 events as their hosts typed them.
func Files() (fs.FS, error) { return fs.Sub(files, "data") }

// FirstYear and LastYear are the editions in Files.
const (
	FirstYear = 2021
	LastYear  = 2026
)
