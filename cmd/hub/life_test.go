package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"github.com/microgalleries/actionday/events"
)

// One hub's life: it opens on an empty folder, is used, stops without leaving anything running, and
// goes on where it was. It runs alone, because it looks at what is left in the process.
func TestLifeOfAHub(t *testing.T) {
	left := goleak.IgnoreCurrent()
	data := t.TempDir()
	h := startHub(t, settings{Data: data}, serveCommand{})
	server := postgresOf(t, data)
	edition := h.today()
	opensEverything(t, h, edition)
	listed := h.signedIn("host@example.org").registers(edition, "Wall of birds").text("registerEvent.event.id")
	h.signedIn("steward@example.org", events.StewardRole).approves(listed)
	news := h.anybody().follows(follow, "edition", edition.ID.String())
	for n := range 20 {
		h.anybody().takesPart("cheer", listed, device(n))
	}
	news.until(func(a activity) bool { return a.Kind == "CHEERED" })
	var before reply
	eventually(t, "20 cheers are counted", func() bool {
		before = h.anybody().counts(edition)
		return before.number("counts.world.cheers.value") == 20
	})
	head, err := h.store.Head(t.Context(), edition.ID)
	if err != nil {
		t.Fatal(err)
	}
	news.cut()
	h.stop()
	if isRunning(server) {
		t.Errorf("Postgres (%d) still runs", server)
	}
	if _, err := h.client.Get(h.site + "/healthz"); err == nil {
		t.Error("the hub still answers")
	}
	goleak.VerifyNone(t, left)

	h = startHub(t, settings{Data: data}, serveCommand{})
	if again, err := h.store.Head(t.Context(), edition.ID); err != nil || again.Epoch != head.Epoch || again.Seq < head.Seq {
		t.Errorf("the log stands at %s, %v; it was at %s", again, err, head)
	}
	after := h.anybody().counts(edition)
	if after.number("counts.world.cheers.value") != 20 || after.number("counts.asOfSeq") < before.number("counts.asOfSeq") {
		t.Errorf("before %s\nafter %s", before, after)
	}
	all := h.anybody().follows(follow, "edition", edition.ID.String(), "after", events.Position{Epoch: head.Epoch}.String())
	read := all.until(func(a activity) bool { return a.Seq == head.Seq })
	if read[0].Seq != 1 {
		t.Errorf("the log begins with %d", read[0].Seq)
	}
	h.stop()
	goleak.VerifyNone(t, left)
}

// opensEverything looks in at every door.
func opensEverything(t *testing.T, h *house, edition events.Edition) {
	t.Helper()
	visitor := h.anybody()
	for target, holds := range map[string]string{
		"/":                                      "Global Day of Creative Action",
		"/?projection=mercator":                  "Global Day of Creative Action",
		"/about/data":                            "<html",
		"/sign-in":                               "<form",
		"/graphiql":                              "<html",
		"/healthz":                               "alive",
		"/readyz":                                `"nats":true,"postgres":true,"redis":true`,
		"/dev/mailbox":                           "<html",
		"/sitemap.xml":                           "<urlset",
		"/robots.txt":                            "Sitemap: " + h.site,
		"/tiles/" + edition.Slug + "/0/0/0.mvt":  "",
		"/graphql?query=%7Bedition%7Bslug%7D%7D": `"slug":"today"`,
	} {
		a := visitor.get(target)
		if a.status == 301 || a.status == 302 || a.status == 307 || a.status == 308 {
			a = visitor.get(a.header.Get("Location"))
		}
		if a.status != 200 || !strings.Contains(a.String(), holds) {
			t.Errorf("%s: %d, %q is missing in %.300s", target, a.status, holds, a)
		}
	}
	for _, target := range []string{"/nothing", "/e/nothing", "/tiles/nothing/0/0/0.mvt", "/tiles/" + edition.Slug + "/0/1/0.mvt"} {
		if a := visitor.get(target); a.status != 404 {
			t.Errorf("%s: %d", target, a.status)
		}
	}
}

// postgresOf is the process id of the Postgres that a hub has started in its folder.
func postgresOf(t *testing.T, data string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(data, "pg*", "postmaster.pid"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v %v: no Postgres of its own", files, err)
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil || !isRunning(pid) {
		t.Fatalf("Postgres has the process id %q", line)
	}
	return pid
}

func isRunning(pid int) bool { return syscall.Kill(pid, 0) == nil }
