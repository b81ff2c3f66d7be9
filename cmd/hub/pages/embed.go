package pages

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/microgalleries/actionday/cmd/hub/pages/poster"
	"github.com/microgalleries/actionday/events"
)

// embedRows is how many events the box lists.
const embedRows = 12

// embedView is the box that pages of others show: one country, theme, event, area or host, or the
// world.
type embedView struct {
	*page
	Scope   scope
	Edition MapEdition
	Look    string // "dark", "light" or "" for the system's
	Numbers []poster.Number
	Rows    []MapRow
	More    int64 // how many events the rows leave out
	Picture string
	Whole   string // the hub's page with the same events
	Wrong   string // why there is nothing to show
}

// Instant is a time as attributes carry it.
func (embedView) Instant(v MapRow) string { return MapView{}.Instant(v.StartsAt) }

// embed shows the box. It looks at no cookie and sets none, whoever asks; every page may frame it.
func (s *site) embed(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Security-Policy", strings.Replace(s.policy, "frame-ancestors 'none'", "frame-ancestors *", 1))
	h.Del("X-Frame-Options")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	v := embedView{page: s.openPage(r, "embed.title"), Whole: s.Site() + "/"}
	if look := r.URL.Query().Get("look"); look == "dark" || look == "light" {
		v.Look = look
	}
	v.NoIndex = true
	status := http.StatusOK
	if err := s.fill(r, &v); err != nil {
		status = s.excuse(w, r, &v, err)
	}
	return s.render(w, r, status, "embed", v)
}

// excuse turns an error into a sentence in the box: the hub's own page of a failure looks at cookies.
func (s *site) excuse(w http.ResponseWriter, r *http.Request, v *embedView, err error) int {
	var wrong wrongScope
	switch {
	case errors.As(err, &wrong):
		v.Wrong = v.T("embed.wrong." + string(wrong))
		return http.StatusBadRequest
	case errors.Is(err, events.ErrNotFound):
		v.Wrong = v.T("home.none")
		return http.StatusNotFound
	case errors.Is(err, context.Canceled):
	default:
		s.Log.ErrorContext(r.Context(), "embed failed", "request", requestID(w), "err", err)
	}
	v.Wrong = v.T("failure.500.text")
	return http.StatusInternalServerError
}

// openPage starts a page that is the same for everybody: its language is that of ?lang, or of the
// browser.
func (s *site) openPage(r *http.Request, titleKey string) *page {
	speak := s.speak(cmp.Or(s.words.asked(r), s.words.wanted(r)))
	return &page{tongue: speak, Title: speak.T(titleKey), Site: s.Site(), open: true}
}

// fill gathers what the box shows.
func (s *site) fill(r *http.Request, v *embedView) error {
	edition, err := s.Hub.EditionBySlug(r.Context(), events.Actor{}, "")
	if err != nil {
		return err
	}
	if v.Scope, err = s.scope(r, v.page, edition); err != nil {
		return err
	}
	v.Title, v.Edition, v.Rehearsal = v.Scope.Title, mapEdition(v.Scope.edition), v.Scope.edition.Mode == events.RehearsalMode
	if err := s.fillRows(r.Context(), v); err != nil {
		return err
	}
	if err := s.fillNumbers(r.Context(), v); err != nil {
		return err
	}
	v.Picture = "/map.svg?lang=" + v.Lang + "&only=map"
	if v.Scope.edition.ID != edition.ID {
		v.Picture += "&edition=" + url.QueryEscape(v.Scope.edition.Slug)
	}
	v.Picture += v.Scope.window()
	v.Whole = s.Site() + v.Scope.page
	return nil
}

// fillRows lists what is live first, then what comes, what was, and what does not happen after all: the
// numbers count it, and its row says so. An event stands for itself.
func (s *site) fillRows(ctx context.Context, v *embedView) (err error) {
	found := v.Scope.events
	for _, phase := range []events.Phase{events.Now, events.Upcoming, events.Over, events.Off} {
		if v.Scope.Kind == "event" || len(found) == embedRows {
			break
		}
		q := events.Query{Filter: v.Scope.filter, First: embedRows - len(found)}
		q.Filter.Phases = []events.Phase{phase}
		page, err := s.Hub.Find(ctx, q)
		if err != nil {
			return err
		}
		found = append(found, page.Events...)
	}
	v.Scope.see(found)
	v.Rows, err = s.rows(ctx, v.page, found, nil)
	return err
}

// fillNumbers takes the scope's own numbers, from the counters where they are kept.
func (s *site) fillNumbers(ctx context.Context, v *embedView) error {
	number := func(n int64, key string) poster.Number { return poster.Number{Value: v.Num(n), Name: v.T(key)} }
	if v.Scope.Kind == "event" {
		e := v.Scope.events[0]
		v.Numbers = []poster.Number{number(e.CheckIns+e.Cheers, "embed.people")}
		return nil
	}
	counts, err := s.Counts.Counts(ctx, v.Scope.edition.ID)
	tally, kept := counts.Tallies[v.Scope.tally], v.Scope.tally.Kind != ""
	if err != nil && kept {
		s.Log.WarnContext(ctx, "counts for an embed", "err", err)
		return nil // the box is worth having without the numbers
	}
	if !kept {
		if tally.Events, err = s.Hub.CountFound(ctx, events.Query{Filter: v.Scope.filter}); err != nil {
			return err
		}
		live := v.Scope.filter
		live.Phases = []events.Phase{events.Now}
		if tally.Live, err = s.Hub.CountFound(ctx, events.Query{Filter: live}); err != nil {
			return err
		}
	}
	v.More = max(0, tally.Events-int64(len(v.Rows)))
	v.Numbers = []poster.Number{number(tally.Events, "embed.events"), number(tally.Live, "embed.live")}
	if kept {
		v.Numbers = append(v.Numbers, number(tally.CheckIns+tally.Cheers, "embed.people"))
	}
	return nil
}

// snippet is the lines that put a box into a page: the box itself, or the picture alone.
type snippet struct{ Box, Picture string }

// snippetOf is the snippet of a scope such as country=NP. The titles, of the scope and of the day, are
// for screen readers.
func (s *site) snippetOf(p *page, query url.Values, title, day string) snippet {
	query.Set(langParameter, p.Lang)
	return snippet{
		Box: fmt.Sprintf(`<iframe src="%s" title="%s" width="100%%" height="480" loading="lazy" style="border:0"></iframe>`,
			html.EscapeString(s.Site()+"/embed?"+query.Encode()), html.EscapeString(title)),
		Picture: fmt.Sprintf(`<a href="%s/"><img src="%s" alt="%s" width="1200" height="720" style="max-width:100%%;height:auto"></a>`,
			html.EscapeString(s.Site()), html.EscapeString(s.Site()+"/map.svg?lang="+p.Lang), html.EscapeString(day)),
	}
}

// PictureIn is the attribute with the address of the scope's picture in a theme. Templates would
// escape the brackets that name a part of an SVG; all of it is made here, of numbers and known words.
func (v embedView) PictureIn(attribute, theme string) template.HTMLAttr {
	address, window, _ := strings.Cut(v.Picture, "#")
	if window != "" {
		window = "#" + window
	}
	return template.HTMLAttr(attribute + `="` + html.EscapeString(address+"&theme="+theme+window) + `"`) //nolint:gosec // see above
}
