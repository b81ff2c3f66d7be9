//go:build linux

package cluster

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// desk is a hub as far as the proxy is concerned.
type desk struct {
	*httptest.Server
	address string
	closed  atomic.Bool // it says that it is not ready
	serve   http.HandlerFunc
}

func newDesk(t *testing.T, serve http.HandlerFunc) *desk {
	t.Helper()
	d := &desk{serve: serve}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/readyz" {
			if d.closed.Load() {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
			return
		}
		d.serve(w, r)
	}))
	d.address = strings.TrimPrefix(d.URL, "http://")
	t.Cleanup(d.Close)
	return d
}

// named answers with its name.
func named(t *testing.T, name string) *desk {
	return newDesk(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, name) })
}

func openProxy(t *testing.T, addresses ...string) *Proxy {
	t.Helper()
	p := newProxy("127.0.0.1:0", slog.New(slog.DiscardHandler))
	for _, address := range addresses {
		p.add(&Node{Address: address})
	}
	if err := p.listen(); err != nil {
		t.Fatal(err)
	}
	p.Address = p.door.Addr().String()
	p.open(context.Background())
	t.Cleanup(func() { _ = p.close() })
	return p
}

func (p *Proxy) asks(t *testing.T, method, path, body string) (status int, said string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://"+p.Address+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestHubsTakeTurns(t *testing.T) {
	t.Parallel()
	p := openProxy(t, named(t, "a").address, named(t, "b").address, named(t, "c").address)
	got := map[string]int{}
	for range 30 {
		_, said := p.asks(t, http.MethodGet, "/", "")
		got[said]++
	}
	if got["a"] < 5 || got["b"] < 5 || got["c"] < 5 {
		t.Errorf("requests went to %v", got)
	}
}

func TestADrainingHubGetsNothingNew(t *testing.T) {
	t.Parallel()
	a, b := named(t, "a"), named(t, "b")
	p := openProxy(t, a.address, b.address)
	a.closed.Store(true)
	eventually(t, "the proxy notices", func() bool { return !p.balancer.isReady(a.address) })
	for range 10 {
		if _, said := p.asks(t, http.MethodGet, "/", ""); said != "b" {
			t.Errorf("%q answers", said)
		}
	}
	a.closed.Store(false)
	b.closed.Store(true)
	eventually(t, "the proxy notices again", func() bool { return p.balancer.isReady(a.address) && !p.balancer.isReady(b.address) })
	if _, said := p.asks(t, http.MethodGet, "/", ""); said != "a" {
		t.Errorf("%q answers", said)
	}
	a.closed.Store(true)
	eventually(t, "nobody is ready", func() bool { return !p.balancer.isReady(a.address) })
	if status, _ := p.asks(t, http.MethodGet, "/", ""); status != http.StatusBadGateway {
		t.Errorf("nobody is ready, and the answer is %d", status)
	}
}

// gone is an address that nobody listens at, which the balancer takes for a ready hub.
func gone(t *testing.T) string {
	t.Helper()
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer door.Close()
	return door.Addr().String()
}

// What could not be sent is sent elsewhere if that is harmless, and only then.
func TestWhatIsTriedElsewhere(t *testing.T) {
	t.Parallel()
	var taken atomic.Int64
	works := newDesk(t, func(http.ResponseWriter, *http.Request) { taken.Add(1) })
	hangsUp := newDesk(t, func(w http.ResponseWriter, _ *http.Request) {
		taken.Add(1)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	})
	for name, c := range map[string]struct {
		method, first string
		ok            bool
	}{
		"a read that was not sent":    {http.MethodGet, gone(t), true},
		"a write that was not sent":   {http.MethodPost, gone(t), false},
		"a write that may have begun": {http.MethodPost, hangsUp.address, false},
	} {
		l := newBalancer(&http.Transport{})
		defer l.transport.CloseIdleConnections()
		l.add(c.first)
		l.add(works.address)
		l.set(l.backends[0], true)
		l.set(l.backends[1], true)
		r, err := http.NewRequestWithContext(t.Context(), c.method, "http://hub/", nil)
		if err != nil {
			t.Fatal(err)
		}
		before := taken.Load()
		response, err := l.RoundTrip(r)
		if err == nil {
			response.Body.Close()
		}
		if (err == nil) != c.ok || taken.Load()-before > 1 {
			t.Errorf("%s: %v, and it came %d times", name, err, taken.Load()-before)
		}
		if l.backends[0].open+l.backends[1].open != 0 {
			t.Errorf("%s: requests stay open", name)
		}
	}
	l := newBalancer(&http.Transport{})
	l.add(works.address) // not ready
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://hub/", nil)
	if _, err := l.RoundTrip(r); !errors.Is(err, errNoHub) {
		t.Errorf("nobody is ready: %v", err)
	}
}

func TestEventsDoNotWait(t *testing.T) {
	t.Parallel()
	more := make(chan struct{})
	d := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for n := range 3 {
			_, _ = fmt.Fprintf(w, "data: %d\n\n", n)
			_ = http.NewResponseController(w).Flush()
			select {
			case <-more:
			case <-r.Context().Done():
			}
		}
	})
	p := openProxy(t, d.address)
	response, err := http.Get("http://" + p.Address + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for n := range 3 { // the next event is only sent when this one was read
		for lines.Scan() && lines.Text() == "" {
			continue
		}
		if lines.Text() != fmt.Sprint("data: ", n) {
			t.Errorf("event %d is %q", n, lines.Text())
		}
		more <- struct{}{}
	}
}

// A connection that is upgraded goes both ways, the hub's end reaches the visitor, and it counts as
// open until both are gone.
func TestSocketsPass(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, in, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
		line, _ := in.ReadString('\n')
		_, _ = io.WriteString(conn, "heard "+line)
	})
	p := openProxy(t, d.address)
	conn, err := net.Dial("tcp", p.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	in := bufio.NewReader(conn)
	for line := ""; line != "\r\n"; {
		if line, err = in.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	open := func() int {
		p.balancer.mu.Lock()
		defer p.balancer.mu.Unlock()
		return p.balancer.backends[0].open
	}
	if open() != 1 {
		t.Errorf("%d sockets are open", open())
	}
	_, _ = io.WriteString(conn, "hello\n")
	if rest, err := io.ReadAll(in); err != nil || string(rest) != "heard hello\n" {
		t.Errorf("%q %v", rest, err)
	}
	conn.Close()
	eventually(t, "the socket is over", func() bool { return open() == 0 })
}

func TestWhoAsksIsToldToTheHub(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var told []string
	d := newDesk(t, func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, r.Host+" "+r.Header.Get("X-Forwarded-For"))
	})
	p := openProxy(t, d.address)
	for _, before := range []string{"", "10.1.2.3"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.Address+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		if before != "" {
			r.Header.Set("X-Forwarded-For", before)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}
	if want := p.Address + " 127.0.0.1|" + p.Address + " 10.1.2.3, 127.0.0.1"; strings.Join(told, "|") != want {
		t.Errorf("told %q, want %q", told, want)
	}
}
