package pages

import (
	"encoding/xml"
	"fmt"
	"net/http"

	"github.com/microgalleries/actionday/events"
)

// robots tells crawlers what is worth reading. What must stay secret is not named here: it needs a
// session.
func (s *site) robots(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", publicLong)
	_, _ = fmt.Fprintf(w, "User-agent: *\nDisallow: /host\nDisallow: /steward\nDisallow: /sign-in\n"+
		"Disallow: /graphql\nDisallow: /graphiql\n\nSitemap: %s/sitemap.xml\n", s.Site())
	return nil
}

// sitemapMost is how many events the sitemap names; crawlers find the others through the list.
const sitemapMost = 2000

type sitemapURL struct {
	Location string `xml:"loc"`
	Modified string `xml:"lastmod,omitempty"`
}

// sitemap lists the front page and the listed events, newest first. A rehearsal lists none.
func (s *site) sitemap(w http.ResponseWriter, r *http.Request) error {
	urls := []sitemapURL{{Location: s.Site() + "/"}, {Location: s.Site() + "/about/data"}}
	edition, err := s.Hub.EditionBySlug(r.Context(), events.Actor{}, "")
	if err == nil && edition.Mode == events.LiveMode {
		found, err := s.listed(r, edition.ID)
		if err != nil {
			return err
		}
		urls = append(urls, found...)
	} else if ps, other := events.ProblemsIn(err); other != nil && len(ps) == 0 {
		return other
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Cache-Control", publicShort)
	_, _ = w.Write([]byte(xml.Header))
	return xml.NewEncoder(w).Encode(struct {
		XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []sitemapURL `xml:"url"`
	}{URLs: urls})
}

func (s *site) listed(r *http.Request, edition events.ID) (urls []sitemapURL, err error) {
	q := events.Query{Filter: events.Filter{EditionID: edition}, Order: events.ByListed, First: events.MaxPage}
	for len(urls) < sitemapMost {
		page, err := s.Hub.Find(r.Context(), q)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Events {
			urls = append(urls, sitemapURL{s.Site() + pathOf(e), e.UpdatedAt.UTC().Format("2006-01-02")})
		}
		if !page.HasNext {
			break
		}
		q.After = page.Cursors[len(page.Cursors)-1]
	}
	return urls, nil
}
