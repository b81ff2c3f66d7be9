package events_test

import (
	"context"
	"testing"

	"github.com/microgalleries/actionday/events"
)

func TestARepeatedKeyGivesTheFirstAnswer(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	first, err := s.Register(t.Context(), s.host, "key-1", s.kathmandu())
	if err != nil {
		t.Fatal(err)
	}
	who := s.refreshed(s.host)
	title := "Wall of cranes"
	if _, err := s.Revise(t.Context(), who, "", first.ID, events.Revision{Title: &title}); err != nil {
		t.Fatal(err)
	}
	again, err := s.Register(t.Context(), who, "key-1", s.kathmandu())
	if err != nil || again.ID != first.ID || again.Title != first.Title || again.Version != first.Version {
		t.Errorf("the repeat gives %s %q v%d, %v; the first gave %s %q v%d",
			again.ID, again.Title, again.Version, err, first.ID, first.Title, first.Version)
	}
	other := s.kathmandu()
	other.Title = "Something else"
	_, err = s.Register(t.Context(), who, "key-1", other)
	wantProblem(t, err, events.KeyReused, "clientMutationId")
	page, err := s.OwnEvents(t.Context(), who, 0, "")
	if err != nil || len(page.Events) != 1 {
		t.Errorf("the host has %d events, %v; want 1", len(page.Events), err)
	}
}

// A double click: both requests are under way at once.
func TestTwinRequestsMakeOneEvent(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.registered()
	answers := make(chan events.Event, 8)
	for range cap(answers) {
		go func() {
			e, err := s.Register(context.WithoutCancel(t.Context()), s.host, "twin", s.kathmandu())
			if err != nil {
				t.Error(err)
			}
			answers <- e
		}()
	}
	ids := map[events.ID]bool{}
	for range cap(answers) {
		ids[(<-answers).ID] = true
	}
	if len(ids) != 1 {
		t.Errorf("one double click made %d events", len(ids))
	}
}
