package main

import (
	"slices"
	"strings"
	"testing"
)

func TestOtherNamesAreThoseThatSomebodyTypes(t *testing.T) {
	t.Parallel()
	towns := []town{
		{name: "Lagos", folded: "lagos", country: "NG", population: 9_000_000},
		{name: "Los Angeles", folded: "los angeles", country: "US", population: 3_900_000},
		{name: "Rome", folded: "rome", country: "IT", population: 2_300_000},
		{name: "Romford", folded: "romford", country: "GB", population: 122_000},
		{name: "Vénissieux", folded: "venissieux", country: "FR", population: 57_000},
	}
	for _, c := range []struct {
		town         int
		listed, want string
	}{
		{0, "LOS,Los,Lago,lagosi,Lakosi,Лагос,Lagos Лагос", "Lago,Lakosi,Лагос"},
		{1, "LAX,LA,Los Angeles,Lós Angeles,luo shan ji", "LAX"},
		{2, "ROM,Rom,Rím,Roma,Róma,Řím,罗马", "Rom,Roma,Rím,罗马"},
		{4, "Venis'e,Venis'k,XVX,  Vénissieux  Ville ", "Venisk,Vénissieux Ville"},
	} {
		place := towns[c.town]
		place.others = c.listed
		if got := strings.Join(otherNames(place, towns), ","); got != c.want {
			t.Errorf("%s of %q has the other names %s, want %s", place.name, c.listed, got, c.want)
		}
	}
}

func TestCitiesGoToTheLargestTownOfTheirName(t *testing.T) {
	t.Parallel()
	towns := []town{
		{name: "Madrid", folded: "madrid", country: "CO", population: 50_000},
		{name: "Madrid", folded: "madrid", country: "ES", population: 3_000_000},
		{name: "Madrid", folded: "madrid", country: "ES", population: 2_000},
		{name: "Vienna", folded: "vienna", country: "AT", others: "Wien"},
		{name: "Kolkata", folded: "kolkata", country: "IN", others: "Calcutta"},
	}
	withCities(towns)
	for i, want := range []string{"", "马德里", "", "Wina", "加尔各答"} {
		if names := strings.Split(towns[i].others, ","); want != "" && !slices.Contains(names, want) || want == "" && len(names) > 1 {
			t.Errorf("%s in %s is also called %q", towns[i].name, towns[i].country, names)
		}
	}
}
