package pages

import (
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/microgalleries/actionday/cmd/hub/pages/poster"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// embedded is a day with events in two countries.
func embedded(t *testing.T) (h *house, host events.Host) {
	t.Helper()
	h = newHouse(t)
	host = h.host()
	brazil := eventstest.Whereabouts(eventstest.In(eventstest.Town{
		Name: "São Paulo", Country: "BR", Zone: "America/Sao_Paulo", Latitude: -23.55, Longitude: -46.6333,
	}))
	h.add(host, eventstest.Whereabouts(), titled("Wall of Birds", "birds-1"), listed)
	h.add(host, brazil, titled("River of Paper", "river-1"), listed, func(e *events.Event) { e.Themes = []string{h.edition.Themes[0].Slug} })
	h.add(h.host(), brazil, titled("Night of Lamps", "lamps-1"), listed, eventstest.OnDay(events.Live, events.ByHost))
	return h, host
}

func TestEmbedShowsItsScope(t *testing.T) {
	t.Parallel()
	h, host := embedded(t)
	for query, wanted := range map[string][]string{
		"":                         {"Wall of Birds", "River of Paper", "Night of Lamps"},
		"country=np":               {"Wall of Birds", "Events in Nepal"},
		"country=BR":               {"Night of Lamps", "River of Paper"},
		"event=river-1":            {"River of Paper"},
		"host=" + host.ID.String(): {"Wall of Birds", "River of Paper"},
		"area=-60,-30,-40,-10":     {"Night of Lamps", "River of Paper"},
		"theme=" + url.QueryEscape(h.edition.Themes[0].Slug): {"River of Paper"},
		"area=170,-40,-170,40":                               {"No event here yet."},
	} {
		a := h.anybody().open("/embed?" + query)
		wantText(t, a.text(), wanted...)
		rows := 0
		for _, link := range (&answer{root: a.all("ol")[0]}).all("a") {
			if strings.Contains(attribute(link, "href"), "/e/") {
				rows++
				if !strings.HasPrefix(attribute(link, "href"), hubAddress) || attribute(link, "target") != "_blank" || attribute(link, "rel") != "noopener" {
					t.Errorf("%s: a link that opens in the box: %v", query, link.Attr)
				}
			}
		}
		titles := 0
		for _, w := range wanted {
			if strings.Contains("Wall of Birds River of Paper Night of Lamps", w) {
				titles++
			}
		}
		if rows != titles {
			t.Errorf("%s lists %d events, want %d", query, rows, titles)
		}
	}
	first := h.anybody().open("/embed?country=BR").text()
	if strings.Index(first, "Night of Lamps") > strings.Index(first, "River of Paper") {
		t.Error("what is live does not come first")
	}
}

// Whoever asks, and with whatever cookies: the box is the same, keeps nothing, and may be framed.
func TestEmbedIsTheSameForEverybody(t *testing.T) {
	t.Parallel()
	h, _ := embedded(t)
	steward := h.steward()
	steward.cookies[langCookie] = "ar"
	want := h.anybody().open("/embed?country=NP").Body.String()
	for _, target := range []string{"/embed?country=NP", "/embed?lang=fr", "/embed?country=zz9", "/embed?event=nothing"} {
		a := steward.get(target)
		if a.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s sets a cookie", target)
		}
		policy := a.Header().Get("Content-Security-Policy")
		if !strings.HasSuffix(policy, "frame-ancestors *") || strings.Contains(policy, "'none'; frame-ancestors 'none'") || a.Header().Get("X-Frame-Options") != "" {
			t.Errorf("%s cannot be framed: %v", target, a.Header())
		}
		if !strings.Contains(policy, "default-src 'none'; script-src 'self'") {
			t.Errorf("%s lets too much in: %s", target, policy)
		}
		if a.Header().Get("Vary") != "Accept-Language" {
			t.Errorf("%s varies by %s", target, a.Header().Get("Vary"))
		}
	}
	if got := steward.open("/embed?country=NP").Body.String(); got != want {
		t.Error("a signed-in person sees another box")
	}
	for _, target := range []string{"/embed", "/screen", "/screen?lang=fr"} {
		a, anybody := steward.open(target), h.anybody().open(target)
		if a.Body.String() != anybody.Body.String() || a.Header().Get("Set-Cookie") != "" {
			t.Errorf("a signed-in person gets another %s", target)
		}
		if cache, vary := anybody.Header().Get("Cache-Control"), anybody.Header().Get("Vary"); cache != publicShort || strings.Contains(vary, "Cookie") {
			t.Errorf("%s: Cache-Control = %q, Vary = %q", target, cache, vary)
		}
	}
	for _, target := range []string{"/", "/screen", "/sign-in"} {
		if got := h.anybody().get(target).Header().Get("X-Frame-Options"); got != "DENY" {
			t.Errorf("%s may be framed", target)
		}
	}
}

