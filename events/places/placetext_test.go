package places_test

import (
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events/places"
	"pgregory.net/rapid"
)

func TestCountryInText(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	cases := map[string]string{
		// Parts of an address, as hosts typed them.
		"Toamasina, Madagascar": "MG", "Kathmandu Nepal": "NP", "Kabul, Afghanistan": "AF",
		"Santos, SP - Brasil": "BR", "Windhoek-Namibia": "NA", "Bariadi -Tanzania": "TZ",
		"FCT, Abuja/Nigeria": "NG", "Lima / Perú": "PE", "Tokyo,Japan": "JP", "Gifu , Japan": "JP",
		"Concepción del Uruguay (Argentina)": "AR", "KOTA ,RAJASTHAN,INDIA": "IN",
		"Pergamino. Buenos Aires.Argentina": "AR", "Guarambaré, Paraguay.": "PY",
		"Libreria La Alegria - Valencia - Venezuela": "VE", "New Borg El Arab - Alexandrie (Egypt)": "EG",
		"Pergamino | Buenos Aires | Argentina": "AR", "Dili City, Timor-Leste": "TL",
		"RIVERS STATE UNIVERSITY, PORT HARCOURT, NIGERIA.": "NG", "Labé, Guinée": "GN",
		"Bouaké ( Ivory Cost)": "CI", "Bangkok, Thailan": "TH", "Zagreb, Hrvatska": "HR",
		"Bissau, Guinea-Bissau": "GW", "Bangui - Central Africa Republic": "CF",
		"القاهرة، مصر": "EG", "東京、日本": "JP", "臺北，臺灣": "TW", "Москва, Россия": "RU",
		// Words only, behind a town of that country or a word that leads there.
		"Kampala uganda": "UG", "aomori-shi aomori japan": "JP", "Uvira DRC": "CD",
		"Hyderabad India": "IN", "Akure, Ondo State Nigeria.": "NG", "Nagasaki in japan": "JP",
		"Kaduna city in Nigeria": "NG", "City of Santos, state of São Paulo, from Brazil": "BR",
		"Sokoto, Northwest Nigeria": "NG", "San Juan Puerto Rico": "PR", "Bethlehem Palestine": "PS",
		"Port Moresby Papua New Guinea": "PG", "Tbilisi Georgia": "GE", "Santiago de Chile": "",
		// Abbreviations, numbers and noise.
		"Everett MA USA": "US", "Troy, NY USA 12180": "US", "Portland, OR, U.S.A.": "US",
		"Leeds, UK": "GB", "Chicago, IL, US": "US", "Yamaga-shi, Kumamoto 8610541 JAPAN": "JP",
		"Miraflores - Lima - Perú (Virtual)": "PE", "México (en línea)": "MX",
		"Bangkok, Thailand via Zoom Webinar": "TH", "Luxembourg, online": "LU",
		"Online (pin is in Manila, Philippines)": "PH", "Remote event in Denmark": "DK",
		// Nothing but a country.
		"Brazil": "BR", "FRANCE": "FR", "suisse": "CH", "Mexico": "MX", "Hong Kong": "HK", "Gaza": "PS",
		"Lebanon": "LB", "Papua New Guinea": "PG", "South Sudan": "SS",
		// Doubtful names beside one of their towns.
		"Tbilisi, Georgia": "GE", "Batumi, Georgia": "GE", "Niamey, Niger": "NE", "Zinder, Niger": "NE",
		"Khan Yunis, Gaza": "PS", "Kingston, Jamaica": "JM", "Yerevan, Armenia": "AM",
		"Podgorica, Montenegro": "ME", "Monrovia, Liberia": "LR", "Atlanta, Georgia, USA": "US",
		"Cardiff, Wales": "GB", "Amman, Jordan": "JO", "N'Djamena, Chad": "TD",
		"Duarte, El Salvador": "SV",
		// The country in front.
		"Ukraine, Lutsk": "UA", "Russia, Perm": "RU",
	}
	for text, want := range cases {
		if got, ok := atlas.CountryInText(text); got != want || ok != (want != "") {
			t.Errorf("CountryInText(%q) = %q, %v; want %q", text, got, ok, want)
		}
	}
}

