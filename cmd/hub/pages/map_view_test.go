package pages

import (
	"testing"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// One place reads the same in the list, on its event's page and where a script writes it.
func TestPlaceIsWrittenAsTheLanguageDoes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add(h.host(), eventstest.Whereabouts(), titled("Birds", "birds-1"), listed)
	for lang, want := range map[string]string{"en": "Lalitpur, Nepal", "ar": "Lalitpur، نيبال", "zh-Hans": "Lalitpur，Nepal"} {
		who := h.anybody()
		who.lang = lang
		for _, target := range []string{"/", "/?as=table", "/embed", "/e/birds-1"} {
			wantText(t, who.open(target).text(), want)
		}
	}
}

func TestPlaceLeavesOutWhatIsNotPublic(t *testing.T) {
	t.Parallel()
	words, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	speak := newTongue("en", words.byLang["en"], nil, func(string, string) string { return "Nepal" })
	for want, place := range map[string]events.Place{
		"Lalitpur, Nepal": {Locality: "Lalitpur", Country: "NP"},
		"Nepal":           {Country: "NP"},
		"Lalitpur":        {Locality: "Lalitpur"},
		"":                {},
	} {
		if got := speak.placeName(place); got != want {
			t.Errorf("%+v is called %q, want %q", place, got, want)
		}
	}
}

func TestHoursGoIntoOneAttribute(t *testing.T) {
	t.Parallel()
	if got := (MapView{Hours: []int64{0, 12, 3}}).HourList(); got != "0,12,3" {
		t.Errorf("HourList() = %q", got)
	}
	if got := (MapView{}).HourList(); got != "" {
		t.Errorf("without hours HourList() = %q", got)
	}
}
