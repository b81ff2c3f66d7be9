package main

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
)

// leastPeople is how many people a city needs to be named at all.
const leastPeople = 100_000

type city struct {
	Name      string  `json:"city"`
	Latitude  float64 `json:"lat"`
	Longitude float64 `json:"lng"`
	People    float64 `json:"pop"`
}

// rank is from 0, a city of the first view, to 4. Pages name a rank from one zoom on.
func (c city) rank() int {
	for rank, least := range []float64{5_000_000, 1_500_000, 500_000, 150_000} {
		if c.People >= least {
			return rank
		}
	}
	return 4
}

// modern names cities as they call themselves today, where the source is older.
func modern(name string) string {
	today := map[string]string{
		"Kiev": "Kyiv", "Lvov": "Lviv", "Odessa": "Odesa",
		"Dnipropetrovsk": "Dnipro", "Calcutta": "Kolkata", "Bangalore": "Bengaluru",
		"Rangoon": "Yangon", "Kirovohrad": "Kropyvnytskyi",
	}
	if now, renamed := today[name]; renamed {
		return now
	}
	return name
}

// lastOfFirst is the last rank that the first view names; the others come when somebody looks closer.
const lastOfFirst = 1

// citiesOf reads the cities and writes those of the first view and all others.
func citiesOf(raw []byte) (first, others []byte, err error) {
	var list []city
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, nil, err
	}
	list = slices.DeleteFunc(list, func(c city) bool { return c.People < leastPeople })
	isFirst := func(c city) bool { return c.rank() <= lastOfFirst }
	if first, err = pointsOf(slices.DeleteFunc(slices.Clone(list), func(c city) bool { return !isFirst(c) })); err != nil {
		return nil, nil, err
	}
	others, err = pointsOf(slices.DeleteFunc(list, isFirst))
	return first, others, err
}

// pointsOf writes cities as GeoJSON points, the largest first: maps that have no room for all names
// keep the first.
func pointsOf(list []city) ([]byte, error) {
	slices.SortStableFunc(list, func(a, b city) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.Name, b.Name))
	})
	w := &writer{scale: 100}
	w.text(`{"type":"FeatureCollection","features":[`)
	for i, c := range list {
		name, err := json.Marshal(modern(c.Name))
		if err != nil {
			return nil, err
		}
		w.comma(i)
		w.text(`{"type":"Feature","properties":{"name":` + string(name))
		w.text(`,"rank":` + strconv.Itoa(c.rank()) + `},"geometry":{"type":"Point","coordinates":`)
		w.point(point{w.round(c.Longitude), w.round(c.Latitude)})
		w.text("}}")
	}
	w.text("]}\n")
	return w.out, nil
}
