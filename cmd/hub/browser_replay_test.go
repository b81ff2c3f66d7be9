package main

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"github.com/microgalleries/actionday/events"
)

// seen is what a page shows of a moment.
type seen struct {
	Counters                  []string
	Feed                      []string // what happened to which event, without how long ago
	Upcoming, Live, Over, Off int64
}

const countersAndFeed = `({
	counters: [...document.querySelectorAll(".counters dd, .coverage td [data-count], .coverage td[data-count]")].map((e) => e.textContent),
	feed: [...document.querySelectorAll("[data-feed] li")].map((e) => e.querySelector(".feed-title").textContent + ": " + e.querySelector(".feed-note").textContent.split(" · ")[e.dataset.first === "" ? 1 : 0]),
})`

// sees what the page shows live: the numbers, the feed, and the map by its one tile of the world.
func (p *tab) seesLive(anybody *person, ed events.Edition) seen {
	p.t.Helper()
	v := read[seen](p, countersAndFeed)
	for _, f := range anybody.tile(ed, 0, 0, 0) {
		if f.Properties["count"] != nil {
			p.t.Fatalf("a cluster cannot tell its phases: %v", f.Properties)
		}
		switch f.Properties["phase"] {
		case "UPCOMING":
			v.Upcoming++
		case "LIVE":
			v.Live++
		case "OVER":
			v.Over++
		case "OFF":
			v.Off++
		}
	}
	return v
}

// seesReplayed is the same of the moment that the page replays, the map by what it says of it to
// those who do not see it.
func (p *tab) seesReplayed(moment time.Time) seen {
	p.t.Helper()
	p.until(fmt.Sprintf(`document.querySelector("[data-replay-said]").dataset.at === %q && !!document.querySelector(".day[data-replay=ready]")`,
		moment.UTC().Format("2006-01-02T15:04:05.000Z")))
	v := read[seen](p, countersAndFeed)
	said := read[string](p, `document.querySelector("[data-replay-said]").textContent`)
	if _, err := fmt.Sscanf(strings.ReplaceAll(said, ",", ""), "To come: %d %d live Over: %d Called off: %d", &v.Upcoming, &v.Live, &v.Over, &v.Off); err != nil {
		p.t.Fatalf("the page says of the map %q: %v", said, err)
	}
	return v
}

// spread are the places of events that never fall into one cluster.
func spread(n int) map[string]any {
	return map[string]any{"place": map[string]any{
		"precision": "EXACT", "latitude": -40 + 20*float64(n), "longitude": -120 + 60*float64(n), "country": "NP",
	}}
}

// A day goes on while somebody looks; later it is replayed, and every moment is as it was when it was
// live. What is withdrawn meanwhile goes from the replay that is open.
func TestReplayIsEqualToLive(t *testing.T) {
	t.Parallel()
	h := startHub(t, settings{}, serveCommand{})
	ed := h.today()
	host, steward := h.signedIn("host@example.org"), h.signedIn("steward@example.org", events.StewardRole)
	visitor := startBrowser(t).open(h)
	visitor.visit(mapPage)
	visitor.isLive()
	lists := func(n int, title string) string {
		id := host.registers(ed, title, spread(n)).text("registerEvent.event.id")
		steward.approves(id)
		return id
	}
	sets := func(id, state string) {
		host.must(`mutation ($id: ID!, $day: EventDayInput!) { setEventDay(eventId: $id, day: $day) `+answered+` }`,
			"id", id, "day", map[string]any{"state": state, "reason": "Rain."})
	}
	type then struct {
		moment time.Time
		seen   seen
	}
	var moments []then
	note := func(condition string) {
		t.Helper()
		visitor.until(condition)
		var v seen
		eventually(t, "map, numbers and feed agree", func() bool {
			v = visitor.seesLive(h.anybody(), ed)
			return v.Counters[0] == strconv.FormatInt(v.Upcoming+v.Live+v.Over+v.Off, 10) && v.Counters[2] == strconv.FormatInt(v.Live, 10)
		})
		moment := h.clock.now().Truncate(time.Second).Add(time.Second)
		eventually(t, "the second passes", func() bool { return h.clock.now().After(moment.Add(time.Second)) })
		moments = append(moments, then{moment, v})
	}
	const live, feed = `document.querySelector('[data-count="live"]').textContent`, `document.querySelector("[data-feed]").textContent`

	birds, river := lists(0, "A wall of birds"), lists(1, "Letters to the river")
	sets(birds, "LIVE")
	sets(river, "LIVE")
	h.anybody().takesPart("cheer", birds, device(1))
	note(live + ` === "2" && document.querySelector('[data-count="cheers"]').textContent === "1" && ` + feed + `.includes("Cheered")`)

	lamps := lists(2, "Night of lamps")
	sets(lamps, "CANCELLED")
	sets(river, "DONE")
	note(live + ` === "1" && ` + feed + `.includes("Cancelled") && ` + feed + `.includes("Done")`)
	lists(3, "Dance of the sea")

	for _, m := range moments {
		visitor.visit("/?projection=mercator&at=" + m.moment.Format(time.RFC3339))
		if diff := cmp.Diff(m.seen, visitor.seesReplayed(m.moment)); diff != "" {
			t.Errorf("what was live at %v, and the replay of it:\n%s", m.moment, diff)
		}
		visitor.sees("[data-replay-badge]")
	}

	// The withdrawal goes out while the second moment is open.
	withdrawn := time.Now()
	host.must(`mutation ($id: ID!) { withdrawEvent(eventId: $id) `+answered+` }`, "id", birds)
	visitor.until(`!` + feed + `.includes("A wall of birds") && document.querySelector("[data-replay-said]").textContent.includes(", 0 live")`)
	t.Logf("withdrawal_to_open_replay_ms %d", time.Since(withdrawn).Milliseconds())
	file := read[[]float64](visitor, `(() => {
		const last = performance.getEntriesByType("resource").filter((e) => e.name.includes("/replay/")).at(-1);
		return [performance.timeOrigin + last.startTime, performance.timeOrigin + last.responseEnd];
	})()`)
	t.Logf("the page asked for a file without it after %.0f ms and had it after %.0f ms", file[0]-float64(withdrawn.UnixMilli()), file[1]-float64(withdrawn.UnixMilli()))

	visitor.press("[data-replay-end]")
	visitor.until(`!document.querySelector(".is-replay") && !location.search.includes("at=") && ` + live + ` !== "" && ` + feed + `.includes("Dance of the sea")`)
	visitor.checkFaults()
}