// Each of these was, or would be, read wrongly by a search for country names in the text.
func TestCountryInTextIsNotFooled(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	texts := []string{
		// American states, and their abbreviations that are ISO codes.
		"Atlanta, Georgia", "Athens, Georgia", "Rome Georgia", "Georgia", "Johns Creek, GA",
		"Santa Fe, New Mexico", "Springfield, IN", "San Jose, CA", "Wilmington, DE", "Denver, CO",
		"Newark, New Jersey", "Burlington, Vermont", "State of Georgia",
		// Towns and streets named after countries.
		"Lebanon, Tennessee", "Peru, Indiana", "Mexico, Missouri", "Jordan, Minnesota",
		"Poland, Ohio", "Cuba, New York", "Panama City, Florida", "China, Texas",
		"University of Missouri, Columbia", "Columbia, South Carolina", "Jamaica, Queens",
		"Avenida Brasil 100", "Plaza España", "Rua Portugal", "Hotel Jordan", "Place d'Italie",
		// People.
		"Michael Jordan", "Brother Chad", "House of Georgia",
		// Provinces and cities elsewhere.
		"Minna, Niger", "Granada", "Alhambra, Granada", "Salvador", "Salvador - BA", "Armenia, Quindío",
		"Quindío, Armenia", "Xai-Xai, Gaza", "Franca, São Paulo", "São Paulo, Franca", "Nueva Granada",
		"Belém, Franca", "Porto Franca", // as Bellême and Bordeaux are called, too
		"Vancouver, British Columbia", "Sydney, New South Wales", "Boston, New England",
		// Names inside words and inside other names.
		"Nigerian Embassy", "Omanthai", "Indianapolis", "Malian quarter", "New Guinea",
		"Concepción del Uruguay", "Guatemala city", "Francophone Africa", "Kinshasa, Congo",
		"Little India", "Lake Chad",
		// No place at all.
		"", " ", "online", "Online - Zoom", "test", "T", "Hmm", "EST Virtual Meeting", "1000000000",
		"https://goo.gl/maps/xqCPabRxqgHJZJ2J8", "join us", "contact us", "岐阜県", "Na rede", ",,,",
		"(((", "\xff\xfe, \xff", strings.Repeat("Kenya, ", 200_000),
	}
	for _, text := range texts {
		if got, ok := atlas.CountryInText(text); ok || got != "" {
			t.Errorf("CountryInText(%.60q) = %q, %v", text, got, ok)
		}
	}
}

func TestCountryInTextTakesAnything(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		if code, ok := atlas.CountryInText(text); ok != atlas.IsCountry(code) {
			t.Fatalf("CountryInText = %q, %v", code, ok)
		}
		if code, ok := atlas.CountryByName(text); ok != atlas.IsCountry(code) {
			t.Fatalf("CountryByName = %q, %v", code, ok)
		}
		if once := places.Fold(text); places.Fold(once) != once {
			t.Fatalf("Fold(%q) = %q, and again %q", text, once, places.Fold(once))
		}
	})
}

// A town and its country, said in whatever way, is that country.
func TestCountryInTextFindsCountriesOfTowns(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	asked, missed := 0, []string{}
	for _, country := range atlas.Countries("en") {
		for _, town := range atlas.Towns(capital(atlas, country.Code), country.Code, 1) {
			for _, form := range []string{"%, &", "Studio 5, % - &", "% / &", "% (&)", "% &"} {
				text := strings.NewReplacer("%", town.Name, "&", country.Name).Replace(form)
				got, ok := atlas.CountryInText(text)
				if ok && got != country.Code {
					t.Errorf("CountryInText(%q) = %s, want %s", text, got, country.Code)
				}
				if asked++; !ok {
					missed = append(missed, text)
				}
			}
		}
	}
	t.Logf("%d of %d not found: %q", len(missed), asked, missed)
	if asked < 1100 || len(missed) > asked/20 {
		t.Errorf("%d of %d texts not found", len(missed), asked)
	}
}

func capital(atlas *places.Atlas, country string) string {
	lat, lon, ok := atlas.CountryPoint(country)
	if !ok {
		return ""
	}
	town, _ := atlas.Nearest(lat, lon)
	return town.Name
}
