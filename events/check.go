package events

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file holds what a host writes against the limits, and gathers all that is wrong.

func (r Registration) check(edition Edition) (ps Problems) {
	ps = ps.text("title", "title", r.Title, 3, MaxTitle)
	ps = ps.text("summary", "summary", r.Summary, 0, MaxSummary)
	ps = ps.text("story", "story", r.Story, 0, MaxStory)
	ps = ps.text("rain plan", "rainPlan", r.RainPlan, 0, MaxNote)
	ps = ps.text("permission statement", "permission", r.Permission, 0, MaxNote)
	ps = ps.text("language", "language", r.Language, 0, 35)
	ps = ps.link("onlineUrl", r.OnlineURL)
	ps = ps.link("rsvpUrl", r.RSVPURL)
	ps = ps.items("media", len(r.Media))
	ps = ps.items("themes", len(r.Themes))
	ps = ps.items("access", len(r.Access))
	if r.ExpectedPeople < 0 || r.ExpectedPeople > MaxPeople {
		ps = append(ps, problem(OutOfRange, "expectedPeople", "Expected people are 0 to %d.", MaxPeople))
	}
	for _, theme := range r.Themes {
		if !edition.HasTheme(theme) {
			ps = append(ps, problem(Invalid, "themes", "%.60q is not a theme of %s.", theme, edition.Title))
		}
	}
	if r.Way == "" {
		ps = append(ps, problem(Required, "way", "Please choose one of the three ways to take part."))
	}
	if r.Way == Digital && strings.TrimSpace(r.OnlineURL) == "" && !r.Draft {
		ps = append(ps, problem(Required, "onlineUrl", "A digital event needs the link where it happens."))
	}
	return ps
}

func (h Host) check() (ps Problems) {
	ps = ps.text("host's name", "host.displayName", h.DisplayName, 2, MaxShortText)
	ps = ps.text("bio", "host.bio", h.Bio, 0, 2000)
	ps = ps.items("host.links", len(h.Links))
	ps = ps.items("host.languages", len(h.Languages))
	for _, link := range h.Links {
		ps = ps.link("host.links", link)
	}
	return ps
}

func (w Whereabouts) check(atlas Atlas, way Way) (ps Problems) {
	ps = ps.text("address", "place.address", w.Address, 0, MaxShortText)
	ps = ps.text("town", "place.locality", w.Locality, 0, MaxShortText)
	switch {
	case (w.Latitude == nil) != (w.Longitude == nil):
		ps = append(ps, problem(Required, "place.longitude", "A pin needs both latitude and longitude."))
	case w.Latitude != nil && (!isLatitude(*w.Latitude) || !isLongitude(*w.Longitude)):
		ps = append(ps, problem(OutOfRange, "place.latitude", "%s", pinAdvice(*w.Latitude, *w.Longitude)))
	case w.Latitude == nil && way != Digital && needsPin(w.Precision):
		ps = append(ps, problem(Required, "place", "Please put a pin on the map, or choose a coarser precision."))
	}
	switch {
	case w.Country == "" && w.Precision != HiddenPrecision && way != Digital:
		ps = append(ps, problem(Required, "place.country", "Please choose the country or territory."))
	case w.Country != "" && !atlas.IsCountry(w.Country):
		ps = append(ps, problem(Invalid, "place.country", "%.10q is not a country code such as NP.", w.Country))
	}
	if _, err := LoadZone(w.Zone); err != nil {
		found, _ := ProblemsIn(err)
		ps = append(ps, found...)
	}
	return ps
}

func needsPin(p Precision) bool {
	return p == ExactPrecision || p == AreaPrecision || p == CityPrecision
}

func pinAdvice(latitude, longitude float64) string {
	if isLatitude(longitude) && isLongitude(latitude) {
		return "Latitude is -90 to 90 degrees. These two look swapped."
	}
	return "Latitude is -90 to 90 and longitude -180 to 180 degrees."
}

// text checks the length of a text in characters and refuses what cannot be stored.
func (ps Problems) text(what, field, text string, least, most int) Problems {
	text = strings.TrimSpace(text)
	n := utf8.RuneCountInString(text)
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return append(ps, problem(Invalid, field, "The %s holds characters that are not text.", what))
	case n == 0 && least > 0:
		return append(ps, problem(Required, field, "Please give a %s.", what))
	case n < least:
		return append(ps, problem(Invalid, field, "The %s needs at least %d characters.", what, least))
	case n > most:
		return append(ps, problem(TooLong, field, "The %s has %d characters; at most %d fit.", what, n, most))
	}
	return ps
}

func (ps Problems) items(field string, n int) Problems {
	if n > MaxItems {
		return append(ps, problem(TooLong, field, "At most %d can be chosen here.", MaxItems))
	}
	return ps
}

// link accepts nothing or an absolute http(s) address.
func (ps Problems) link(field, text string) Problems {
	text = strings.TrimSpace(text)
	if text == "" {
		return ps
	}
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil || len(text) > MaxURL {
		return append(ps, problem(Invalid, field, "Please give a web address that starts with https:// or http://."))
	}
	return ps
}

// tidy trims a text and takes control characters out of it, line breaks aside.
func tidy(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || !unicode.IsControl(r) {
			return r
		}
		return -1
	}, text))
}

// tidyLine is tidy for a text of one line: every run of white space becomes one space.
func tidyLine(text string) string {
	return strings.Join(strings.Fields(tidy(text)), " ")
}
