package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

// Whoever sends the same act again under the same key gets the first answer, at any hub.
func TestRepeatsGetTheFirstAnswer(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	const register = `mutation ($r: RegisterEventInput!) { registerEvent(registration: $r) { event { id } problems { code field } } }`
	r := registration(p.edition.ID, "Wall of birds")
	host := p.host
	host.header.Set("Idempotency-Key", "first-try")
	first := host.must(register, "r", r).text("registerEvent.event.id")
	if again := host.must(register, "r", r).text("registerEvent.event.id"); again != first {
		t.Errorf("a repeat made %s beside %s", again, first)
	}
	other := host.at(p.b)
	if again := other.must(register, "r", r).text("registerEvent.event.id"); again != first {
		t.Errorf("a repeat at the other hub made %s beside %s", again, first)
	}
	reused := host.ask(register, "r", registration(p.edition.ID, "Another wall"))
	if !strings.Contains(reused.String(), "KEY_REUSED") {
		t.Errorf("the key was taken for something else: %s", reused)
	}
	stranger := p.a.signedIn("stranger@example.org")
	stranger.header.Set("Idempotency-Key", "first-try")
	if theirs := stranger.must(register, "r", r).text("registerEvent.event.id"); theirs == first || theirs == "" {
		t.Errorf("somebody else's key is answered with %s", theirs)
	}

	var mu sync.Mutex
	made := map[string]bool{}
	host.header.Set("Idempotency-Key", "double-click")
	var clicks sync.WaitGroup
	for i := range 8 {
		clicks.Go(func() {
			id := host.at([]*house{p.a, p.b}[i%2]).must(register, "r", registration(p.edition.ID, "Letters to the river")).text("registerEvent.event.id")
			mu.Lock()
			defer mu.Unlock()
			made[id] = true
		})
	}
	clicks.Wait()
	if len(made) != 1 {
		t.Errorf("eight clicks made %d events", len(made))
	}
	const key = `mutation ($id: ID!) { approveEvent(eventId: $id, clientMutationId: "decided") ` + answered + ` }`
	one, two := p.steward.must(key, "id", first), p.steward.at(p.b).must(key, "id", first)
	if one.text("approveEvent.event.review") != "LISTED" || one.get("approveEvent.event.version") != two.get("approveEvent.event.version") {
		t.Errorf("approved twice: %s then %s", one, two)
	}
}

func TestOtherSitesCannotAct(t *testing.T) {
	t.Parallel()
	h := startHub(t, settings{}, proxied())
	edition := h.today()
	host := h.signedIn("host@example.org")
	for name, header := range map[string][2]string{"fetch metadata": {"Sec-Fetch-Site", "cross-site"}, "origin": {"Origin", "https://evil.example"}} {
		foreign := host.at(h)
		foreign.header = http.Header{header[0]: {header[1]}}
		for _, form := range []string{"/sign-in", "/sign-out", "/host/register", "/steward/events/evt_00000000000000000000000000"} {
			if a := foreign.send(form, "title", "Planted"); a.status != http.StatusForbidden {
				t.Errorf("%s: a form for %s from another site is answered %d", name, form, a.status)
			}
		}
		body := strings.NewReader(string(bodyOf(`mutation { signOut { problems { code } } }`)))
		if a := foreign.do(http.MethodPost, "/graphql", "application/json", body); a.status != http.StatusForbidden {
			t.Errorf("%s: a mutation from another site is answered %d", name, a.status)
		}
	}
	if host.must("{ viewer { email } }").text("viewer.email") != "host@example.org" {
		t.Error("the session did not survive")
	}
	if titles := host.titles(edition); len(titles) != 0 {
		t.Errorf("another site made %q", titles)
	}
}

