package eventstest

import (
	"github.com/microgalleries/actionday/events"
)

func textTests() map[string]func(*stage) {
	return map[string]func(*stage){
		"finds prefixes in many scripts":         textInManyScripts,
		"looks into all public text":             textInAllFields,
		"every word must be met":                 textNeedsEveryWord,
		"follows what was changed":               textFollowsChanges,
		"takes odd characters for what they are": textIsNoSyntax,
	}
}

// spelling is a title, what must find it and what must not.
type spelling struct {
	title  string
	finds  []string
	misses []string
}

func spellings() []spelling {
	return []spelling{
		{"Écologie à São Paulo", []string{"ecologie", "ÉCOLO", "sao paulo", "São"}, []string{"cologie", "saopaulo"}},
		{"Straße der Künste", []string{"strasse", "STRASSE", "kunste", "Küns"}, []string{"trasse"}},
		{"İstanbul ışıkları", []string{"istanbul", "ISTAN"}, []string{"stanbul"}},
		{"Ночь света в Киеве", []string{"ночь", "НОЧЬ", "свет", "киев"}, []string{"очь"}},
		{"Τείχος με πουλιά", []string{"τειχος", "ΤΕΊΧ", "πουλια"}, []string{"ειχος"}},
		{"جدار الطيور في غزة", []string{"جدار", "الطيور", "غزة"}, []string{"دار"}},
		{"קיר של ציפורים", []string{"קיר", "ציפור"}, []string{"יר"}},
		{"चराहरूको भित्ता", []string{"चराहरूको", "भित्ता", "भित्"}, []string{"राहरू"}},
		{"পাখির দেয়াল", []string{"পাখির", "দেয়াল"}, []string{"াখির"}},
		{"東京都庁の壁画", []string{"東京", "京都", "壁画", "壁"}, []string{"大阪", "都東"}},
		{"새들의 벽 광화문", []string{"새들의", "광화문", "광화"}, []string{"서울"}},
		{"ปลูกต้นไม้ริมแม่น้ำ", []string{"ต้นไม้", "แม่น้ำ"}, []string{"ทะเล"}},
		{"Lễ hội ánh sáng Hà Nội", []string{"le hoi", "ha noi", "Hà N"}, []string{"oi anh"}},
		{"Sea Level 2080", []string{"2080", "208", "sea lev"}, []string{"080"}},
	}
}

func textInManyScripts(s *stage) {
	ids := map[string]events.ID{}
	for _, sp := range spellings() {
		ids[sp.title] = s.list(Titled(sp.title), plain).ID
	}
	for _, sp := range spellings() {
		for _, text := range sp.finds {
			if !s.finds(text, ids[sp.title]) {
				s.Errorf("%q does not find %q", text, sp.title)
			}
		}
		for _, text := range sp.misses {
			if s.finds(text, ids[sp.title]) {
				s.Errorf("%q finds %q", text, sp.title)
			}
		}
	}
}

// plain takes all text but the title from an event.
func plain(e *events.Event) { e.Summary, e.Story, e.Place.Locality = "", "", "" }

func (s *stage) finds(text string, id events.ID) bool {
	s.Helper()
	found := s.pages(events.Query{First: 50, Filter: events.Filter{Text: text}})
	n, err := s.store.CountEvents(s.ctx, events.Query{Filter: events.Filter{Text: text}})
	s.ok(err)
	if n != int64(len(found)) {
		s.Errorf("%q finds %d events and counts %d", text, len(found), n)
	}
	for _, e := range found {
		if e.ID == id {
			return true
		}
	}
	return false
}

func textInAllFields(s *stage) {
	s.host.DisplayName = "Zugvögel"
	s.ok(s.store.SaveHost(s.ctx, &s.host))
	e := s.list(Titled("Wall"), func(e *events.Event) {
		e.Summary, e.Story, e.Place.Locality = "Mosaic", "Bring **chalk**.", "Bhaktapur"
		e.RainPlan, e.ReviewReason, e.Permission = "arcade", "steward", "ward"
	})
	for _, text := range []string{"wall", "mosaic", "chalk", "bhakta", "zugvogel", "chalk wall zug"} {
		if !s.finds(text, e.ID) {
			s.Errorf("%q does not find the event", text)
		}
	}
	for _, text := range []string{"steward", "ward", "mangal"} {
		if s.finds(text, e.ID) {
			s.Errorf("%q finds the event by what is not searched", text)
		}
	}
}

func textNeedsEveryWord(s *stage) {
	e := s.list(Titled("River of lanterns"), plain)
	for text, want := range map[string]bool{
		"lantern river": true, "river, lantern!": true, "river mural": false, "rivers": false,
	} {
		if got := s.finds(text, e.ID); got != want {
			s.Errorf("%q finds %q: %v, want %v", text, e.Title, got, want)
		}
	}
}

func textFollowsChanges(s *stage) {
	e := s.list(Titled("Lantern"), plain)
	e.Title = "Tide"
	s.save(events.Change{Event: &e})
	if s.finds("lantern", e.ID) || !s.finds("tide", e.ID) {
		s.Error("a renamed event is found by its old title or not by its new one")
	}
}

func textIsNoSyntax(s *stage) {
	e := s.list(Titled("Wall & tower | 100% _art_"), plain)
	for _, text := range []string{
		"wall & tower", "wall | nothing", "!wall", "wall:*", "'wall'", `wall\`, "(wall", "100%", "wall <-> tower",
		"%", "_", "'; drop table events; --", "a & ! | :* ()", "\"", "--", "\u202ewall", "wall\u200b",
	} {
		s.finds(text, e.ID) // must be answered, whatever is found
	}
	if !s.finds("wall & tower", e.ID) {
		s.Error("\"wall & tower\" does not find the event of that name")
	}
	if s.finds("wall | nothing", e.ID) {
		s.Error("\"wall | nothing\" is taken for a choice of words")
	}
}
