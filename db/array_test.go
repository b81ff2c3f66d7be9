package db

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestListsOfTextsComeBack(t *testing.T) {
	t.Parallel()
	for name, list := range map[string]textList{
		"none":        {},
		"empty text":  {""},
		"plain":       {"MURAL", "WALK"},
		"separators":  {"a,b", "{c}", " d ", "e;f"},
		"quotes":      {`"`, `'\''`, `\`, `\\"`},
		"parentheses": {"(?:a+)+$", "[1,2)"},
		"no null":     {"NULL", "null"},
		"scripts":     {"नेपाल", "غزة", "🎨"},
	} {
		var got textList
		if err := got.Scan(list.literal()); err != nil || !slices.Equal(got, list) {
			t.Errorf("%s: %q came back as %q: %v", name, list, got, err)
		}
	}
}

func TestEveryListOfTextsComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := textList(rapid.SliceOf(rapid.String()).Draw(t, "list"))
		var got textList
		if err := got.Scan([]byte(list.literal())); err != nil || !slices.Equal(got, list) {
			t.Fatalf("%q came back as %q: %v", list, got, err)
		}
	})
}

func TestWhatIsNoListIsRefused(t *testing.T) {
	t.Parallel()
	for _, literal := range []any{"", "a", "{", "}", `{"a`, `{"a\`, 7} {
		var got textList
		if err := got.Scan(literal); err == nil {
			t.Errorf("%v was read as %q", literal, got)
		}
	}
	got := textList{"before"}
	if err := got.Scan(nil); err != nil || len(got) != 0 {
		t.Errorf("null was read as %q: %v", got, err)
	}
}
