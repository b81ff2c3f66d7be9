package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events"
)

// Everything that anybody can read is walked with an event of each precision in it, and with others
// that are not public at all: no private word and no true place turns up at any door.
func TestNothingPrivateComesOut(t *testing.T) {
	t.Parallel()
	p, s := newPair(t), secrets{}
	ears := p.eavesdrop()
	streams := map[string]*stream{}
	selection := everything(hubSchema(), "Activity")
	for name, open := range map[string]func(string, ...any) *stream{
		"events of hub a": p.a.anybody().follows, "events of hub b": p.b.anybody().follows, "socket of hub b": p.b.anybody().followsBySocket,
	} {
		streams[name] = open(`subscription ($id: ID, $after: LogPosition) { activity(editionId: $id, after: $after) `+selection+` }`,
			"id", p.edition.ID.String(), "after", p.start())
	}
	frames := p.b.anybody().follows(`subscription ($id: ID, $after: LogPosition) { frames(editionId: $id, after: $after) `+everything(hubSchema(), "Frame")+` }`,
		"id", p.edition.ID.String(), "after", p.start())
	all := s.hide(p)
	p.a.anybody().takesPart("checkIn", all[0].id, device(1))
	p.a.anybody().takesPart("cheer", all[4].id, device(1))
	p.settled(people(1, 1))
	for _, at := range all {
		at.shown(p.b.anybody())
	}

	stranger := p.a.signedIn("stranger@example.org")
	stranger.registers(p.edition, "A stranger's wall")
	bytes := 0
	look := func(door, text string) {
		bytes += len(text)
		for _, found := range s.foundIn(text) {
			t.Errorf("%s tells %s", door, found)
		}
	}
	for _, who := range []*person{p.a.anybody(), p.b.anybody(), stranger.at(p.b)} {
		for door, text := range who.walk(p, all) {
			look(door, text)
		}
	}
	head, err := p.a.store.Head(t.Context(), p.edition.ID)
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range streams {
		for seq := int64(0); seq < head.Seq; {
			f := s.next()
			seq = f.Data.Activity.Seq
			look(name, string(f.raw))
		}
	}
	for seq := int64(0); seq < head.Seq; {
		f, raw := frames.nextFrame()
		seq = f.seq()
		look("frames of hub b", raw)
	}
	look("NATS", ears.String())
	look("Redis", redisContents(t, p.redis))
	look("the log of hub a", p.a.said.String())
	look("the log of hub b", p.b.said.String())
	if bytes < 500_000 || !strings.Contains(ears.String(), "Wall of exact") {
		t.Errorf("only %d bytes were looked at; NATS: %.200s", bytes, ears)
	}
}

// What filters and orders find follows from what is shown, so nobody can close in on the truth.
func TestNobodyCanCloseInOnAPlace(t *testing.T) {
	t.Parallel()
	p, s := newPair(t), secrets{}
	all := s.hide(p)
	visitor := p.b.anybody()
	for _, at := range all {
		at.shown(visitor)
	}
	for _, at := range all {
		closeInByBox(t, visitor, at)
		closeInByCircle(t, visitor, at)
		checkNearest(t, visitor, at, all)
	}
}

// finds tells whether a filter, in GraphQL's own writing, finds an event.
func (p *person) finds(filter, id string) bool {
	p.t.Helper()
	r := p.must(`{ events(first: 100, filter: ` + filter + `) { nodes { id } } }`)
	return strings.Contains(r.String(), id)
}

// closeInByBox halves the world until one spot is left: the one that is shown.
func closeInByBox(t *testing.T, p *person, at *spot) {
	t.Helper()
	box := events.Box{West: -180, South: -90, East: 180, North: 90}
	finds := func(b events.Box) bool {
		return p.finds(fmt.Sprintf(`{box: {west: %.9f, south: %.9f, east: %.9f, north: %.9f}}`, b.West, b.South, b.East, b.North), at.id)
	}
	around := events.Box{
		West: at.longitude - nearMiss, East: at.longitude + nearMiss, South: at.latitude - nearMiss, North: at.latitude + nearMiss,
	}
	if got := finds(around); got != (at.precision == "EXACT") {
		t.Errorf("a box around the truth finds %s: %t", at.title, got)
	}
	if got := finds(box); got != at.isSomewhere() {
		t.Fatalf("the box of the world finds %s: %t", at.title, got)
	}
	for step := 0; at.isSomewhere() && step < 60; step++ {
		one, other := box, box
		if middle := (box.West + box.East) / 2; step%2 == 0 {
			one.East, other.West = middle, middle
		} else {
			middle = (box.South + box.North) / 2
			one.North, other.South = middle, middle
		}
		switch {
		case finds(one):
			box = one
		case finds(other):
			box = other
		default:
			t.Fatalf("%s is in %+v but in neither half", at.title, box)
		}
	}
	if at.isSomewhere() && (math.Abs(box.North-at.place.latitude) > 1e-6 || math.Abs(box.East-at.place.longitude) > 1e-6) {
		t.Errorf("boxes close in on %+v; %s is shown at %+v", box, at.title, *at.place)
	}
}

