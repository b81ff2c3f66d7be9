package places

import "strings"

const (
	// guessTownPeople is how many people a town needs for its name alone to tell a country.
	guessTownPeople = 100_000
	// guessTownShare is how many times larger it must be than its largest namesake elsewhere: San
	// José may be in three countries, Bogotá is in one.
	guessTownShare = 10
)

// CountryOfTown guesses the country of an address that names none, from a large town that stands
// in it between commas (dashes, brackets, slashes), as in "Auditório – Centro, Florianópolis". All
// such towns must be in one country. It is a guess and must be shown as one.
func (a *Atlas) CountryOfTown(text string) (code string, ok bool) {
	if len(text) > MaxPlaceText {
		return "", false
	}
	words := a.countries().words
	for _, part := range partsOf(text) {
		name := words.trim(strings.Fields(Fold(part)))
		if n := len(name); n > 1 && words.links[name[n-1]] { // "Tanga Region"
			name = name[:n-1]
		}
		found := a.towns().countryOfTown(strings.Join(name, " "))
		if found == "" {
			continue
		}
		if code != "" && code != found {
			return "", false
		}
		code = found
	}
	return code, code != ""
}

// countryOfTown is the country of the one large town of a folded name, "" if there is none.
func (g *gazetteer) countryOfTown(folded string) (country string) {
	for i := range g.named(folded) { // the largest first
		if g.population[i] >= guessTownPeople {
			if g.namesake(folded, g.country(i))*guessTownShare <= g.population[i] {
				country = g.country(i)
			}
		}
		break
	}
	return country
}
