package pages

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"

	"github.com/microgalleries/actionday/events"
)

// mapWords names the words, below "map.", that scripts need beside those on the page.
func mapWords() []string {
	return []string{
		"pause", "resume", "connecting", "connected", "polling", "offline", "newer", "reload", "near_failed", "near_title", "loading",
		"failed", "all_day", "by_clock", "just_now", "cheer", "cheered",
		"cheer_thanks", "cheer_before", "before", "during", "after",
		"phase.UPCOMING", "phase.LIVE", "phase.OVER", "phase.OFF",
		"wave.here_before", "wave.here_in", "wave.here_after",
		"wave.there_before", "wave.there_in", "wave.there_after", "wave.flat", "wave.now", "wave.then",
		"wave.here_then_before", "wave.here_then_in", "wave.here_then_after",
		"wave.there_then_before", "wave.there_then_in", "wave.there_then_after",
		"replay.play", "replay.stop", "replay.loading", "replay.failed", "replay.yours", "replay.happened",
		"replay.nothing", "replay.began", "replay.ended",
		"kind.EVENT_LISTED", "kind.EVENT_REVISED", "kind.CHECKED_IN", "kind.CHEERED",
	}
}

// mapCountWords names the words, below "map.", that scripts need in each plural form of the language.
func mapCountWords() []string {
	return []string{"waiting", "and_more", "found", "shown", "cheers", "check_ins", "timeline_hint", "replay.live"}
}

// findWords names the words by which scripts tell of the search, the card and what is spoken.
func findWords() []string {
	words := []string{
		"find.km", "find.near", "find.near_km", "find.marked", "find.without", "find.words", "find.copied", "find.first", "find.live_since",
		"find.over_since", "find.said", "find.said_check_ins", "find.said_cheers", "find.said_events", "find.said_live",
		"rescue.POSTPONED", "rescue.MOVED", "rescue.WENT_DIGITAL", "rescue.CANCELLED", "rescue.newDate",
		"precision.EXACT.public", "precision.AREA.public", "precision.CITY.public", "precision.COUNTRY.public", "precision.HIDDEN.public",
	}
	for _, fact := range accessFacts() {
		words = append(words, "access."+string(fact))
	}
	for _, way := range ways() {
		words = append(words, "way."+string(way))
	}
	for _, phase := range []events.Phase{events.Upcoming, events.Now, events.Over, events.Off} {
		for _, state := range phase.DayStates() {
			words = append(words, "day."+string(state))
		}
	}
	return words
}

// screenWords names the words that the big screen's script needs beside the map's.
func screenWords() []string {
	return []string{"screen.live", "screen.next", "screen.none", "screen.over", "screen.confirmed"}
}

// forScripts is what scripts need of a language, by the keys that they know.
func (t tongue) forScripts() map[string]string {
	words := map[string]string{}
	for _, key := range mapWords() {
		words[key] = t.T("map." + key)
	}
	for _, key := range mapCountWords() {
		for _, form := range t.Forms("map." + key) {
			words[key+"."+form] = t.T("map." + key + "." + form)
		}
	}
	for _, key := range findWords() {
		words[key] = t.T(key, "#")
	}
	for _, key := range append(screenWords(), "place.both") {
		words[key] = t.T(key)
	}
	return words
}

// spoken is what scripts need in every language, as files that browsers keep for good. A file is
// written when its language is first spoken.
type spoken map[string]func() (wordsFile, error)

type wordsFile struct {
	name  string                      // changes with the content
	forms func() (packedForms, error) // packed when somebody first asks for them
}

// scripted is what only scripts use: it comes after the first paint.
type scripted struct {
	Words map[string]string `json:"words"`
	Parts map[string]string `json:"parts"` // HTML, by the data-part of the place that it takes
	Files map[string]string `json:"files"` // addresses, by the data attribute of the map page
	Ahead []string          `json:"ahead"` // addresses of the scripts that draw the map
}

func (s *site) speakToScripts() spoken {
	all := spoken{}
	for _, lang := range s.words.languages() {
		all[lang] = sync.OnceValues(func() (wordsFile, error) { return s.writeWords(lang) })
	}
	return all
}

func (s *site) writeWords(lang string) (wordsFile, error) {
	content := scripted{
		Words: s.speak(lang).forScripts(), Parts: map[string]string{},
		Files: map[string]string{"worker": s.assets.url("worker.js")},
		Ahead: append(s.assets.preloads("globe.js"), s.assets.url("globe.js"), s.assets.url("wave.js")),
	}
	for _, name := range []string{"world.json", "detail.json", "cities.json", "towns.json", "lights.bin"} {
		plain, _, _ := strings.Cut(name, ".")
		content.Files[plain] = s.assets.url("basemap/" + name)
	}
	pages, err := s.templates[lang]()
	if err != nil {
		return wordsFile{}, err
	}
	for _, name := range []string{"tools", "acts", "card"} {
		var part strings.Builder
		if err := pages["map"].ExecuteTemplate(&part, name, nil); err != nil {
			return wordsFile{}, err
		}
		content.Parts[name] = part.String()
	}
	plain, err := json.Marshal(content)
	if err != nil {
		return wordsFile{}, err
	}
	return newWordsFile(lang, plain), nil
}

func newWordsFile(lang string, plain []byte) wordsFile {
	sum := sha256.Sum256(plain)
	return wordsFile{
		name:  lang + "-" + hex.EncodeToString(sum[:4]) + ".json",
		forms: sync.OnceValues(func() (packedForms, error) { return packWords(plain) }),
	}
}

func packWords(plain []byte) (packedForms, error) {
	var small bytes.Buffer
	w := brotli.NewWriterLevel(&small, brotli.BestCompression)
	_, _ = w.Write(plain) // to memory
	if err := w.Close(); err != nil {
		return nil, err
	}
	gzipped, err := zipped(plain)
	if err != nil {
		return nil, err
	}
	return packedForms{"": plain, "br": small.Bytes(), "gzip": gzipped.Bytes()}, nil
}

// wordsURL is where scripts find the words of a language.
func (s *site) wordsURL(lang string) (string, error) {
	file, err := s.spoken[lang]()
	return "/words/" + file.name, err
}

// wordsFile serves the words of a language. A page of another build, which asks by another name, gets
// what there is now, but not for good.
func (s *site) wordsFile(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("file")
	lang := name[:max(0, strings.LastIndexByte(name, '-'))]
	if !slices.Contains(s.words.languages(), lang) {
		return events.ErrNotFound
	}
	file, err := s.spoken[lang]()
	if err != nil {
		return fmt.Errorf("pages: write the words: %w", err)
	}
	forms, err := file.forms()
	if err != nil {
		return fmt.Errorf("pages: pack the words: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", contentType(".json"))
	h.Set("Content-Language", lang)
	h.Set("Cache-Control", publicShort)
	if name == file.name {
		h.Set("Cache-Control", immutable)
	}
	forms.send(w, r)
	return nil
}
