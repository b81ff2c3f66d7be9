package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"path"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/places"
)

// patience is how long a test waits for what must come about. It is for machines under load: all
// of it happens within a second on an idle one.
const patience = 60 * time.Second

// sharedAtlas is the earth of all hubs here: reading it takes seconds under the race detector.
var sharedAtlas = sync.OnceValue(places.New)

// house is a hub that runs within the test, with everything that a real one has.
type house struct {
	*hub
	t      *testing.T
	client *http.Client // without cookies, and it follows no redirection
	said   *logbook
	cancel context.CancelFunc
	ended  chan error
}

// startHub opens a hub on a free port and stops it when the test ends. Settings that are left empty
// are those of a hub with everything embedded, but for Postgres: the hub gets a database of its own in
// the server of all tests, because making a server takes a second of the machine. See alone.
func startHub(t *testing.T, s settings, c serveCommand) *house {
	t.Helper()
	h, err := tryHub(t, s, c)
	if err != nil {
		t.Fatalf("the hub did not open: %v", err)
	}
	t.Cleanup(h.stop)
	return h
}

// alone is a hub that brings its Postgres, in a folder of its own, and so has a page for its mails.
func alone(t *testing.T) settings {
	t.Helper()
	return settings{Data: t.TempDir()}
}

// tryHub is startHub for hubs that may refuse to start.
func tryHub(t *testing.T, s settings, c serveCommand) (*house, error) {
	t.Helper()
	if s.Data == "" && s.DatabaseURL == "" {
		s.DatabaseURL = dbtest.New(t)
	}
	if s.Data == "" {
		s.Data = t.TempDir()
	}
	if c.Addr == "" {
		c.Addr = "127.0.0.1:0"
	}
	if c.BootLimit == 0 {
		c.BootLimit = patience
	}
	s.NodeModules, c.StopLimit = "../../web/node_modules", 10*time.Second
	said := &logbook{}
	ctx, cancel := context.WithCancel(context.Background())
	h := &house{
		hub: &hub{settings: s, serve: c, atlas: sharedAtlas(), log: slog.New(slog.NewJSONHandler(said, &slog.HandlerOptions{Level: slog.LevelDebug}))},
		t:   t, said: said, cancel: cancel, ended: make(chan error, 1),
		client: &http.Client{
			Transport:     &http.Transport{MaxIdleConnsPerHost: 16},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	opened := make(chan struct{})
	go func() { h.ended <- h.live(ctx, func() { close(opened) }) }()
	select {
	case <-opened:
		return h, nil
	case err := <-h.ended:
		cancel()
		return nil, err
	case <-time.After(patience):
		cancel()
		return nil, errors.New("it neither opened nor gave up")
	}
}

// stop ends the hub as Ctrl-C does, and fails the test if that does not go well. A hub may be
// stopped twice.
func (h *house) stop() {
	h.t.Helper()
	h.cancel()
	h.client.CloseIdleConnections()
	select {
	case err := <-h.ended:
		h.ended <- nil
		if err != nil {
			h.t.Errorf("the hub did not stop cleanly: %v", err)
		}
	case <-time.After(patience):
		h.t.Error("the hub does not stop")
	}
}

// logbook is a log that can be read while it is written.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// eventually waits until a condition holds. It asks again as fast as asking goes, with breath for
// those it waits for.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	breath := time.NewTicker(5 * time.Millisecond)
	defer breath.Stop()
	for !holds() {
		select {
		case <-breath.C:
		case <-deadline.C:
			t.Fatalf("it never came about: %s", what)
		}
	}
}

// today makes a live edition on the date that it is now, so that its events take people.
func (h *house) today() events.Edition {
	h.t.Helper()
	now := time.Now().UTC()
	edition, err := h.service.NewEdition(h.t.Context(), events.Actor{System: true}, events.Edition{
		Slug: "today", Title: "Global Day of Creative Action", GraceDays: 14,
		Date:    events.LocalDate{Year: now.Year(), Month: now.Month(), Day: now.Day()},
		Licence: "CC-BY-4.0", Languages: []string{"en"}, Mode: events.LiveMode, Stage: events.OpenStage,
		Themes: []events.Theme{{Slug: "emergent-futures", Title: "Emergent Futures"}},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return edition
}

// person is somebody with a session at a hub, or nobody in particular.
type person struct {
	*house
	session string
	header  http.Header
}

// anybody comes from an address of their own, where the hub believes that its visitors come through a
// proxy.
func (h *house) anybody() *person {
	address := fmt.Sprintf("10.%d.%d.%d", rand.IntN(256), rand.IntN(256), rand.IntN(256))
	return &person{house: h, header: http.Header{"X-Forwarded-For": {address}}}
}

// proxied are the settings of a hub whose visitors come through a proxy on the same machine.
func proxied() serveCommand { return serveCommand{TrustedProxies: []string{"127.0.0.0/8"}} }

// signedIn is somebody who has used an operator's link. The session is good at every hub of the
// same database.
func (h *house) signedIn(email string, roles ...events.Role) *person {
	h.t.Helper()
	link, err := h.service.InviteLink(h.t.Context(), email, time.Hour, roles...)
	if err != nil {
		h.t.Fatal(err)
	}
	p := h.anybody()
	if _, p.session, err = h.service.SignIn(h.t.Context(), path.Base(link), ""); err != nil {
		h.t.Fatal(err)
	}
	return p
}

// at is the same person at another hub.
func (p *person) at(h *house) *person { return &person{h, p.session, p.header} }
