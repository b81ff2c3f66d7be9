package graph_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph"
)

func TestAPageOfEventsAsksForItsHostsOnce(t *testing.T) {
	t.Parallel()
	for _, shape := range []string{"nodes { host { displayName } }", "edges { node { host { displayName } } }"} {
		t.Run(shape[:5], func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			for i := range 7 {
				h.signedIn(fmt.Sprintf("host%d@example.org", i)).listed(fmt.Sprintf("Wall number %d", i))
			}
			before := h.store.hostAsks
			answer := h.anonymous().must("{ events { " + shape + " } }")
			if n := strings.Count(string(answer.body), "Host of Wall number"); n != 7 {
				t.Errorf("%d hosts in %s", n, answer.body)
			}
			if asked := h.store.hostAsks - before; asked != 1 {
				t.Errorf("hosts were asked for %d times, want once", asked)
			}
		})
	}
}

func TestNumbersThatFailCostOneField(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.store.fail("counts", errors.New("dial redis.internal:6379: refused"))

	answer := h.anonymous().ask("{ edition { title counts { countries } } counts { countries } }")
	if answer.status != http.StatusOK || answer.get(t, "edition.title") == nil {
		t.Errorf("the rest did not stand: %d %s", answer.status, answer.body)
	}
	if answer.get(t, "edition.counts") != nil || answer.get(t, "counts") != nil || answer.code() != "UNAVAILABLE" {
		t.Errorf("want null and UNAVAILABLE, got %s", answer.body)
	}
	if strings.Contains(string(answer.body), "redis") {
		t.Errorf("the inside shows: %s", answer.body)
	}
	if n := strings.Count(h.log.String(), "redis.internal"); n != 2 {
		t.Errorf("logged %d times, want once a field:\n%s", n, h.log)
	}
}

func TestFailuresOfTheStoreShowNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.store.fail("find", errors.New(`pq: relation "events" at postgres://secret@db does not exist`))

	answer := h.anonymous().ask("{ events { nodes { id } } }")
	if answer.code() != "INTERNAL" || strings.Contains(string(answer.body), "secret") {
		t.Errorf("got %s", answer.body)
	}
	id := answer.header.Get("X-Request-Id")
	if id == "" || !strings.Contains(answer.Errors[0].Message, id) || !strings.Contains(h.log.String(), "request="+id) {
		t.Errorf("request %q is not in the message %q and the log:\n%s", id, answer.Errors[0].Message, h.log)
	}
}

func TestASessionThatCannotBeCheckedIsNotNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org")
	h.store.fail("session", errors.New("timeout"))

	answer := ana.ask("{ viewer { email } }")
	if answer.status != http.StatusServiceUnavailable || answer.code() != "UNAVAILABLE" {
		t.Errorf("got %d %s", answer.status, answer.body)
	}
	h.anonymous().must("{ viewer { email } }")
}

func TestProblemsOfAQueryAreBadRequests(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.signedIn("ana@example.org").listed("Wall of birds")
	for query, want := range map[string]string{
		`{ events(first: 0) { nodes { id } } }`:                                           "A page has 1 to 100 items.",
		`{ events(first: 101) { nodes { id } } }`:                                         "A page has 1 to 100 items.",
		`{ events(first: -1) { nodes { id } } }`:                                          "A page has 1 to 100 items.",
		`{ events(after: "nonsense") { nodes { id } } }`:                                  "This cursor does not belong to this list",
		`{ events(orderBy: DISTANCE) { nodes { id } } }`:                                  "To sort by distance, say near what.",
		`{ event(id: "evt_1") { id } }`:                                                   "is not an id",
		`{ event(id: 12) { id } }`:                                                        "is not an id",
		`{ wave(at: "yesterday") { at } }`:                                                `"yesterday" is not an instant such as`,
		`{ changes(since: "1") { seq } }`:                                                 "is not a log position",
		`{ changes(first: 101) { seq } }`:                                                 "Ask for 1 to 100 changes at once.",
		`{ events(first: 99999999999999999999) { nodes { id } } }`:                        "",
		`{ events(filter: {near: {latitude: 1}}) { nodes { id } } }`:                      "was not provided",
		`{ events(filter: {text: "` + strings.Repeat("x", 201) + `"}) { nodes { id } } }`: "at most 200 characters",
	} {
		answer := h.anonymous().ask(query)
		if want == "" && answer.code() == "" {
			continue
		}
		if answer.code() != "BAD_REQUEST" || !strings.Contains(answer.Errors[0].Message, want) {
			t.Errorf("%s: want BAD_REQUEST with %q, got %s", query, want, answer.body)
		}
	}
}

func TestMissingObjectsAreNull(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	answer := h.anonymous().must(`query ($e: ID!, $h: ID!, $d: ID!, $a: ID!) {
		event(id: $e) { id } e: node(id: $e) { id } h: node(id: $h) { id } d: node(id: $d) { id } a: node(id: $a) { id }
		eventBySlug(slug: "none") { id } edition(slug: "none") { id } viewer { email }
		counts(editionId: $d) { countries } wave(editionId: $d) { at } changes(editionId: $d) { seq }
		events(editionId: $d) { nodes { id } totalCount }
	}`, "e", h.ids.New(events.EventPrefix), "h", h.ids.New(events.HostPrefix),
		"d", h.ids.New(events.EditionPrefix), "a", h.ids.New(events.AccountPrefix))
	for _, field := range []string{"event", "e", "h", "d", "a", "eventBySlug", "edition", "viewer", "counts", "wave"} {
		if got := answer.get(t, field); got != nil {
			t.Errorf("%s = %v, want null", field, got)
		}
	}
	if got := string(answer.Data); !strings.Contains(got, `"changes":[]`) || !strings.Contains(got, `{"nodes":[],"totalCount":0}`) {
		t.Errorf("want empty lists, got %s", got)
	}
}

