package places_test

import (
	"strings"
	"testing"
)

func TestCountryOfTown(t *testing.T) {
	t.Parallel()
	atlas := sharedAtlas()
	for text, want := range map[string]string{
		"Bogotá": "CO", "montevideo": "UY", "Riyadh": "SA", "Bujumbura": "BI", "Cancún": "MX",
		"Fortaleza, Ceará": "BR",
		"Tanga Region":     "TZ",
		"Auditório do IFSC: Av. Mauro Ramos, 950 – Centro, Florianópolis": "BR",
		"Zoom / Lagos":     "NG",
		"Nairobi, Mombasa": "KE", // two towns of one country
		"Nairobi, Bogotá":  "",   // of two
		"San José":         "",   // there are three large ones
		"Santiago":         "CL", "Springfield": "US", "Birmingham": "", "Córdoba": "",
		"Tequila": "",                             // too small
		"Londres": "", "Pékin": "", "München": "", // what towns are called elsewhere is no evidence
		"Bogotá meets the data":        "", // no part is the town alone
		"Region":                       "",
		"online":                       "",
		"":                             "",
		strings.Repeat("Bogotá,", 100): "", // longer than any address
	} {
		if code, ok := atlas.CountryOfTown(text); code != want || ok != (want != "") {
			t.Errorf("CountryOfTown(%.40q) = %q, %v; want %q", text, code, ok, want)
		}
	}
}
