package pages

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/microgalleries/actionday/events"
)

// setDay takes what the host reports on the day.
func (s *site) setDay(w http.ResponseWriter, r *http.Request) error {
	v, who, values, err := s.ownAct(w, r, smallForm)
	if err != nil {
		return err
	}
	change, ps := dayIn(values, v.Whereabouts)
	if len(ps) == 0 {
		_, err = s.Hub.SetDay(r.Context(), who, values.Get("key"), v.Event.ID, change)
		if ps, err = events.ProblemsIn(err); err != nil {
			return err
		}
	}
	if len(ps) > 0 {
		v.DayForm.values, v.DayForm.problems = values, ps
		return s.render(w, r, http.StatusUnprocessableEntity, "own", v)
	}
	return s.ownDone(w, r, v.Event.ID, "day")
}

// dayIn reads the day's form. An event that moves keeps its precision: nobody becomes easier to
// find by moving in a hurry.
func dayIn(values url.Values, where events.Whereabouts) (events.DayChange, events.Problems) {
	var ps events.Problems
	d := events.DayChange{
		State: events.DayState(line(values, "state")), Reason: unixLines(values.Get("reason")),
		People: people(values, "people", &ps),
	}
	if typed := line(values, "postponedTo"); typed != "" && d.State == events.Postponed {
		date, err := events.ParseLocalDate(typed)
		found, _ := events.ProblemsIn(err)
		for _, p := range found {
			p.Field = "postponedTo"
			ps = append(ps, p)
		}
		d.PostponedTo = &date
	}
	if link := line(values, "newOnlineUrl"); link != "" && d.State == events.WentDigital {
		d.OnlineURL = &link
	}
	newPlace := values.Get("new.locality") + values.Get("new.latitude") + values.Get("new.address")
	if d.State == events.Moved && strings.TrimSpace(newPlace) != "" {
		d.Place = &events.PlaceInput{
			Precision: where.Precision, Country: where.Country,
			Latitude: degrees(values, "new.latitude", &ps), Longitude: degrees(values, "new.longitude", &ps),
			Address: values.Get("new.address"), Locality: values.Get("new.locality"),
		}
		if d.Place.Locality == "" {
			d.Place.Locality = where.Locality
		}
		if d.Place.Latitude == nil && d.Place.Longitude == nil {
			d.Place.Latitude, d.Place.Longitude = where.Latitude, where.Longitude
		}
	}
	return d, ps
}
