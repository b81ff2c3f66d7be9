package pages

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

func TestEventPageTellsWhatAVisitorNeeds(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.add(h.host(), eventstest.Whereabouts(), titled("Wall of Birds", "birds-1"), listed,
		eventstest.OnDay(events.Live, events.ByClock), func(e *events.Event) {
			e.Language, e.RainPlan, e.RSVPURL = "ne", "Under the roof.", "https://example.org/come"
			e.DeclaredPeople = 40
		})
	h.attend(e, events.CheckIn, 3)
	h.attend(e, events.Cheer, 1)
	a := h.anybody().open("/e/birds-1")
	wantText(t, a.text(), "Wall of Birds", "Sparrow", "A mural that grows all day.", "Lalitpur, Nepal",
		"The map shows the exact point.", "27.67281, 85.32515",
		"Saturday 12 December 2026 · 17:00–19:30", "Asia/Kathmandu (UTC+05:45)", "12 December 11:15–13:45",
		"Live now", "By the clock: the hour has come. Nobody has reported it.",
		"3 people on site · 1 cheer from afar counted one by one", "40 people by the host's head count",
		"Mural", "Workshop", "Emergent Futures", "No steps", "Under the roof.", "https://example.org/come")
	wantNone(t, a.Body.String(), "Mangal Bazar")
	h1 := a.all("h1")[0]
	if attribute(h1, "dir") != "auto" || attribute(h1.Parent.Parent, "lang") != "ne" {
		t.Error("the title does not say its direction and language")
	}
	for _, link := range a.all("a", "href", "https://example.org/come") {
		if attribute(link, "rel") != "nofollow noopener ugc" {
			t.Error("a host's link lends our reputation")
		}
	}
	if got := attribute(a.all("link", "rel", "canonical")[0], "href"); got != hubAddress+"/e/birds-1" {
		t.Errorf("canonical = %q", got)
	}
	if a.Header().Get("X-Robots-Tag") != "" || a.Header().Get("Cache-Control") != publicShort {
		t.Errorf("headers of a public event: %v", a.Header())
	}
	if e.Schedule.StartsAt.Format(time.RFC3339) != "2026-12-12T11:15:00Z" {
		t.Fatalf("the builder's event begins at %s", e.Schedule.StartsAt)
	}
}

// From the page of an event the map is one step away, as close as its place is shown.
func TestEventLeadsToTheMap(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for precision, want := range map[events.Precision]string{
		events.ExactPrecision: ",14", events.CityPrecision: ",9", events.CountryPrecision: ",4", events.HiddenPrecision: "",
	} {
		slug := "map-" + strings.ToLower(string(precision))
		h.add(h.host(), eventstest.Whereabouts(func(w *events.Whereabouts) { w.Precision = precision }), titled("Wall", slug), listed)
		a := h.anybody().open("/e/" + slug)
		var link string
		for _, l := range a.all("a") {
			if strings.HasPrefix(attribute(l, "href"), "/?event=") {
				link = attribute(l, "href")
			}
		}
		if want == "" && link != "" || want != "" && (!strings.HasPrefix(link, "/?event="+slug+"&view=") || !strings.HasSuffix(link, want)) {
			t.Errorf("%s: the map is at %q", precision, link)
		}
	}
}

func TestLinkPreviewAndSearchEngines(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	title := `</script><script>alert(1)</script> "Wall" & ` + "\u2028"
	h.add(h.host(), eventstest.Whereabouts(), titled(title, "birds-1"), listed, eventstest.OnDay(events.Cancelled, events.ByHost))
	a := h.anybody().open("/e/birds-1")
	for _, property := range []string{"og:title", "og:description", "og:url", "og:type", "og:site_name"} {
		if tags := a.all("meta", "property", property); len(tags) != 1 || attribute(tags[0], "content") == "" {
			t.Errorf("%s is missing", property)
		}
	}
	if got := attribute(a.all("meta", "property", "og:title")[0], "content"); got != title {
		t.Errorf("og:title = %q", got)
	}
	if len(a.all("meta", "name", "twitter:card")) != 1 {
		t.Error("no twitter:card")
	}
	refuseScripts(t, "the event's page", a)
	data := structuredIn(t, a)
	for key, want := range map[string]any{
		"@type": "Event", "name": title, "url": hubAddress + "/e/birds-1",
		"startDate": "2026-12-12T17:00:00+05:45", "eventStatus": "https://schema.org/EventCancelled",
		"eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
	} {
		if data[key] != want {
			t.Errorf("JSON-LD %s = %v, want %v", key, data[key], want)
		}
	}
}

