package pages

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/microgalleries/actionday/cmd/hub/pages/poster"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

func TestPictureOfTheDay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(e *events.Edition) { e.Title = `Day <of> "Birds" & more` })
	h.add(h.host(), eventstest.Whereabouts(), listed)
	h.spots = []poster.Spot{{Latitude: 27.7, Longitude: 85.3, Count: 1, OwnWork: 1, Phase: events.Upcoming}}
	for target, wanted := range map[string][]string{
		"/map.svg":                     {`lang="en"`, "Day &lt;of&gt;", "Saturday 12 December 2026", "Events", "Natural Earth", "As of"},
		"/map.svg?lang=fr&theme=dark":  {`lang="fr"`, "samedi 12 décembre 2026", "#080e1c"},
		"/map.svg?lang=ar":             {`lang="ar"`, `direction="rtl"`},
		"/map.svg?only=map&lang=xx":    {`lang="en"`, `viewBox="0 106 1200 574"`},
		"/map.svg?theme=%22onload%3Dx": {`lang="en"`},
	} {
		a := h.anybody().get(target)
		if a.Code != http.StatusOK || a.Header().Get("Content-Type") != "image/svg+xml" || a.Header().Get("Cache-Control") != publicShort {
			t.Errorf("%s: %d %v", target, a.Code, a.Header())
		}
		wantText(t, a.Body.String(), wanted...)
		wantNone(t, a.Body.String(), "onload")
		if a.Header().Get("Set-Cookie") != "" || a.Header().Get("Cross-Origin-Resource-Policy") != "cross-origin" {
			t.Errorf("%s: %v", target, a.Header())
		}
		if err := xml.Unmarshal(a.Body.Bytes(), new(struct{ XMLName xml.Name })); err != nil {
			t.Errorf("%s is no XML: %v", target, err)
		}
	}
	if body := h.anybody().open("/map.svg?only=map").Body.String(); strings.Contains(body, "<text") {
		t.Error("the bare picture has texts")
	}
}

func TestPictureIsAskedForSparingly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.anybody().get("/map.svg")
	etag := first.Header().Get("ETag")
	r := newRequest(http.MethodGet, "/map.svg")
	r.Header.Set("If-None-Match", etag)
	if again := h.anybody().do(r); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
		t.Errorf("the same picture again is %d with %d bytes", again.Code, again.Body.Len())
	}
	r = newRequest(http.MethodGet, "/map.svg")
	r.Header.Set("Accept-Encoding", "gzip")
	packed := h.anybody().do(r)
	if packed.Header().Get("Content-Encoding") != "gzip" || packed.Header().Get("ETag") == etag || packed.Header().Get("Vary") != "Accept-Encoding" {
		t.Fatalf("%v", packed.Header())
	}
	z, err := gzip.NewReader(bytes.NewReader(packed.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(z); err != nil || !bytes.Equal(plain, first.Body.Bytes()) {
		t.Errorf("the packed picture is another one: %v", err)
	}
}

// A crowd that asks at once is answered by one drawing.
func TestCrowdSharesOnePicture(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var drawn sync.Map
	var crowd sync.WaitGroup
	for range 50 {
		crowd.Go(func() { drawn.Store(h.anybody().get("/map.svg?theme=dark").Header().Get("ETag"), true) })
	}
	crowd.Wait()
	count := 0
	drawn.Range(func(any, any) bool { count++; return true })
	if count != 1 {
		t.Errorf("%d pictures for one moment", count)
	}
}

func TestPictureStandsWithoutNumbersAndWithoutADay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.build(brokenCounts{h.store})
	wantText(t, h.anybody().open("/map.svg").Body.String(), h.edition.Title)
	wantText(t, emptyHouse(t).anybody().open("/map.svg").Body.String(), "Global Day of Creative Action")
}

func TestBasemapIsNeeded(t *testing.T) {
	t.Parallel()
	if _, err := newGallery(shelf().assets); err == nil {
		t.Error("there is a picture without land")
	} else if errors.Is(err, events.ErrNotFound) {
		t.Error(err)
	}
}

// The front page shows the picture where the map will be, without moving anything later.
func TestFrontPageBeginsWithThePicture(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a := h.anybody().open("/?lang=fr")
	image := a.all("img")[0]
	if src := attribute(image, "src"); src != "/map.svg?lang=fr&only=map&theme=light" {
		t.Errorf("the picture is %q", src)
	}
	if attribute(image, "width") == "" || attribute(image, "height") == "" || attribute(image, "alt") == "" {
		t.Error("the picture does not say how large it is, or what it shows")
	}
	if len(a.all("link", "rel", "manifest")) != 1 {
		t.Error("no manifest for home screens")
	}
}
