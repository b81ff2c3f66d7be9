package graph_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// Whoever follows is told the same as all others, and nothing of anybody who follows, too.
func TestFollowersAreToldTheSame(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org")
	ana.listed("Wall 1")
	var all []*socket
	for _, v := range []*visitor{ana, h.signedIn("ben@example.org"), h.anonymous()} {
		s := v.dial("graphql-transport-ws")
		s.handshake()
		s.send("subscribe", "1", subscribe(watch, map[string]any{"after": "5f3a09c1-0"}))
		all = append(all, s)
	}
	first := string(all[0].receive().Payload)
	for i, s := range all[1:] {
		if got := string(s.receive().Payload); got != first {
			t.Errorf("follower %d was told %s, and another %s", i+1, got, first)
		}
	}
	var answer struct{ Extensions map[string]any }
	if err := json.Unmarshal([]byte(first), &answer); err != nil || answer.Extensions["seq"] != 1.0 {
		t.Errorf("%v: %s", err, first)
	}
	for _, own := range []string{"cost", "remaining", "example.org", "Request"} {
		if strings.Contains(first, own) {
			t.Errorf("%q is in %s", own, first)
		}
	}
}

// A resolver that asks for the viewer in what goes to many fails, and gives nothing away.
func TestWhatGoesToManyCannotAskForTheViewer(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.store.fail("head asks for the viewer", errors.New("it does"))
	for name, query := range map[string]string{
		"activity": `subscription { activity { seq } }`,
		"frames":   `subscription { frames { position } }`,
		"counts":   `subscription { counts { asOfSeq } }`,
	} {
		s := h.signedIn("ana@example.org").dial("graphql-transport-ws")
		s.handshake()
		s.send("subscribe", name, subscribe(query, nil))
		if f := s.receive(); f.Type != "next" || !strings.Contains(string(f.Payload), "INTERNAL") || strings.Contains(string(f.Payload), "ana") {
			t.Errorf("%s: %+v %s", name, f, f.Payload)
		}
		if f := s.receive(); f.Type != "complete" {
			t.Errorf("%s: then %+v", name, f)
		}
	}
	if log := h.log.String(); !strings.Contains(log, "an answer for many depends on its viewer") {
		t.Errorf("the log says %s", log)
	}
}

// The same mistake behind a stream's back ends the stream, not the hub.
func TestAStreamThatPanicsBreaksOff(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.store.fail("counts ask for the viewer", errors.New("they do"))
	s := h.anonymous().dial("graphql-transport-ws")
	s.handshake()
	s.send("subscribe", "1", subscribe(`subscription { counts { asOfSeq } }`, nil))
	if f := s.receive(); f.Type != "error" || !strings.Contains(string(f.Payload), "UNAVAILABLE") {
		t.Errorf("got %+v %s", f, f.Payload)
	}
}
