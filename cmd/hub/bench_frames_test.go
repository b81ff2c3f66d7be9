package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// framed is the subscription of the map page, with the same of each activity as watched asks for.
const framed = `subscription ($edition: ID, $after: LogPosition) { frames(editionId: $edition, after: $after) {
	position counts { asOfSeq asOf countries world { events live checkIns { value reported } cheers { value reported } declared { value reported } } }
	activities { seq position kind at eventId count tombstone
		card { id slug title hostName way place { latitude longitude locality country countryName } startsAt day } }
	omitted removed relocated snapshotRequired } }`

// How busy the day is for a viewer who is measured.
const (
	busyDay     = 200 // activities a second
	busiestDay  = 800
	busyFor     = 4 * time.Second
	commitEvery = 100 * time.Millisecond
)

// BenchmarkFrames measures what one viewer of frames has to be sent on a busy day, beside one who
// follows all that happens.
func BenchmarkFrames(b *testing.B) {
	for _, rate := range []int{busyDay, busiestDay} {
		b.Run(fmt.Sprint(rate), func(b *testing.B) { framesAt(b, rate) })
	}
}

func framesAt(b *testing.B, rate int) {
	address := dbtest.New(b)
	s := newStage(b, address)
	atOnce := rate * int(commitEvery) / int(time.Second)
	listed := s.fill(atOnce, eventstest.Listed(eventstest.Morning()))
	head := s.drain()
	hub := inChild(b, address)
	one, all := s.byteMeter(hub.site, framed, head), s.byteMeter(hub.site, watched, head)
	var took time.Duration
	for b.Loop() {
		start := time.Now()
		tick := time.NewTicker(commitEvery)
		for time.Since(start) < busyFor {
			s.checkIn(listed)
			head.Seq += int64(atOnce)
			<-tick.C
		}
		tick.Stop()
		took += time.Since(start)
		s.ok(one.upTo(head))
		s.ok(all.upTo(head))
	}
	name := "frames"
	if rate != busyDay {
		name += fmt.Sprint("_", rate)
	}
	b.ReportMetric(float64(one.bytes)/took.Seconds(), name+"_viewer_bytes_per_s")
	b.ReportMetric(float64(one.answers)/took.Seconds(), name+"_viewer_per_s")
	b.ReportMetric(float64(one.bytes)/float64(all.bytes), name+"_bytes_vs_activity")
}

// byteMeter is a viewer who counts what comes, headers of the transport and all.
type byteMeter struct {
	in      *bufio.Reader
	bytes   int
	answers int
	seq     int64 // of the position that came last
}

func (s *stage) byteMeter(site, query string, after events.Position) *byteMeter {
	s.Helper()
	body := bodyOf(query, "edition", s.edition.ID.String(), "after", after.String())
	request, err := http.NewRequestWithContext(s.Context(), http.MethodPost, site+"/graphql", bytes.NewReader(body))
	s.ok(err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	response, err := http.DefaultClient.Do(request)
	s.ok(err)
	s.Cleanup(func() { _ = response.Body.Close() })
	if response.StatusCode != http.StatusOK {
		s.Fatalf("the hub answers %s", response.Status)
	}
	return &byteMeter{in: bufio.NewReader(response.Body)}
}

// upTo reads all that comes until a position. Whatever goes on after it must not have passed it.
func (m *byteMeter) upTo(at events.Position) error {
	for m.seq < at.Seq {
		line, err := m.in.ReadString('\n')
		if err != nil {
			return fmt.Errorf("after %d answers: %w", m.answers, err)
		}
		m.bytes += len(line)
		position, is := strings.CutPrefix(strings.TrimSpace(line), "id: ")
		if !is {
			continue
		}
		m.answers++
		if m.seq, err = strconv.ParseInt(position[strings.IndexByte(position, '-')+1:], 10, 64); err != nil {
			return err
		}
	}
	for range 2 { // the data of the last, and the line that ends it
		line, err := m.in.ReadString('\n')
		if err != nil && err != io.EOF {
			return err
		}
		m.bytes += len(line)
	}
	if m.seq != at.Seq {
		return fmt.Errorf("at %d instead of %d", m.seq, at.Seq)
	}
	return nil
}
