package wire

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// dial opens a socket that has said nothing yet.
func (s *stage) dial(who string) (*websocket.Conn, *http.Response, error) {
	dialer := websocket.Dialer{Subprotocols: []string{protocol}, TLSClientConfig: clientTLS(s.server)}
	conn, response, err := dialer.Dial(strings.Replace(s.server.URL, "http", "ws", 1), http.Header{"Who": {who}})
	if err == nil {
		s.t.Cleanup(func() { _ = conn.Close() })
		_ = conn.SetReadDeadline(time.Now().Add(patience))
	}
	return conn, response, err
}

// upkeep has all seats looked after as if it were so much later than their begin.
func (s *stage) upkeep(later time.Duration) {
	for _, sh := range s.shards {
		done := make(chan struct{})
		sh.post(func() {
			defer close(done)
			for _, seat := range sh.seats {
				seat.upkeep(seat.opened.Add(later))
			}
		})
		<-done
	}
}

func TestWhoDoesNotIntroduceHimselfIsClosed(t *testing.T) {
	everyWay(t, whoDoesNotIntroduceHimselfIsClosed)
}

func whoDoesNotIntroduceHimselfIsClosed(t *testing.T, s *stage) {
	silent, _, err := s.dial("silent")
	if err != nil {
		t.Fatal(err)
	}
	stays := s.socket("stays", followLog, nil)
	s.standsIn(1)
	s.upkeep(initLimit - time.Millisecond) // not yet
	s.upkeep(initLimit)
	if _, _, err := silent.ReadMessage(); !websocket.IsCloseError(err, closeInitTimeout) {
		t.Errorf("it ended with %v", err)
	}
	s.write("1")
	if got := stays.must(); got != "1" {
		t.Errorf("who had introduced himself got %s", got)
	}
}

// Not a moment before its time.
func TestWhoIntroducesHimselfInTimeStays(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	late, _, err := s.dial("late")
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool { return s.seated() == 1 })
	s.upkeep(initLimit - time.Millisecond)
	_ = late.WriteJSON(message{Type: "connection_init"})
	var m message
	if err := late.ReadJSON(&m); err != nil || m.Type != "connection_ack" {
		t.Fatalf("%+v, %v", m, err)
	}
	s.upkeep(initLimit)
	_ = late.WriteJSON(message{Type: "ping"})
	if err := late.ReadJSON(&m); err != nil || m.Type != "pong" {
		t.Errorf("%+v, %v", m, err)
	}
}

// Quiet connections show life to the proxies before them; a peer that never answers is given up.
func TestQuietConnectionsShowLife(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	conn, _, err := s.dial("a")
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.WriteJSON(message{Type: "connection_init"})
	var m message
	if err := conn.ReadJSON(&m); err != nil {
		t.Fatal(err)
	}
	pinged := make(chan struct{}, 1)
	conn.SetPingHandler(func(string) error { pinged <- struct{}{}; return nil }) // and no pong
	go func() { _, _, _ = conn.ReadMessage() }()
	s.upkeep(pingEvery - time.Millisecond)
	if len(pinged) != 0 {
		t.Error("pinged too early")
	}
	s.upkeep(pingEvery)
	<-pinged
	s.upkeep(silenceLimit + patience)
	eventually(t, func() bool { return s.standing.size() == 0 })

	lines := s.lines(t, "subscription { log }", "")
	s.upkeep(heartbeat + patience)
	if line, err := lines(); err != nil || line != ":\n" {
		t.Errorf("a stream says %q, %v", line, err)
	}
}

// A page cannot see comments: it asks for signs of life that it sees, and is told the hub's time by
// them, at once and then every minute, however much is said in between.
func TestAPageSeesThatItsStreamLives(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	lines := s.lines(t, "subscription { log }", `{"heartbeat":true}`)
	sees := func(when string) {
		t.Helper()
		for _, want := range []string{"event: heartbeat\n", "data: 2026-12-12T10:30:00.005Z\n", "\n"} {
			if line, err := lines(); err != nil || line != want {
				t.Fatalf("%s it says %q, %v", when, line, err)
			}
		}
	}
	sees("at once")
	s.upkeep(heartbeat + patience)
	sees("while it is quiet")
	later := heartbeat + patience + tellEvery
	for _, sh := range s.shards {
		sh.post(func() {
			for _, seat := range sh.seats {
				seat.spoke = seat.opened.Add(later) // it has just been told something
			}
		})
	}
	s.upkeep(later)
	sees("after a minute of much talk")
}

func TestOnlyWhoAsksSeesSignsOfLife(t *testing.T) {
	t.Parallel()
	for _, asked := range []string{`{"heartbeat":false}`, `{"heartbeat":"yes"}`, `{}`} {
		s := newStage(t)
		lines := s.lines(t, "subscription { log }", asked)
		s.upkeep(heartbeat + patience)
		if line, err := lines(); err != nil || line != ":\n" {
			t.Errorf("%s: a stream says %q, %v", asked, line, err)
		}
	}
}

