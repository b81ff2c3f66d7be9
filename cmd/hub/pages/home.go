package pages

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/microgalleries/actionday/events"
)

// listPage is how many events one page of the public list has.
const listPage = 24

// homeView is the front page: the day, its numbers, and the list.
type homeView struct {
	*page
	Edition *events.Edition // nil when no day is announced
	Stage   events.Stage
	World   events.Tally
	Nations int
	Search  search
	Cards   []card
	Found   int64
	Next    string // address of the next page, "" on the last
	First   string // address of the first page, "" on it
}

// search is what the reader filters by.
type search struct {
	Text, Country, Phase, Way, After string
	Countries                        []Country
}

// home is the map and the list of the current edition.
func (s *site) home(w http.ResponseWriter, r *http.Request) error {
	v := homeView{page: s.page(w, r, "site.name")}
	v.Section, v.Canonical, v.Description = "home", s.Site()+"/", v.T("home.description")
	edition, err := s.Hub.EditionBySlug(r.Context(), events.Actor{}, "")
	if errors.Is(err, events.ErrNotFound) {
		return s.render(w, r, http.StatusOK, "home", v)
	}
	if err != nil {
		return err
	}
	v.Edition, v.Title, v.Stage = &edition, edition.Title, edition.StageAt(s.Hub.Now())
	v.Rehearsal = edition.Mode == events.RehearsalMode
	if err := s.fillHome(r, &v); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "home", v)
}

func (s *site) fillHome(r *http.Request, v *homeView) error {
	counts, err := s.Counts.Counts(r.Context(), v.Edition.ID)
	if err != nil {
		return err
	}
	v.World, v.Nations = counts.World(), counts.Countries()
	v.Search = s.searchOf(r, v.page, counts)
	q := v.Search.query(v.Edition.ID)
	found, err := s.Hub.Find(r.Context(), q)
	if err != nil {
		return err
	}
	if v.Found, err = s.Hub.CountFound(r.Context(), q); err != nil {
		return err
	}
	if v.Cards, err = s.cards(r.Context(), v.page, found.Events); err != nil {
		return err
	}
	v.NoIndex = r.URL.RawQuery != ""
	if found.HasNext {
		v.Next = v.Search.url(found.Cursors[len(found.Cursors)-1])
	}
	if v.Search.After != "" {
		v.First = v.Search.url("")
	}
	return nil
}

// searchOf reads the filters. The countries to choose from are those with events.
func (s *site) searchOf(r *http.Request, p *page, counts events.Counts) search {
	get := r.URL.Query().Get
	wanted := search{Text: get("q"), Country: get("country"), Phase: get("phase"), Way: get("way"), After: get("after")}
	for _, c := range counts.By(events.CountryScope) {
		wanted.Countries = append(wanted.Countries, Country{c.Key, p.Country(c.Key)})
	}
	slices.SortFunc(wanted.Countries, func(a, b Country) int { return strings.Compare(a.Name, b.Name) })
	return wanted
}

func (q search) query(edition events.ID) events.Query {
	f := events.Filter{EditionID: edition, Text: q.Text}
	if q.Country != "" {
		f.Countries = []string{q.Country}
	}
	if phase := events.Phase(q.Phase); slices.Contains(phases(), phase) {
		f.Phases = []events.Phase{phase}
	}
	if way := events.Way(q.Way); slices.Contains(ways(), way) {
		f.Ways = []events.Way{way}
	}
	return events.Query{Filter: f, First: listPage, After: q.After}
}

// url is the address of the list with the same filters after a cursor.
func (q search) url(after string) string {
	values := url.Values{}
	for name, value := range map[string]string{
		"q": q.Text, "country": q.Country, "phase": q.Phase, "way": q.Way, "after": after,
	} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return (&url.URL{Path: "/", RawQuery: values.Encode(), Fragment: "list"}).String()
}

func phases() []events.Phase {
	return []events.Phase{events.Now, events.Upcoming, events.Over, events.Off}
}

func ways() []events.Way { return []events.Way{events.OwnWork, events.Blueprint, events.Digital} }

// card is one event in a list.
type card struct {
	events.Event
	Host string
	When when
}

// Path is the address of the event's page.
func (c card) Path() string { return pathOf(c.Event) }

func (s *site) cards(ctx context.Context, p *page, found []events.Event) ([]card, error) {
	hosts, err := s.hosts(ctx, found)
	if err != nil {
		return nil, err
	}
	cards := make([]card, 0, len(found))
	for _, e := range found {
		cards = append(cards, card{e, hosts[e.HostID].DisplayName, p.when(e)})
	}
	return cards, nil
}

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
