package places_test

import (
	"testing"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/places"
)

func TestSearchFindsPlacesInEveryScript(t *testing.T) {
	t.Parallel()
	atlas := places.New()
	for _, c := range []struct{ text, lang, name, country string }{
		{"नेपाल", "en", "Nepal", "NP"},
		{"نيبال", "fr", "Népal", "NP"},
		{"नेपा", "en", "Nepal", "NP"},
		{"巴西", "en", "Brazil", "BR"},
		{"brasil", "es", "Brasil", "BR"},
		{"Cote d'Iv", "en", "Côte d’Ivoire", "CI"},
		{"kathmandu", "en", "Kathmandu", "NP"},
		{"sao paulo", "en", "São Paulo", "BR"},
		{"Paris, United States", "en", "Paris", "US"},
		{"Paris, فرنسا", "en", "Paris", "FR"},
		{"القاهرة", "ar", "القاهرة", "EG"},
		{"القاهره", "en", "القاهرة", "EG"}, // as many keyboards write it
		{"काठमांडू", "hi", "काठमांडू", "NP"},
		{"काठमाडौं, नेपाल", "ne", "काठमाडौं", "NP"},
		{"नई दिल्ली", "hi", "नई दिल्ली", "IN"},
		{"东京", "zh-Hans", "东京", "JP"},
		{"東京", "ja", "東京", "JP"},
		{"Москва", "ru", "Москва", "RU"},
		{"москв", "ru", "Москва", "RU"},
		{"ソウル", "ja", "ソウル", "KR"},
		{"서울", "ko", "서울", "KR"},
		{"Αθήνα", "el", "Αθήνα", "GR"},
		{"ΑΘΗΝΑ", "el", "Αθήνα", "GR"},
		{"กรุงเทพมหา", "th", "กรุงเทพมหานคร", "TH"},
		{"תל אביב", "he", "תל אביב", "IL"},
		{"ঢাকা", "bn", "ঢাকা", "BD"},
		{"አዲስ አበባ", "am", "አዲስ አበባ", "ET"},
		{"თბილისი", "ka", "თბილისი", "GE"},
		{"Երևան", "hy", "Երևան", "AM"},
	} {
		found := atlas.Search(c.text, c.lang, 5)
		if len(found) == 0 || found[0].Name != c.name || found[0].Country != c.country {
			t.Errorf("%q finds %+v, want %s in %s first", c.text, found, c.name, c.country)
		}
	}
}

func TestSearchTellsWholeNamesFromBeginnings(t *testing.T) {
	t.Parallel()
	atlas := places.New()
	if found := atlas.Search("Kathmandu", "en", 5); len(found) == 0 || !found[0].Exact {
		t.Errorf("the whole name is not told: %+v", found)
	}
	if found := atlas.Search("Kathmand", "en", 5); len(found) == 0 || found[0].Exact {
		t.Errorf("a beginning passes for a name: %+v", found)
	}
}

func TestSearchIsBounded(t *testing.T) {
	t.Parallel()
	atlas := places.New()
	for text, most := range map[string]int{"": 0, " ": 0, "a": 0, "san": places.MaxPlaces, "\x00\xff": places.MaxPlaces} {
		if got := len(atlas.Search(text, "en", 1000)); got > most {
			t.Errorf("%q finds %d places", text, got)
		}
	}
	if got := len(atlas.Search("san", "en", 4)); got != 4 {
		t.Errorf("%d places, want 4", got)
	}
}

func TestBoxesHoldTheirPlaces(t *testing.T) {
	t.Parallel()
	atlas := places.New()
	for _, text := range []string{"Fiji", "Russia", "New Zealand", "Chile", "United States", "Nepal", "Suva", "Kathmandu", "Longyearbyen"} {
		found := atlas.Search(text, "en", 1)
		if len(found) != 1 {
			t.Errorf("%s is not found", text)
			continue
		}
		if p := found[0]; !p.Box.Contains(p.Latitude, p.Longitude) || width(p.Box) > 200 {
			t.Errorf("%s at %v, %v is shown as %+v", text, p.Latitude, p.Longitude, p.Box)
		}
	}
	if nepal := atlas.Search("Nepal", "en", 1)[0].Box; width(nepal) > 10 || nepal.Contains(0, 0) {
		t.Errorf("Nepal is shown as %+v", nepal)
	}
}

func width(b events.Box) float64 {
	if b.West > b.East {
		return b.East - b.West + 360
	}
	return b.East - b.West
}