func structuredIn(t *testing.T, a *answer) (data map[string]any) {
	t.Helper()
	blocks := a.all("script", "type", "application/ld+json")
	if len(blocks) != 1 {
		t.Fatalf("%d blocks of JSON-LD", len(blocks))
	}
	if err := json.Unmarshal([]byte(textNode(blocks[0])), &data); err != nil {
		t.Fatalf("JSON-LD: %v in %s", err, textNode(blocks[0]))
	}
	return data
}

func TestEveryPrecisionSaysHowExactItIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.host()
	for precision, sentence := range map[events.Precision]string{
		events.ExactPrecision: "exact point", events.AreaPrecision: "neighborhood only", events.CityPrecision: "town only",
		events.CountryPrecision: "country only", events.HiddenPrecision: "keeps the place secret",
	} {
		slug := strings.ToLower(string(precision))
		h.add(host, eventstest.Whereabouts(eventstest.Shown(precision)), titled("Here", slug), listed)
		a := h.anybody().open("/e/" + slug)
		wantText(t, a.text(), sentence)
		data := structuredIn(t, a)
		if geo := strings.Contains(textNode(a.all("script", "type", "application/ld+json")[0]), "GeoCoordinates"); geo != (precision == events.ExactPrecision) {
			t.Errorf("%s: JSON-LD has a point: %v", precision, geo)
		}
		switch precision {
		case events.CountryPrecision:
			wantNone(t, a.Body.String(), "Kathmandu", "Lalitpur")
			wantText(t, a.text(), "17:00–19:30", "UTC+05:45")
		case events.HiddenPrecision:
			wantNone(t, a.Body.String(), "Kathmandu", "Lalitpur", "Nepal", "17:00", "+05:45", "11:15")
			wantText(t, a.text(), "12 December 2026 · the hour is not public")
			if data["startDate"] != "2026-12-12" {
				t.Errorf("a hidden hour starts at %v", data["startDate"])
			}
		}
	}
}

func TestRescueStatesAreProminent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.host()
	for state, sentence := range map[events.DayState]string{
		events.Postponed: "This event is postponed", events.Moved: "has moved to another place",
		events.WentDigital: "takes place online instead", events.Cancelled: "This event is cancelled",
	} {
		slug := strings.ToLower(string(state))
		h.add(host, eventstest.Whereabouts(), titled("Birds", slug), listed, eventstest.OnDay(state, events.ByHost),
			func(e *events.Event) {
				e.DayReason, e.OnlineURL = "The river rose.", "https://example.org/live"
				if state == events.Postponed {
					e.PostponedTo = events.LocalDate{Year: 2026, Month: time.December, Day: 19}
				}
			})
		a := h.anybody().open("/e/" + slug)
		notices := a.all("div", "class", "notice rescue")
		if len(notices) != 1 {
			t.Fatalf("%s has no notice", state)
		}
		wantText(t, textOf(notices[0]), sentence, "The river rose.")
		if state == events.Postponed {
			wantText(t, textOf(notices[0]), "Saturday 19 December 2026")
		}
	}
}

func TestASecretLinkIsKeptSecret(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.add(h.host(), eventstest.Whereabouts(), titled("Quiet Birds", "quiet-1"), inReview(events.Submitted))
	a := h.anybody().open("/e/" + e.LinkKey)
	wantText(t, a.text(), "Quiet Birds", "Only those who have this link")
	if a.Header().Get("X-Robots-Tag") != "noindex" || len(a.all("meta", "name", "robots")) != 1 {
		t.Error("search engines may keep the page")
	}
	if a.Header().Get("Cache-Control") != noStore || len(a.all("link", "rel", "canonical")) != 0 {
		t.Error("the page may be kept, or names another address")
	}
	wantNone(t, a.Body.String(), "quiet-1", "application/ld+json")
	if got := h.anybody().get("/e/quiet-1").Code; got != http.StatusNotFound {
		t.Errorf("the slug of an event that is not listed = %d", got)
	}
}

