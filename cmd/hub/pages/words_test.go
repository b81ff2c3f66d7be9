package pages

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// plurals ends the keys of words that depend on a number; languages differ in the forms they have.
func plurals() *regexp.Regexp { return regexp.MustCompile(`\.(zero|one|two|few|many|other)$`) }

func TestEveryLanguageHasEveryWord(t *testing.T) {
	t.Parallel()
	l, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	english := l.byLang["en"]
	for _, lang := range l.languages() {
		words := l.byLang[lang]
		for key, word := range english {
			if _, counts := english[plurals().ReplaceAllString(key, ".other")]; counts && plurals().MatchString(key) { // see TestEveryCountHasItsForms
				continue
			}
			if words[key] == "" {
				t.Errorf("%s: %s is missing", lang, key)
			}
			if !slices.Equal(holes(word), holes(words[key])) {
				t.Errorf("%s: %s has the places %v, English %v", lang, key, holes(words[key]), holes(word))
			}
		}
		for key := range words {
			if _, known := english[plurals().ReplaceAllString(key, ".other")]; !known && english[key] == "" {
				t.Errorf("%s: %s is in no other language", lang, key)
			}
		}
	}
}

// holes are the places in a sentence that are filled in.
func holes(word string) []string {
	found := regexp.MustCompile(`\{\w+\}`).FindAllString(word, -1)
	slices.Sort(found)
	return found
}

// Templates and Go name words by their keys; one that does not exist would show as itself.
func TestEveryWordThatIsAskedForExists(t *testing.T) {
	t.Parallel()
	l, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, name := range names {
		raw, err := templateFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`\b(t|n) "([^"]+)"`).FindAllStringSubmatch(string(raw), -1) {
			key := match[2]
			if match[1] == "n" {
				key += ".other"
			}
			if l.byLang["en"][key] == "" {
				t.Errorf("%s asks for %s", name, key)
			}
			asked++
		}
	}
	if asked < 150 {
		t.Errorf("only %d words are asked for: does this test still read templates?", asked)
	}
	for _, key := range enumerated() {
		if l.byLang["en"][key] == "" {
			t.Errorf("%s is missing", key)
		}
	}
}

// enumerated are the keys that are made of the domain's values.
func enumerated() (keys []string) {
	add := func(format string, values ...string) {
		for _, value := range values {
			keys = append(keys, strings.ReplaceAll(format, "*", value))
		}
	}
	for _, way := range ways() {
		add("*", "way."+string(way), "way."+string(way)+".hint")
	}
	for _, medium := range media() {
		add("medium.*", string(medium))
	}
	for _, fact := range accessFacts() {
		add("access.*", string(fact))
	}
	for _, precision := range precisions() {
		p := string(precision)
		add("precision.*", p, p+".hint", p+".public")
	}
	for _, kind := range hostKinds() {
		add("hostKind.*", string(kind))
	}
	for _, phase := range []events.Phase{events.Upcoming, events.Now, events.Over, events.Off} {
		add("next.LISTED.*", string(phase))
		for _, state := range phase.DayStates() {
			add("day.*", string(state))
		}
	}
	for _, state := range []events.ReviewState{events.Draft, events.Submitted, events.NeedsInfo, events.LinkOnly, events.Listed, events.Rejected, events.Hidden, events.Withdrawn} {
		add("review.*", string(state))
		if state != events.Listed {
			add("next.*", string(state))
		}
	}
	add("dayBy.*", string(events.ByHost), string(events.BySteward), string(events.ByClock))
	add("trust.*", string(events.NewTrust), string(events.KnownTrust), string(events.TrustedTrust), string(events.BlockedTrust))
	add("rescue.*", string(events.Postponed), string(events.Moved), string(events.WentDigital), string(events.Cancelled))
	for _, status := range []string{"400", "403", "404", "405", "413", "429", "500", "503"} {
		add("failure.*", status+".title", status+".text")
	}
	return keys
}