func TestAHubWithoutEditionsAnswers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if _, err := h.service.SetStage(t.Context(), events.Actor{System: true}, h.edition.ID, events.DraftStage); err != nil {
		t.Fatal(err)
	}
	answer := h.anonymous().must("{ edition { id } editions { id } events { nodes { id } } counts { countries } wave { at } changes { seq } }")
	if got := string(answer.Data); got != `{"edition":null,"editions":[],"events":{"nodes":[]},"counts":null,"wave":null,"changes":[]}` {
		t.Errorf("got %s", got)
	}
	if got := h.signedIn("o@example.org", events.OrganizerRole).must("{ editions { stage } }"); got.get(t, "editions") == nil || !strings.Contains(string(got.Data), "DRAFT") {
		t.Errorf("an organizer sees %s", got.Data)
	}
}

func TestWhatWasNotToldIsNull(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.signedIn("ana@example.org").listed("Wall of birds", func(r *events.Registration) { r.Language, r.Place.Locality = "", "" })
	answer := h.anonymous().must(`query ($id: ID!) { event(id: $id) {
		language onlineUrl rsvpUrl rainPlan expectedPeople declaredPeople dayReason postponedTo reviewReason
		liveAt doneAt source { name } place { locality } story reached checkIns
	} edition { attribution registrationOpensAt } }`, "id", e.ID)
	for _, field := range strings.Fields("language onlineUrl rsvpUrl rainPlan expectedPeople declaredPeople dayReason postponedTo reviewReason liveAt doneAt source place.locality") {
		if got := answer.get(t, "event."+field); got != nil {
			t.Errorf("%s = %v, want null", field, got)
		}
	}
	if answer.get(t, "event.story") != "" || answer.get(t, "event.reached") != 0.0 || answer.get(t, "edition.attribution") != nil {
		t.Errorf("got %s", answer.Data)
	}
}

// The host of an event without an hour says LIVE when its hour has come.
func TestNobodyReadsTheHourOfAHiddenEvent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org")
	for precision, told := range map[events.Precision]bool{events.ExactPrecision: true, events.HiddenPrecision: false} {
		e := ana.listed("Wall of birds", func(r *events.Registration) { r.Place.Precision = precision })
		h.clock.Set(h.edition.OpensAt().Add(12 * time.Hour))
		for _, state := range []events.DayState{events.Live, events.Done} {
			if _, err := h.service.SetDay(t.Context(), ana.actor, "", e.ID, events.DayChange{State: state}); err != nil {
				t.Fatal(err)
			}
		}
		for _, who := range []*visitor{h.anonymous(), ana} {
			answer := who.must("query ($id: ID!) { event(id: $id) { liveAt doneAt day } }", "id", e.ID)
			if live, done := answer.get(t, "event.liveAt"), answer.get(t, "event.doneAt"); (live != nil) != told || (done != nil) != told {
				t.Errorf("of an event of precision %s an answer tells %s", precision, answer.Data)
			}
		}
	}
}

func TestEveryAnswerCanBeCited(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.signedIn("ana@example.org").listed("Wall of birds")
	answer := h.anonymous().must("{ events { nodes { id } totalCount } }")
	want := map[string]any{"asOf": "2026-12-01T09:00:00Z", "seq": 1.0, "position": "5f3a09c1-1", "mode": "LIVE", "licence": "CC-BY-4.0"}
	for name, value := range want {
		if answer.Extensions[name] != value {
			t.Errorf("extensions.%s = %v, want %v", name, answer.Extensions[name], value)
		}
	}
	cost, _ := answer.Extensions["cost"].(map[string]any)
	if cost["used"] != 12.0 || cost["limit"] != 60000.0 || cost["remaining"] == nil {
		t.Errorf("cost = %v, want 12 of 60000", cost)
	}
	if answer.header.Get("RateLimit-Limit") != "60000" || answer.header.Get("RateLimit-Remaining") == "" {
		t.Errorf("header %v", answer.header)
	}
	limit := h.anonymous().must("{ rateLimit { limit cost remaining resetAt } edition { id } }")
	if limit.get(t, "rateLimit.cost") != 1.0 || limit.get(t, "rateLimit.limit") != 60000.0 || limit.get(t, "rateLimit.resetAt") == nil {
		t.Errorf("rateLimit = %s", limit.Data)
	}
}

// A defect in one resolver costs one answer, and tells nothing but the request's id.
func TestAPanicIsOneAnswer(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(p *graph.Parts) {
		p.CountryName = func(string, string) string { panic("secret of the inside") }
	})
	h.signedIn("ana@example.org").listed("Wall of birds")
	answer := h.anonymous().ask("{ events { nodes { title place { countryName } } } }")
	if answer.code() != "INTERNAL" || !strings.Contains(string(answer.Data), "Wall of birds") || strings.Contains(string(answer.body), "secret") {
		t.Errorf("got %s", answer.body)
	}
	if !strings.Contains(h.log.String(), "secret of the inside") || !strings.Contains(h.log.String(), "stack=") {
		t.Errorf("the log: %.500s", h.log)
	}
}
