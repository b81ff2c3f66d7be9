package auth_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
	"github.com/microgalleries/actionday/graph/auth"
)

// store counts the look-ups of sessions, and fails them where a test says so.
type store struct {
	*eventstest.Store
	asked   int
	failing error
}

func (s *store) Session(ctx context.Context, token [32]byte, now time.Time) (events.Session, error) {
	s.asked++
	if s.failing != nil {
		return events.Session{}, s.failing
	}
	return s.Store.Session(ctx, token, now)
}

func newAuth(t *testing.T, o auth.Options) (*auth.Auth, *events.Service, *store) {
	t.Helper()
	s := &store{Store: eventstest.NewStore()}
	ids, clock := eventstest.NewIDs(1), eventstest.NewClock(eventstest.Morning())
	service := events.New(events.Parts{
		Store: s, Atlas: eventstest.Atlas{}, Now: clock.Now, NewID: ids.UUID,
		Random: randomness{}, Site: func() string { return "" },
	})
	a := auth.New(service, o)
	t.Cleanup(a.Close)
	return a, service, s
}

type randomness struct{}

func (randomness) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i)
	}
	return len(p), nil
}

// member signs somebody in by an operator's link and gives the session's token; a host has
// registered an event before.
func member(t *testing.T, service *events.Service, s *store, isHost bool) string {
	t.Helper()
	link, err := service.InviteLink(t.Context(), "ana@example.org", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	account, token, err := service.SignIn(t.Context(), link[strings.LastIndex(link, "/")+1:], "")
	if err != nil {
		t.Fatal(err)
	}
	if !isHost {
		return token
	}
	edition := eventstest.Edition(eventstest.NewIDs(9))
	if err := s.SaveEdition(t.Context(), &edition); err != nil {
		t.Fatal(err)
	}
	_, err = service.Register(t.Context(), events.Actor{AccountID: account.ID}, "", events.Registration{
		EditionID: edition.ID, Host: &events.HostProfile{DisplayName: "Ana"}, Way: events.Digital,
		Title: "A wall of letters", OnlineURL: "https://example.org", Zone: "Asia/Kathmandu",
	})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// visit runs do inside a request.
func visit(a *auth.Auth, request *http.Request, do func(context.Context)) *http.Response {
	w := httptest.NewRecorder()
	a.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { do(r.Context()) })).ServeHTTP(w, request)
	return w.Result()
}

func requestFrom(peer string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = peer
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func TestClientIP(t *testing.T) {
	t.Parallel()
	a, _, _ := newAuth(t, auth.Options{TrustedProxies: []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:ffff::/48"),
	}})
	const forwarded = "X-Forwarded-For"
	for name, c := range map[string]struct {
		peer    string
		headers []string
		want    string
	}{
		"direct":                     {"203.0.113.1:55", nil, "203.0.113.1"},
		"direct with a made-up head": {"203.0.113.1:55", []string{forwarded, "198.51.100.9"}, "203.0.113.1"},
		"one proxy":                  {"10.0.0.1:55", []string{forwarded, "198.51.100.9"}, "198.51.100.9"},
		"made-up hops before":        {"10.0.0.1:55", []string{forwarded, "1.2.3.4, 198.51.100.9"}, "198.51.100.9"},
		"two proxies":                {"10.0.0.1:55", []string{forwarded, "1.2.3.4, 198.51.100.9, 10.9.9.9"}, "198.51.100.9"},
		"two heads":                  {"10.0.0.1:55", []string{forwarded, "1.2.3.4", forwarded, "198.51.100.9"}, "198.51.100.9"},
		"nothing but proxies":        {"10.0.0.1:55", []string{forwarded, "10.1.1.1, 10.2.2.2"}, "10.1.1.1"},
		"a proxy without a head":     {"10.0.0.1:55", nil, "10.0.0.1"},
		"nonsense":                   {"10.0.0.1:55", []string{forwarded, "1.2.3.4, nonsense"}, "10.0.0.1"},
		"nonsense behind a proxy":    {"10.0.0.1:55", []string{forwarded, "nonsense, 10.2.2.2"}, "10.2.2.2"},
		"with a port":                {"10.0.0.1:55", []string{forwarded, "198.51.100.9:4711"}, "198.51.100.9"},
		"IPv6":                       {"[2001:db8:ffff::1]:55", []string{forwarded, "2001:db8:1::7"}, "2001:db8:1::7"},
		"IPv6 with a port":           {"[2001:db8:ffff::1]:55", []string{forwarded, "[2001:db8:1::7]:99"}, "2001:db8:1::7"},
		"IPv4 inside IPv6":           {"[::ffff:10.0.0.1]:55", []string{forwarded, "::ffff:198.51.100.9"}, "198.51.100.9"},
		"a zone":                     {"[fe80::1%eth0]:55", nil, "fe80::1"},
		"more hops than anybody has": {"10.0.0.1:55", []string{forwarded, strings.Repeat("10.0.0.2,", 50) + "10.0.0.3"}, "10.0.0.2"},
		"a unix socket":              {"@", []string{forwarded, "198.51.100.9"}, "invalid IP"},
	} {
		visit(a, requestFrom(c.peer, c.headers...), func(ctx context.Context) {
			if got := auth.ClientIP(ctx).String(); got != c.want {
				t.Errorf("%s: %s, want %s", name, got, c.want)
			}
		})
	}
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"203.0.113.7":       "203.0.113.7/32",
		"2001:db8:1:2:3::4": "2001:db8:1:2::/64",
	} {
		if got := auth.Network(netip.MustParseAddr(address)).String(); got != want {
			t.Errorf("%s is of %s, want %s", address, got, want)
		}
	}
	if got := auth.Network(netip.Addr{}); got != (netip.Prefix{}) {
		t.Errorf("no address is of %s", got)
	}
}

