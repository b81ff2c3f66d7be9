package pages

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events"
)

// Scripts ask for words by keys: by a key itself, by one that is made of a value, or by a name for
// either. Each is given to them, in every way that they may ask; and none is given that they never
// ask for.
func TestScriptsFindTheirWords(t *testing.T) {
	t.Parallel()
	l, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	given := newTongue("en", l.byLang["en"], l.byLang["en"], testAtlas().CountryName).forScripts()
	for key, word := range given {
		if word == "" || strings.HasPrefix(word, "[") {
			t.Errorf("%s is given to scripts and has no word", key)
		}
	}
	asked := map[string]bool{}
	for name, script := range scriptsOfPages(t) {
		for _, call := range callsIn(script) {
			if name == "words.ts" && strings.Contains(call.argument, "key") {
				continue // one of the functions asks another
			}
			keys := call.keys()
			if len(keys) == 0 {
				t.Errorf("%s asks by %s(%s), whose values this test does not know", name, call.function, call.argument)
			}
			for _, key := range keys {
				if call.function == "count" {
					key += ".other"
				}
				if given[key] == "" {
					t.Errorf("%s asks for %q, which is not given to scripts", name, key)
				}
				asked[key] = true
			}
		}
	}
	for key := range given {
		if base := plurals().ReplaceAllString(key, ".other"); !asked[key] && !asked[base] {
			t.Errorf("%q is given to scripts, which never ask for it", key)
		}
	}
}

func scriptsOfPages(t *testing.T) map[string]string {
	t.Helper()
	folder := os.DirFS("../../../web/src")
	names, err := fs.Glob(folder, "*.ts")
	if err != nil || len(names) < 30 {
		t.Fatalf("%d scripts: %v", len(names), err)
	}
	scripts := map[string]string{}
	for _, name := range names {
		raw, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		scripts[name] = string(raw)
	}
	return scripts
}

// A call is one place where a script asks for a word.
type call struct {
	function, argument string // the first one, as it stands there
	script             string
}

// callsIn finds every call of the functions that look words up, however it names its key.
func callsIn(script string) (calls []call) {
	for _, at := range regexp.MustCompile(`(?:^|[^.\w])(word|fill|count)\(`).FindAllStringSubmatchIndex(script, -1) {
		calls = append(calls, call{script[at[2]:at[3]], firstArgument(script[at[1]:]), script})
	}
	return calls
}

// firstArgument is what stands before the comma or bracket that ends it.
func firstArgument(rest string) string {
	depth := 0
	var quote rune
	for i, r := range rest {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case strings.ContainsRune("\"'`", r):
			quote = r
		case strings.ContainsRune("([{", r):
			depth++
		case depth > 0 && strings.ContainsRune(")]}", r):
			depth--
		case depth == 0 && (r == ',' || r == ')'):
			return strings.TrimSpace(rest[:i])
		}
	}
	return rest
}

// keys are all that a call may ask for; none if that cannot be told.
func (c call) keys() (keys []string) {
	argument := c.argument
	if values, known := namedKeys()[argument]; known {
		return values(c.script)
	}
	// What decides between two keys is none of them.
	if _, either, chosen := strings.Cut(argument, " ? "); chosen {
		argument = either
	}
	for _, quoted := range regexp.MustCompile("\"([^\"]+)\"|`([^`]+)`").FindAllStringSubmatch(argument, -1) {
		if quoted[1] != "" {
			keys = append(keys, quoted[1])
			continue
		}
		made, known := madeKeys()[regexp.MustCompile(`\$\{[^}]*\}`).ReplaceAllString(quoted[2], "*")]
		if !known {
			return nil
		}
		keys = append(keys, made...)
	}
	return keys
}

// namedKeys are the names by which scripts ask, and what they stand for.
func namedKeys() map[string]func(script string) []string {
	literals := func(pattern string) func(string) []string {
		return func(script string) (keys []string) {
			for _, found := range regexp.MustCompile(pattern).FindAllStringSubmatch(script, -1) {
				keys = append(keys, found[1])
			}
			return keys
		}
	}
	return map[string]func(string) []string{
		"key":          literals(`(?:\badd\(|\), )"([a-z_]+\.[a-z_]+)"`), // of what a script has in a list
		"state.stream": func(string) []string { return []string{"connecting", "connected", "polling", "offline"} },
		"card.phase":   func(string) []string { return []string{"loading", "failed"} }, // one that is ready has its title
	}
}

// madeKeys are the keys that are made of values, with all that come of them.
func madeKeys() map[string][]string {
	made := map[string][]string{}
	add := func(pattern string, values ...string) {
		for _, value := range values {
			made[pattern] = append(made[pattern], strings.Replace(pattern, "*", value, 1))
		}
	}
	for _, way := range ways() {
		add("way.*", string(way))
	}
	for _, phase := range []events.Phase{events.Upcoming, events.Now, events.Over, events.Off} {
		add("phase.*", string(phase))
		for _, state := range phase.DayStates() {
			add("day.*", string(state))
		}
	}
	add("kind.*", string(events.EventListed), string(events.EventRevised), string(events.CheckedIn), string(events.Cheered))
	add("rescue.*", string(events.Postponed), string(events.Moved), string(events.WentDigital), string(events.Cancelled))
	for _, fact := range accessFacts() {
		add("access.*", string(fact))
	}
	for _, precision := range precisions() {
		add("precision.*.public", string(precision))
	}
	add("replay.*", "loading", "failed")
	for _, where := range []string{"here", "there", "here_then", "there_then"} {
		for _, phase := range []string{"before", "in", "after"} {
			made["wave.*_*"] = append(made["wave.*_*"], "wave."+where+"_"+phase)
		}
	}
	return made
}

// This test sees every way of asking; one that it did not see would hide a missing word.
func TestEveryWayOfAskingIsSeen(t *testing.T) {
	t.Parallel()
	script := "word(\"a\"); x.word(\"no\"); word(on ? \"b\" : `replay.${phase}`); count(\"c\", f(1, 2)); word(rare)\n" +
		"add(\"find.said\", 1); word(key).replace(\"#\", word(`way.${e.way}`)); word(`odd.${x}`); fill(has(\"no\") ? \"d\" : \"e\", \"no\")"
	var seen [][]string
	for _, call := range callsIn(script) {
		seen = append(seen, call.keys())
	}
	want := [][]string{
		{"a"},
		{"b", "replay.loading", "replay.failed"},
		{"c"},
		nil,
		{"find.said"},
		{"way.OWN_WORK", "way.BLUEPRINT", "way.DIGITAL"},
		nil,
		{"d", "e"},
	}
	if !slices.EqualFunc(seen, want, slices.Equal) {
		t.Errorf("it sees %q", seen)
	}
}
