package graph_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

// asked lets a browser ask for a link and gives the token of the mail that was sent.
func (v *visitor) asked(email string) (token string, answer reply) {
	v.t.Helper()
	answer = v.must(`mutation ($e: String!) { requestSignIn(email: $e) { problems { message } } }`, "e", email)
	mail, err := v.store.TakeMail(v.t.Context(), v.clock.Now(), time.Minute)
	if err != nil {
		v.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(mail.Text, "/sign-in/")
	token, _, _ = strings.Cut(rest, "\n")
	return token, answer
}

func cookieOf(answer reply, name string) *http.Cookie {
	for _, cookie := range (&http.Response{Header: answer.header}).Cookies() {
		if cookie.Name == name {
			return cookie
		}
	}
	return nil
}

const useLink = `mutation ($t: String!) { signIn(token: $t) { viewer { email roles host { id } } problems { code } } }`

func TestSigningIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	browser := h.anonymous()
	token, asked := browser.asked("Ana@Example.org")
	nonce := cookieOf(asked, "hub-browser")
	if nonce == nil || !nonce.HttpOnly || nonce.SameSite != http.SameSiteLaxMode {
		t.Fatalf("the browser's cookie: %v", asked.header["Set-Cookie"])
	}
	if got := h.anonymous().must(useLink, "t", token); !strings.Contains(string(got.Data), "WRONG_BROWSER") {
		t.Errorf("in another browser: %s", got.Data)
	}

	browser.cookie = "hub-browser=" + nonce.Value
	in := browser.must(useLink, "t", token)
	session := cookieOf(in, "hub")
	if in.get(t, "signIn.viewer.email") != "ana@example.org" || session == nil {
		t.Fatalf("in the same browser: %s %v", in.Data, in.header["Set-Cookie"])
	}
	if !session.HttpOnly || session.SameSite != http.SameSiteLaxMode || session.Path != "/" || session.Domain != "" || session.MaxAge != 30*24*3600 {
		t.Errorf("the session's cookie: %+v", session)
	}
	if strings.Contains(string(in.body), session.Value) || strings.Contains(h.log.String(), session.Value) {
		t.Error("the session's token is in the answer or the log")
	}
	if again := browser.must(useLink, "t", token); !strings.Contains(string(again.Data), "LINK_EXPIRED") {
		t.Errorf("a second time: %s", again.Data)
	}

	browser.cookie += "; hub=" + session.Value
	if got := browser.must("{ viewer { email host { id } } }"); got.get(t, "viewer.email") != "ana@example.org" {
		t.Errorf("signed in: %s", got.Data)
	}
	out := browser.must("mutation { signOut { problems { code } } }")
	if gone := cookieOf(out, "hub"); gone == nil || gone.MaxAge >= 0 {
		t.Errorf("signing out: %v", out.header["Set-Cookie"])
	}
	if got := browser.must("{ viewer { email } }"); got.get(t, "viewer") != nil {
		t.Errorf("after signing out the old cookie shows %s", got.Data)
	}
}

func TestOnlyTheNewestLinkWorks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	browser := h.anonymous()
	older, asked := browser.asked("ana@example.org")
	browser.cookie = "hub-browser=" + cookieOf(asked, "hub-browser").Value
	newer, again := browser.asked("ana@example.org")
	if cookieOf(again, "hub-browser") != nil {
		t.Error("a browser that has a nonce gets another")
	}
	if got := browser.must(useLink, "t", older); !strings.Contains(string(got.Data), "LINK_EXPIRED") {
		t.Errorf("the older link: %s", got.Data)
	}
	if got := browser.must(useLink, "t", newer); got.get(t, "signIn.viewer.email") != "ana@example.org" {
		t.Errorf("the newer link: %s", got.Data)
	}
}

// Nobody who only looks gets a cookie.
func TestVisitorsGetNoCookies(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, query := range []string{"{ events { nodes { id } } }", "{ viewer { email } }", `mutation { signIn(token: "a") { problems { code } } }`} {
		if got := h.anonymous().must(query); len(got.header["Set-Cookie"]) > 0 {
			t.Errorf("%s sets %v", query, got.header["Set-Cookie"])
		}
	}
}

