package places_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/places"
)

// What people type in the languages of the pages, and where it must bring them.
func TestSearchFindsTownsByWhatTheyAreCalledElsewhere(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	for lang, typed := range map[string]string{
		"en": "Munich DE, Cologne DE, Florence IT, Seville ES, Gothenburg SE, Prague CZ, Lisbon PT, Naples IT, Copenhagen DK, " +
			"The Hague NL, Ghent BE, Bombay IN, Calcutta IN, Saigon VN, Kiev UA, Cracow PL, New York US, Washington US, Quebec City CA, Panama City PA",
		"fr": "Londres GB, Pékin CN, Le Caire EG, Moscou RU, Varsovie PL, La Nouvelle-Orléans US, Athènes GR, Le Cap ZA, Gênes IT, " +
			"Cantorbéry GB, Aix-la-Chapelle DE, La Havane CU, Vienne AT, Barcelone ES, La Haye NL, Damas SY, Addis-Abeba ET, Katmandou NP, Venise IT",
		"es": "Londres GB, Nueva York US, Varsovia PL, Moscú RU, El Cairo EG, Pekín CN, Múnich DE, Ginebra CH, Burdeos FR, Amberes BE, " +
			"Ciudad del Cabo ZA, Estocolmo SE, Milán IT, Nápoles IT, Bruselas BE, La Haya NL, Adís Abeba ET, Tánger MA, Ciudad de Panamá PA, León MX",
		"pt": "Nova Iorque US, Nova York US, Pequim CN, Moscovo RU, Moscou RU, Varsóvia PL, Munique DE, Zurique CH, Genebra CH, Florença IT, " +
			"Cidade do Cabo ZA, Tóquio JP, Nova Délhi IN, Antuérpia BE, Budapeste HU, Teerã IR, Milão IT, Sevilha ES, Cracóvia PL, Quioto JP, Helsinque FI, Copenhague DK",
		"ar": "لندن GB, باريس FR, القاهرة EG, نيويورك US, موسكو RU, روما IT, بكين CN, برلين DE, مدريد ES, طوكيو JP, ملبورن AU, مونتفيديو UY, الخرطوم SD, سانتو دومينغو DO, بنما PA",
		"hi": "लंदन GB, पेरिस FR, दिल्ली IN, न्यूयॉर्क US, मास्को RU, रोम IT, बीजिंग CN, बर्लिन DE, टोक्यो JP, मुम्बई IN, " +
			"विएना AT, मैड्रिड ES, टोरंटो CA, प्राग CZ, ज़ाग्रेब HR, जाग्रेब HR, काराकस VE, मिंस्क BY, जोहांसबर्ग ZA",
		"id": "Kota Roma IT, Kota New York US, Roma IT, Kairo EG, Moskwa RU, Warsawa PL, Yerusalem IL, Mekkah SA, Madinah SA, Kopenhagen DK, " +
			"Athena GR, Kota Kuwait KW, Makau MO, Beograd RS, Kota Ho Chi Minh VN, Wina AT",
		"zh-Hans": "伦敦 GB, 巴黎 FR, 开罗 EG, 纽约 US, 莫斯科 RU, 罗马市 IT, 柏林 DE, 慕尼黑 DE, 东京 JP, 首尔 KR, " +
			"维也纳 AT, 利马 PE, 圣保罗 BR, 温哥华 CA, 拉各斯 NG, 达喀尔 SN, 阿尔及尔 DZ, 基加利 RW",
		"de": "Mailand IT, München DE, Köln DE, Rom IT, Moskau RU, Warschau PL, Prag CZ, Lissabon PT, Genf CH, Venedig IT, Brüssel BE, Athen GR, Danzig PL",
	} {
		for line := range strings.SplitSeq(typed, ", ") {
			at := strings.LastIndex(line, " ")
			text, country := line[:at], line[at+1:]
			if got := townsFound(atlas.Search(text, lang, 6)); len(got) == 0 || got[0].Country != country || !got[0].Exact {
				t.Errorf("%s: %q finds %s, want a town of %s first", lang, text, told(got), country)
			}
		}
	}
}

