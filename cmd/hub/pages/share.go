package pages

import (
	"time"

	"github.com/microgalleries/actionday/events"
)

// social is what a link preview shows (Open Graph, ogp.me).
type social struct {
	Title, Description, URL, SiteName, Locale string
}

func (v eventView) social() social {
	return social{
		Title: v.Event.Title, Description: v.Description, URL: v.Canonical,
		SiteName: v.T("site.name"), Locale: v.Lang,
	}
}

// structured is the event as search engines read it (schema.org/Event, JSON-LD). It is made of the
// public side alone.
type structured struct {
	Context    string   `json:"@context"`
	Type       string   `json:"@type"`
	Name       string   `json:"name"`
	About      string   `json:"description,omitempty"`
	URL        string   `json:"url,omitempty"`
	Starts     string   `json:"startDate"`
	Ends       string   `json:"endDate,omitempty"`
	Status     string   `json:"eventStatus"`
	Attendance string   `json:"eventAttendanceMode"`
	Language   string   `json:"inLanguage,omitempty"`
	Free       bool     `json:"isAccessibleForFree"`
	Location   []any    `json:"location,omitempty"`
	Organizer  ldThing  `json:"organizer"`
	Keywords   []string `json:"keywords,omitempty"`
}

type ldThing struct {
	Type string `json:"@type"`
	Name string `json:"name,omitempty"`
	URL  string `json:"url,omitempty"`
}

type ldPlace struct {
	Type    string    `json:"@type"`
	Name    string    `json:"name,omitempty"`
	Address ldAddress `json:"address"`
	Point   *ldPoint  `json:"geo,omitempty"`
}

type ldAddress struct {
	Type     string `json:"@type"`
	Locality string `json:"addressLocality,omitempty"`
	Country  string `json:"addressCountry,omitempty"`
}

type ldPoint struct {
	Type      string  `json:"@type"`
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

const schemaOrg = "https://schema.org/"

func (v eventView) structured() structured {
	e := v.Event
	zone := zoneOf(e)
	d := structured{
		Context: "https://schema.org", Type: "Event", Name: e.Title, About: e.Summary, URL: v.Canonical,
		Starts: e.Schedule.StartsAt.In(zone).Format(time.RFC3339),
		Ends:   e.Schedule.EndsAt.In(zone).Format(time.RFC3339),
		Status: ldStatus(e.Day), Attendance: schemaOrg + "OfflineEventAttendanceMode",
		Language: e.Language, Free: true, Keywords: v.ThemeTitles(),
		Organizer: ldThing{Type: ldHost(v.Host.Kind), Name: v.Host.DisplayName},
	}
	if e.Place.Precision == events.HiddenPrecision {
		d.Starts, d.Ends = v.Edition.Date.String(), ""
	}
	if place, ok := ldPlaceOf(e.Place); ok {
		d.Location = append(d.Location, place)
	}
	if e.OnlineURL != "" {
		d.Location = append(d.Location, ldThing{Type: "VirtualLocation", URL: e.OnlineURL})
	}
	if e.Way == events.Digital || e.Day == events.WentDigital {
		d.Attendance = schemaOrg + "OnlineEventAttendanceMode"
	}
	return d
}

func ldPlaceOf(p events.Place) (ldPlace, bool) {
	place := ldPlace{
		Type: "Place", Name: p.Locality,
		Address: ldAddress{Type: "PostalAddress", Locality: p.Locality, Country: p.Country},
	}
	if p.Precision == events.ExactPrecision && p.IsMapped() {
		place.Point = &ldPoint{"GeoCoordinates", *p.Latitude, *p.Longitude}
	}
	return place, p.Country != "" || p.Locality != ""
}

func ldStatus(day events.DayState) string {
	switch day {
	case events.Postponed:
		return schemaOrg + "EventPostponed"
	case events.Cancelled:
		return schemaOrg + "EventCancelled"
	case events.WentDigital:
		return schemaOrg + "EventMovedOnline"
	}
	return schemaOrg + "EventScheduled"
}

func ldHost(kind events.HostKind) string {
	if kind == events.PersonHost || kind == "" {
		return "Person"
	}
	return "Organization"
}
