package replay

import (
	"encoding/base64"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events"
)

var update = flag.Bool("update", false, "write the file that the page's tests read anew")

// fixture is a replay file that the tests of the page read, so that both sides mean the same.
const fixture = "../../web/test/replayfile.ts"

func TestThePagesTestsReadThisFile(t *testing.T) {
	t.Parallel()
	off := card(-33.8688, 151.2093, events.Cancelled)
	off.Way = events.Digital
	late := card(27.672813, 85.325147, events.Planned)
	late.Way = events.Blueprint
	b := newBook()
	wound := taped(t, b.write(
		events.Activity{Kind: events.EventListed, EventID: eventID(1), At: at(-5), Card: card(1.5, -78.25, events.Planned)},
		events.Activity{Kind: events.EventListed, EventID: eventID(2), At: at(-4), Card: off},
		events.Activity{Kind: events.DayChanged, EventID: eventID(1), At: at(3600), Card: card(1.5, -78.25, events.Live)},
		events.Activity{Kind: events.EventListed, EventID: eventID(3), At: at(3660.25), Card: late},
		events.Activity{Kind: events.Cheered, EventID: eventID(1), At: at(3700), Count: 300},
		events.Activity{Kind: events.DayChanged, EventID: eventID(1), At: at(7325), Card: card(1.5, -78.25, events.Done)},
		events.Activity{Kind: events.DayChanged, EventID: eventID(1), At: at(9000), Card: card(1.5, -78.25, events.Documented)},
		events.Activity{Kind: events.EventRemoved, EventID: eventID(3), At: at(9001)},
	))
	want := "// Written by `go test ./events/replay -update`: a replay file in base64.\n\nexport const replayFile =\n  \"" +
		base64.StdEncoding.EncodeToString(wound.file()) + "\";\n"
	if *update {
		if err := os.WriteFile(fixture, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(fixture)
	if err != nil || strings.TrimSpace(string(got)) != strings.TrimSpace(want) {
		t.Errorf("the page's tests read another file than is written (-update writes it anew): %v", err)
	}
}
