package pages

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

// mailedLink takes the newest mail and gives the path of the link in it.
func (h *house) mailedLink() string {
	h.t.Helper()
	mail, err := h.store.TakeMail(h.t.Context(), h.clock.Now(), time.Minute)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.store.MailSent(h.t.Context(), mail.ID); err != nil {
		h.t.Fatal(err)
	}
	link := regexp.MustCompile(regexp.QuoteMeta(hubAddress) + `(/sign-in/\S+)`).FindStringSubmatch(mail.Text)
	if link == nil {
		h.t.Fatalf("no link in %q", mail.Text)
	}
	return link[1]
}

func TestSigningInByMail(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.anybody()

	a := ana.open("/sign-in?next=/host/register")
	form := a.fields("/sign-in")
	form.Set("email", "Ana@Example.org")
	wantText(t, ana.follow(ana.post("/sign-in", form)).text(), "Look into your mail.")

	link := h.mailedLink()
	landing := ana.open(link)
	wantText(t, landing.text(), "One press and you are in")
	if landing.Header().Get("Referrer-Policy") != "no-referrer" || landing.Header().Get("Cache-Control") != noStore ||
		landing.Header().Get("X-Robots-Tag") != "noindex" {
		t.Errorf("the page with the secret address: %v", landing.Header())
	}
	in := ana.post(link, landing.fields(link))
	if in.Header().Get("Location") != "/host/register" {
		t.Fatalf("signed in and sent to %q", in.Header().Get("Location"))
	}
	wantText(t, ana.open("/host").text(), "ana@example.org")
	if got := ana.get("/sign-in").Header().Get("Location"); got != "/host" {
		t.Errorf("somebody signed in asks for the sign-in page and is sent to %q", got)
	}
	again := ana.post(link, nil)
	if again.Code != http.StatusGone {
		t.Errorf("the link worked twice: %d", again.Code)
	}
	wantText(t, again.text(), "This link does not work")
}

// Scanners of mail follow links; whatever they send but a POST must leave the link unused.
func TestLookingAtALinkDoesNotUseItUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.anybody()
	ana.post("/sign-in", url.Values{"email": {"ana@example.org"}})
	link := h.mailedLink()
	for range 3 {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
			for _, who := range []*browser{ana, h.anybody()} {
				a := who.do(newRequest(method, link))
				if who.cookies["hub"] != "" || a.Code >= 500 {
					t.Fatalf("%s signed in (%d)", method, a.Code)
				}
			}
		}
	}
	if a := ana.post(link, nil); a.Code != http.StatusSeeOther {
		t.Errorf("the link was used up by looking: %d", a.Code)
	}
}

func TestALinkWorksInItsBrowserOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana, thief := h.anybody(), h.anybody()
	ana.post("/sign-in", url.Values{"email": {"ana@example.org"}})
	link := h.mailedLink()
	if a := thief.post(link, nil); a.Code != http.StatusGone || thief.cookies["hub"] != "" {
		t.Errorf("somebody else's browser = %d", a.Code)
	}
	if a := ana.post(link, nil); a.Code != http.StatusSeeOther {
		t.Errorf("the right browser = %d", a.Code)
	}
}

func TestLinksExpire(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.anybody()
	ana.post("/sign-in", url.Values{"email": {"ana@example.org"}})
	link := h.mailedLink()
	h.clock.Advance(events.SignInLinkLasts + time.Second)
	if a := ana.post(link, nil); a.Code != http.StatusGone {
		t.Errorf("an old link = %d", a.Code)
	}
	for _, token := range []string{"x", strings.Repeat("x", 5000), "%00", "%E2%80%AE"} {
		if a := ana.post("/sign-in/"+token, nil); a.Code != http.StatusGone && a.Code != http.StatusNotFound {
			t.Errorf("token %.10q = %d", token, a.Code)
		}
	}
}

// Known and unknown addresses must not be told apart.
func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.signedIn("known@example.org", events.ID{}, events.StewardRole)
	var answers []string
	for _, email := range []string{"known@example.org", "unknown@example.org"} {
		who := h.anybody()
		a := who.post("/sign-in", url.Values{"email": {email}})
		answers = append(answers, http.StatusText(a.Code)+a.Header().Get("Location")+a.Body.String()+who.open("/sign-in?sent=1").text())
		wantNone(t, answers[len(answers)-1], email)
	}
	if answers[0] != answers[1] {
		t.Errorf("the answers differ:\n%s\n%s", answers[0], answers[1])
	}
}