func TestTheReadersLanguage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for header, want := range map[string]string{
		"": "en", "pt": "pt", "pt-PT": "pt", "hi-IN": "hi", "id-ID,en;q=0.5": "id", "in": "id",
		"zh-CN": "zh-Hans", "zh": "zh-Hans", "zh-SG": "zh-Hans", "es": "es", "es-MX,en;q=0.5": "es", "fr-CA": "fr", "ar-EG": "ar", "sw,ar;q=0.2": "ar", "de": "en",
		"rubbish;;q=x": "en", "*": "en", strings.Repeat("x,", 10000): "en", "pt-BR, fr;q=0.8": "pt",
	} {
		who := h.anybody()
		who.lang = header
		if header == "" {
			who.lang = " "
		}
		a := who.open("/about/data")
		if got := attribute(a.all("html")[0], "lang"); got != want || a.Header().Get("Content-Language") != want {
			t.Errorf("Accept-Language %.40q is answered in %s", header, got)
		}
	}
}

func TestChoosingALanguageLasts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	who := h.anybody()
	a := who.open("/about/data?lang=ar")
	if html := a.all("html")[0]; attribute(html, "lang") != "ar" || attribute(html, "dir") != "rtl" {
		t.Error("the page is not in Arabic, from right to left")
	}
	if got := attribute(who.open("/").all("html")[0], "lang"); got != "ar" {
		t.Errorf("the next page is in %q", got)
	}
	if got := attribute(who.open("/about/data?lang=xx").all("html")[0], "lang"); got != "ar" {
		t.Errorf("a language that does not exist changes the page to %q", got)
	}
	who.open("/about/data?lang=zh-CN")
	if got := attribute(who.open("/").all("html")[0], "lang"); got != "zh-Hans" {
		t.Errorf("after zh-CN was chosen the next page is in %q", got)
	}
	if other := h.anybody(); other.open("/about/data") == nil || len(other.cookies) != 0 {
		t.Errorf("a reader who chose nothing has the cookies %v", other.cookies)
	}
	links := who.open("/?q=x&lang=fr").all("a", "hreflang", "es")
	if len(links) != 1 || attribute(links[0], "href") != "/?lang=es&q=x" {
		t.Errorf("the link to Spanish is %q", attribute(links[0], "href"))
	}
}

// The chooser is links, each in its own language; search engines find the others in the head.
func TestEveryPublicPageLeadsToItsLanguages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add(h.host(), eventstest.Whereabouts(), titled("Birds", "birds-1"), listed)
	own := map[string]string{
		"en": "English", "es": "Español", "fr": "Français", "pt": "Português", "ar": "العربية", "hi": "हिन्दी",
		"id": "Bahasa Indonesia", "zh-Hans": "简体中文",
	}
	for _, target := range []string{"/", "/e/birds-1", "/about/data"} {
		a := h.anybody().open(target + "?lang=hi")
		canonical := attribute(a.all("link", "rel", "canonical")[0], "href")
		if canonical != hubAddress+target+"?lang=hi" || a.Header().Get("Vary") != "Accept-Language, Cookie" {
			t.Errorf("%s: canonical %s, Vary %q", target, canonical, a.Header().Get("Vary"))
		}
		if a.Header().Get("X-Robots-Tag") == "noindex" {
			t.Errorf("%s in Hindi is kept from search engines", target)
		}
		for lang, name := range own {
			heads := a.all("link", "hreflang", lang)
			if len(heads) != 1 || attribute(heads[0], "href") != hubAddress+target+"?lang="+lang {
				t.Errorf("%s: the head does not lead to %s", target, lang)
			}
			links := a.all("a", "hreflang", lang)
			if len(links) != 1 || textOf(links[0]) != name || attribute(links[0], "lang") != lang {
				t.Errorf("%s: the chooser does not offer %s as %s", target, lang, name)
				continue
			}
			if there := h.anybody().open(attribute(links[0], "href")); attribute(there.all("html")[0], "lang") != lang {
				t.Errorf("%s: the link to %s leads elsewhere", target, lang)
			}
		}
		if len(a.all("link", "hreflang", "x-default")) != 1 {
			t.Errorf("%s: the head leaves no choice to the browser", target)
		}
	}
	if found := h.anybody().open("/?q=x&lang=fr").all("link", "rel", "alternate"); len(found) != 0 {
		t.Errorf("a search leads to %d pages in other languages", len(found))
	}
}

