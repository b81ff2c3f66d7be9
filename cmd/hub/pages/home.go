package pages

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/microgalleries/actionday/events"
)

// listPage is how many events one page of the public list has.
const listPage = 40

// homeView is the front page: the day, its numbers, its map and a first page of the list.
type homeView struct {
	*page
	MapView
	Embed snippet
}

// Number is a number as the reader's language writes it.
func (v homeView) Number(n int64) string { return v.Num(n) }

// home is the map and the list of the current edition, or the news that there is none yet.
func (s *site) home(w http.ResponseWriter, r *http.Request) error {
	v := homeView{page: s.page(w, r, "site.name")}
	v.Section, v.Canonical, v.page.Description = "home", s.Site()+"/", v.T("site.description")
	edition, err := s.Hub.EditionBySlug(r.Context(), events.Actor{}, "")
	if errors.Is(err, events.ErrNotFound) {
		return s.render(w, r, http.StatusOK, "home", v)
	}
	if err != nil {
		return err
	}
	v.Title, v.Rehearsal = edition.Title, edition.Mode == events.RehearsalMode
	asked := r.URL.Query()
	asked.Del(langParameter)
	v.NoIndex = len(asked) > 0 // a search is nobody's way in
	if v.MapView, err = s.mapView(r, v.page, edition); err != nil {
		return err
	}
	query := url.Values{}
	if v.Filter.Country != "" {
		query.Set("country", v.Filter.Country)
	}
	v.Embed = s.snippetOf(v.page, query, edition.Title, edition.Title)
	for _, theme := range []string{"light", "dark"} {
		w.Header().Add("Link", picturePreload(v.Lang, theme))
	}
	return s.render(w, r, http.StatusOK, "map", v)
}

// picturePreload has the browser ask for the picture of the day as soon as the page begins to arrive
// (RFC 8288): it is the largest thing that is painted first. The template names the same addresses.
func picturePreload(lang, theme string) string {
	return fmt.Sprintf(`</map.svg?lang=%s&only=map&theme=%s>; rel=preload; as=image; fetchpriority=high; media="(prefers-color-scheme: %[2]s)"`, lang, theme)
}

// dayView is the day and its numbers, without a list.
func (s *site) dayView(ctx context.Context, p *page, ed events.Edition) (MapView, error) {
	v := MapView{Edition: mapEdition(ed), Now: s.Hub.Now()}
	v.Wave = s.mapWave(p.tongue, ed, v.Now)
	head, err := s.Hub.Head(ctx, ed.ID) // before the rows, so that they include it
	if err != nil {
		return v, err
	}
	v.Position = head.String()
	counts, err := s.Counts.Counts(ctx, ed.ID)
	if err != nil { // the list works without the numbers
		s.Log.WarnContext(ctx, "counts for the page", "err", err)
	} else {
		v.Counts, v.Choices = mapCounts(counts), choicesOf(p, counts)
		v.Wave.Counts = v.Counts
	}
	v.Hours, err = s.Hub.StartsPerHour(ctx, ed)
	return v, err
}

func (s *site) mapView(r *http.Request, p *page, ed events.Edition) (MapView, error) {
	v, err := s.dayView(r.Context(), p, ed)
	if err != nil {
		return v, err
	}
	s.showMoment(r.Context(), &v, ed, r.URL.Query().Get("at"))
	v.Filter = s.Atlas.filterFrom(r.URL.Query(), ed)
	query := v.Filter.query(ed.ID, r.URL.Query().Get("after"))
	found, err := s.Hub.Find(r.Context(), query)
	if err != nil {
		return v, err
	}
	if v.Rows, err = s.rows(r.Context(), p, found.Events, query.Filter.Near); err != nil {
		return v, err
	}
	s.finder(r, p, ed, &v)
	if found.HasNext {
		v.Next = v.Filter.url(found.Cursors[len(found.Cursors)-1])
	}
	return v, nil
}

func mapEdition(ed events.Edition) MapEdition {
	return MapEdition{
		ID: ed.ID.String(), Slug: ed.Slug, Title: ed.Title, Summary: ed.Summary,
		Date:    time.Date(ed.Date.Year, ed.Date.Month, ed.Date.Day, 0, 0, 0, 0, time.UTC),
		OpensAt: ed.OpensAt(), ClosesAt: ed.ClosesAt(), Rehearsal: ed.Mode == events.RehearsalMode,
		Attribution: ed.Attribution, Licence: ed.Licence,
	}
}

func mapCounts(c events.Counts) *MapCounts {
	world := c.World()
	return &MapCounts{
		AsOf: c.AsOf, AsOfSeq: c.AsOfSeq, Events: world.Events, Countries: int64(c.Countries()), Live: world.Live,
		CheckIns: world.CheckIns, Cheers: world.Cheers, Declared: world.Declared,
		CheckInEvents: world.CheckInEvents, CheerEvents: world.CheerEvents, DeclaredEvents: world.DeclaredEvents,
	}
}

// choicesOf are the countries with events, by name.
func choicesOf(p *page, c events.Counts) (choices []MapCountry) {
	for _, tally := range c.By(events.CountryScope) {
		choices = append(choices, MapCountry{tally.Key, p.Country(tally.Key), tally.Events})
	}
	slices.SortFunc(choices, func(a, b MapCountry) int { return strings.Compare(a.Name, b.Name) })
	return choices
}

func (s *site) rows(ctx context.Context, p *page, found []events.Event, near *events.Near) ([]MapRow, error) {
	hosts, err := s.hosts(ctx, found)
	if err != nil {
		return nil, err
	}
	rows := make([]MapRow, 0, len(found))
	for _, e := range found {
		row := MapRow{
			ID: e.ID.String(), Path: pathOf(e), Title: e.Title, Host: hosts[e.HostID].DisplayName,
			Language: e.Language, Way: string(e.Way), Phase: string(e.Day.Phase()), Day: string(e.Day),
			Place: p.placeName(e.Place), AllDay: e.Schedule.AllDay,
			StartsAt: e.Schedule.StartsAt, EndsAt: e.Schedule.EndsAt, ListedAt: e.ListedAt,
		}
		if near != nil && e.Place.IsSomewhere() {
			km := events.DistanceKm(near.Latitude, near.Longitude, *e.Place.Latitude, *e.Place.Longitude)
			row.Distance = p.T("find.km", int64(km+0.5))
		}
		if when := p.when(e); !when.Unknown && !when.AllDay {
			row.LocalTime = when.Hours
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func ways() []events.Way { return []events.Way{events.OwnWork, events.Blueprint, events.Digital} }

// hosts finds the hosts of a page of events in one go.
func (s *site) hosts(ctx context.Context, found []events.Event) (map[events.ID]events.Host, error) {
	var ids []events.ID
	for _, e := range found {
		if !slices.Contains(ids, e.HostID) {
			ids = append(ids, e.HostID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := s.Hub.Hosts(ctx, ids)
	byID := make(map[events.ID]events.Host, len(list))
	for _, h := range list {
		byID[h.ID] = h
	}
	return byID, err
}
