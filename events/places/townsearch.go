package places

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Limits of a search for towns.
const (
	MaxTowns     = 10  // most towns that one search answers
	MaxTownQuery = 100 // longest query looked at, in bytes
)

const (
	// calledPeople is how many people a town counts with at most where it goes by a name that is not
	// its own. Larger towns that really have the name come first, smaller ones after it: who types
	// "Valence" means that of France and not Valencia, but who types "Vienne" means Vienna.
	calledPeople = 40_000
	// wholeCounts is how many times its people a town counts with where its whole name is typed: Bath
	// is then before Bathinda, but "par" is first of all Paris and not the village of Par.
	wholeCounts = 20
	// begunPeople is how many a town has at least that is found by the beginning of a name in Latin
	// letters that is not its own. Those of smaller ones are so many that one begins with anything.
	begunPeople = 250_000
)

// Towns finds the towns whose name begins with query, folded, at most limit and at most MaxTowns.
// Large towns and capitals are found by what they are called elsewhere, too. The most populous come
// first, by what they count with (see calledPeople and wholeCounts). Country narrows to one code; ""
// is the whole world. An empty query finds nothing. A town is named as it was looked for: "Londres",
// "伦敦"; by its own name where a Latin one is not typed to its end, or is a code.
func (a *Atlas) Towns(query, country string, limit int) []Town {
	var found []Town
	for _, t := range a.townsCalled(query, country, limit) {
		found = append(found, t.Town)
	}
	return found
}

// calledTown is a town that a search finds, and whether the query is a whole name of it.
type calledTown struct {
	Town
	whole bool
}

func (a *Atlas) townsCalled(query, country string, limit int) (found []calledTown) {
	query = clip(query, MaxTownQuery)
	folded := Fold(query)
	limit = min(limit, MaxTowns)
	if folded == "" || limit <= 0 {
		return nil
	}
	g := a.towns()
	best := g.best(folded, country)
	for _, m := range best[:min(len(best), limit)] {
		town := g.town(m.town)
		town.Name = cmp.Or(m.shown(query), town.Name)
		found = append(found, calledTown{town, m.whole})
	}
	return found
}

// match is a town that a search finds.
type match struct {
	town   int
	name   string // by which it is found, "" for its own
	whole  bool   // and not only by a beginning of it
	known  uint32 // how many people it counts with among such names
	people uint32 // how many it has
	weight uint64 // how many it counts with among all, once it has a place
}

// before orders matches: whole names first, then the best known.
func (m match) before(other match) int {
	switch {
	case m.whole && !other.whole:
		return -1
	case other.whole && !m.whole:
		return 1
	}
	return cmp.Or(cmp.Compare(other.known, m.known), cmp.Compare(other.people, m.people), cmp.Compare(m.town, other.town))
}

// settle puts the beginnings that are sooner meant before whole names. Those stay in their order, so
// each counts with as many people as any behind it.
func settle(best []match) {
	heaviest := uint64(0)
	for i, m := range slices.Backward(best) {
		best[i].weight = uint64(m.known)
		if m.whole {
			heaviest = max(heaviest, uint64(m.people)*wholeCounts)
			best[i].weight = heaviest
		}
	}
	slices.SortStableFunc(best, func(a, b match) int { return cmp.Compare(b.weight, a.weight) })
}

// best collects the towns with a prefix by insertion into a short list, so that "a" costs one pass
// over the names in a and no memory.
func (g *gazetteer) best(prefix, country string) []match {
	best := make([]match, 0, MaxTowns+1)
	for i := g.first(prefix); i < g.len() && strings.HasPrefix(g.fold(i), prefix); i++ {
		people := g.population[i]
		best = g.rank(best, match{town: i, whole: len(g.fold(i)) == len(prefix), known: people, people: people}, country)
	}
	others, latin := g.others(), isLatin(prefix)
	for i := range others.startingWith(prefix) {
		town, folded := int(others.towns[i]), others.fold(i)
		m := match{town: town, name: others.name(i), whole: len(folded) == len(prefix), people: g.population[town]}
		if !m.whole && latin && m.people < begunPeople {
			continue
		}
		m.known = g.knownAs(folded, prefix, town)
		best = g.rank(best, m, country)
	}
	settle(best)
	return best
}

// knownAs is how many people a town counts with where a name is not its own. All of them, if its own
// begins with what was typed or is a part of the name: Washington is Washington, D.C., and Panama City
// is Panamá.
func (g *gazetteer) knownAs(folded, typed string, town int) uint32 {
	people := g.population[town]
	if own := g.fold(town); people <= calledPeople || strings.HasPrefix(own, typed) || leads(own, folded) {
		return people
	}
	return calledPeople
}

// leads tells whether a name is another's first words.
func leads(name, other string) bool {
	return len(name) < len(other) && other[len(name)] == ' ' && strings.HasPrefix(other, name)
}

// rank puts a match where it belongs in the list of the best. A town is in it once, by the name that
// brings it furthest, of equals the first.
func (g *gazetteer) rank(best []match, m match, country string) []match {
	if country != "" && g.country(m.town) != country || len(best) == MaxTowns && best[MaxTowns-1].before(m) <= 0 {
		return best
	}
	if at := slices.IndexFunc(best, func(have match) bool { return have.town == m.town }); at >= 0 {
		if best[at].before(m) <= 0 {
			return best
		}
		best = slices.Delete(best, at, at+1)
	}
	at, _ := slices.BinarySearchFunc(best, m, match.before)
	best = slices.Insert(best, at, m)
	return best[:min(len(best), MaxTowns)]
}

// shown is what a town is called for whoever typed a query, "" for its own name. Of Latin letters
// only a whole name tells what somebody calls it.
func (m match) shown(query string) string {
	switch {
	case m.name == "", !isLatin(m.name):
		return strings.Clone(m.name)
	case !m.whole, m.name == strings.ToUpper(m.name):
		return ""
	}
	return spelled(m.name, query)
}

func isLatin(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
}

// spelled writes a name as it was typed, maybe with accents and hyphens that it has not, but with its
// own capitals.
func spelled(name, query string) string {
	letters, typed := []rune(name), []rune(strings.Join(strings.Fields(query), " "))
	if len(letters) != len(typed) {
		return strings.Clone(name)
	}
	for i, r := range typed {
		switch {
		case unicode.IsLetter(r) != unicode.IsLetter(letters[i]):
			return strings.Clone(name)
		case unicode.IsUpper(letters[i]):
			letters[i] = unicode.ToUpper(r)
		case unicode.IsLetter(r):
			letters[i] = unicode.ToLower(r)
		case r == '-':
			letters[i] = r
		}
	}
	return string(letters)
}

// clip shortens a text to at most n bytes without cutting a letter in half.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "")
}