func TestTooMuch(t *testing.T) {
	t.Parallel()
	h := startHub(t, settings{}, proxied())
	greedy := h.anybody()
	r := greedy.ask(`{ events(filter: {text: "` + strings.Repeat("x", 200<<10) + `"}) { nodes { id } } }`)
	if r.status != http.StatusRequestEntityTooLarge || r.code() != "BAD_REQUEST" {
		t.Errorf("a body of 200 KB: %d %s", r.status, r)
	}
	if a := greedy.send("/sign-in", "email", strings.Repeat("x", 5<<20)); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a form of 5 MB: %d", a.status)
	}
	if a := greedy.get("/?q=" + strings.Repeat("x", 64<<10)); a.status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("an address of 64 KB: %d", a.status)
	}

	for n := range 100 {
		r = greedy.ask(`mutation { requestSignIn(email: "ana@example.org") { problems { code } } }`)
		if r.code() != "" || r.status != http.StatusOK {
			break
		}
		if n > 50 {
			t.Fatal("one address may send as many mails as it likes")
		}
	}
	checkTooMuch(t, "sign-in links", r.answer)
	if wait, _ := r.Errors[0].Extensions["retryAfter"].(float64); r.code() != "RATE_LIMITED" || strconv.Itoa(int(wait)) != r.header.Get("Retry-After") {
		t.Errorf("too many links: %s and Retry-After %s", r, r.header.Get("Retry-After"))
	}
	if r := h.anybody().ask(`mutation { requestSignIn(email: "bo@example.org") { problems { code } } }`); r.code() != "" {
		t.Errorf("somebody at another address pays for it: %s", r)
	}

	var form answer
	for n := 0; n < 200 && form.status != http.StatusTooManyRequests; n++ {
		form = greedy.send("/sign-in", "email", fmt.Sprintf("person-%d@example.org", n))
	}
	checkTooMuch(t, "forms", form)
}

func checkTooMuch(t *testing.T, what string, a answer) {
	t.Helper()
	wait, err := strconv.Atoi(a.header.Get("Retry-After"))
	if a.status != http.StatusTooManyRequests || err != nil || wait < 1 {
		t.Errorf("too many %s: %d, Retry-After %q: %.300s", what, a.status, a.header.Get("Retry-After"), a)
	}
}

// Somebody sends half a request and waits: the hub does not.
func TestSlowSendersAreCutOff(t *testing.T) {
	t.Parallel()
	h := startHub(t, settings{}, serveCommand{})
	for name, half := range map[string]string{
		"head":       "POST /graphql HTTP/1.1\r\nHost: hub\r\nContent-Ty",
		"body":       "POST /graphql HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"query\":",
		"form":       "POST /sign-in HTTP/1.1\r\nHost: hub\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nemail=",
		"idle":       "GET /healthz HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n",
		"handshake":  "GET /graphql HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n",
		"no request": "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", strings.TrimPrefix(h.site, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, half); err != nil {
				t.Fatal(err)
			}
			var timeout net.Error
			_, err = io.Copy(io.Discard, bufio.NewReader(conn)) // until the hub has had enough
			if errors.As(err, &timeout) && timeout.Timeout() {
				t.Errorf("the hub waits for ever: %v", err)
			}
		})
	}
}

// What the hub believes of where somebody comes from is what its own proxies say.
func TestAddressesCannotBeMadeUp(t *testing.T) {
	t.Parallel()
	h := startHub(t, settings{}, serveCommand{}) // behind no proxy
	var last reply
	for range 50 {
		liar := h.anybody() // says that it comes from somewhere else each time
		if last = liar.ask(`mutation { requestSignIn(email: "ana@example.org") { problems { code } } }`); last.code() != "" {
			break
		}
	}
	if last.code() != "RATE_LIMITED" {
		t.Errorf("made-up addresses are believed: %s", last)
	}
}

// A stranger's session, an old one and none are all nobody's.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	host := p.a.signedIn("host@example.org", events.StewardRole)
	if host.at(p.b).must("{ viewer { email } }").text("viewer.email") != "host@example.org" {
		t.Fatal("a session is not good at the other hub")
	}
	if a := host.send("/sign-out"); a.status != http.StatusSeeOther {
		t.Fatalf("signing out answers %d", a.status)
	}
	for name, h := range map[string]*house{"this": p.a, "the other": p.b} {
		eventually(t, "the session ends at "+name+" hub", func() bool {
			return host.at(h).must("{ viewer { email } }").get("viewer") == nil
		})
	}
	for _, session := range []string{"", "guess", strings.Repeat("a", 5000)} {
		nobody := &person{house: p.a, session: session, header: http.Header{}}
		if got := nobody.must("{ viewer { email } }"); got.get("viewer") != nil {
			t.Errorf("the session %.10q is %s", session, got)
		}
	}
}
