package main

import (
	"encoding/json"
	"image/color"
	"slices"
	"testing"
)

// What comes later, such as the map engine, is not asked for with the page.
func TestPreloadsAreWhatIsNeededAtOnce(t *testing.T) {
	t.Parallel()
	var meta metafileOf
	err := json.Unmarshal([]byte(`{"outputs":{
		"out/map.js":{"entryPoint":"map.ts","imports":[{"path":"out/b.js","kind":"import-statement"},{"path":"out/engine.js","kind":"dynamic-import"}]},
		"out/b.js":{"imports":[{"path":"out/a.js","kind":"import-statement"},{"path":"out/b.js","kind":"import-statement"}]},
		"out/a.js":{"imports":[{"path":"out/b.js","kind":"import-statement"}]}}}`), &meta)
	if err != nil {
		t.Fatal(err)
	}
	if got := meta.needs("out/map.js"); !slices.Equal(got, []string{"a.js", "b.js"}) {
		t.Errorf("the page needs %q", got)
	}
}

func TestIconIsTheSign(t *testing.T) {
	t.Parallel()
	picture := icon(64)
	for at, want := range map[[2]int]color.RGBA{
		{1, 1}: {0x0b, 0x12, 0x20, 255}, {44, 32}: {0xf0, 0xa8, 0x30, 255}, {24, 27}: {0x56, 0xb4, 0xe9, 255},
	} {
		if got := picture.At(at[0], at[1]); got != want {
			t.Errorf("at %v the icon is %v, want %v", at, got, want)
		}
	}
}