// What was taken down must look like what never was, byte for byte but the request's number.
func TestWhatIsGoneWasNeverThere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.host()
	never := h.anybody().get("/e/gone-1")
	for _, state := range []events.ReviewState{events.Withdrawn, events.Hidden, events.Rejected, events.Draft} {
		slug := "gone-" + strings.ToLower(string(state))
		e := h.add(host, eventstest.Whereabouts(), titled("Gone Birds", slug), inReview(state))
		for _, name := range []string{slug, e.LinkKey} {
			a := h.anybody().get("/e/" + name)
			if a.Code != http.StatusNotFound {
				t.Errorf("%s under %s = %d", state, name, a.Code)
			}
			same := strings.ReplaceAll(a.Body.String(), "/e/"+name, "/e/gone-1")
			same = strings.ReplaceAll(same, "%2Fe%2F"+name, "%2Fe%2Fgone-1")
			same = strings.ReplaceAll(same, a.Header().Get("X-Request-Id"), never.Header().Get("X-Request-Id"))
			if same != never.Body.String() {
				t.Errorf("%s under %s can be told from nothing", state, name)
			}
		}
	}
}

func TestImportedEventsCreditTheirSource(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(e *events.Edition) { e.Attribution = "Open Data Day, ODbL 1.0" })
	h.add(h.host(), eventstest.Whereabouts(), titled("Open Maps", "maps-1"), listed, func(e *events.Event) {
		e.Source = events.Source{Name: "opendataday", ID: "77", URL: "https://opendataday.org/events/77"}
	})
	a := h.anybody().open("/e/maps-1")
	wantText(t, a.text(), "Open Data Day", "the original entry", "ODbL")
	wantText(t, h.anybody().open("/about/data").text(), "Open Data Day, ODbL 1.0", "GeoNames", "OpenStreetMap", "Natural Earth", "CLDR")
}

func TestRehearsalsSayThatTheyAre(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(e *events.Edition) { e.Mode = events.RehearsalMode })
	h.add(h.host(), eventstest.Whereabouts(), titled("Played Birds", "played-1"), listed)
	a := h.anybody().open("/e/played-1")
	wantText(t, a.Body.String(), "This is a rehearsal")
	if a.Header().Get("X-Robots-Tag") != "noindex" || len(a.all("script", "type", "application/ld+json")) != 0 {
		t.Error("search engines would take a rehearsal for a real event")
	}
	wantNone(t, h.anybody().open("/sitemap.xml").Body.String(), "played-1")
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add(h.host(), eventstest.Whereabouts(), titled("Birds", "birds-1"), listed)
	r := newRequest(http.MethodHead, "/e/birds-1")
	a := h.anybody().do(r)
	if a.Code != http.StatusOK || a.Body.Len() != 0 || a.Header().Get("Content-Length") == "" {
		t.Errorf("HEAD = %d with %d bytes", a.Code, a.Body.Len())
	}
}

// Text from hosts must stay text wherever it stands.
func TestHostsCannotWriteScripts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	evil := `"><svg onload=alert(1)><script>alert(1)</script>{{.}}'`
	host := h.host(func(host *events.Host) {
		host.DisplayName, host.Bio, host.Links = evil, evil, []string{"https://example.org/" + evil}
	})
	h.add(host, eventstest.Whereabouts(func(w *events.Whereabouts) { w.Locality = evil }), titled(evil, "evil-1"), listed,
		func(e *events.Event) {
			e.Summary, e.Story, e.RainPlan, e.DayReason, e.Language = evil, evil, evil, evil, evil
			e.OnlineURL, e.RSVPURL = "javascript:alert(1)", "data:text/html,<script>alert(1)</script>"
		})
	for _, target := range []string{"/e/evil-1", "/", "/?q=" + "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"} {
		refuseScripts(t, target, h.anybody().open(target))
	}
}

