package main

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
)

// view is a way in which a hub shows an event to the public.
type view struct {
	name  string
	shows func(*person) bool
}

// views are all that a hub shows of the one event of an edition.
func (p *pair) views(slug, title string) []view {
	text := func(target string) view {
		return view{target, func(who *person) bool { return strings.Contains(who.get(target).String(), title) }}
	}
	return []view{
		{"the tile of the street", func(who *person) bool { return len(who.tile(p.edition, 12, 27.672813, 85.325147)) > 0 }},
		{"the tile of the world", func(who *person) bool { return len(who.tile(p.edition, 0, 0, 0)) > 0 }},
		{"the picture", (*person).marks},
		{"the replay's file", func(who *person) bool { return len(who.replayed(p.edition.Slug)) > 0 }},
		{"the query", func(who *person) bool { return len(who.titles(p.edition)) > 0 }},
		text("/"), text("/?as=table"), text("/?q=birds"), text("/?near=27.67,85.33"), text("/embed"),
		text("/calendar.ics"), text("/e/" + slug), text("/e/" + slug + ".ics"),
		{"/sitemap.xml", func(who *person) bool { return strings.Contains(who.get("/sitemap.xml").String(), slug) }},
	}
}

// A new event is everywhere on every hub once its stream has told of it, and a withdrawn one is nowhere.
// How long each view took since the act is logged: all of them are to be within a second.
func TestEveryViewFollowsTheStream(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	hubs := []*house{p.a, p.b}
	var streams []*stream
	for _, h := range hubs {
		streams = append(streams, h.anybody().follows(follow, "edition", p.edition.ID.String(), "after", p.start()))
	}
	const title = "A wall of birds"
	id := p.host.registers(p.edition, title).text("registerEvent.event.id")
	acted := time.Now()
	slug := p.steward.approves(id).text("approveEvent.event.slug")
	follows := func(figure, kind string, shown bool) {
		slowest := time.Duration(0)
		for i, h := range hubs {
			streams[i].until(func(a activity) bool { return a.Kind == kind && a.EventID == id })
			for _, v := range p.views(slug, title) {
				eventually(t, fmt.Sprintf("hub %d: %s shows it: %t", i+1, v.name, shown), func() bool { return v.shows(h.anybody()) == shown })
				t.Logf("%s_to_view_ms %d: hub %d, %s", figure, time.Since(acted).Milliseconds(), i+1, v.name)
			}
			slowest = max(slowest, time.Since(acted))
		}
		t.Logf("%s_to_every_view_ms %d", figure, slowest.Milliseconds())
	}
	follows("listing", "EVENT_LISTED", true)
	acted = time.Now()
	p.host.must(`mutation ($id: ID!) { withdrawEvent(eventId: $id) `+answered+` }`, "id", id)
	follows("withdrawal", "EVENT_REMOVED", false)
}

// kept is for how many seconds caches may keep an answer: those that many share, and a browser's own.
func (a answer) kept() (shared, own int) {
	control := a.header.Get("Cache-Control")
	if strings.Contains(control, "no-store") {
		return 0, 0
	}
	seconds := func(name string, otherwise int) int {
		found := regexp.MustCompile(`(?:^|[ ,])` + name + `=(\d+)`).FindStringSubmatch(control)
		if found == nil {
			return otherwise
		}
		n, _ := strconv.Atoi(found[1])
		return n
	}
	own = seconds("max-age", 1<<30) // a cache that is told nothing keeps what it likes
	return seconds("s-maxage", own), own
}

// No cache may keep what shows an event for longer than a second, all of them together: a CDN one, and
// browsers none.
func TestNoCacheKeepsAnEventForLong(t *testing.T) {
	t.Parallel()
	h, event := dayWith(t, "A wall of birds")
	slug := event.text("approveEvent.event.slug")
	for _, target := range []string{
		"/", "/?as=table", "/?q=birds", "/e/" + slug, "/e/" + slug + ".ics", "/calendar.ics", "/embed", "/screen", "/map.svg", "/sitemap.xml",
		"/tiles/today/0/0/0.mvt", "/tiles/today/0/0/0.mvt?seq=1", "/replay/today.bin", "/replay/today.bin?v=1",
	} {
		a := h.anybody().get(target)
		if shared, own := a.kept(); a.status != http.StatusOK || shared > 1 || own > 0 {
			t.Errorf("%s: %d %q", target, a.status, a.header.Get("Cache-Control"))
		}
	}
}

// A tile and a replay at the address of some news include it, or nobody may keep them: a slow hub behind
// a CDN would else put what was withdrawn at the new address.
func TestAddressesOfNewsNeverHoldWhatIsOlder(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	id := p.lists("A wall of birds")
	news := p.a.anybody().follows(follow, "edition", p.edition.ID.String(), "after", p.start())
	eventually(t, "hub b shows it", func() bool { return len(p.b.anybody().tile(p.edition, 0, 0, 0)) == 1 })
	eventually(t, "hub b replays it", func() bool { return len(p.b.anybody().replayed(p.edition.Slug)) == 1 })
	p.host.must(`mutation ($id: ID!) { withdrawEvent(eventId: $id) `+answered+` }`, "id", id)
	told := news.until(func(a activity) bool { return a.Kind == "EVENT_REMOVED" })
	seq := told[len(told)-1].Seq // of hub a; hub b may not have heard of it

	at := maptile.At(orb.Point{0, 0}, 0)
	tile := p.b.anybody().get(fmt.Sprintf("/tiles/%s/0/0/0.mvt?seq=%d", p.edition.Slug, seq))
	if shared, _ := tile.kept(); shared > 0 && len(features(t, at, tile.body)) > 0 {
		t.Error("an old tile may be kept at the new address")
	}
	replay := p.b.anybody().get(fmt.Sprintf("/replay/%s.bin?v=%d", p.edition.Slug, seq))
	if shared, _ := replay.kept(); shared > 0 && len(p.b.anybody().placesIn(replay)) > 0 {
		t.Error("an old replay may be kept at the new address")
	}
}