// closeInByCircle draws ever smaller circles around the truth.
func closeInByCircle(t *testing.T, p *person, at *spot) {
	t.Helper()
	for _, km := range []float64{20100, 5000, 1000, 300, 100, 30, 10, 3, 1, 0.3, 0.1, 0.01} {
		got := p.finds(fmt.Sprintf(`{near: {latitude: %v, longitude: %v, withinKm: %v}}`, at.latitude, at.longitude, km), at.id)
		if want := at.isSomewhere() && at.km(at.place.latitude, at.place.longitude) <= km; got != want {
			t.Errorf("a circle of %v km around the truth finds %s: %t", km, at.title, got)
		}
	}
}

// checkNearest sorts by distance from the truth: the order is that of the places shown.
func checkNearest(t *testing.T, p *person, at *spot, all []*spot) {
	t.Helper()
	r := p.must(fmt.Sprintf(`{ events(first: 100, orderBy: DISTANCE, filter: {near: {latitude: %v, longitude: %v, withinKm: 20100}}) { nodes { id } } }`,
		at.latitude, at.longitude))
	shown := slices.DeleteFunc(slices.Clone(all), func(other *spot) bool { return !other.isSomewhere() })
	slices.SortFunc(shown, func(a, b *spot) int {
		return cmp.Compare(at.km(a.place.latitude, a.place.longitude), at.km(b.place.latitude, b.place.longitude))
	})
	nodes, _ := r.get("events.nodes").([]any)
	if len(nodes) != len(shown) {
		t.Fatalf("from %s: %d events, not %d: %s", at.title, len(nodes), len(shown), r)
	}
	for i, node := range nodes {
		if node.(map[string]any)["id"] != shown[i].id {
			t.Errorf("from %s: the %dth is not %s: %s", at.title, i+1, shown[i].title, r)
		}
	}
}

// The panic button, and a steward's: the event is gone from every door of every hub, and from what
// the log said of it.
func TestWhatIsTakenDownIsGoneEverywhere(t *testing.T) {
	t.Parallel()
	p, s := newPair(t), secrets{}
	all := s.hide(p)
	standing := p.b.anybody().follows(follow, "edition", p.edition.ID.String(), "after", p.start())
	for _, at := range all {
		at.shown(p.b.anybody())
	}
	gone := all[:3]
	p.host.must(`mutation ($id: ID!) { withdrawEvent(eventId: $id) `+answered+` }`, "id", gone[0].id)
	p.steward.must(`mutation ($id: ID!) { hideEvent(eventId: $id, reason: "Somebody is in danger.") `+answered+` }`, "id", gone[1].id)
	p.host.must(`mutation ($id: ID!) { withdrawEvent(eventId: $id, reason: "Rain.") `+answered+` }`, "id", gone[2].id)
	removed := 0
	standing.until(func(a activity) bool {
		if a.Kind == "EVENT_REMOVED" && a.Tombstone && a.Card == nil {
			removed++
		}
		return removed == len(gone)
	})

	for name, h := range map[string]*house{"a": p.a, "b": p.b} {
		var seen []string
		t.Cleanup(func() { // what was there last, should it never go
			if len(seen) > 0 {
				t.Errorf("%q", seen)
			}
		})
		eventually(t, "they are gone from hub "+name, func() bool {
			seen = nil
			for door, text := range h.anybody().walk(p, all) {
				for _, at := range gone {
					if strings.Contains(text, at.title) || strings.Contains(text, at.slug) {
						seen = append(seen, door+" shows "+at.title)
					}
				}
			}
			return len(seen) == 0
		})
		for _, at := range gone {
			if a := h.anybody().get("/e/" + at.slug); a.status != 404 && a.status != 410 {
				t.Errorf("the page of %s answers %d", at.title, a.status)
			}
		}
		checkLogIsRedacted(t, p, h, gone)
	}
	p.settled(func(r reply) bool { return r.number("counts.world.events") == int64(len(all)-len(gone)) })
}

// checkLogIsRedacted reads the log again from its beginning.
func checkLogIsRedacted(t *testing.T, p *pair, h *house, gone []*spot) {
	t.Helper()
	head, err := h.store.Head(t.Context(), p.edition.ID)
	if err != nil {
		t.Fatal(err)
	}
	replay := h.anybody().follows(follow, "edition", p.edition.ID.String(), "after", p.start())
	for _, a := range replay.until(func(a activity) bool { return a.Seq >= head.Seq }) {
		for _, at := range gone {
			if a.EventID == at.id && (a.Card != nil || !a.Tombstone) {
				t.Errorf("the log still says of %s: %+v %+v", at.title, a, a.Card)
			}
		}
	}
}
