package pages

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/microgalleries/actionday/cmd/hub/pages/poster"
	"github.com/microgalleries/actionday/events"
)

// Parts is what the pages are made of. Hub, Counts, Log and Site are needed; an Atlas without
// functions knows no places.
type Parts struct {
	Hub    *events.Service
	Counts events.CountsReader
	Replay events.Replayer // nil tells of no moment but now
	Atlas  Atlas
	Log    *slog.Logger
	// Spots is everything on an edition's map in at most so many spots; nil for a map without marks.
	Spots func(edition events.ID, most int) []poster.Spot
	// TakenBack counts how often something has left any edition's map; nil for maps that lose nothing.
	TakenBack func() uint64
	Site      func() string        // the hub's public address without a slash at the end
	Letters   func() []events.Mail // the mailbox for developers, newest last; nil for none
	Secure    bool                 // people reach the hub by https
	// Allow tells whether this client may do an act ("sign-in", "register"...) once more, and else
	// after how many seconds; nil allows everything.
	Allow func(r *http.Request, act string) (retryAfter int, ok bool)
}

// Atlas is what forms and pages need to know about the earth. The functions answer from memory.
type Atlas struct {
	// CountryName is a country's name in a language, the code itself when it has none.
	CountryName func(code, lang string) string
	// Countries lists all countries and territories in the order of their names in a language.
	Countries func(lang string) []Country
	// Towns finds towns by the beginning of their name, the most populous first.
	Towns func(query, country string, limit int) []Town
	// Places finds towns and countries by the beginning of their name, countries named in a language.
	Places func(text, lang string, limit int) []events.FoundPlace
	// ZoneAt proposes the IANA time zone of a point.
	ZoneAt func(latitude, longitude float64) (zone string, ok bool)
	// Zones lists the IANA time zones to choose from.
	Zones func() []string
}

// Country is a country or territory: its ISO 3166-1 alpha-2 code and its name.
type Country struct {
	Code, Name string
}

// Town is a populated place.
type Town struct {
	Name      string  `json:"name"`
	Country   string  `json:"country"` // ISO 3166-1 alpha-2
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// site is all pages.
type site struct {
	Parts
	words     lexicon
	spoken    spoken
	templates templates
	assets    assets
	story     storyteller
	zones     zoneClasses
	gallery   *gallery
	moments   chan struct{} // has a place for each page that waits for the numbers of a moment
	policy    string        // the Content-Security-Policy
	build     string        // tells builds of the hub's pages apart
	still     string        // the name of the picture for link previews
	mux       *http.ServeMux
}

// New makes the handler of all pages, to be mounted at "/" behind the session's middleware.
func New(p Parts) (http.Handler, error) {
	if p.Hub == nil || p.Counts == nil || p.Log == nil || p.Site == nil {
		return nil, errors.New("pages: Hub, Counts, Log and Site are needed")
	}
	words, err := readWords()
	if err != nil {
		return nil, fmt.Errorf("pages: read the words: %w", err)
	}
	files, err := openAssets()
	if err != nil {
		return nil, fmt.Errorf("pages: open the assets: %w", err)
	}
	zones, err := readZoneClasses(files)
	if err != nil {
		return nil, fmt.Errorf("pages: read the classes of time zones: %w", err)
	}
	s := &site{Parts: p, words: words, assets: files, story: newStoryteller(), zones: zones, moments: make(chan struct{}, momentsAtOnce), mux: http.NewServeMux()}
	s.Atlas = s.Atlas.complete()
	s.spoken = s.speakToScripts()
	if s.gallery, err = newGallery(files); err != nil {
		return nil, fmt.Errorf("pages: prepare the picture of the day: %w", err)
	}
	if s.policy, err = policyOf(files); err != nil {
		return nil, fmt.Errorf("pages: write the policy: %w", err)
	}
	if s.build, err = buildOf(files); err != nil {
		return nil, fmt.Errorf("pages: tell the build: %w", err)
	}
	if s.still, err = previewName(); err != nil {
		return nil, fmt.Errorf("pages: read the picture for link previews: %w", err)
	}
	if s.templates, err = s.readTemplates(); err != nil {
		return nil, fmt.Errorf("pages: read the templates: %w", err)
	}
	s.routes()
	return secured(s, s.policy, p.Secure), nil
}

// routes is the map of the house.
func (s *site) routes() {
	s.handle("GET /{$}", s.home)
	s.handle("GET /map.svg", s.mapPicture)
	s.handle("GET /calendar.ics", s.calendar)
	s.handle("GET /embed", s.embed)
	s.handle("GET /screen", s.screen)
	s.handle("GET /screen/build", s.screenBuild)
	s.handle("GET /e/{name}", s.eventPage)
	s.handle("POST /e/{name}/cheer", s.cheer)

	for _, c := range []string{"/c/", "/C/"} { // QR codes are written in capitals
		s.handle("GET "+c+"{code}", s.checkInPage)
		s.handle("POST "+c+"{code}", s.checkIn)
	}

	s.handle("GET /sign-in", s.signInPage)
	s.handle("POST /sign-in", s.requestSignIn)
	s.handle("GET /sign-in/{token}", s.signInLinkPage)
	s.handle("POST /sign-in/{token}", s.signIn)
	s.handle("POST /sign-out", s.signOut)

	s.handle("GET /host", s.hostPage)
	s.handle("GET /host/register", s.registerPage)
	s.handle("POST /host/register", s.register)
	s.handle("GET /host/towns", s.towns)
	s.handle("GET /host/zone", s.zone)
	s.handle("GET /host/events/{id}", s.ownEventPage)
	s.handle("POST /host/events/{id}", s.revise)
	s.handle("POST /host/events/{id}/submit", s.submit)
	s.handle("POST /host/events/{id}/day", s.setDay)
	s.handle("GET /host/events/{id}/code", s.codePage)
	s.handle("GET /host/events/{id}/poster", s.posterPage)
	s.handle("POST /host/events/{id}/poster", s.renewPoster)
	s.handle("GET /host/events/{id}/withdraw", s.withdrawPage)
	s.handle("POST /host/events/{id}/withdraw", s.withdraw)

	s.handle("GET /steward", s.stewardPage)
	s.handle("POST /steward/events/{id}", s.decide)

	s.handle("GET /wave/{date}", s.wave)
	s.handle("GET /about/data", s.aboutData)
	s.handle("GET /sitemap.xml", s.sitemap)
	s.handle("GET /robots.txt", s.robots)
	s.handle("GET /favicon.svg", s.favicon)
	s.handle("GET /preview/{file}", s.preview)
	s.handle("GET /sw.js", s.serviceWorker)
	s.handle("GET /manifest.webmanifest", s.webManifest)
	s.handle("GET /assets/{path...}", s.asset)
	s.handle("GET /words/{file}", s.wordsFile)
	if s.Letters != nil {
		s.handle("GET /dev/mailbox", s.mailbox)
	}
}

// complete fills in what the caller left out, so that pages need not ask.
func (a Atlas) complete() Atlas {
	if a.CountryName == nil {
		a.CountryName = func(code, _ string) string { return code }
	}
	if a.Countries == nil {
		a.Countries = func(string) []Country { return nil }
	}
	if a.Towns == nil {
		a.Towns = func(string, string, int) []Town { return nil }
	}
	if a.Places == nil {
		a.Places = func(string, string, int) []events.FoundPlace { return nil }
	}
	if a.ZoneAt == nil {
		a.ZoneAt = func(float64, float64) (string, bool) { return "", false }
	}
	if a.Zones == nil {
		a.Zones = func() []string { return nil }
	}
	return a
}
