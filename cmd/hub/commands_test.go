package main

import (
	"net/http"
	"path"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events"
)

// The operator's commands, each in a process of its own beside the hub that serves.
func TestCommandsBesideARunningHub(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	h := startHub(t, settings{Data: data}, serveCommand{})
	beside := []string{"HUB_DATA=" + data}

	printed, err := hubProgram(t, beside, "sign-in-link", "ana@example.org").run()
	if err != nil {
		t.Fatal(err)
	}
	link := strings.TrimSpace(printed)
	if !strings.HasPrefix(link, h.site+"/sign-in/") {
		t.Fatalf("printed %q for a hub at %s", link, h.site)
	}
	organizer := signsIn(t, h, strings.TrimPrefix(link, h.site))
	if a := h.anybody().send(strings.TrimPrefix(link, h.site)); a.status != http.StatusGone {
		t.Errorf("a link that was used answers %d", a.status)
	}
	if who := organizer.must("{ viewer { email roles } }"); who.text("viewer.email") != "ana@example.org" || !strings.Contains(who.String(), `["ORGANISER"]`) {
		t.Errorf("signed in as %s", who)
	}

	edition := h.today()
	id := organizer.registers(edition, "Wall of birds").text("registerEvent.event.id")
	organizer.approves(id)
	for n := range 5 {
		organizer.takesPart("checkIn", id, device(n))
	}
	eventually(t, "5 are counted", func() bool {
		return h.anybody().counts(edition).number("counts.world.checkIns.value") == 5
	})
	printed, err = hubProgram(t, beside, "counters", "rebuild").run()
	if err != nil || printed != "today: rebuilt, and equal to the recount\n" {
		t.Errorf("counters rebuild: %q %v", printed, err)
	}
	printed, err = hubProgram(t, beside, "doctor").run()
	if err != nil || !strings.Contains(printed, "the hub at "+h.site+" agrees") {
		t.Errorf("doctor: %v\n%s", err, printed)
	}
	if _, err := hubProgram(t, beside, "migrate").run(); err != nil {
		t.Errorf("migrate: %v", err)
	}
	if _, err := hubProgram(t, beside, "sign-in-link", "nobody").run(); err == nil || !strings.Contains(err.Error(), "e-mail address") {
		t.Errorf("a link for no address: %v", err)
	}
	if _, err := hubProgram(t, nil, "counters", "rebuild", "everything").run(); err == nil {
		t.Error("a command that is none was taken")
	}
}

// The counters of a Redis that hubs share are held against the database, and mended.
func TestCountersRebuild(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	id := p.lists("Wall of birds")
	for n := range 5 {
		p.a.anybody().takesPart("checkIn", id, device(n))
	}
	p.settled(func(counts reply) bool { return counts.number("counts.world.checkIns.value") == 5 })
	client, key := p.redis.client(), "hub:{"+p.edition.ID.String()+"}:counts"
	if err := client.HIncrBy(t.Context(), key, "world||checkIns", 37).Err(); err != nil {
		t.Fatal(err)
	}
	printed, err := hubProgram(t, p.environment(), "counters", "rebuild").run()
	if err != nil || !strings.Contains(printed, "equal to the recount") {
		t.Errorf("counters rebuild: %q %v", printed, err)
	}
	if n, err := client.HGet(t.Context(), key, "world||checkIns").Int(); err != nil || n != 5 {
		t.Errorf("Redis has %d check-ins, %v", n, err)
	}
	p.settled(func(counts reply) bool { return counts.number("counts.world.checkIns.value") == 5 })
}

// signsIn opens a link as a person does: the page, and the button on it.
func signsIn(t *testing.T, h *house, link string) *person {
	t.Helper()
	p := h.anybody()
	if page := p.get(link); page.status != http.StatusOK || !strings.Contains(page.String(), `action="`+link+`"`) {
		t.Fatalf("the link's page: %d %s", page.status, page)
	}
	a := p.send(link)
	for _, cookie := range (&http.Response{Header: a.header}).Cookies() {
		if cookie.Name == "hub" {
			if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode {
				t.Errorf("the session's cookie is %s", cookie)
			}
			p.session = cookie.Value
		}
	}
	if a.status != http.StatusSeeOther || p.session == "" {
		t.Fatalf("%s answered %d %s", path.Dir(link), a.status, a)
	}
	return p
}

// Who is signed in by a link has what the link says and no more.
func TestRolesOfLinks(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	printed, err := hubProgram(t, append(p.environment(), "HUB_SITE="+p.b.site), "sign-in-link", "--role", "STEWARD", "bo@example.org").run()
	if err != nil {
		t.Fatal(err)
	}
	steward := signsIn(t, p.b, strings.TrimPrefix(strings.TrimSpace(printed), p.b.site))
	if a := steward.get("/steward"); a.status != http.StatusOK {
		t.Errorf("the queue answers a steward with %d", a.status)
	}
	if a := p.b.signedIn("host@example.org", events.HostRole).get("/steward"); a.status == http.StatusOK {
		t.Error("the queue is open to hosts")
	}
}