func TestNumbersDatesAndPlurals(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	l, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	speak := func(lang string) tongue {
		return newTongue(lang, l.byLang[lang], l.byLang["en"], testAtlas().CountryName)
	}
	date := events.LocalDate{Year: 2026, Month: time.December, Day: 12}
	for lang, want := range map[string][]string{
		"en":      {"12,345", "Saturday 12 December 2026", "1 hour left", "3 hours left", "Nepal"},
		"es":      {"12.345", "sábado, 12 de diciembre de 2026", "queda 1 hora", "quedan 3 horas", "Nepal"},
		"fr":      {"12\u00a0345", "samedi 12 décembre 2026", "encore 1 heure", "encore 3 heures", "Nepal"},
		"pt":      {"12.345", "sábado, 12 de dezembro de 2026", "falta 1 hora", "faltam 3 horas", "Nepal"},
		"hi":      {"12,345", "शनिवार, 12 दिसंबर 2026", "1 घंटा बाकी", "3 घंटे बाकी", "Nepal"},
		"id":      {"12.345", "Sabtu, 12 Desember 2026", "1 jam lagi", "3 jam lagi", "Nepal"},
		"zh-Hans": {"12,345", "2026年12月12日 星期六", "还剩 1 小时", "还剩 3 小时", "Nepal"},
		"ar":      {"12,345", "السبت 12 ديسمبر 2026", "بقيت ساعة واحدة", "بقيت 3 ساعات", "نيبال"},
	} {
		s := speak(lang)
		got := []string{s.Num(12345), s.Date(date), s.Left(time.Hour), s.Left(3 * time.Hour), s.Country("NP")}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
	for n, want := range map[int64]string{0: "لم توجد فعاليات", 2: "وُجدت فعاليتان", 7: "وُجدت 7 فعاليات", 103: "وُجدت 103 فعاليات", 100: "وُجدت 100 فعالية"} {
		if got := speak("ar").N("map.found", n); got != want {
			t.Errorf("%d events in Arabic: %q", n, got)
		}
	}
	if got := speak("hi").Num(1234567); got != "12,34,567" {
		t.Errorf("a large number in Hindi: %q", got)
	}
	if got := speak("ar").N("event.onSite", 11); got != "11 شخصاً في المكان" {
		t.Errorf("eleven people in Arabic: %q", got)
	}
	if got := speak("fr").N("event.onSite", 0); got != "0 personne sur place" {
		t.Errorf("nobody in French: %q", got)
	}
	if got := speak("en").T("no.such.word"); got != "[no.such.word]" {
		t.Errorf("a missing word shows as %q", got)
	}
	_ = h
}

// Problems come from the domain in English; other languages have a sentence for each kind.
func TestProblemsSpeakTheReadersLanguage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org", events.ID{})
	ana.lang = "es"
	a := ana.post("/host/register", changed(filled(ana.open("/host/register")), "title", ""))
	wantText(t, a.text(), "Hay una cosa que corregir", "Rellena este campo.")
	wantNone(t, a.text(), "Please")
}

// Arabic pages keep titles of other scripts in their own direction.
func TestMixedDirections(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add(h.host(), eventstest.Whereabouts(), titled("Wall of Birds", "birds-1"), listed)
	who := h.anybody()
	who.lang = "ar"
	a := who.open("/e/birds-1")
	article := a.all("article")[0]
	if attribute(a.all("h1")[0], "dir") != "auto" || attribute(article, "lang") != "en" {
		t.Error("the title does not say its direction and language")
	}
	for _, dl := range a.all("dl") {
		if attribute(dl, "lang") != "ar" {
			t.Error("facts in Arabic stand within an English text without saying so")
		}
	}
	wantText(t, a.text(), "السبت 12 ديسمبر 2026", "نيبال", "مخطط لها")
}

// A language is asked for in the same way wherever words are: "pt-BR" is spoken on a page, and so in the
// box, the picture, the calendar and the wall's screen.
func TestEveryDoorKnowsALanguageByAllItsNames(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add(h.host(), eventstest.Whereabouts(), titled("Birds", "birds-1"), listed)
	for tag, want := range map[string]string{"zh-CN": "zh-Hans", "pt-BR": "pt", "ar-EG": "ar", "fr": "fr", "tlh": "en", "": "en"} {
		for _, target := range []string{"/", "/embed", "/screen", "/calendar.ics", "/e/birds-1.ics", "/map.svg"} {
			if got := h.anybody().open(target + "?lang=" + tag).Header().Get("Content-Language"); got != want {
				t.Errorf("%s?lang=%s speaks %s, want %s", target, tag, got, want)
			}
		}
		wantText(t, h.anybody().open("/manifest.webmanifest?lang="+tag).Body.String(), `"lang":"`+want+`"`)
	}
}