func TestWrongEmbedSaysSoClearly(t *testing.T) {
	t.Parallel()
	h, _ := embedded(t)
	hiding := h.host()
	quiet := h.add(hiding, eventstest.Whereabouts(), titled("Quiet", "quiet-1"), inReview(events.LinkOnly))
	for query, want := range map[string]string{
		"country=NPL": "two letters", "country=": "two letters", "country=XX": "two letters", "country=N%00": "two letters",
		"theme=nothing": "no such theme", "event=nothing": "no such event", "event=" + quiet.LinkKey: "no such event", "event=quiet-1": "no such event",
		"host=nobody": "no such host", "host=" + hiding.ID.String(): "no such host", "host=evt_1": "no such host",
		"area=1,2,3": "four numbers", "area=a,b,c,d": "four numbers", "area=0,50,10,40": "four numbers", "area=0,0,0,0": "four numbers",
		"area=NaN,0,1,1": "four numbers", "area=-Inf,0,1,1": "four numbers", "area=0,0,999,1": "four numbers",
		"country=NP&theme=x": "Give one of", "country=NP&country=BR": "Give one of",
	} {
		a := h.anybody().get("/embed?" + query)
		if a.Code != http.StatusBadRequest || a.Header().Get("Cache-Control") != noStore {
			t.Errorf("%s = %d %s", query, a.Code, a.Header().Get("Cache-Control"))
		}
		wantText(t, a.text(), want)
		if c := h.anybody().get("/calendar.ics?" + query); c.Code != http.StatusBadRequest || !strings.Contains(c.Body.String(), want) {
			t.Errorf("the calendar of %s = %d %s", query, c.Code, c.Body)
		}
	}
}

func TestEmbedTakesNoScript(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for i, attack := range attacks() {
		h.add(h.host(func(host *events.Host) { host.DisplayName = attack }), eventstest.Whereabouts(), titled(attack, sprint("attack-%d", i)), listed)
	}
	for _, attack := range attacks() {
		for _, name := range []string{"country", "theme", "event", "area", "host", "lang", "look"} {
			a := h.anybody().get("/embed?" + url.Values{name: {attack}}.Encode())
			refuseScripts(t, "/embed?"+name, a)
		}
	}
	for _, target := range []string{"/embed", "/e/attack-0", "/embed?event=attack-0", "/screen"} {
		refuseScripts(t, target, h.anybody().open(target))
	}
}

// The lines to copy are whole and mean one box of this hub, whatever the event is called.
func TestSnippetSurvivesTitles(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	const title = `"><script>alert(1)</script>'</textarea>`
	h.add(h.host(), eventstest.Whereabouts(), titled(title, "birds-1"), listed)
	a := h.anybody().open("/e/birds-1")
	fields := a.all("textarea")
	if len(fields) < 2 {
		t.Fatal("nothing to copy")
	}
	root, err := html.Parse(strings.NewReader(textNode(fields[0])))
	if err != nil {
		t.Fatal(err)
	}
	pasted := &answer{root: root}
	frames := pasted.all("iframe")
	if len(frames) != 1 || len(pasted.all("script")) > 0 {
		t.Fatalf("pasted: %s", textNode(fields[0]))
	}
	if src := attribute(frames[0], "src"); src != hubAddress+"/embed?event=birds-1&lang=en" || attribute(frames[0], "title") != title {
		t.Errorf("%v", frames[0].Attr)
	}
	h.anybody().open(strings.TrimPrefix(attribute(frames[0], "src"), hubAddress))
	wantText(t, h.anybody().open("/?country=NP").Body.String(), "/embed?country=NP")
}

