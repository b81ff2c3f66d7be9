package pages

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sourcesOfWords are the texts in which words are asked for by their keys: of Go, of templates and of
// scripts. The list of what scripts are given asks for nothing by itself.
func sourcesOfWords(t *testing.T) (hub, scripts string) {
	t.Helper()
	read := func(folder, pattern string) string {
		var all strings.Builder
		err := filepath.WalkDir(folder, func(file string, d fs.DirEntry, err error) error {
			wanted, _ := filepath.Match(pattern, d.Name())
			if err != nil || d.IsDir() || !wanted || strings.HasSuffix(file, "_test.go") || d.Name() == "scriptwords.go" {
				return err
			}
			raw, err := os.ReadFile(file)
			all.Write(raw)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all.String()
	}
	return read(".", "*.go") + read("templates", "*.html"), read("../../../web/src", "*.ts")
}

// Nobody translates a word eight times for nothing: each is asked for by its key, or by the beginning
// of keys that are made, such as "day." before a state of the domain.
func TestNoWordIsDead(t *testing.T) {
	t.Parallel()
	l, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	hub, scripts := sourcesOfWords(t)
	keys := slices.Concat(regexp.MustCompile(`"([\w.-]+)"`).FindAllStringSubmatch(hub, -1),
		regexp.MustCompile("[\"`]([\\w.-]+)[\"`]").FindAllStringSubmatch(scripts, -1))
	named, begun := map[string]bool{}, []string{}
	for _, match := range keys {
		named[match[1]] = true
		if strings.HasSuffix(match[1], ".") {
			begun = append(begun, match[1])
		}
	}
	for _, match := range regexp.MustCompile("`([\\w.-]+[._])\\$\\{").FindAllStringSubmatch(scripts, -1) {
		begun = append(begun, match[1])
	}
	isUsed := func(key string) bool {
		for _, name := range []string{key, strings.TrimPrefix(key, "map."), plurals().ReplaceAllString(key, "")} {
			if named[name] || named[strings.TrimPrefix(name, "map.")] {
				return true
			}
			if slices.ContainsFunc(begun, func(start string) bool { return strings.HasPrefix(name, start) }) {
				return true
			}
		}
		return false
	}
	for key := range l.byLang["en"] {
		if !isUsed(key) {
			t.Errorf("nobody asks for %s", key)
		}
	}
	for _, key := range []string{"map.nothing", "screen.", "daily.LIVE", "event.nothing.other"} {
		if isUsed(key) {
			t.Errorf("this test takes %s for a word that is asked for", key)
		}
	}
}
