// Package explorer is GraphiQL, the page on which people try out queries, served from files inside
// the program: nothing is fetched from another host. The files are built in web/explorer.
//
// The page keeps to a content security policy without exceptions: scripts and styles come from files
// only, and nothing is ever evaluated. The one library that made style sheets on the fly is left out
// of the bundle.
package explorer

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/microgalleries/actionday/events/accept"
)

//go:embed assets
var assets embed.FS

//go:embed explorer.html
var page string

// policy is the page's content security policy.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; " +
	"img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// kept is how long browsers keep the files, which have a hash of their content in their names.
const kept = "public, max-age=31536000, immutable"

// file is one file ready to be sent.
type file struct {
	media  string
	plain  []byte
	packed func() []byte // when somebody first asks for it
	cache  string
}

// Handler serves the page at the path that it is mounted on, which must end with a slash, and its
// files below. The page asks the GraphQL endpoint at the given path.
func Handler(endpoint string) (http.Handler, error) {
	files, names := map[string]file{}, map[string]string{}
	for name, media := range map[string]string{
		"explorer.js": "text/javascript; charset=utf-8", "explorer.css": "text/css; charset=utf-8",
		"NOTICE.txt": "text/plain; charset=utf-8",
	} {
		content, err := assets.ReadFile("assets/" + name)
		if err != nil {
			return nil, fmt.Errorf("explorer: read %s: %w", name, err)
		}
		names[name] = hashed(name, content)
		files[names[name]] = packed(file{media: media, plain: content, cache: kept})
	}
	html, err := filled(names, endpoint)
	if err != nil {
		return nil, err
	}
	files[""] = packed(file{media: "text/html; charset=utf-8", plain: html, cache: "no-cache"})
	return handler(files), nil
}

func handler(files map[string]file) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := path.Base(r.URL.Path)
		if strings.HasSuffix(r.URL.Path, "/") {
			name = ""
		}
		f, ok := files[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		header := w.Header()
		header.Set("Content-Type", f.media)
		header.Set("Cache-Control", f.cache)
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Vary", "Accept-Encoding")
		content := f.plain
		if accept.Encoding(r.Header, "gzip") {
			header.Set("Content-Encoding", "gzip")
			content = f.packed()
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	}
}

// hashed puts a hash of the content into a name: explorer-0123456789abcdef.js.
func hashed(name string, content []byte) string {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(sum[:8]) + ext
}

func filled(names map[string]string, endpoint string) ([]byte, error) {
	tmpl, err := template.New("explorer").Parse(page)
	if err != nil {
		return nil, fmt.Errorf("explorer: read page: %w", err)
	}
	var html bytes.Buffer
	err = tmpl.Execute(&html, map[string]string{
		"Endpoint": endpoint, "Script": names["explorer.js"], "Style": names["explorer.css"], "Notice": names["NOTICE.txt"],
	})
	if err != nil {
		return nil, fmt.Errorf("explorer: fill page: %w", err)
	}
	return html.Bytes(), nil
}

func packed(f file) file {
	f.packed = sync.OnceValue(func() []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write(f.plain) // a buffer takes everything
		_ = z.Close()
		return b.Bytes()
	})
	return f
}