func TestCookies(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		a, _, _ := newAuth(t, auth.Options{Secure: secure})
		response := visit(a, requestFrom("203.0.113.1:5"), func(ctx context.Context) {
			nonce := auth.Browser(ctx)
			if len(nonce) < 20 || auth.Browser(ctx) != nonce || auth.KnownBrowser(ctx) != nonce {
				t.Errorf("the nonce is %q, then %q", nonce, auth.Browser(ctx))
			}
			auth.SetSession(ctx, "a-token")
			if auth.Session(ctx) != "a-token" {
				t.Error("the visit does not know its new session")
			}
		})
		prefix := map[bool]string{true: "__Host-"}[secure]
		cookies := response.Cookies()
		if len(cookies) != 2 || cookies[0].Name != prefix+"hub-browser" || cookies[1].Name != prefix+"hub" {
			t.Fatalf("cookies %v", cookies)
		}
		for _, cookie := range cookies {
			if cookie.Secure != secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode ||
				cookie.Path != "/" || cookie.Domain != "" || cookie.MaxAge < 3600 {
				t.Errorf("cookie %+v", cookie)
			}
		}
	}
}

func TestABrowserKeepsItsNonce(t *testing.T) {
	t.Parallel()
	a, _, _ := newAuth(t, auth.Options{})
	response := visit(a, requestFrom("203.0.113.1:5", "Cookie", "hub-browser=n0nce"), func(ctx context.Context) {
		if auth.Browser(ctx) != "n0nce" {
			t.Errorf("got %q", auth.Browser(ctx))
		}
	})
	if len(response.Cookies()) > 0 {
		t.Errorf("set %v", response.Cookies())
	}
	visit(a, requestFrom("203.0.113.1:5", "Cookie", "hub-browser="+strings.Repeat("n", 500)), func(ctx context.Context) {
		if auth.KnownBrowser(ctx) != "" {
			t.Error("a cookie that is too long is taken")
		}
	})
}

func TestTheNamesOfOneSchemeMeanNothingInTheOther(t *testing.T) {
	t.Parallel()
	a, _, _ := newAuth(t, auth.Options{Secure: true})
	visit(a, requestFrom("203.0.113.1:5", "Cookie", "hub=token"), func(ctx context.Context) {
		if auth.Session(ctx) != "" {
			t.Error("a cookie that plain http could have set is taken")
		}
	})
}

func TestOutsideOfAVisitNobodyAsks(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	auth.SetSession(ctx, "a")
	auth.ClearSession(ctx)
	if auth.Actor(ctx).IsSignedIn() || auth.Session(ctx) != "" || auth.Browser(ctx) != "" || auth.KnownBrowser(ctx) != "" || auth.ClientIP(ctx).IsValid() {
		t.Error("there is somebody")
	}
}

// What goes to many must not depend on one of them, not even by mistake.
func TestNobodyCanBeAskedForUnseen(t *testing.T) {
	t.Parallel()
	ctx := auth.Unseen(t.Context())
	for name, ask := range map[string]func(){
		"Actor":        func() { auth.Actor(ctx) },
		"Find":         func() { _, _ = auth.Find(ctx) },
		"ClientIP":     func() { auth.ClientIP(ctx) },
		"Session":      func() { auth.Session(ctx) },
		"Browser":      func() { auth.Browser(ctx) },
		"KnownBrowser": func() { auth.KnownBrowser(ctx) },
		"SetSession":   func() { auth.SetSession(ctx, "x") },
		"ClearSession": func() { auth.ClearSession(ctx) },
		"Standing":     func() { auth.Standing(ctx) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s answers", name)
				}
			}()
			ask()
		}()
	}
}

// A connection stands longer than its request, and so does what is known of its viewer.
func TestAVisitOutlivesItsRequest(t *testing.T) {
	t.Parallel()
	if ctx := auth.Standing(t.Context()); auth.Session(ctx) != "" || auth.ClientIP(ctx).IsValid() {
		t.Error("somebody stands where nobody was")
	}
	var standing context.Context
	visits := auth.New(nil, auth.Options{})
	t.Cleanup(visits.Close)
	handler := visits.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { standing = auth.Standing(r.Context()) }))
	ctx, end := context.WithCancel(t.Context())
	request := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	request.RemoteAddr = "192.0.2.7:1234"
	request.AddCookie(&http.Cookie{Name: "hub", Value: "token"})
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	end()
	if standing.Err() != nil || auth.Session(standing) != "token" || auth.ClientIP(standing).String() != "192.0.2.7" {
		t.Errorf("stands as %q at %s, %v", auth.Session(standing), auth.ClientIP(standing), standing.Err())
	}
	auth.SetSession(standing, "other")
	if len(answer.Header()) != 0 || auth.Session(standing) != "other" {
		t.Errorf("the answer got %v", answer.Header())
	}
}