// A host's first registration makes the host; the next request must know, although sessions are
// remembered for a moment.
func TestTheFirstRegistrationMakesAHostAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org")
	ana.must("{ viewer { host { id } } }")
	made := ana.must(`mutation ($r: RegisterEventInput!) { registerEvent(registration: $r) { event { id review slug path host { displayName } } problems { field message } } }`,
		"r", map[string]any{
			"editionId": h.edition.ID, "way": "OWN_WORK", "title": "Wall of birds", "host": map[string]any{"displayName": "Ana"},
			"place":    map[string]any{"latitude": 27.7, "longitude": 85.3, "country": "NP", "precision": "AREA"},
			"startsAt": "17:00", "summary": nil, "media": []string{"MURAL"},
		})
	id := made.get(t, "registerEvent.event.id")
	if made.get(t, "registerEvent.event.review") != "SUBMITTED" || made.get(t, "registerEvent.event.slug") != nil {
		t.Errorf("registered %s", made.Data)
	}
	revised := ana.must(`mutation ($id: ID!) { reviseEvent(eventId: $id, revision: {title: "Wall of cranes"}) { event { title version } problems { code } } }`, "id", id)
	if revised.get(t, "reviseEvent.event.title") != "Wall of cranes" || revised.get(t, "reviseEvent.event.version") != 2.0 {
		t.Errorf("revised %s", revised.Data)
	}
	where := ana.must(`query ($id: ID!) { viewer { host { displayName } events { totalCount nodes { title } } whereabouts(eventId: $id) { latitude startsAt endsAt zone notes } } }`, "id", id)
	if got := string(where.Data); !strings.Contains(got, `{"latitude":27.7,"startsAt":"17:00","endsAt":"19:00","zone":"Asia/Kathmandu","notes":[]}`) || !strings.Contains(got, `"totalCount":1`) {
		t.Errorf("the private side: %s", got)
	}
}

func TestEveryProblemComesAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	answer := h.signedIn("ana@example.org").must(`mutation ($r: RegisterEventInput!) { registerEvent(registration: $r) { event { id } problems { code field message } } }`,
		"r", map[string]any{
			"editionId": h.edition.ID, "way": "DIGITAL", "title": "x", "host": map[string]any{"displayName": "A"},
			"place": map[string]any{"country": "XX"}, "themes": []string{"none"},
		})
	for _, field := range []string{`"title"`, `"host.displayName"`, `"place.country"`, `"themes"`, `"onlineUrl"`} {
		if !strings.Contains(string(answer.Data), `"field":`+field) {
			t.Errorf("no problem of %s in %s", field, answer.Data)
		}
	}
	if answer.get(t, "registerEvent.event") != nil {
		t.Errorf("got an event: %s", answer.Data)
	}
}

func TestARepeatedMutationGetsItsFirstAnswer(t *testing.T) {
	t.Parallel()
	const register = `($title: String!, $edition: ID!, $key: String) { registerEvent(clientMutationId: $key, registration: {
		editionId: $edition, way: OWN_WORK, title: $title, host: {displayName: "Ana"}, place: {latitude: 27.7, longitude: 85.3, country: "NP"}
	}) { event { id version } problems { code } } }`
	for name, keyed := range map[string]func(*visitor, string) any{
		"argument": func(_ *visitor, key string) any { return key },
		"header":   func(v *visitor, key string) any { v.header.Set("Idempotency-Key", key); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			ana := h.signedIn("ana@example.org")
			do := func(title, key string) reply {
				return ana.must("mutation "+register, "title", title, "edition", h.edition.ID, "key", keyed(ana, key))
			}
			first, again, other := do("Wall of birds", "k1"), do("Wall of birds", "k1"), do("Wall of birds two", "k2")
			if string(first.Data) != string(again.Data) || string(first.Data) == string(other.Data) {
				t.Errorf("first %s\nagain %s\nother %s", first.Data, again.Data, other.Data)
			}
			if reused := do("Something else", "k1"); !strings.Contains(string(reused.Data), "KEY_REUSED") {
				t.Errorf("the key for something else: %s", reused.Data)
			}
			if mine := ana.must("{ viewer { events { totalCount } } }"); mine.get(t, "viewer.events.totalCount") != 2.0 {
				t.Errorf("there are %s", mine.Data)
			}
		})
	}
}

