package pages

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/microgalleries/actionday/events"
)

//go:embed all:assets static
var builtFiles embed.FS

// immutable is how long a file may be kept whose name changes with its content: for good.
const immutable = "public, max-age=31536000, immutable"

// assets is the built files (scripts, style sheets, the basemap) and the names that stand for them.
type assets struct {
	files    fs.FS
	manifest map[string]string // "map.js" -> "map-5GSXLF3K.js"
}

// openAssets reads the manifest; without one, only full names work.
func openAssets() (assets, error) {
	files, err := fs.Sub(builtFiles, "assets")
	if err != nil {
		return assets{}, err
	}
	a := assets{files: files, manifest: map[string]string{}}
	raw, err := fs.ReadFile(files, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return a, nil
	}
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal(raw, &a.manifest); err != nil {
		return a, fmt.Errorf("manifest.json: %w", err)
	}
	return a, nil
}

// buildOf tells builds of the pages apart: by the built files, the templates and the words.
func buildOf(a assets) (string, error) {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(a.manifest)) {
		_, _ = fmt.Fprintln(sum, name, a.manifest[name])
	}
	for _, files := range []fs.FS{templateFiles, wordFiles} {
		err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := fs.ReadFile(files, name)
			_, _ = fmt.Fprintf(sum, "%s %d\n%s", name, len(raw), raw)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:6]), nil
}

// url is the address of a built file by its plain name, "" if there is none.
func (a assets) url(name string) string {
	if file := a.manifest[name]; file != "" {
		return "/assets/" + file
	}
	if _, err := fs.Stat(a.files, name); err == nil {
		return "/assets/" + name
	}
	return ""
}

// text is a built file by its plain name, to be written into a page.
func (a assets) text(name string) (string, error) {
	raw, err := fs.ReadFile(a.files, a.manifest[name])
	return string(raw), err
}

// preloads are the addresses of what a script imports, so that a page can ask for all of it at once.
func (a assets) preloads(name string) (addresses []string) {
	for file := range strings.FieldsSeq(a.manifest[name+".preload"]) {
		addresses = append(addresses, "/assets/"+file)
	}
	return addresses
}

// hashed tells names that end with a hash of at least eight letters or digits.
func hashed(name string) bool {
	return regexp.MustCompile(`-[0-9A-Za-z]{8,}\.[a-z0-9]+$`).MatchString(name)
}

// asset serves a built file, compressed beforehand where the browser and the folder have it so.
func (s *site) asset(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("path")
	if !fs.ValidPath(name) || strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz") {
		return events.ErrNotFound
	}
	content, err := fs.ReadFile(s.assets.files, name)
	if err != nil {
		return events.ErrNotFound
	}
	h := w.Header()
	h.Set("Content-Type", contentType(name))
	h.Set("Cache-Control", publicLong)
	if hashed(name) {
		h.Set("Cache-Control", immutable)
	}
	forms := packedForms{"": content}
	for encoding, suffix := range map[string]string{"br": ".br", "gzip": ".gz"} {
		if packed, err := fs.ReadFile(s.assets.files, name+suffix); err == nil {
			forms[encoding] = packed
		}
	}
	forms.send(w, r)
	return nil
}

// contentType goes by the name. The machine's own table is not asked first, so that every hub
// answers alike.
func contentType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json":
		return "application/json"
	case ".svg":
		return "image/svg+xml"
	case ".txt":
		return "text/plain; charset=utf-8"
	default:
		if known := mime.TypeByExtension(ext); known != "" {
			return known
		}
		return "application/octet-stream"
	}
}

// favicon is served under the one name that browsers remember.
func (s *site) favicon(w http.ResponseWriter, r *http.Request) error {
	icon, err := builtFiles.ReadFile("static/favicon.svg")
	if err != nil {
		return fmt.Errorf("pages: read the icon: %w", err)
	}
	w.Header().Set("Content-Type", contentType("favicon.svg"))
	w.Header().Set("Cache-Control", "public, max-age=86400")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(icon))
	return nil
}