func TestAnAddressThatIsNone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, email := range []string{"", "ana", "ana@", "Ann\r\nBcc: victim@example.org", strings.Repeat("a", 300) + "@example.org"} {
		a := h.anybody().post("/sign-in", url.Values{"email": {email}})
		if a.Code != http.StatusUnprocessableEntity {
			t.Errorf("%.20q = %d", email, a.Code)
		}
		field := a.all("input", "id", "email")[0]
		if attribute(field, "aria-invalid") != "true" || len(a.all("a", "href", "#email")) != 1 {
			t.Errorf("%.20q: the field does not say what is wrong", email)
		}
	}
}

func TestNobodyIsSentElsewhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, next := range []string{
		"//evil.example", `/\evil.example`, "https:evil.example", "https://evil.example", "/%09/evil.example", `\\evil.example`,
		"/host//evil", "/\t/evil.example", "javascript:alert(1)", "/host?x=//evil", "/host\r\nLocation: //evil", "/sign-out",
		"//evil.example/host", "/host/../../evil", "/e/..//evil", " /host", "/host ", "/host\n", "/HOST", "/graphql",
		"http:///host", "/host/events/evt_", "/@evil.example", "/.evil.example",
	} {
		if got := safeNext(next); got != "" {
			t.Errorf("safeNext(%q) = %q", next, got)
		}
		ana := h.anybody()
		ana.cookies[nextCookie] = "//evil.example" // as if somebody had set it
		ana.post("/sign-in", url.Values{"email": {"ana@example.org"}, "next": {next}})
		if got := ana.post(h.mailedLink(), nil).Header().Get("Location"); got != "/host" {
			t.Errorf("next=%q leads to %q", next, got)
		}
	}
	for _, next := range []string{"/", "/host", "/host/register", "/steward", "/about/data", "/host/events/evt_0697p3c8000000000000000000"} {
		if safeNext(next) != next {
			t.Errorf("%q is one of ours", next)
		}
	}
}

func TestWhoMustSignInComesBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for target, next := range map[string]string{
		"/host": "?next=%2Fhost", "/host/register": "?next=%2Fhost%2Fregister", "/steward": "?next=%2Fsteward",
		"/host/events/evt_rubbish": "",
	} {
		a := h.anybody().get(target)
		if a.Code != http.StatusSeeOther || a.Header().Get("Location") != "/sign-in"+next {
			t.Errorf("%s = %d to %q", target, a.Code, a.Header().Get("Location"))
		}
	}
	for _, target := range []string{"/host/register", "/host/events/evt_0697p3c8000000000000000000/day"} {
		if a := h.anybody().post(target, nil); a.Code != http.StatusSeeOther || a.Header().Get("Location") != "/sign-in" {
			t.Errorf("POST %s = %d to %q", target, a.Code, a.Header().Get("Location"))
		}
	}
}

func TestSigningOutEndsTheSessionEverywhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org", events.ID{})
	session := ana.cookies["hub"]
	if got := ana.get("/sign-out").Code; got != http.StatusMethodNotAllowed {
		t.Errorf("GET /sign-out = %d", got)
	}
	ana.open("/host")
	if got := ana.post("/sign-out", nil).Header().Get("Location"); got != "/" {
		t.Errorf("signed out and sent to %q", got)
	}
	thief := h.anybody()
	thief.cookies["hub"] = session
	if got := thief.get("/host").Code; got != http.StatusSeeOther {
		t.Errorf("the old session still works: %d", got)
	}
}

func TestSomebodySignedInGetsPagesOfTheirOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org", events.ID{})
	for _, target := range []string{"/", "/about/data", "/host", "/host/register"} {
		if got := ana.open(target).Header().Get("Cache-Control"); got != noStore {
			t.Errorf("%s: Cache-Control = %q", target, got)
		}
	}
	if got := h.anybody().open("/?lang=es").Header().Get("Cache-Control"); got != noStore {
		t.Errorf("a page that sets a cookie may be kept: %q", got)
	}
}

func TestTheMailboxShowsLinks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.letters = []events.Mail{
		{To: "ana@example.org", Subject: "First", Text: "Hello\nhttps://hub.example/sign-in/abc\n<script>alert(1)</script>", At: h.clock.Now()},
		{To: "bob@example.org", Subject: "Second", Text: "Hello", At: h.clock.Now()},
	}
	a := h.anybody().open("/dev/mailbox")
	if len(a.all("a", "href", "https://hub.example/sign-in/abc")) != 1 {
		t.Error("the link cannot be pressed")
	}
	if text := a.text(); strings.Index(text, "Second") > strings.Index(text, "First") {
		t.Error("the newest letter is not the first")
	}
	refuseScripts(t, "mailbox", a)
}