// The slider by keyboard alone, and the buttons; also from right to left.
func TestReplayByKeyboard(t *testing.T) {
	t.Parallel()
	for lang, back := range map[string]string{"en": kb.ArrowLeft, "ar": kb.ArrowRight} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			h, _ := dayWith(t, "A wall of birds")
			p := startBrowser(t).open(h)
			p.visit("/?projection=mercator&lang=" + lang)
			p.isLive()
			p.until(`!document.querySelector("[data-moment]").hidden`)
			p.do("reach the slider", chromedp.Focus(chromedp.CSS("[data-moment]")))
			start := h.clock.now()
			for range 3 {
				p.do("go back", chromedp.KeyEvent(back))
			}
			p.until(fmt.Sprintf(`%d - Date.parse(new URLSearchParams(location.search).get("at")) > 28 * 60000`, start.UnixMilli()))
			at := read[string](p, `new URLSearchParams(location.search).get("at")`)
			moment, ok := parseMoment(at)
			if ago := start.Sub(moment); !ok || ago < 28*time.Minute || ago > 33*time.Minute {
				t.Errorf("three steps back from %v lead to %q", start, at)
			}
			// The address may be a frame ahead of what is drawn.
			p.until(fmt.Sprintf(`((said) => said.includes("UTC") && said.includes(%q))(document.querySelector("[data-moment]").getAttribute("aria-valuetext"))`,
				moment.Format("4")))
			p.do("go to the beginning", chromedp.KeyEvent(kb.Home))
			p.until(`document.querySelector('[data-count="events"]').textContent === "0" && !document.querySelector("[data-feed-empty]").hidden`)
			p.do("go to the end", chromedp.KeyEvent(kb.End))
			p.until(`!document.querySelector(".is-replay") && document.querySelector('[data-count="events"]').textContent === "1"`)

			p.choose("[data-speed]", "3600")
			p.press("[data-play]")
			p.until(`document.querySelector("[data-play]").getAttribute("aria-pressed") === "true" && document.querySelector("[data-moment]").valueAsNumber > 30`)
			p.press("[data-play]")
			p.until(`document.querySelector("[data-play]").getAttribute("aria-pressed") === "false"`)
			stood := read[int](p, `document.querySelector("[data-moment]").valueAsNumber`)
			p.until(`document.querySelector("[data-replay-said]").dataset.at !== undefined`)
			if now := read[int](p, `document.querySelector("[data-moment]").valueAsNumber`); now != stood {
				t.Errorf("it played on from minute %d to %d", stood, now)
			}
			p.checkFaults()
		})
	}
}

func parseMoment(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// Who wants no motion gets a step a second instead of every frame.
func TestReplayWithoutMotion(t *testing.T) {
	t.Parallel()
	h, _ := dayWith(t, "A wall of birds")
	p := startBrowser(t).open(h)
	still := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, still); err != nil {
		t.Fatal(err)
	}
	p.visit("/?projection=mercator")
	p.isLive()
	// What is shown is noted in the page. A busy one may draw two steps as one. Until the player has
	// come the slider stands at now.
	p.do("watch the slider", chromedp.Evaluate[chromedp.Void](`(() => {
		const slider = document.querySelector("[data-moment]");
		window.steps = [];
		new MutationObserver(() => {
			const at = slider.valueAsNumber;
			if (document.querySelector(".day.is-replay") && at < 1000 && steps.at(-1) !== at) steps.push(at);
		}).observe(slider, { attributes: true });
	})()`))
	p.press("[data-play]")
	p.until(`steps.length > 3`)
	steps := read[[]int](p, "steps")
	for i, at := range steps[1:] {
		if by := at - steps[i]; by <= 0 || by%10 != 0 {
			t.Errorf("at 600 times it stands at the minutes %v, one after another", steps)
			break
		}
	}
	p.checkFaults()
}