// lines opens an event stream and gives its lines after its first words.
func (s *stage) lines(t *testing.T, query, extensions string) func() (string, error) {
	t.Helper()
	conn, err := net.Dial("tcp", s.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	_, _ = fmt.Fprintf(conn, "GET /?query=%s&extensions=%s HTTP/1.1\r\nHost: here\r\nAccept: text/event-stream\r\n\r\n",
		url.QueryEscape(query), url.QueryEscape(extensions))
	s.standsIn(1)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(response.Body)
	for range 2 { // the time to retry
		if _, err := in.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	return func() (string, error) { return in.ReadString('\n') }
}

// seated is how many connections the shards have.
func (s *stage) seated() (all int) {
	for _, sh := range s.shards {
		count := make(chan int)
		sh.post(func() { count <- len(sh.seats) })
		all += <-count
	}
	return all
}

// So many different operations are shared; one more works as well, for its reader alone.
func TestTooManyOperationsAreNotShared(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	query := func(n int) string { return fmt.Sprintf(`subscription { log(of: "%d") }`, n) }
	var conns []*websocket.Conn
	for n := range maxBroadcasts {
		if n%maxOperations == 0 {
			conn, _, err := s.dial("many")
			if err != nil {
				t.Fatal(err)
			}
			_ = conn.WriteJSON(message{Type: "connection_init"})
			conns = append(conns, conn)
		}
		payload := fmt.Appendf(nil, `{"query":%q}`, query(n))
		if err := conns[len(conns)-1].WriteJSON(message{ID: fmt.Sprint(n), Type: "subscribe", Payload: payload}); err != nil {
			t.Fatal(err)
		}
	}
	s.standsIn(maxBroadcasts)
	if s.own.Load() != 0 || int(s.shared.Load()) != maxBroadcasts {
		t.Fatalf("%d shared executions, %d others", s.shared.Load(), s.own.Load())
	}
	alone := []*reader{s.socket("a", query(maxBroadcasts), nil), s.events("b", query(maxBroadcasts), "")}
	with := s.events("c", query(0), "")
	eventually(t, func() bool { return s.own.Load() == 2 })
	s.standsIn(maxBroadcasts + 1)
	s.write("1", "2")
	for _, r := range append(alone, with) {
		if a, b := r.must(), r.must(); a != "1" || b != "2" {
			t.Errorf("got %s and %s", a, b)
		}
	}
	if int(s.shared.Load()) != maxBroadcasts || s.own.Load() != 2 {
		t.Errorf("%d shared executions, %d others", s.shared.Load(), s.own.Load())
	}
	for _, conn := range conns {
		_ = conn.Close()
	}
	s.standsIn(1) // there is room again
	again := s.socket("d", query(maxBroadcasts+1), nil)
	s.standsIn(2)
	s.write("3")
	if got := again.must(); got != "3" || s.own.Load() != 2 {
		t.Errorf("with room again it got %s, and %d executions were for one", got, s.own.Load())
	}
}

// Connections of one address and of all have a limit, over both transports; who leaves makes room.
func TestStandingConnectionsAreLimited(t *testing.T) { everyWay(t, standingConnectionsAreLimited) }

func standingConnectionsAreLimited(t *testing.T, s *stage) {
	s.standing.most, s.standing.mostOfOne = 3, 2
	refused := func(who, why string) {
		t.Helper()
		_, response, err := s.dial(who)
		if err == nil || response == nil || response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") == "" {
			t.Errorf("%s: a socket: %v, %v", why, response, err)
		}
		request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.server.URL+"?query="+url.QueryEscape(`subscription { log }`), nil)
		request.Header = http.Header{"Accept": {eventsMedia}, "Who": {who}}
		response, err = s.server.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		body, _ := io.ReadAll(response.Body)
		if response.StatusCode != http.StatusTooManyRequests || !strings.Contains(string(body), "RATE_LIMITED") {
			t.Errorf("%s: a stream: %d %s", why, response.StatusCode, body)
		}
	}
	first, second := s.socket("ana", followLog, nil), s.events("ana", followLog, "")
	s.standsIn(2)
	refused("ana", "a third of one address")
	third := s.socket("ben", followLog, nil)
	s.standsIn(3)
	refused("cem", "a fourth of all")
	second.close()
	eventually(t, func() bool { return s.standing.size() == 2 })
	fourth := s.events("cem", followLog, "")
	s.standsIn(3)
	s.write("1")
	for _, r := range []*reader{first, third, fourth} {
		if got := r.must(); got != "1" {
			t.Errorf("got %s", got)
		}
	}
}

// A tenth of the viewers does not read: the others lose nothing, and no more is kept for those than
// is allowed.
func TestATenthThatStallsCostsTheOthersNothing(t *testing.T) {
	everyWay(t, aTenthThatStallsCostsTheOthersNothing)
}

func aTenthThatStallsCostsTheOthersNothing(t *testing.T, s *stage) {
	const viewers, length, size = 10, 500, 10_000
	const few = 4 // so much at once always finds room in the kernel, however slow the machine is
	var all []*reader
	for i := range viewers {
		who := fmt.Sprint(i)
		switch {
		case i%10 == 0:
			_ = s.socket(who, followLog, nil).conn.(*net.TCPConn).SetReadBuffer(4 << 10)
		case i%2 == 0:
			all = append(all, s.socket(who, followLog, nil))
		default:
			all = append(all, s.events(who, followLog, ""))
		}
	}
	s.standsIn(viewers)
	for from := 1; from <= length; from += few {
		texts := numbers(from, from+few-1)
		for i := range texts {
			texts[i] += strings.Repeat(" ", size)
		}
		s.write(texts...)
		for _, r := range all {
			for want := from; want < from+few; want++ {
				if got := r.must(); got != fmt.Sprint(want) {
					t.Fatalf("got %s, want %d", got, want)
				}
			}
		}
		if most := s.mostWaiting(); most > maxBacklog+coalesceMost+2*size {
			t.Fatalf("%d bytes wait for one viewer", most)
		}
	}
	if most := s.mostWaiting(); most == 0 && s.standing.size() == viewers {
		t.Error("nobody stalled") // and so nothing is shown
	}
}