// One header stands for every mutation of a document, each by its place in the answer.
func TestOneKeyForTwoMutations(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org")
	first, second := ana.registered("Wall one"), ana.registered("Wall two")
	ana.header.Set("Idempotency-Key", "both")
	const mutation = `mutation ($a: ID!, $b: ID!) { a: withdrawEvent(eventId: $a) { event { id review version } problems { code } } b: withdrawEvent(eventId: $b) { event { id review version } problems { code } } }`
	one, two := ana.must(mutation, "a", first.ID, "b", second.ID), ana.must(mutation, "a", first.ID, "b", second.ID)
	if string(one.Data) != string(two.Data) || strings.Contains(string(one.Data), "KEY_REUSED") || strings.Count(string(one.Data), "WITHDRAWN") != 2 {
		t.Errorf("first %s\nagain %s", one.Data, two.Data)
	}
}

func TestOnePersonIsCountedOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.signedIn("ana@example.org").listed("Wall of birds")
	h.clock.Set(e.Schedule.StartsAt)
	const checkIn = `mutation ($code: String!, $d: String!, $k: String) { checkIn(code: $code, device: $d, clientMutationId: $k) { outcome event { title } problems { code } } }`
	for i, c := range []struct{ device, key, want string }{
		{"the-first-device-token", "k", "FRESH"},
		{"the-first-device-token", "k", "FRESH"}, // the same request again
		{"the-first-device-token", "l", "ALREADY_COUNTED"},
		{"another-device-token-", "k", "FRESH"},
	} {
		if got := h.anonymous().must(checkIn, "code", h.code(e), "d", c.device, "k", c.key); got.get(t, "checkIn.outcome") != c.want {
			t.Errorf("%d: %s, want %s", i, got.Data, c.want)
		}
	}
	h.sequence()
	counts := h.anonymous().must("{ counts { world { checkIns { value reported expected } reached { value } } byCountry { country name(language: \"de\") tally { events } } byWay { way tally { events } } byTheme { theme tally { live } } } }")
	if got := string(counts.Data); got != `{"counts":{"world":{"checkIns":{"value":2,"reported":1,"expected":1},"reached":{"value":2}},"byCountry":[{"country":"NP","name":"Nepal","tally":{"events":1}}],"byWay":[{"way":"OWN_WORK","tally":{"events":1}}],"byTheme":[{"theme":"emergent-futures","tally":{"live":0}}]}}` {
		t.Errorf("the numbers: %s", got)
	}
	if got := h.anonymous().must(checkIn, "code", h.code(e), "d", "short", "k", nil); !strings.Contains(string(got.Data), `"outcome":null`) || !strings.Contains(string(got.Data), "INVALID") {
		t.Errorf("a short token: %s", got.Data)
	}
}

func TestStewardsReviewTheQueue(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org")
	for _, title := range []string{"Wall one", "Wall two", "Wall three"} {
		ana.registered(title)
	}
	steward := h.signedIn("s@example.org", events.StewardRole)
	const queue = `query ($after: String) { viewer { reviewQueue(first: 2, after: $after) { totalCount nodes { id title } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`
	page := steward.must(queue)
	if page.get(t, "viewer.reviewQueue.totalCount") != 3.0 || page.get(t, "viewer.reviewQueue.pageInfo.hasNextPage") != true || page.get(t, "viewer.reviewQueue.pageInfo.hasPreviousPage") != false {
		t.Errorf("the first page: %s", page.Data)
	}
	next := steward.must(queue, "after", page.get(t, "viewer.reviewQueue.pageInfo.endCursor"))
	if len(next.get(t, "viewer.reviewQueue.nodes").([]any)) != 1 || next.get(t, "viewer.reviewQueue.pageInfo.hasPreviousPage") != true {
		t.Errorf("the second page: %s", next.Data)
	}
	id := next.get(t, "viewer.reviewQueue.nodes").([]any)[0].(map[string]any)["id"]
	steward.must(`mutation ($id: ID!) { approveEvent(eventId: $id) { event { review } problems { code } } }`, "id", id)
	if left := steward.must(queue); left.get(t, "viewer.reviewQueue.totalCount") != 2.0 {
		t.Errorf("then %s", left.Data)
	}
}
