package main

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

// The demo is loaded once; its clock begins at noon of its day and goes on where it was; and whatever
// is asked of it, the answer says that it is a rehearsal.
func TestDemo(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	first := startHub(t, settings{Data: data}, serveCommand{Demo: true, DemoActivity: true})
	edition := current(t, first)
	if noon := noonOf(edition.Date); !first.clock.now().Truncate(time.Hour).Equal(noon) || noon.Hour() != 12 {
		t.Errorf("the demo of %s begins at %s", edition.Date, first.clock.now())
	}
	everyAnswerSaysRehearsal(t, first)
	checkDemoPast(t, first, edition)
	imported := importedEvents(t, first, edition)
	eventually(t, "people take part", func() bool {
		counts := first.anybody().counts(edition)
		return counts.number("counts.world.checkIns.value") > 0 && counts.number("counts.world.live") > 0
	})
	played := first.clock.now()
	first.stop()
	last := asOf(t, data)
	if last.Before(noonOf(edition.Date)) {
		t.Errorf("the log ends at %s", last)
	}

	second := startHub(t, settings{Data: data}, serveCommand{Demo: true})
	if again := current(t, second); again.ID != edition.ID || again.Slug != demoPrefix+edition.Date.String() {
		t.Errorf("a second start made %s beside %s", again.Slug, edition.Slug)
	}
	if now := second.clock.now(); now.Before(last) || now.After(played.Add(time.Hour)) {
		t.Errorf("the clock goes on at %s, the log had come to %s", now, last)
	}
	if again := importedEvents(t, second, edition); again != imported || again < 1000 {
		t.Errorf("%d events were imported, %d are there after a second start", imported, again)
	}
	if strings.Contains(second.said.String(), "demo edition loaded") || strings.Count(first.said.String(), "demo edition loaded") != 1 {
		t.Error("the demo was not loaded once")
	}
}

// checkDemoPast looks at what the morning of the demo's day was like: its log is in the order of time,
// and events had begun and were over by their own hours, with people at them.
func checkDemoPast(t *testing.T, h *house, edition events.Edition) {
	t.Helper()
	opens, _ := edition.Date.Window()
	var was reply
	eventually(t, "the log has been read for replays", func() bool {
		was = h.anybody().must(`query ($at: DateTime!) { replay(at: $at) { counts { world { events live checkIns { value } } } } }`,
			"at", opens.Add(demoNoon-6*time.Hour).Format(time.RFC3339))
		return was.get("replay") != nil
	})
	for _, count := range []string{"events", "live", "checkIns.value"} {
		if was.number("replay.counts.world."+count) == 0 {
			t.Errorf("six hours before noon there were no %s: %s", count, was)
		}
	}
	log, err := h.store.Changes(t.Context(), edition.ID, 0, 5000)
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(log); i++ {
		if log[i].At.Before(log[i-1].At) {
			t.Fatalf("activity %d was before the one before it: %s", log[i].Seq, log[i].At)
		}
	}
}

func current(t *testing.T, h *house) events.Edition {
	t.Helper()
	edition, err := h.service.EditionBySlug(t.Context(), events.Actor{}, "")
	if err != nil {
		t.Fatal(err)
	}
	return edition
}

// asOf is when the last thing happened in a hub that has stopped.
func asOf(t *testing.T, data string) (at time.Time) {
	t.Helper()
	s := settings{Data: data, NodeModules: "../../web/node_modules"}
	all, err := startDatabase(t.Context(), s, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = all.stop() }()
	store, err := all.openStore(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	at, _, err = demoClock(t.Context(), store, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// importedEvents counts the listed events that came with the demo: the rehearsal adds its own.
func importedEvents(t *testing.T, h *house, edition events.Edition) int64 {
	t.Helper()
	counts := h.anybody().must(`query ($id: ID!) { counts(editionId: $id) { byTheme { theme tally { events } } } }`, "id", edition.ID.String())
	var sum int64
	themes, _ := counts.get("counts.byTheme").([]any)
	for _, theme := range themes {
		sum += int64(theme.(map[string]any)["tally"].(map[string]any)["events"].(float64))
	}
	return sum
}

func everyAnswerSaysRehearsal(t *testing.T, h *house) {
	t.Helper()
	visitor := h.anybody()
	for _, query := range []string{
		"{ edition { slug } }", "{ editions { slug } }", "{ events(first: 1) { nodes { title } } }", "{ counts { asOfSeq } }",
		"{ wave { date } }", "{ changes(first: 1) { seq } }", "{ viewer { email } }", "{ rateLimit { limit } }", "{ __typename }",
		`{ eventBySlug(slug: "nothing") { id } }`, `{ event(id: "nothing") { id } }`, "{ events(first: 1000) { nodes { id } } }",
		`mutation { signOut { problems { code } } }`, `mutation { requestSignIn(email: "nobody") { problems { code } } }`,
		`mutation { approveEvent(eventId: "evt_00000000000000000000000000") { problems { code } } }`,
	} {
		if got := visitor.ask(query); got.Extensions["mode"] != "REHEARSAL" {
			t.Errorf("%s is not answered as a rehearsal: %s", query, got)
		}
	}
	frame := visitor.follows("subscription { counts { asOfSeq } }").next()
	if frame.Extensions["mode"] != "REHEARSAL" {
		t.Errorf("a stream does not say that it is a rehearsal: %s", frame.raw)
	}
	page := visitor.get("/?projection=mercator").String()
	if !strings.Contains(page, "badge-rehearsal") {
		t.Error("the page does not say that it is a rehearsal")
	}
}

func TestNobodyIsSimulatedOnARealDay(t *testing.T) {
	t.Parallel()
	if _, err := newRehearsal(nil, events.Edition{Title: "Global Day", Mode: events.LiveMode}, slog.New(slog.DiscardHandler)); err == nil ||
		err.Error() != "Global Day is not a rehearsal: nobody is simulated in it" {
		t.Errorf("a live edition is rehearsed: %v", err)
	}
}

// A hub whose clock was set says so in every answer, though its edition is a live one.
func TestASetClockIsARehearsal(t *testing.T) {
	t.Parallel()
	h := startHub(t, settings{}, serveCommand{Now: "2031-05-06T07:08:09Z"})
	h.today()
	r := h.anybody().must("{ edition { slug mode } }")
	if r.Extensions["mode"] != "REHEARSAL" || !strings.HasPrefix(asText(t, r.Extensions["asOf"]), "2031-05-06T07:0") {
		t.Errorf("a hub in 2031 answers %s", r)
	}
}

func asText(t *testing.T, value any) string {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Trim(string(raw), `"`)
}
