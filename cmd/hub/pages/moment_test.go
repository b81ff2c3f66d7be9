package pages

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

func TestMomentOfAnAddress(t *testing.T) {
	t.Parallel()
	ed := eventstest.Edition(eventstest.NewIDs(1))
	opens, closes, noon := ed.OpensAt(), ed.ClosesAt(), time.Date(2026, 12, 12, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-12-12T11:00Z": noon.Add(-time.Hour), "2026-12-12T11:00:05.9Z": noon.Add(-time.Hour + 5*time.Second),
		"2026-12-12T16:45+05:45": noon.Add(-time.Hour), "1999-01-01T00:00Z": opens,
		"": {}, "noon": {}, "2026-12-12": {}, "2026-12-12T12:00Z": {}, "2099-01-01T00:00:00Z": {},
	} {
		if got, ok := momentOf(ed, noon, text); ok == want.IsZero() || !got.Equal(want) {
			t.Errorf("%q at noon is %v %t, want %v", text, got, ok, want)
		}
	}
	if got, ok := momentOf(ed, closes.Add(48*time.Hour), "2026-12-14T00:00Z"); !ok || !got.Equal(closes) {
		t.Errorf("after the day it is %v %t", got, ok)
	}
	if _, ok := momentOf(ed, opens.Add(-time.Hour), "2026-12-01T00:00Z"); ok {
		t.Error("before the day there is a moment of it")
	}
}

// Without a script the page of a moment has its numbers, says so, and leads back.
func TestFrontPageOfAMoment(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.clock.Set(h.edition.OpensAt().Add(20 * time.Hour))
	h.add(h.host(), eventstest.Whereabouts(), titled("Wall of Birds", "wall-of-birds-1"), listed)

	now := h.anybody().open("/")
	wantNone(t, now.text(), "Replay: the numbers")
	a := h.anybody().open("/?at=2026-12-11T12:00Z")
	wantText(t, a.text(), "Replay: the numbers are those of 2026-12-11 12:00 UTC", "The list shows the events as they stand now.", "Wall of Birds")
	for _, count := range a.all("dd", "data-count", "events") {
		if got := textOf(count); got != "0" {
			t.Errorf("%s events then", got)
		}
	}
	if got := attribute(a.all("div", "id", "day")[0], "data-at"); got != "2026-12-11T12:00:00Z" {
		t.Errorf("the script is told of %q", got)
	}
	wantNone(t, a.text(), "0001-01-01")
	if back := a.all("p", "class", "notice replay-note"); len(back) != 1 {
		t.Errorf("%d notes", len(back))
	}
	if links := a.all("a", "hreflang", "es"); len(links) != 1 || attribute(links[0], "href") != "/?at=2026-12-11T12%3A00Z&lang=es" {
		t.Errorf("the link to Spanish is not to the moment: %d", len(links))
	}
}

// noPast is a replayer that cannot be asked.
type noPast struct{ *eventstest.Store }

func (noPast) Replay(context.Context, events.ID, time.Time) (events.Replay, error) {
	return events.Replay{}, errors.New("secret-host is out of its mind")
}

func TestFrontPageStandsWithoutReplay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.clock.Set(h.edition.OpensAt().Add(20 * time.Hour))
	h.build(noPast{h.store})
	a := h.anybody().open("/?at=2026-12-11T12:00Z")
	wantText(t, a.text(), "This moment cannot be shown just now.", "Live now")
	wantNone(t, a.text(), "secret-host", "Replay: the numbers")
}

// asked is a replayer that remembers what it was asked for.
type asked struct {
	*eventstest.Store
	moments []time.Time
}

func (a *asked) Replay(ctx context.Context, edition events.ID, at time.Time) (events.Replay, error) {
	a.moments = append(a.moments, at)
	return a.Store.Replay(ctx, edition, at)
}

// The numbers of a moment cost a stretch of the log, so every second of a minute has the same.
func TestTheSecondsOfAMinuteAskForOneMoment(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.clock.Set(h.edition.OpensAt().Add(20 * time.Hour))
	past := &asked{Store: h.store}
	h.build(past)
	for _, seconds := range []string{"", ":00", ":01", ":59", ":59.9"} {
		a := h.anybody().open("/?at=2026-12-11T12:07" + seconds + "Z")
		wantText(t, a.text(), "Replay: the numbers are those of 2026-12-11 12:07 UTC")
	}
	for _, at := range past.moments {
		if want := time.Date(2026, 12, 11, 12, 7, 0, 0, time.UTC); !at.Equal(want) {
			t.Errorf("it is asked for %s, want %s", at, want)
		}
	}
}

// slowPast is a replayer whose log is being read.
type slowPast struct{ *eventstest.Store }

func (slowPast) Replay(ctx context.Context, _ events.ID, _ time.Time) (events.Replay, error) {
	<-ctx.Done()
	return events.Replay{}, ctx.Err()
}

// However long a log takes to be read, and however many ask, the front page comes.
func TestFrontPageDoesNotWaitForThePast(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.clock.Set(h.edition.OpensAt().Add(20 * time.Hour))
	h.build(slowPast{h.store})
	var all sync.WaitGroup
	for range 3 * momentsAtOnce {
		all.Go(func() {
			wantText(t, h.anybody().open("/?at=2026-12-11T12:00Z").text(), "This moment cannot be shown just now.")
		})
	}
	all.Wait()
}

// Without a script everything that asks for other events stays at the moment; only what leads back to
// now leaves it, and keeps the conditions.
func TestASearchStaysAtTheMoment(t *testing.T) {
	t.Parallel()
	const moment = "2026-12-11T12:00Z"
	h := newHouse(t)
	h.clock.Set(h.edition.OpensAt().Add(20 * time.Hour))
	host := h.host()
	for n := range listPage + 1 {
		name := fmt.Sprintf("wall-%d", n)
		h.add(host, eventstest.Whereabouts(), titled("Wall of Birds", name), listed)
	}
	a := h.anybody().open("/?q=wall&way=OWN_WORK&near=27.6,85.3&as=table&at=" + moment)
	if got := a.fields("/#list").Get("at"); got != moment {
		t.Errorf("the form asks for the moment %q", got)
	}
	links := map[string]string{}
	for _, link := range a.all("a") {
		for _, role := range []string{"data-as-to", "data-sort", "data-more", "data-clear"} {
			if hasAttribute(link, role) {
				links[role+attribute(link, role)] = attribute(link, "href")
			}
		}
		if list := link.Parent.Parent; list != nil && hasAttribute(list, "data-chips") {
			links["chip "+textOf(link)] = attribute(link, "href")
		}
	}
	if len(links) != 10 {
		t.Errorf("%d links: %v", len(links), links)
	}
	for name, link := range links {
		to, err := url.Parse(link)
		if err != nil || to.Query().Get("at") != moment {
			t.Errorf("%s leads to %q", name, link)
		}
	}
	back := ""
	for note := range a.all("p", "class", "notice replay-note")[0].Descendants() {
		if note.Data == "a" {
			back = attribute(note, "href")
		}
	}
	if back != "/?as=table&near=27.6%2C85.3%2C100&q=wall&way=OWN_WORK#list" {
		t.Errorf("back to now leads to %q", back)
	}
	if got := h.anybody().open("/?q=wall&at=noon").fields("/#list"); got.Has("at") {
		t.Errorf("what is no moment is kept: %v", got)
	}
}
