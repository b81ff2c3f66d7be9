package opendataday

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/microgalleries/actionday/events"
)

// ThemeOf is the slug of the theme that stands for a year of Open Data Day; events take it up
// where the edition has it.
func ThemeOf(year int) string { return fmt.Sprintf("open-data-day-%d", year) }

// convert makes an Import of a record, with notes on what had to be repaired or guessed.
func convert(r record, edition events.Edition, atlas Atlas) (events.Import, []string, error) {
	where, notes, err := locate(r, atlas, edition.OpensAt())
	if err != nil {
		return events.Import{}, notes, err
	}
	start, timeNotes := startOf(r.Time)
	people, peopleNotes := peopleOf(r.Participants)
	notes = append(append(notes, timeNotes...), peopleNotes...)
	title := shorten(r.Title, events.MaxTitle)
	if title != strings.TrimSpace(r.Title) {
		notes = append(notes, fmt.Sprintf("title cut to %d characters", events.MaxTitle))
	}
	registration := events.Registration{
		EditionID: edition.ID, Way: wayOf(r), Title: title,
		Summary: shorten(r.Purpose, events.MaxSummary), Story: story(r),
		Zone: where.zone, StartsAt: start,
		Place: events.PlaceInput{
			Precision: events.ExactPrecision, Latitude: where.latitude, Longitude: where.longitude,
			Locality: shorten(r.Place, events.MaxShortText), Country: where.country,
		},
		Host: &events.HostProfile{DisplayName: hostName(r), Kind: events.GroupHost},
	}
	if where.latitude == nil {
		registration.Place.Precision = events.CountryPrecision
		notes = append(notes, "placed by its country only")
	}
	if theme := ThemeOf(r.Year); edition.HasTheme(theme) {
		registration.Themes = []string{theme}
	}
	url := webAddress(r.URL)
	if typed := strings.TrimSpace(r.URL); typed != url {
		notes = append(notes, fmt.Sprintf("address %.80q is no web page: not used", typed))
	}
	if registration.Way == events.Digital {
		registration.OnlineURL = url
	} else {
		registration.RSVPURL = url
	}
	return events.Import{
		Registration: registration, People: people, CountryGuessed: where.guessed,
		Source: events.Source{Name: SourceName, ID: sourceID(r), URL: url},
	}, notes, nil
}

// wayOf: an event with an online link that works is one that can be joined from anywhere.
func wayOf(r record) events.Way {
	if r.Online && webAddress(r.URL) != "" {
		return events.Digital
	}
	return events.OwnWork
}

func hostName(r record) string {
	name := shorten(strings.Join(strings.Fields(r.Organisers), " "), events.MaxShortText)
	if len([]rune(name)) < 2 {
		return "Open Data Day host"
	}
	return name
}

// sourceID is the year and the source's slug; an event without one is known by its words.
func sourceID(r record) string {
	if r.Slug != "" {
		return fmt.Sprintf("%d/%s", r.Year, r.Slug)
	}
	sum := sha256.Sum256([]byte(r.Title + "\x00" + r.Organisers + "\x00" + r.Place))
	return fmt.Sprintf("%d/~%s", r.Year, hex.EncodeToString(sum[:8]))
}

// startOf reads a typed time; without one the event lasts all day.
func startOf(typed string) (*events.LocalTime, []string) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return nil, nil
	}
	for _, layout := range timeLayouts() {
		if at, err := time.Parse(layout, strings.ToUpper(typed)); err == nil {
			start := events.LocalTime(at.Hour()*60 + at.Minute())
			return &start, nil
		}
	}
	return nil, []string{fmt.Sprintf("time %.20q cannot be read: all day", typed)}
}

// timeLayouts are the ways in which people type a time, in capitals.
func timeLayouts() []string {
	return []string{"15:04", "15:04:05", "15.04", "15H04", "15H", "3:04 PM", "3:04PM", "3 PM", "3PM"}
}

// digits are a whole number in a text.
var digits = regexp.MustCompile(`\d+`)

// peopleOf reads a typed head count: digits, perhaps with a sign or words around them.
func peopleOf(typed string) (int, []string) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return 0, nil
	}
	people, err := strconv.Atoi(typed)
	if err != nil {
		numbers := digits.FindAllString(typed, 2)
		if len(numbers) != 1 {
			return 0, []string{fmt.Sprintf("participants %.20q cannot be read", typed)}
		}
		people, err = strconv.Atoi(numbers[0])
	}
	if err != nil || people < 0 || people > events.MaxPeople {
		return 0, []string{fmt.Sprintf("participants %.20q are out of range", typed)}
	}
	return people, nil
}

// webPage is an absolute address without a user in it, of a host with a dot.
var webPage = regexp.MustCompile(`(?i)^https?://[^\s/?#@:]+\.[^\s/?#@:]+(:\d+)?([/?#]\S*)?$`)

// webAddress keeps what looks like a page and drops the rest.
func webAddress(typed string) string {
	typed = strings.TrimSpace(typed)
	if len(typed) > events.MaxURL || !webPage.MatchString(typed) {
		return ""
	}
	return typed
}

// story is the purpose, when it is longer than a summary, and the report of those who wrote one.
func story(r record) string {
	var parts []string
	if len([]rune(strings.TrimSpace(r.Purpose))) > events.MaxSummary {
		parts = append(parts, strings.TrimSpace(r.Purpose))
	}
	for _, answer := range r.Report {
		if answer = strings.TrimSpace(answer); answer != "" {
			parts = append(parts, answer)
		}
	}
	return shorten(strings.Join(parts, "\n\n"), events.MaxStory)
}

// shorten cuts a text to at most n characters, at a word where one is near, and shows the cut.
func shorten(text string, n int) string {
	runes := []rune(strings.TrimSpace(text))
	if len(runes) <= n {
		return string(runes)
	}
	cut := string(runes[:n-1])
	if space := strings.LastIndexAny(cut, " \n"); space > len(cut)*4/5 {
		cut = cut[:space]
	}
	return strings.TrimRight(cut, " ,.;:\n") + "…"
}
