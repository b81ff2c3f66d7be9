package pages

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
)

// offlineWords are the words of a page without a connection, as the service worker reads them.
type offlineWords struct {
	Dir   string `json:"dir"`
	Note  string `json:"note"` // of a kept page
	Since string `json:"since"`
	Kept  string `json:"kept"`
	Title string `json:"title"` // of a page that was not kept
	None  string `json:"none"`
	Again string `json:"again"`
	File  string `json:"file"` // of the words that scripts need
}

// serviceWorker serves the script that keeps the public pages for those without a connection. What
// it must know of this build stands before it, so that a new build is a new script.
func (s *site) serviceWorker(w http.ResponseWriter, r *http.Request) error {
	script, err := fs.ReadFile(s.assets.files, s.assets.manifest["offline.js"])
	if err != nil {
		return fmt.Errorf("pages: read the service worker: %w", err)
	}
	build := struct {
		Version string                  `json:"version"`
		Files   []string                `json:"files"`
		Style   string                  `json:"style"`
		Words   map[string]offlineWords `json:"words"`
	}{s.build, s.shell(), s.assets.url("page.css"), map[string]offlineWords{}}
	for _, lang := range s.words.languages() {
		t := s.speak(lang)
		file, err := s.wordsURL(lang)
		if err != nil {
			return fmt.Errorf("pages: write the words: %w", err)
		}
		build.Words[lang] = offlineWords{
			Dir: t.Dir, Note: t.T("offline.note"), Since: t.T("offline.since"), Kept: t.T("offline.kept"),
			Title: t.T("offline.title"), None: t.T("offline.none"), Again: t.T("offline.again"), File: file,
		}
	}
	known, err := json.Marshal(build) // which escapes < and >
	if err != nil {
		return fmt.Errorf("pages: describe the build: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", contentType("sw.js"))
	h.Set("Cache-Control", "no-cache") // browsers look for a new one by themselves
	whole := slices.Concat([]byte("const BUILD="), known, []byte(";\n"), script)
	small, err := zipped(whole)
	if err != nil {
		return fmt.Errorf("pages: pack the service worker: %w", err)
	}
	packedForms{"": whole, "gzip": small.Bytes()}.send(w, r)
	return nil
}

// shell lists the scripts and styles that the front page and the pages of events are made of. The
// map engine is none of them: it comes later, and stays away from those who are offline.
func (s *site) shell() (addresses []string) {
	for _, name := range []string{"page.css", "page.js", "boot.js", "map.css", "map.js"} {
		addresses = append(append(addresses, s.assets.url(name)), s.assets.preloads(name)...)
	}
	slices.Sort(addresses)
	return slices.Compact(addresses)
}

// webManifest tells phones how the hub looks on a home screen (W3C Web Application Manifest).
func (s *site) webManifest(w http.ResponseWriter, r *http.Request) error {
	t := s.speak(cmp.Or(s.words.asked(r), "en"))
	type icon struct {
		Source  string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type"`
		Purpose string `json:"purpose"`
	}
	h := w.Header()
	h.Set("Content-Type", "application/manifest+json")
	h.Set("Cache-Control", publicLong)
	return json.NewEncoder(w).Encode(map[string]any{
		"name": t.T("site.name"), "short_name": t.T("site.short"), "description": t.T("site.description"),
		"lang": t.Lang, "dir": t.Dir, "id": "/", "start_url": "/", "scope": "/", "display": "standalone",
		"background_color": "#080e1c", "theme_color": "#080e1c",
		"icons": []icon{
			{"/favicon.svg", "any", contentType("x.svg"), "any"},
			{s.assets.url("icon-192.png"), "192x192", "image/png", "any maskable"},
			{s.assets.url("icon-512.png"), "512x512", "image/png", "any maskable"},
		},
	})
}
