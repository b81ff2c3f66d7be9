package pages

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/microgalleries/actionday/events"
)

const (
	maxTowns     = 8   // towns in one answer
	maxTownQuery = 100 // bytes of a search for towns
)

// foundTown is a town as the form takes it over.
type foundTown struct {
	Town
	CountryName string `json:"countryName"`
	Zone        string `json:"zone"`
}

// towns helps hosts to fill in the place: it finds towns by the beginning of their name.
func (s *site) towns(w http.ResponseWriter, r *http.Request) error {
	if _, err := actor(r); err != nil {
		return s.refuseJSON(w, err)
	}
	query, country := r.URL.Query().Get("q"), r.URL.Query().Get("country")
	if len(query) > maxTownQuery {
		query = ""
	}
	speak := s.tongue(w, r)
	found := []foundTown{}
	for _, town := range s.Atlas.Towns(query, country, maxTowns) {
		zone, _ := s.Atlas.ZoneAt(town.Latitude, town.Longitude)
		found = append(found, foundTown{town, speak.Country(town.Country), zone})
	}
	return s.json(w, http.StatusOK, found)
}

// zone proposes the time zone of a pin.
func (s *site) zone(w http.ResponseWriter, r *http.Request) error {
	if _, err := actor(r); err != nil {
		return s.refuseJSON(w, err)
	}
	latitude, err := strconv.ParseFloat(r.URL.Query().Get("lat"), 64)
	longitude, other := strconv.ParseFloat(r.URL.Query().Get("lon"), 64)
	if err != nil || other != nil {
		return s.json(w, http.StatusBadRequest, map[string]string{"error": "lat and lon are degrees"})
	}
	zone, _ := s.Hub.ZoneAt(latitude, longitude)
	return s.json(w, http.StatusOK, map[string]string{"zone": zone})
}

// refuseJSON answers a script that is not signed in; sending it to a page would help nobody.
func (s *site) refuseJSON(w http.ResponseWriter, err error) error {
	if !errors.Is(err, events.ErrNotSignedIn) {
		return err
	}
	return s.json(w, http.StatusUnauthorized, map[string]string{"error": "not signed in"})
}

func (s *site) json(w http.ResponseWriter, status int, value any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", noStore)
	w.WriteHeader(status)
	_, _ = w.Write(raw)
	return nil
}
