package places_test

import (
	"testing"

	"github.com/microgalleries/actionday/events/places"
)

func TestFold(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"": "", "  ": "", "São  Paulo": "sao paulo", "CÔTE D’IVOIRE": "cote divoire",
		"Cote d'Ivoire": "cote divoire", "U.S.A.": "usa", "U. S.": "u s", "D.C. Bogotá": "dc bogota",
		"Buenos Aires.Argentina": "buenos aires argentina", "St. Lucia": "st lucia",
		"Guinea-Bissau": "guinea bissau", "Bosnia & Herzegovina": "bosnia and herzegovina",
		"A&B": "a and b", "Łódź": "lodz", "Straße": "strasse", "STRASSE": "strasse", "Århus": "arhus",
		"Ærø": "aero", "İstanbul": "istanbul", "Iğdır": "igdir", "Việt Nam": "viet nam",
		"Ελλάς": "ελλασ", "ΕΛΛΆΣ": "ελλασ", "Йошкар-Ола": "иошкар ола", "ＪＡＰＡＮ": "japan",
		"ایران": "ايران", "فَلَسْطِين": "فلسطين", "नेपाल": "नेपाल", "ज़ाग्रेब": "जाग्रेब", "ড়": "ড", "Ra’s Bayrūt": "ras bayrut",
		"(Paris), 75011!": "paris 75011", "\xff": "",
	}
	for text, want := range cases {
		if got := places.Fold(text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
	}
}
