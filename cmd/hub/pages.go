package main

import (
	"net/http"

	"github.com/microgalleries/actionday/cmd/hub/pages"
	"github.com/microgalleries/actionday/events"
)

// pages is everything that people read.
func (h *hub) pages() (http.Handler, error) {
	var letters func() []events.Mail
	if h.mailbox != nil {
		letters = h.mailbox.Letters
	}
	return pages.New(pages.Parts{
		Hub: h.service, Counts: h.board, Replay: h.replays, Log: h.log, Spots: h.maps.spots, TakenBack: h.maps.takenBack, Letters: letters, Secure: h.serve.secure(),
		Site: func() string { return h.site },
		Atlas: pages.Atlas{
			CountryName: h.atlas.CountryName, Countries: h.countries, Towns: h.towns,
			Places: h.atlas.Search,
			ZoneAt: h.atlas.ZoneAt, Zones: h.atlas.Zones,
		},
		Allow: h.allow,
	})
}

func (h *hub) countries(lang string) []pages.Country {
	known := h.atlas.Countries(lang)
	list := make([]pages.Country, len(known))
	for i, c := range known {
		list[i] = pages.Country{Code: c.Code, Name: c.Name}
	}
	return list
}

func (h *hub) towns(query, country string, limit int) []pages.Town {
	known := h.atlas.Towns(query, country, limit)
	list := make([]pages.Town, len(known))
	for i, t := range known {
		list[i] = pages.Town{Name: t.Name, Country: t.Country, Latitude: t.Latitude, Longitude: t.Longitude}
	}
	return list
}