// The budget is of the issue: under 60 kB before the map loads.
func TestEmbedStaysSmall(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.host()
	for i := range 3 * embedRows {
		h.add(host, eventstest.Whereabouts(), titled(strings.Repeat("A wall of birds for the town ", 4), sprint("birds-%d", i)), listed)
	}
	for i := range poster.MostSpots {
		h.spots = append(h.spots, poster.Spot{Latitude: float64(i*37%110) - 50, Longitude: float64(i*53%360) - 180, Count: i%7 + 1, OwnWork: i%7 + 1, Live: i % 2})
	}
	a := h.anybody().open("/embed?lang=ar")
	size := a.Body.Len() // the hub sends pages as they are
	files := append(a.all("link", "rel", "stylesheet"), a.all("script")...)
	built, err := openAssets()
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range files {
		name := strings.TrimPrefix(attribute(n, "href")+attribute(n, "src"), "/assets/")
		raw, err := fs.ReadFile(built.files, name+".gz")
		if err != nil {
			raw, err = fs.ReadFile(built.files, name)
		}
		if err != nil {
			t.Fatal(err)
		}
		size += len(raw)
	}
	r := newRequest(http.MethodGet, attribute(a.all("img")[0], "src"))
	r.URL.Fragment = ""
	r.Header.Set("Accept-Encoding", "gzip")
	size += h.anybody().do(r).Body.Len()
	t.Logf("embed_kb %.1f (%d files and the picture)", float64(size)/1000, len(files))
	if size > 60_000 {
		t.Errorf("the box takes %d bytes before the map", size)
	}
}

// The next day is announced; the events of the last one stay where they were.
func TestAnEventOfThePastStaysOnItsDay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	past := h.edition
	e := h.add(h.host(), eventstest.Whereabouts(eventstest.Shown(events.HiddenPrecision)), titled("Wall of Birds", "birds-1"), listed)
	h.clock.Set(past.ClosesAt().AddDate(0, 3, 0))
	h.edition = eventstest.Edition(h.ids, func(ed *events.Edition) { ed.Title, ed.Date.Year, ed.Slug = "The next day", 2027, "day-2027" })
	if err := h.store.SaveEdition(t.Context(), &h.edition); err != nil {
		t.Fatal(err)
	}
	h.add(h.host(), eventstest.Whereabouts(), titled("Next Birds", "birds-2"), listed)
	who := h.anybody()

	box := who.open("/embed?event=birds-1")
	root := box.all("div", "id", "embed")[0]
	if attribute(root, "data-edition") != past.ID.String() || attribute(root, "data-slug") != past.Slug {
		t.Errorf("the box is of another day: %v", root.Attr)
	}
	wantText(t, box.text(), "Saturday 12 December 2026")
	picture := attribute(box.all("img")[0], "src")
	wantText(t, picture, "edition="+past.Slug)
	wantText(t, who.open(strings.Replace(strings.Split(picture, "#")[0], "&only=map", "", 1)).Body.String(), past.Title, "12 December 2026")
	wantText(t, who.open("/embed?event=birds-2").text(), "Sunday 12 December 2027")
	wantNone(t, attribute(who.open("/embed?event=birds-2").all("img")[0], "src"), "edition=")
	if got := who.get("/map.svg?edition=no-day").Code; got != http.StatusNotFound {
		t.Errorf("the picture of a day that never was is %d", got)
	}

	own, subscribed := unfolded(who.open("/e/birds-1.ics")), unfolded(who.open("/calendar.ics?event=birds-1"))
	for _, calendar := range []string{own, subscribed} {
		wantText(t, calendar, "UID:"+e.ID.String(), "DTSTART;VALUE=DATE:20261212\r\n")
	}
}

