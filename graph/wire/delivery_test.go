package wire

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// Those who do not read are cut, and nobody else misses or waits for anything.
func TestWhoDoesNotReadIsCut(t *testing.T) { everyWay(t, whoDoesNotReadIsCut) }

func whoDoesNotReadIsCut(t *testing.T, s *stage) {
	const stalled, length = 3, 700
	const few = 4 // so much at once always finds room in the kernel, however slow the machine is
	var all []*reader
	for i := range 3 {
		all = append(all, s.socket(fmt.Sprint(i), followLog, nil))
	}
	all = append(all, s.events("e", followLog, ""))
	for i := range stalled {
		r := s.socket(fmt.Sprint("stalled", i), followLog, nil)
		_ = r.conn.(*net.TCPConn).SetReadBuffer(4 << 10)
	}
	s.standsIn(len(all) + stalled)
	for from := 1; from <= length; from += few {
		texts := numbers(from, from+few-1)
		for i := range texts {
			texts[i] += strings.Repeat(" ", 10_000) // more than the buffers of the kernel hold
		}
		s.write(texts...)
		for _, r := range all {
			for want := from; want < from+few; want++ {
				if got := r.must(); got != fmt.Sprint(want) {
					t.Fatalf("got %s, want %d", got, want)
				}
			}
		}
	}
	s.standsIn(len(all))
	eventually(t, func() bool { return s.standing.size() == len(all) })
}

// Who comes back and reads slowly is given its pages at its own speed.
func TestWhoCatchesUpIsWaitedFor(t *testing.T) { everyWay(t, whoCatchesUpIsWaitedFor) }

func whoCatchesUpIsWaitedFor(t *testing.T, s *stage) {
	const length = 1000
	for from := 1; from <= length; from += 100 {
		texts := numbers(from, from+99)
		for i := range texts {
			texts[i] += strings.Repeat(" ", 8_000)
		}
		s.write(texts...)
	}
	for name, begin := range map[string]func() *reader{
		"socket": func() *reader { return s.socket("a", followLog, after(0)) },
		"events": func() *reader { return s.events("b", followLog, position(0)) },
	} {
		r := begin()
		for want := 1; want <= length; want++ {
			if got := r.must(); got != fmt.Sprint(want) {
				t.Fatalf("%s: got %s, want %d", name, got, want)
			}
			if want%500 == 0 && s.mostWaiting() > maxBacklog {
				t.Errorf("%s: %d bytes wait", name, s.mostWaiting())
			}
		}
		s.standsIn(1)
		r.close()
		s.standsIn(0)
	}
}

// mostWaiting is how many bytes wait for one reader at most.
func (s *stage) mostWaiting() (most int64) {
	for _, sh := range s.shards {
		held := make(chan int64)
		sh.post(func() {
			var most int64
			for _, seat := range sh.seats {
				most = max(most, seat.posted.Load()+seat.unsent.Load())
			}
			held <- most
		})
		most = max(most, <-held)
	}
	return most
}

// What follows closely on something goes together with what follows on that.
func TestAnswersAreGathered(t *testing.T) {
	t.Parallel()
	writes := &countingLine{}
	h := &Handler{standing: newCrowd(1, 1)}
	sh := newShard()
	s := &seat{handler: h, shard: sh, line: writes}
	b := &broadcast{slots: make(chan struct{}, inFlight), holds: 2}
	sh.sit(s)
	v := &viewing{seat: s}
	sh.enlist(b, v, nil)
	now := time.Now()
	announce := func() {
		p := &prepared{event: []byte("event: next\n\n")}
		p.waiting.Store(1)
		b.slots <- struct{}{}
		sh.announce(b, p)
	}
	announce()
	sh.keepTime(now)
	if writes.n != 1 {
		t.Fatalf("the first answer took %d writes", writes.n)
	}
	for range 10 {
		announce()
		sh.keepTime(now.Add(coalesceFor / 2))
	}
	if writes.n != 1 {
		t.Errorf("%d writes before it was time", writes.n)
	}
	sh.keepTime(now.Add(coalesceFor + time.Millisecond))
	if writes.n != 2 || strings.Count(writes.text.String(), "next") != 11 || len(b.slots) != 0 {
		t.Errorf("%d writes of %d answers, and %d are still in flight", writes.n, strings.Count(writes.text.String(), "next"), len(b.slots))
	}
	announce()
	sh.dismiss(v)
	if len(sh.audiences) != 0 || len(b.slots) != 0 || b.holds != 1 {
		t.Errorf("after the last reader: %d audiences, %d answers, %d holds", len(sh.audiences), len(b.slots), b.holds)
	}
}

type countingLine struct {
	n    int
	text strings.Builder
}

func (l *countingLine) write(p []byte) (int, error) { l.n++; return l.text.Write(p) }
func (l *countingLine) finish()                     {}
func (l *countingLine) close()                      {}

// A write that the client does not take holds nobody up, and is finished by somebody else.
func TestALineDoesNotWait(t *testing.T) {
	t.Parallel()
	ours, theirs := net.Pipe() // takes nothing before it is read
	l := newConnLine(ours)
	if n, err := l.write([]byte("hello")); n != 0 || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
	if n, err := l.write([]byte("hello")); n != 5 || err != nil { // left to a goroutine
		t.Errorf("%d bytes, %v", n, err)
	}
	if n, err := l.write([]byte("world")); n != 0 || err != nil {
		t.Errorf("%d bytes while another write waits, %v", n, err)
	}
	l.finish()
	got, err := io.ReadAll(theirs)
	if string(got) != "hello" || err != nil {
		t.Errorf("%q came, %v", got, err)
	}
	l.close()
}

func TestTheHubIsLeftOneByOne(t *testing.T) { everyWay(t, theHubIsLeftOneByOne) }

func theHubIsLeftOneByOne(t *testing.T, s *stage) {
	var all []*reader
	for i := range 30 {
		all = append(all, s.socket(fmt.Sprint(i), followLog, nil), s.events(fmt.Sprint(i), `subscription { state }`, ""))
	}
	s.standsIn(60)
	s.write("1")
	s.Close()
	for i, r := range all {
		for {
			_, err := r.next()
			if err == io.EOF {
				t.Errorf("reader %d was told that it is complete", i)
			}
			if err != nil {
				break
			}
		}
	}
	if got := s.standing.size(); got != 0 {
		t.Errorf("%d connections stand", got)
	}
	response, err := s.server.Client().Get(s.server.URL + "?query={who}")
	if err != nil || response.StatusCode != 503 {
		t.Errorf("afterwards: %v, %v", response, err)
	}
	s.Close() // again
}
