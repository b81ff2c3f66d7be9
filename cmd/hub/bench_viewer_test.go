package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"path"
	"testing"
	"time"

	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// approvalsInRound is how many events a steward lists in one round.
const approvalsInRound = 200

// BenchmarkCommitToLoneViewer measures how long after the answer to a steward's approval the event is on
// a viewer's stream, with one hub and nothing else going on.
func BenchmarkCommitToLoneViewer(b *testing.B) {
	address := dbtest.New(b)
	s := newStage(b, address)
	head := s.drain()
	hub := inChild(b, address)
	steward := s.session(events.StewardRole)
	viewer := s.gathers(hub.site, transports()[1], head, 1)[0]
	var waits []time.Duration
	for b.Loop() {
		submitted := s.fill(approvalsInRound, func(e *events.Event) { e.Review = events.Submitted })
		seen := make(chan time.Time, approvalsInRound)
		go func() {
			defer close(seen)
			for range submitted {
				if err := viewer.take(1); err != nil {
					b.Error(err)
					return
				}
				seen <- time.Now()
			}
		}()
		for i, e := range submitted {
			answered := s.approve(hub.site, steward, uint64(i), e)
			arrived, ok := <-seen
			if !ok {
				b.FailNow()
			}
			waits = append(waits, max(0, arrived.Sub(answered))) // the frame may be there before the answer
		}
	}
	b.ReportMetric(milliseconds(quantile(waits, 0.5)), "commit_to_lone_viewer_p50_ms")
	b.ReportMetric(milliseconds(quantile(waits, 0.99)), "commit_to_lone_viewer_p99_ms")
}

// session signs somebody in.
func (s *stage) session(role events.Role) string {
	s.Helper()
	hub := service(s.store, eventstest.Atlas{}, clock{}, "")
	link, err := hub.InviteLink(s.Context(), "steward@example.org", time.Hour, role)
	s.ok(err)
	_, session, err := hub.SignIn(s.Context(), path.Base(link), "")
	s.ok(err)
	return session
}

// approve lists an event by the API and tells when the answer was there.
func (s *stage) approve(site, session string, visitor uint64, e events.Event) (answered time.Time) {
	s.Helper()
	body := bodyOf(`mutation ($id: ID!) { approveEvent(eventId: $id) { event { review } problems { message } } }`, "id", e.ID.String())
	r, err := http.NewRequestWithContext(s.Context(), http.MethodPost, site+"/graphql", bytes.NewReader(body))
	s.ok(err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Forwarded-For", visitorAddress(visitor))
	r.AddCookie(&http.Cookie{Name: "hub", Value: session})
	response, err := http.DefaultClient.Do(r)
	s.ok(err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	answered = time.Now()
	s.ok(err)
	var answer struct {
		Data struct {
			ApproveEvent struct{ Event struct{ Review string } }
		}
	}
	if err := json.Unmarshal(text, &answer); err != nil || answer.Data.ApproveEvent.Event.Review != "LISTED" {
		s.Fatalf("%d %.500s: %v", response.StatusCode, text, err)
	}
	return answered
}