// Neighbors stay neighbors where the degrees end.
func TestEmbedLooksAcrossTheAntimeridian(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.host()
	for i, longitude := range []float64{178.4, -179.9} {
		h.add(host, eventstest.Whereabouts(eventstest.At(-17, longitude), eventstest.Shown(events.ExactPrecision)), titled("Reef", sprint("reef-%d", i)), listed)
	}
	h.add(host, eventstest.Whereabouts(eventstest.Shown(events.CountryPrecision)), titled("Somewhere", "somewhere-1"), listed)
	box := h.anybody().open("/embed?host=" + host.ID.String())
	if got := attribute(box.all("div", "id", "embed")[0], "data-bounds"); got != "178.4000,-17.0000,-179.9000,-17.0000" {
		t.Errorf("it looks at %s", got)
	}
	wantText(t, attribute(box.all("img")[0], "src"), "#svgView(viewBox(900,")
}

// What does not happen after all is counted, so it is listed: last, and as what it is.
func TestEmbedListsWhatDoesNotHappen(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.host()
	h.add(host, eventstest.Whereabouts(), titled("Called Off", "off-1"), listed, eventstest.OnDay(events.Cancelled, events.ByHost))
	text := h.anybody().open("/embed?country=NP").text()
	wantText(t, text, "Called Off", "Cancelled")
	wantNone(t, text, "No event here yet.", "1 more")
	h.add(host, eventstest.Whereabouts(), titled("Already Over", "over-1"), listed, eventstest.OnDay(events.Done, events.ByHost))
	text = h.anybody().open("/embed?country=NP").text()
	if strings.Index(text, "Already Over") > strings.Index(text, "Called Off") {
		t.Error("what does not happen comes first")
	}
}

// The box leads to its own events on the hub, not to the whole day.
func TestEmbedLeadsToItsEvents(t *testing.T) {
	t.Parallel()
	h, host := embedded(t)
	theme := h.edition.Themes[0].Slug
	for query, want := range map[string]struct {
		page        string
		shown, left []string
	}{
		"":                         {"/", []string{"Wall of Birds", "River of Paper", "Night of Lamps"}, nil},
		"country=np":               {"/?country=NP#list", []string{"Wall of Birds"}, []string{"River of Paper"}},
		"theme=" + theme:           {"/?theme=" + theme + "#list", []string{"River of Paper"}, []string{"Wall of Birds", "Night of Lamps"}},
		"event=river-1":            {"/e/river-1", []string{"River of Paper"}, []string{"Wall of Birds"}},
		"host=" + host.ID.String(): {"/?q=" + url.QueryEscape(host.DisplayName) + "#list", []string{"Wall of Birds", "River of Paper"}, nil},
		"area=-60,-30,-40,-10":     {"/?near=-20%2C-50%2C1545#list", []string{"River of Paper", "Night of Lamps"}, []string{"Wall of Birds"}},
		"area=170,-40,-150,40":     {"/?near=0%2C-170%2C4888#list", nil, []string{"Wall of Birds"}},
		"area=-100,-90,100,90":     {"/#list", []string{"Wall of Birds", "River of Paper", "Night of Lamps"}, nil},
	} {
		foot := h.anybody().open("/embed?" + query).all("footer")[0]
		a := &answer{root: foot}
		link := attribute(a.all("a")[0], "href")
		if link != hubAddress+want.page {
			t.Errorf("%s leads to %s, want %s", query, link, want.page)
			continue
		}
		page := h.anybody().open(strings.Split(want.page, "#")[0]).text()
		wantText(t, page, want.shown...)
		wantNone(t, page, want.left...)
	}
}
