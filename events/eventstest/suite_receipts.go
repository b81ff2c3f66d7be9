package eventstest

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"

	"github.com/microgalleries/actionday/events"
)

func receiptTests() map[string]func(*stage) {
	return map[string]func(*stage){
		"a repeat changes nothing":              repeatChangesNothing,
		"a repeat is told before a conflict":    repeatBeforeConflict,
		"keys of different actors stand apart":  scopesStandApart,
		"of many twins one is stored":           oneTwinIsStored,
		"the first answer comes back as it was": receiptRoundTrip,
	}
}

func (s *stage) receipt(scope, key string) *events.Receipt {
	return &events.Receipt{
		Scope: scope, Key: key, Act: "register", InputHash: hash("input"),
		Answer: []byte(`{"title":"Wall of Birds"}`), At: s.clock.Now(),
	}
}

func receiptRoundTrip(s *stage) {
	e, want := s.draft(), s.receipt("acc_ana", strings.Repeat("k", 200))
	want.Answer = []byte(`{"title":"दिन 🌊 \"x\"","people":9007199254740993,"none":null}`)
	s.save(events.Change{Event: &e, Receipt: want})
	got, err := s.store.Receipt(s.ctx, want.Scope, want.Key)
	s.ok(err)
	s.same("answer", decoded(s, want.Answer), decoded(s, got.Answer))
	got.Answer = want.Answer
	s.same("receipt", *want, got)
}

// decoded makes two spellings of the same JSON equal, with numbers as they were written.
func decoded(s *stage, raw []byte) (value any) {
	s.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.UseNumber()
	s.ok(decoder.Decode(&value))
	return value
}

func repeatChangesNothing(s *stage) {
	first := s.draft()
	s.save(events.Change{Event: &first, Receipt: s.receipt("acc_ana", "k1")})
	again, other := s.draft(), s.receipt("acc_ana", "k1")
	other.Act, other.Answer = "withdraw", []byte(`{"other":true}`)
	err := s.store.SaveEvents(s.ctx, events.Change{
		Event: &again, Receipt: other, At: s.clock.Now(),
		News: []events.Activity{s.news(events.EventListed, again)},
	})
	if !errors.Is(err, events.ErrRepeated) {
		s.Fatalf("second save under the same key: %v, want %v", err, events.ErrRepeated)
	}
	_, err = s.store.Event(s.ctx, again.ID)
	s.notFound("event of the repeat", err)
	kept, err := s.store.Receipt(s.ctx, "acc_ana", "k1")
	s.ok(err)
	if kept.Act != "register" {
		s.Errorf("the repeat replaced the receipt: act %q", kept.Act)
	}
	if moved := s.drain(); len(moved) != 0 {
		s.Errorf("a repeat left %d activities in the outbox", len(moved))
	}
}

// A request that was sent twice finds its event changed by its twin, and its slug taken: it must
// learn that it is a repeat all the same, or it could not give the first answer.
func repeatBeforeConflict(s *stage) {
	e := s.draft()
	s.save(events.Change{Event: &e})
	mine, twin := e, e
	s.save(events.Change{Event: &twin, Receipt: s.receipt("acc_ana", "revise")})
	err := s.store.SaveEvents(s.ctx, events.Change{
		Event: &mine, Receipt: s.receipt("acc_ana", "revise"), At: s.clock.Now(),
	})
	if !errors.Is(err, events.ErrRepeated) {
		s.Errorf("repeat with a stale version: %v, want %v", err, events.ErrRepeated)
	}

	one := s.draft(func(e *events.Event) { e.Slug = "sea-level" })
	s.save(events.Change{Event: &one, Receipt: s.receipt("acc_ana", "register")})
	two := s.draft(func(e *events.Event) { e.Slug = "sea-level" })
	err = s.store.SaveEvents(s.ctx, events.Change{
		Event: &two, Receipt: s.receipt("acc_ana", "register"), At: s.clock.Now(),
	})
	if !errors.Is(err, events.ErrRepeated) {
		s.Errorf("repeat with a slug that its twin took: %v, want %v", err, events.ErrRepeated)
	}
}

func scopesStandApart(s *stage) {
	for _, receipt := range []*events.Receipt{
		s.receipt("acc_ana", "k"), s.receipt("acc_bo", "k"), s.receipt("acc_ana", "K"),
	} {
		e := s.draft()
		s.save(events.Change{Event: &e, Receipt: receipt})
	}
}

func oneTwinIsStored(s *stage) {
	const twins = 8
	var wait sync.WaitGroup
	results := make(chan error, twins)
	for range twins {
		e := s.draft()
		change := events.Change{
			Event: &e, Receipt: s.receipt("acc_ana", "double click"), At: s.clock.Now(),
			News: []events.Activity{s.news(events.EventListed, e)},
		}
		wait.Go(func() { results <- s.store.SaveEvents(s.ctx, change) })
	}
	wait.Wait()
	close(results)
	stored := 0
	for err := range results {
		switch {
		case err == nil:
			stored++
		case !errors.Is(err, events.ErrRepeated):
			s.Errorf("twin: %v, want %v", err, events.ErrRepeated)
		}
	}
	if moved := s.drain(); stored != 1 || len(moved) != 1 {
		s.Errorf("%d twins were stored with %d activities, want 1 and 1", stored, len(moved))
	}
}