// refuseScripts fails when a page has a script that the hub did not build, an event handler or a link
// that runs one.
func refuseScripts(t *testing.T, where string, a *answer) {
	t.Helper()
	files, err := openAssets()
	if err != nil {
		t.Fatal(err)
	}
	ours, err := files.text("theme.js")
	if err != nil {
		t.Fatal(err)
	}
	for n := range a.root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "script" && written(n) != ours && !strings.HasPrefix(attribute(n, "src"), "/assets/") && attribute(n, "type") != "application/ld+json" {
			t.Errorf("%s: a script got in: %s", where, textNode(n))
		}
		for _, at := range n.Attr {
			value := strings.ToLower(strings.TrimSpace(at.Val))
			if strings.HasPrefix(at.Key, "on") || at.Key == "style" || at.Key == "srcdoc" {
				t.Errorf("%s: <%s %s=%q>", where, n.Data, at.Key, at.Val)
			}
			if (at.Key == "href" || at.Key == "src" || at.Key == "action") &&
				(strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "data:") || strings.HasPrefix(value, "//")) {
				t.Errorf("%s: <%s %s=%q>", where, n.Data, at.Key, at.Val)
			}
		}
	}
}

// What a host writes is read out in the language that it is in, and words of the hub's in the page's.
func TestEveryWordHasItsLanguage(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"ne", ""} {
		h := newHouse(t)
		host := h.host(func(host *events.Host) { host.Bio = "About the host" })
		h.add(host, eventstest.Whereabouts(), titled("A title", "birds-1"), listed, eventstest.OnDay(events.Cancelled, events.ByHost),
			func(e *events.Event) {
				e.Language, e.DayReason, e.RainPlan, e.Summary = language, "The reason", "The rain plan", "The summary"
			})
		h.add(host, eventstest.Whereabouts(), titled("A title", "birds-2"), listed, eventstest.OnDay(events.Live, events.ByHost),
			func(e *events.Event) { e.Language, e.DayReason, e.Summary = language, "The reason", "The summary" })
		for _, target := range []string{"/e/birds-1?lang=fr", "/e/birds-2?lang=fr"} {
			a := h.anybody().open(target)
			for text, want := range map[string]string{
				"A title": language, "The reason": language, "The rain plan": language, "The summary": language,
				"About the host": "", "Quand": "fr",
			} {
				if got, found := languageOf(a.root, text, ""); !found && !strings.Contains(text, "rain") || found && got != want {
					t.Errorf("%s: %q is in %q, want %q", target, text, got, want)
				}
			}
		}
	}
}

// languageOf is the language of a text on a page.
func languageOf(n *html.Node, text, around string) (lang string, found bool) {
	if n.Type == html.ElementNode && hasAttribute(n, "lang") {
		around = attribute(n, "lang")
	}
	if n.Type == html.TextNode && n.Parent.Data != "title" && strings.TrimSpace(n.Data) == text {
		return around, true
	}
	for child := range n.ChildNodes() {
		if lang, found = languageOf(child, text, around); found {
			return lang, true
		}
	}
	return "", false
}

// Hours run the same way on every page, whichever way its words run.
func TestHoursRunOneWay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add(h.host(), eventstest.Whereabouts(), titled("Wall of Birds", "birds-1"), listed)
	for lang, want := range map[string]string{"ar": "\u206617:00–19:30\u2069", "zh-Hans": "17:00–19:30"} {
		who := h.anybody()
		who.lang = lang
		for _, target := range []string{"/", "/?as=table", "/embed", "/e/birds-1"} {
			wantText(t, who.open(target).text(), want)
		}
		wantText(t, who.open("/e/birds-1").text(), strings.NewReplacer("17:00", "11:15", "19:30", "13:45").Replace(want))
	}
}

// An hour without its day is of today.
func TestSinceWhenNamesADayThatIsOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.add(h.host(), eventstest.Whereabouts(), titled("Wall of Birds", "birds-1"), listed, eventstest.OnDay(events.Done, events.ByHost),
		func(e *events.Event) { e.DoneAt = time.Date(2026, time.December, 12, 14, 5, 0, 0, time.UTC) })
	h.clock.Set(e.DoneAt.Add(4*time.Hour + 9*time.Minute)) // a minute before midnight in Nepal
	wantText(t, h.anybody().open("/e/birds-1").text(), "Over since 19:50")
	h.clock.Advance(time.Minute)
	wantText(t, h.anybody().open("/e/birds-1").text(), "Over since 12 December, 19:50")
	wantText(t, h.anybody().open("/e/birds-1?lang=es").text(), "Terminado desde el 12 de diciembre a las 19:50")
}
