package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// What is fanned out, and to how many.
const (
	fewViewers  = 500
	manyViewers = 1000 // the headline
	newsAtOnce  = 50   // activities that are sent to every viewer in one round
	openAtOnce  = 32   // viewers that connect at the same time
)

// watched is the subscription of the map page.
const watched = `subscription ($edition: ID, $after: LogPosition) { activity(editionId: $edition, after: $after) {
	seq position kind at eventId count tombstone
	card { id slug title hostName way place { latitude longitude locality country countryName } startsAt day } } }`

// BenchmarkFanOut measures what one hub delivers to many viewers who all follow the same log, from
// the commit to the last byte at the last viewer, and next to it a bare loop that writes the very
// same bytes to as many sockets.
func BenchmarkFanOut(b *testing.B) {
	for _, by := range transports() {
		for _, viewers := range []int{fewViewers, manyViewers} {
			b.Run(fmt.Sprintf("%s/%d", by.name, viewers), func(b *testing.B) { fanOut(b, by, viewers) })
		}
	}
}

func fanOut(b *testing.B, by transport, viewers int) {
	address := dbtest.New(b)
	s := newStage(b, address)
	listed := s.fill(newsAtOnce, eventstest.Listed(eventstest.Morning()))
	head := s.drain()
	hub := inChild(b, address)
	before := hub.resident()
	crowd := s.gathers(hub.site, by, head, viewers)
	s.checkIn(listed[:1]) // after it, all of them stand
	crowd.take(s, 1)
	each := (hub.resident() - before) / float64(viewers)
	bare := s.gathersAtLoop(by, viewers)
	var took, raw, busy time.Duration
	for b.Loop() {
		bare.seq(crowd[0].seq)
		used, start := hub.busy(), time.Now()
		var wire [][]byte
		all := crowd.start(s, newsAtOnce, &wire)
		s.checkIn(listed)
		all.Wait()
		took += time.Since(start)
		busy += hub.busy() - used
		raw += bare.send(s, wire)
	}
	deliveries := float64(b.N) * newsAtOnce * float64(viewers)
	report := func(value float64, name string) {
		prefix := "hub_fanout_" + by.name
		if viewers != manyViewers {
			prefix += fmt.Sprint("_", viewers)
		}
		b.ReportMetric(value, prefix+"_"+name)
	}
	report(deliveries/took.Seconds(), "per_s")
	report(float64(busy.Microseconds())/deliveries, "cpu_per_delivery_us") // also seconds a million
	report(each, "rss_per_conn_kb")
	report(float64(raw)/float64(took), "vs_raw")
}

// crowd is all viewers of a hub.
type crowd []*listener

// gathers opens subscriptions that go on after a position.
func (s *stage) gathers(site string, by transport, after events.Position, n int) crowd {
	s.Helper()
	body := string(bodyOf(watched, "edition", s.edition.ID.String(), "after", after.String()))
	all := make(crowd, n)
	var opening sync.WaitGroup
	for first := range openAtOnce {
		opening.Go(func() {
			for i := first; i < n; i += openAtOnce {
				l, err := by.subscribe(site, visitorAddress(uint64(i)), body)
				if err != nil {
					s.Errorf("viewer %d: %v", i, err)
					return
				}
				l.seq, all[i] = after.Seq, l
			}
		})
	}
	opening.Wait()
	s.Cleanup(all.leave)
	if s.Failed() {
		s.FailNow()
	}
	return all
}

func (c crowd) leave() {
	for _, l := range c {
		if l != nil {
			_ = l.conn.Close()
		}
	}
}

// take lets every viewer read the next n answers.
func (c crowd) take(s *stage, n int) {
	c.start(s, n, nil).Wait()
	if s.Failed() {
		s.FailNow()
	}
}

// start is take that does not wait. The first viewer keeps the answers as they come over the wire,
// if wire is given.
func (c crowd) start(s *stage, n int, wire *[][]byte) *sync.WaitGroup {
	var all sync.WaitGroup
	for i, l := range c {
		all.Go(func() {
			var err error
			if i == 0 && wire != nil {
				*wire, err = l.takeEach(n)
			} else {
				err = l.take(n)
			}
			if err != nil {
				s.Errorf("viewer %d: %v", i, err)
			}
		})
	}
	return &all
}

// loop is a program that does nothing but write to sockets, and those who listen to it.
type loop struct {
	sockets   []net.Conn
	listeners crowd
}

func (s *stage) gathersAtLoop(by transport, n int) *loop {
	s.Helper()
	door, err := net.Listen("tcp", "127.0.0.1:0")
	s.ok(err)
	defer func() { _ = door.Close() }()
	l := &loop{}
	s.Cleanup(l.leave)
	for range n {
		conn, err := net.Dial("tcp", door.Addr().String())
		s.ok(err)
		l.listeners = append(l.listeners, newListener(conn, by.read))
		socket, err := door.Accept()
		s.ok(err)
		l.sockets = append(l.sockets, socket)
	}
	return l
}

func (l *loop) leave() {
	l.listeners.leave()
	for _, socket := range l.sockets {
		_ = socket.Close()
	}
}

// seq says which activity the listeners have had.
func (l *loop) seq(seq int64) {
	for _, listening := range l.listeners {
		listening.seq = seq
	}
}

// send writes each message to all sockets before the next one, and waits until all is read.
func (l *loop) send(s *stage, wire [][]byte) time.Duration {
	start := time.Now()
	all := l.listeners.start(s, len(wire), nil)
	for _, message := range wire {
		for _, socket := range l.sockets {
			if _, err := socket.Write(message); err != nil {
				s.Error(err)
			}
		}
	}
	all.Wait()
	took := time.Since(start)
	if s.Failed() {
		s.FailNow()
	}
	return took
}

// Listeners must see what is wrong, or else the figures say nothing.
func TestListenersNoticeWhatIsMissing(t *testing.T) {
	t.Parallel()
	event := func(seq string) string {
		return "5e\r\nevent: next\nid: 1-" + seq + "\ndata: {\"data\":{\"activity\":{\"seq\":" + seq + ",\"kind\":\"CHEERED\"}}}\n\n\r\n"
	}
	frame := func(seq string) string {
		text := `{"id":"1","type":"next","payload":{"data":{"activity":{"seq":` + seq + `,"kind":"CHEERED"}}}}`
		return "\x81" + string(rune(len(text))) + text
	}
	for _, by := range transports() {
		message := map[string]func(string) string{"sse": event, "ws": frame}[by.name]
		for name, c := range map[string]struct {
			sent string
			ok   bool
		}{
			"all":      {message("1") + message("2") + message("3"), true},
			"a gap":    {message("1") + message("3") + message("4"), false},
			"a repeat": {message("1") + message("1") + message("2"), false},
			"too few":  {message("1") + message("2"), false},
			"nonsense": {message("1") + message("two") + message("3"), false},
		} {
			t.Run(by.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				ours, theirs := net.Pipe()
				defer func() { _ = ours.Close() }()
				go func() { _, _ = io.WriteString(theirs, c.sent); _ = theirs.Close() }()
				l := newListener(ours, by.read)
				wire, err := l.takeEach(3)
				if (err == nil) != c.ok {
					t.Errorf("%d messages, %v", len(wire), err)
				}
				kept := string(bytes.Join(wire, nil))
				if c.ok && (!strings.HasPrefix(c.sent, kept) || strings.Count(kept, "CHEERED") != 3) {
					t.Errorf("kept %q of %q", kept, c.sent)
				}
			})
		}
	}
}