// A name that is not a town's own must not hide those that really have it.
func TestTownsOfTheNameAreFoundBesideThoseThatAreCalledSo(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	for text, want := range map[string]string{
		"Londres":              "Londres GB, Londres AR",
		"Londres, Argentina":   "Londres AR",
		"Londres, Royaume-Uni": "Londres GB",
		"Paris":                "Paris FR",
		"Paris, États-Unis":    "Paris US",
		"Valence":              "Valence FR, Valence ES",
		"Vienne":               "Vienne AT, Vienne FR",
		"York":                 "York GB, York US",
		"Florencia":            "Florencia CO, Florencia IT",
		"Ginebra":              "Ginebra CH, Ginebra CO",
		"Pekin":                "Pekin CN, Pekin US",
		"Venise":               "Venise IT",
		"Washington":           "Washington US, Washington GB",
		"León":                 "León MX, León NI, León ES",
		"Salem":                "Salem IN, Salem US",
		"Tripoli":              "Tripoli LY, Tripoli LB",
	} {
		if got := told(atlas.Search(text, "en", 6)); got != want && !strings.HasPrefix(got, want+", ") {
			t.Errorf("%q finds %s, want %s first", text, got, want)
		}
	}
}

// The name is the one that was typed, with its accents and hyphens but in its own capitals.
func TestTownsAreNamedAsTheyWereLookedFor(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	for text, want := range map[string]string{
		"pékin": "Pékin", "PEKÍN": "Pekín", "pekin": "Pekin", "  new   york ": "New York", "nova délhi": "Nova Délhi",
		"la nouvelle-orléans": "La Nouvelle-Orléans", "SAN PETERSBURGO": "San Petersburgo", "Londres!": "Londres",
		"Pe\u0301kin": "Pekin",                                                   // an accent by itself
		"londre":      "London", "mailan": "Milan", "nueva yor": "New York City", // not typed to the end
		"NYC": "New York City", "moskau": "Moskau", "القاهره": "القاهرة",
	} {
		if got := atlas.Search(text, "en", 6); len(got) == 0 || got[0].Name != want {
			t.Errorf("%q finds %s, want %s first", text, told(got), want)
		}
	}
}

// What GeoNames lists beside names must not come between somebody and what they are typing.
func TestCodesAndTranscriptsAreNoNames(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	for text, first := range map[string]string{
		"los": "Los Angeles", "san": "Santiago", "bath": "Bath", "par": "Paris", "lon": "London", "mad": "Madrid", "ber": "Berlin", "sin": "Singapore",
	} {
		if got := townsFound(atlas.Search(text, "en", 6)); len(got) == 0 || got[0].Name != first {
			t.Errorf("%q finds %s, want %s first", text, told(got), first)
		}
	}
	for _, text := range []string{"lun dun", "leondeon", "Venis'e", "museum", "photo", "music", "LHR", "SVQ"} {
		for _, p := range atlas.Search(text, "en", 6) {
			if p.Exact && places.Fold(p.Name) != "venise" {
				t.Errorf("%q is %s in %s", text, p.Name, p.Country)
			}
		}
	}
}

func TestWordsThatSayTownAreLeftOut(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	for text, want := range map[string]string{
		"Kota Roma": "Roma IT", "Ville de Lyon": "Lyon FR", "ciudad de Sevilla": "Sevilla ES", "City of Nairobi": "Nairobi KE",
		"Naples city": "Naples IT", "مدينة نيويورك": "نيويورك US", "लंदन शहर": "लंदन GB", "罗马市": "罗马市 IT", "巴黎市": "巴黎 FR",
		"Kota Kinabalu": "Kota Kinabalu MY", "Mexico City": "Mexico City MX", // which are names
		"Kota": "Qatar QA", "Kota Zzzz": "",
	} {
		if got := told(atlas.Search(text, "en", 1)); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
}

func townsFound(found []events.FoundPlace) (towns []events.FoundPlace) {
	for _, p := range found {
		if p.Kind == events.TownPlace {
			towns = append(towns, p)
		}
	}
	return towns
}

func told(found []events.FoundPlace) string {
	var names []string
	for _, p := range found {
		names = append(names, fmt.Sprint(p.Name, " ", p.Country))
	}
	return strings.Join(names, ", ")
}
