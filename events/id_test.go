package events_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

func prefixes() []events.Prefix {
	return []events.Prefix{
		events.EditionPrefix, events.HostPrefix, events.EventPrefix, events.ActivityPrefix,
		events.AccountPrefix, events.MailPrefix, events.AttendPrefix,
	}
}

func anyUUID() *rapid.Generator[[16]byte] {
	return rapid.Custom(func(t *rapid.T) (uuid [16]byte) {
		copy(uuid[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "bytes"))
		return uuid
	})
}

func anyID() *rapid.Generator[events.ID] {
	return rapid.Custom(func(t *rapid.T) events.ID {
		return events.NewID(rapid.SampledFrom(prefixes()).Draw(t, "prefix"), anyUUID().Draw(t, "uuid"))
	})
}

func TestIDComesBackFromItsText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id := anyID().Draw(t, "id")
		parsed, err := events.ParseID(id.String())
		if err != nil || parsed != id {
			t.Fatalf("%s came back as %v, %v", id, parsed, err)
		}
		if parsed.Prefix() != id.Prefix() || parsed.UUID() != id.UUID() {
			t.Fatalf("%s lost its parts", id)
		}
		raw, err := json.Marshal(map[events.ID]events.ID{id: id})
		if err != nil {
			t.Fatal(err)
		}
		var back map[events.ID]events.ID
		if err := json.Unmarshal(raw, &back); err != nil || back[id] != id {
			t.Fatalf("%s came back from JSON %s as %v, %v", id, raw, back, err)
		}
	})
}

func TestIDTextSortsLikeItsBytes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyUUID().Draw(t, "a"), anyUUID().Draw(t, "b")
		left, right := events.NewID(events.EventPrefix, a), events.NewID(events.EventPrefix, b)
		if got, want := strings.Compare(left.String(), right.String()), strings.Compare(string(a[:]), string(b[:])); got != want {
			t.Fatalf("texts compare as %d, bytes as %d", got, want)
		}
	})
}

func TestIDOfNothing(t *testing.T) {
	t.Parallel()
	var none events.ID
	if !none.IsZero() || none.String() != "" {
		t.Errorf("the zero id is %q", none.String())
	}
	some := events.NewID(events.EventPrefix, [16]byte{1})
	if err := some.UnmarshalText(nil); err != nil || !some.IsZero() {
		t.Errorf("empty text became %v, %v", some, err)
	}
}

func TestIDRefusesJunk(t *testing.T) {
	t.Parallel()
	good := events.NewID(events.EventPrefix, [16]byte{15: 1}).String()
	for name, text := range map[string]string{
		"empty":                   "",
		"prefix alone":            "evt_",
		"no prefix":               good[4:],
		"unknown prefix":          "xyz_" + good[4:],
		"capital prefix":          "EVT_" + good[4:],
		"no underscore":           strings.Replace(good, "_", "", 1),
		"two underscores":         strings.Replace(good, "_", "__", 1),
		"too short":               good[:len(good)-1],
		"too long":                good + "0",
		"capital letters":         "evt_" + strings.Repeat("A", 26),
		"a letter of base32":      "evt_" + strings.Repeat("z", 26),
		"bits beyond the last":    good[:len(good)-1] + "5", // only every fourth letter ends 128 bits
		"a line break inside":     good[:10] + "\n" + good[10:],
		"a line break at the end": good + "\n",
		"padding":                 good + "======",
		"space before":            " " + good,
		"NUL":                     good[:len(good)-1] + "\x00",
		"digits of another world": "evt_" + strings.Repeat("٠", 26),
		"very long":               "evt_" + strings.Repeat("0", 1<<16),
	} {
		id, err := events.ParseID(text)
		if err == nil {
			t.Errorf("%s: %.60q was taken for %v", name, text, id)
		} else if len(err.Error()) > 250 {
			t.Errorf("%s: the error repeats %d bytes of junk", name, len(err.Error()))
		}
		kept := events.NewID(events.HostPrefix, [16]byte{9})
		before := kept
		if text != "" && (kept.UnmarshalText([]byte(text)) == nil || kept != before) {
			t.Errorf("%s: junk changed an id to %v", name, kept)
		}
	}
}

func FuzzParseID(f *testing.F) {
	f.Add("evt_0697p3c8000000000000000000")
	f.Add("evt_")
	f.Fuzz(func(t *testing.T, text string) {
		id, err := events.ParseID(text)
		if err == nil && id.String() != text {
			t.Errorf("%q was taken for %q: an id has one form only", text, id)
		}
	})
}
