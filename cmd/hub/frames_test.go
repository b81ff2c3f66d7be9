package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/microgalleries/actionday/events"
)

const followFrames = `subscription ($edition: ID, $after: LogPosition) { frames(editionId: $edition, after: $after) {
	position from counts { world { cheers { value } } } activities { seq kind count card { title } } omitted snapshotRequired } }`

// sight is what a test reads of a frame.
type sight struct {
	Position, From string
	Counts         *struct {
		World struct{ Cheers struct{ Value int64 } }
	}
	Activities       []activity
	Omitted          int64
	SnapshotRequired bool
}

func (s *stream) nextFrame() (sight, string) {
	s.t.Helper()
	var answer struct{ Data struct{ Frames sight } }
	raw := s.next().raw
	if err := json.Unmarshal(raw, &answer); err != nil || answer.Data.Frames.Position == "" {
		s.t.Fatalf("%v: %s", err, raw)
	}
	return answer.Data.Frames, string(raw)
}

// seq is the number of a frame's position.
func (f sight) seq() int64 {
	position, err := events.ParsePosition(f.Position)
	if err != nil {
		return -1
	}
	return position.Seq
}

// What two hubs cut each in its own time is one log to whoever goes from one to the other.
func TestFramesGoOnAtAnotherHub(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	id := p.lists("Wall of birds")
	const people = 60
	var crowd sync.WaitGroup
	crowd.Go(func() {
		for n := range people {
			[]*house{p.a, p.b}[n%2].anybody().takesPart("cheer", id, device(n))
		}
	})
	at, told, cheers := p.start(), int64(0), int64(0)
	for round := 0; cheers < people; round++ {
		who := []*person{p.a.anybody(), p.b.anybody()}[round%2]
		follow := []func(string, ...any) *stream{who.follows, who.followsBySocket}[round/2%2]
		s := follow(followFrames, "edition", p.edition.ID.String(), "after", at)
		f, raw := s.nextFrame()
		if f.From != at || f.SnapshotRequired {
			t.Fatalf("after %s came %s", at, raw)
		}
		told += int64(len(f.Activities)) + f.Omitted
		at = f.Position
		if f.seq() != told {
			t.Fatalf("%d activities were told or counted up to %s", told, at)
		}
		if f.Counts != nil {
			cheers = f.Counts.World.Cheers.Value
		}
		s.cut()
	}
	crowd.Wait()
	if cheers != people {
		t.Errorf("the viewer saw %d cheers of %d", cheers, people)
	}
}

// door stands before a hub and can be closed to streams alone, as a bad network or proxy does.
type door struct {
	*httptest.Server
	mu     sync.Mutex
	open   context.Context
	closes context.CancelFunc
}

func newDoor(t *testing.T, site string) *door {
	t.Helper()
	to, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	d := &door{}
	d.reopen()
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/graphql" && strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
			d.mu.Lock()
			open := d.open
			d.mu.Unlock()
			ctx, end := context.WithCancel(r.Context())
			defer end()
			defer context.AfterFunc(open, end)()
			r = r.WithContext(ctx)
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { d.closes(); d.CloseClientConnections(); d.Close() })
	return d
}

func (d *door) reopen() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open, d.closes = context.WithCancel(context.Background())
}

// A page whose stream is cut says so and goes on by asking; when the stream is back, nothing is
// missing and nothing doubled.
func TestAPageWithoutItsStreamGoesOn(t *testing.T) {
	t.Parallel()
	h, event := dayWith(t, "A wall of birds")
	id := event.text("approveEvent.event.id")
	d := newDoor(t, h.site)
	p := startBrowser(t).open(h)
	p.site = d.URL
	p.visit(mapPage)
	p.isLive()
	h.anybody().takesPart("cheer", id, device(1))
	p.until(`document.querySelector('[data-count="cheers"]').textContent === "1"`)
	d.closes()
	h.anybody().takesPart("cheer", id, device(2))
	p.until(`!!document.querySelector("[data-stream=polling]")`)
	p.until(`document.querySelector('[data-count="cheers"]').textContent === "2"`)
	h.anybody().takesPart("cheer", id, device(3))
	d.reopen()
	p.isLive()
	h.anybody().takesPart("cheer", id, device(4))
	p.until(`document.querySelector('[data-count="cheers"]').textContent === "4"`)
	p.until(`document.querySelector("[data-feed]").textContent.includes("×4")`)
}
