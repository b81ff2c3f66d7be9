package events_test

import (
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events"
)

func TestALanguageIsSpokenByItsVarieties(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		own, wanted string
		want        bool
	}{
		{"pt", "pt", true},
		{"pt-BR", "pt", true},
		{"PT-br", "pt-BR", true},
		{"pt", "pt-BR", false},
		{"ptx", "pt", false},
		{"", "pt", false},
		{"pt", "", false},
		{"zh-Hans-CN", "zh-Hans", true},
	} {
		if got := (events.Event{Language: c.own}).Speaks(c.wanted); got != c.want {
			t.Errorf("an event in %q speaks %q: %v", c.own, c.wanted, got)
		}
	}
}

func TestAllAccessFactsAreWanted(t *testing.T) {
	t.Parallel()
	e := events.Event{Access: []events.AccessFact{events.Toilets, events.Captions}}
	for want, facts := range map[bool][]events.AccessFact{
		true: {events.Captions, events.Toilets, events.Captions}, false: {events.Captions, events.Wheelchair},
	} {
		if got := e.Offers(facts); got != want {
			t.Errorf("offers %v: %v", facts, got)
		}
	}
	if !(events.Event{}).Offers(nil) {
		t.Error("nothing is wanted, and not offered")
	}
}

func TestFilterRefusesWhatIsNoLanguage(t *testing.T) {
	t.Parallel()
	for _, tag := range []string{"", "%", "pt_BR", "pt-", "1a", "zh-Hans-漢", strings.Repeat("a", 9), strings.Repeat("ab-", 12) + "a"} {
		if _, err := (events.Query{Filter: events.Filter{Languages: []string{tag}}}).Check(); err == nil {
			t.Errorf("%q is taken for a language", tag)
		}
	}
	if _, err := (events.Query{Filter: events.Filter{Languages: []string{"pt", "zh-Hans", "es-419"}}}).Check(); err != nil {
		t.Error(err)
	}
	if _, err := (events.Query{Filter: events.Filter{Access: make([]events.AccessFact, 13)}}).Check(); err == nil {
		t.Error("thirteen facts are taken")
	}
}
