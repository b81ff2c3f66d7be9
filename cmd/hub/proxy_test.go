package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
)

// proxy is a reverse proxy before a hub that does what README asks for: TLS and HTTP/2 towards visitors,
// HTTP/1.1 to the hub, and the host as the visitor said it.
type proxy struct {
	*httptest.Server
	t *testing.T
}

func (h *house) behindProxy(rewrite func(*httputil.ProxyRequest)) *proxy {
	h.t.Helper()
	target, err := url.Parse(h.site)
	if err != nil {
		h.t.Fatal(err)
	}
	p := &proxy{httptest.NewUnstartedServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.SetXForwarded()
		rewrite(r)
	}}), h.t}
	p.EnableHTTP2 = true
	p.StartTLS()
	h.t.Cleanup(p.Close)
	return p
}

func keepHost(r *httputil.ProxyRequest) { r.Out.Host = r.In.Host }

// heard is what a viewer behind a proxy is told: an activity, or the end.
type heard struct {
	activity
	err error
}

var errComplete = errors.New("it is complete")

// follows reads an event stream over HTTP/2. The first word is awaited, so that it stands.
func (p *proxy) follows(after string) (next func() heard, cut func()) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	p.t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL+"/graphql?query="+url.QueryEscape(`subscription { activity { seq position kind card { title } } }`), nil)
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Accept", "text/event-stream")
	request.Header.Set("Last-Event-ID", after)
	response, err := p.Client().Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK || response.ProtoMajor != 2 {
		p.t.Fatalf("%s %s", response.Proto, response.Status)
	}
	lines := bufio.NewReader(response.Body)
	return func() heard {
		for {
			line, err := lines.ReadString('\n')
			switch {
			case err != nil:
				return heard{err: err}
			case strings.HasPrefix(line, "event: complete"):
				return heard{err: errComplete}
			case strings.HasPrefix(line, "data: {"):
				return activityIn([]byte(line[len("data: "):]))
			}
		}
	}, func() { cancel(); _ = response.Body.Close() }
}

func activityIn(text []byte) heard {
	var f frame
	err := json.Unmarshal(text, &f)
	return heard{f.Data.Activity, err}
}

// dial opens a socket from a page of an origin.
func (p *proxy) dial(origin string) (*websocket.Conn, *http.Response, error) {
	config := p.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	config.NextProtos = []string{"http/1.1"} // which browsers choose for a socket
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, TLSClientConfig: config, HandshakeTimeout: patience}
	conn, response, err := dialer.DialContext(p.t.Context(), "wss"+strings.TrimPrefix(p.URL, "https")+"/graphql", http.Header{"Origin": {origin}})
	if err == nil {
		p.t.Cleanup(func() { _ = conn.Close() })
		_ = conn.SetReadDeadline(time.Now().Add(patience))
	}
	return conn, response, err
}

// followsBySocket is follows over a socket.
func (p *proxy) followsBySocket(after string) (next func() heard, cut func()) {
	p.t.Helper()
	conn, _, err := p.dial(p.URL)
	if err != nil {
		p.t.Fatal(err)
	}
	body := bodyOf(`subscription ($after: LogPosition) { activity(after: $after) { seq position kind card { title } } }`, "after", after)
	for _, message := range []string{`{"type":"connection_init"}`, `{"type":"subscribe","id":"1","payload":` + string(body) + `}`} {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(message)); err != nil {
			p.t.Fatal(err)
		}
	}
	return func() heard {
		for {
			var message struct {
				Type    string
				Payload json.RawMessage
			}
			err := conn.ReadJSON(&message)
			switch {
			case err != nil:
				return heard{err: err}
			case message.Type == "complete":
				return heard{err: errComplete}
			case message.Type == "next":
				return activityIn(message.Payload)
			}
		}
	}, func() { _ = conn.Close() }
}

// Viewers behind a proxy miss nothing, also when they come back, and are told when the hub stops.
func TestViewersBehindAProxy(t *testing.T) {
	t.Parallel()
	h := startHub(t, settings{DatabaseURL: dbtest.New(t)}, proxied())
	edition := h.today()
	ana := h.signedIn("ana@example.org", events.StewardRole)
	lists := func(title string) { ana.approves(ana.registers(edition, title).text("registerEvent.event.id")) }
	head, err := h.store.Head(t.Context(), edition.ID)
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]string{}
	seen := map[string]int64{}
	p := h.behindProxy(keepHost)
	ways := map[string]func(string) (func() heard, func()){"events": p.follows, "socket": p.followsBySocket}
	for name := range ways {
		at[name], seen[name] = head.String(), head.Seq
	}
	reads := func(name string, next func() heard, title string) {
		t.Helper()
		for {
			got := next()
			if got.err != nil || got.Seq != seen[name]+1 {
				t.Fatalf("%s: after %d came %+v", name, seen[name], got)
			}
			at[name], seen[name] = got.Position, got.Seq
			if got.Card != nil && got.Card.Title == title {
				return
			}
		}
	}
	for round := range 2 {
		for name, follow := range ways {
			missed, live := fmt.Sprintf("%s missed %d", name, round), fmt.Sprintf("%s sees %d", name, round)
			lists(missed)
			next, cut := follow(at[name])
			reads(name, next, missed)
			lists(live)
			reads(name, next, live)
			cut()
		}
	}
	stream, _ := p.follows(at["events"])
	socket, _ := p.followsBySocket(at["socket"])
	lists("the last")
	reads("events", stream, "the last")
	reads("socket", socket, "the last")
	h.stop()
	if got := stream(); got.err == nil || errors.Is(got.err, errComplete) {
		t.Errorf("the stream ended with %v", got.err)
	}
	if got := socket(); !websocket.IsCloseError(got.err, websocket.CloseGoingAway) {
		t.Errorf("the socket ended with %v", got.err)
	}
}

// A page's own requests carry its origin, which the hub compares with the host that it is asked for.
func TestAProxyPassesTheHost(t *testing.T) {
	t.Parallel()
	h := startHub(t, settings{DatabaseURL: dbtest.New(t)}, proxied())
	h.today()
	for name, c := range map[string]struct {
		rewrite func(*httputil.ProxyRequest)
		socket  int
		post    int
	}{
		"kept":     {keepHost, http.StatusSwitchingProtocols, http.StatusOK},
		"replaced": {func(*httputil.ProxyRequest) {}, http.StatusForbidden, http.StatusForbidden},
	} {
		p := h.behindProxy(c.rewrite)
		_, response, err := p.dial(p.URL)
		if response == nil || response.StatusCode != c.socket {
			t.Errorf("%s: a socket: %v, %v", name, response, err)
		}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL+"/graphql", strings.NewReader(`{"query":"{ edition { slug } }"}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Origin", p.URL)
		response, err = p.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if response.StatusCode != c.post {
			t.Errorf("%s: a query: %d %s", name, response.StatusCode, body)
		}
		if _, _, err := p.dial("https://elsewhere.example"); err == nil {
			t.Errorf("%s: a page of another site may open a socket", name)
		}
	}
}
