package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/andybalholm/brotli"
)

// packFrom is the least size, in bytes, that is worth a compressed form of its own.
const packFrom = 1024

// A packing is a compressed form that lies beside a file under its name and suffix, so that the
// hub never compresses while somebody waits.
type packing struct {
	suffix string
	pack   func(io.Writer) io.WriteCloser
	unpack func(io.Reader) (io.Reader, error)
}

func packings() []packing {
	return []packing{
		{
			suffix: ".br",
			pack:   func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, brotli.BestCompression) },
			unpack: func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		},
		{
			suffix: ".gz", // browsers ask for brotli over https and from this machine only
			pack: func(w io.Writer) io.WriteCloser {
				zip, _ := gzip.NewWriterLevel(w, gzip.BestCompression) // the level is a valid one
				return zip
			},
			unpack: func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		},
	}
}

// holds tells whether a packed file is there and unpacks to the content. What a compressor makes
// may change with its version; what it means may not.
func (p packing) holds(file string, content []byte) bool {
	packed, err := os.ReadFile(file + p.suffix)
	if err != nil {
		return false
	}
	reader, err := p.unpack(bytes.NewReader(packed))
	if err != nil {
		return false
	}
	plain, err := io.ReadAll(io.LimitReader(reader, int64(len(content))+1))
	return err == nil && bytes.Equal(plain, content)
}

func (p packing) write(file string, content []byte) error {
	var packed bytes.Buffer
	w := p.pack(&packed)
	if _, err := w.Write(content); err != nil {
		return fmt.Errorf("web: pack %s: %w", file, err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("web: pack %s: %w", file, err)
	}
	if err := os.WriteFile(file+p.suffix, packed.Bytes(), 0o644); err != nil {
		return fmt.Errorf("web: write %s%s: %w", file, p.suffix, err)
	}
	return nil
}

// packed lists what is to have compressed forms: all that browsers fetch.
func (b *bundle) packed(folder string) (map[string][]byte, error) {
	list := map[string][]byte{}
	for plain, name := range b.manifest {
		if ext := filepath.Ext(plain); ext == preload || ext == ".png" {
			continue // a list of names; a picture, which is packed already
		}
		content, ours := b.files[name]
		if !ours {
			var err error
			if content, err = os.ReadFile(filepath.Join(folder, name)); err != nil {
				return nil, fmt.Errorf("web: read %s: %w", name, err)
			}
		}
		if len(content) >= packFrom {
			list[name] = content
		}
	}
	for name, content := range b.files {
		if filepath.Ext(name) == ".js" && len(content) >= packFrom {
			list[name] = content
		}
	}
	return list, nil
}
