package pages

import (
	"bytes"
	"image/png"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events/eventstest"
)

// mostPreview is how many bytes the picture may have: those who make previews are in a hurry.
const mostPreview = 150_000

func TestLinksArePreviewedWithAStillPicture(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add(h.host(), eventstest.Whereabouts(), titled("Birds", "birds-1"), listed)
	for _, target := range []string{"/", "/?lang=ar", "/e/birds-1"} {
		a, told := h.anybody().open(target), map[string]string{}
		for _, meta := range a.all("meta") {
			told[attribute(meta, "property")+attribute(meta, "name")] = attribute(meta, "content")
		}
		address, onThisHub := strings.CutPrefix(told["og:image"], hubAddress+"/preview/")
		if !onThisHub || told["og:image:alt"] == "" || told["twitter:card"] != "summary_large_image" {
			t.Fatalf("%s tells of no picture: %v", target, told)
		}
		file := h.anybody().open("/preview/" + address)
		if file.Header().Get("Cache-Control") != immutable || file.Header().Get("Content-Type") != "image/png" || file.Header().Get("Set-Cookie") != "" {
			t.Errorf("%v", file.Header())
		}
		size, err := png.DecodeConfig(bytes.NewReader(file.Body.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if told["og:image:width"] != strconv.Itoa(size.Width) || told["og:image:height"] != strconv.Itoa(size.Height) || file.Body.Len() > mostPreview {
			t.Errorf("the picture is %d by %d pixels in %d bytes; %s tells %v", size.Width, size.Height, file.Body.Len(), target, told)
		}
	}
	if got := h.anybody().get("/preview/00000000.png").Code; got != http.StatusNotFound {
		t.Errorf("a picture that never was is %d", got)
	}
}
