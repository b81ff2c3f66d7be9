package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
	"github.com/microgalleries/actionday/graph/wire/wiretest"
)

// A busy hour: how many activities a second, for how long, before how many viewers.
const (
	busyViewers = 5000
	busyEvery   = time.Second / 200
	busyNews    = 2000
	busyAtOnce  = 128 // requests that are open at most
	busyLimit   = 60 * time.Second
	// busyPause is between two looks of the viewers, and in every latency.
	busyPause = 2 * time.Millisecond
)

// BenchmarkCommitToViewers measures how long after a cheer is due to be sent to a busy hub its
// activity is on the stream of each of its many viewers: the way in, the commit, the log, the time in
// which answers are gathered, and the way out. All answers of all viewers count. The time begins
// when the cheer was due, before its commit, so it is somewhat more than from the commit.
func BenchmarkCommitToViewers(b *testing.B) {
	address := dbtest.New(b)
	s := newStage(b, address)
	listed := s.fill(busyNews, eventstest.Listed(eventstest.Morning()), eventstest.OnDay(events.Live, events.ByHost))
	head := s.drain()
	wiretest.OpenFiles(busyViewers + 1000)
	hub := inChild(b, address)
	crowd, err := wiretest.Gather(wiretest.Options{
		Way: wiretest.Sockets, Address: strings.TrimPrefix(hub.site, "http://"), Path: "/graphql",
		Operation: string(bodyOf(watched, "edition", s.edition.ID.String(), "after", head.String())),
		Header:    func(i int) string { return "X-Forwarded-For: " + visitorAddress(uint64(i)) + "\r\n" },
		After:     head.Seq, Processor: wiretest.AnyProcessor, Pause: busyPause,
	}, busyViewers)
	s.ok(err)
	defer crowd.Close()
	s.checkIn(listed[:1]) // after it, all of them stand
	_, err = crowd.Take(1, busyLimit)
	s.ok(err)
	var all wiretest.Latencies
	for b.Loop() {
		h := &busyHour{stage: s, site: hub.site, listed: listed, begin: time.Now(), due: map[string]time.Duration{}}
		used := hub.busy()
		client := h.run(crowd)
		s.ReportMetric((hub.busy()-used).Seconds()/time.Since(h.begin).Seconds(), "commit_to_viewer_hub_cores")
		s.ReportMetric(client.Seconds()/time.Since(h.begin).Seconds(), "commit_to_viewer_client_cores")
		h.count(&all)
	}
	b.ReportMetric(milliseconds(all.Quantile(0.5)), "commit_to_viewer_p50_ms")
	b.ReportMetric(milliseconds(all.Quantile(0.99)), "commit_to_viewer_p99_ms")
}

// busyHour is a round of cheers, one for each event, in which each device is new.
type busyHour struct {
	*stage
	site   string
	listed []events.Event
	begin  time.Time
	due    map[string]time.Duration // when the cheer of an event was to be sent, since begin

	first  int64    // position of the first activity
	order  []string // the event of each activity, as the first viewer reads it
	read   []uint32 // when it was read, in microseconds since begin, by viewer and activity
	client http.Client
}

// run sends the cheers on time and waits until everybody has them.
func (h *busyHour) run(crowd *wiretest.Crowd) (used time.Duration) {
	h.Helper()
	h.read = make([]uint32, busyViewers*len(h.listed))
	h.client.Transport = &http.Transport{MaxIdleConnsPerHost: busyAtOnce}
	defer h.client.CloseIdleConnections()
	crowd.Seen = h.seen
	var sending sync.WaitGroup
	sending.Go(h.send)
	used, err := crowd.Take(len(h.listed), busyLimit)
	sending.Wait()
	h.ok(err)
	if h.Failed() {
		h.FailNow()
	}
	return used
}

func (h *busyHour) seen(viewer int, seq int64, at time.Time, text []byte) {
	if h.first == 0 {
		h.first = seq
	}
	if viewer == 0 {
		var f frame
		if err := json.Unmarshal(payloadOf(text), &f); err != nil {
			h.Errorf("%v: %.300s", err, text)
		}
		h.order = append(h.order, f.Data.Activity.EventID)
	}
	if n := int(seq - h.first); n < len(h.listed) {
		h.read[viewer*len(h.listed)+n] = uint32(at.Sub(h.begin).Microseconds())
	}
}

// payloadOf is the answer in a message of a socket.
func payloadOf(text []byte) []byte {
	var message struct{ Payload json.RawMessage }
	if json.Unmarshal(text, &message) != nil {
		return nil
	}
	return message.Payload
}

// send sends one cheer after another, each when it is due, whether or not the one before is answered.
func (h *busyHour) send() {
	places := make(chan struct{}, busyAtOnce)
	var all sync.WaitGroup
	defer all.Wait()
	tick := time.NewTicker(busyEvery)
	defer tick.Stop()
	for i, e := range h.listed {
		h.due[e.ID.String()] = time.Duration(i) * busyEvery
		for time.Since(h.begin) < time.Duration(i)*busyEvery { // ticks that were missed do not come again
			<-tick.C
		}
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			if err := h.cheer(uint64(i), e.ID); err != nil {
				h.Error(err)
			}
		})
	}
}

func (h *busyHour) cheer(visitor uint64, event events.ID) error {
	body := bodyOf(`mutation ($id: ID!, $device: String!) { cheer(eventId: $id, device: $device) { outcome problems { message } } }`,
		"id", event.String(), "device", fmt.Sprintf("device-%d-%d", h.begin.UnixNano(), visitor))
	r, err := http.NewRequestWithContext(h.Context(), http.MethodPost, h.site+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Forwarded-For", visitorAddress(visitor+busyViewers))
	response, err := h.client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err == nil && !bytes.Contains(answer, []byte(`"FRESH"`)) {
		err = fmt.Errorf("a cheer is answered %d %.300s", response.StatusCode, answer)
	}
	return err
}

// count adds the latency of every answer at every viewer.
func (h *busyHour) count(to *wiretest.Latencies) {
	h.Helper()
	for n, event := range h.order[:len(h.listed)] {
		due, known := h.due[event]
		if !known {
			h.Fatalf("activity %d is of event %q", h.first+int64(n), event)
		}
		for viewer := range busyViewers {
			at := time.Duration(h.read[viewer*len(h.listed)+n]) * time.Microsecond
			to.Add(at - due)
		}
	}
}
