package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// quietLimit is after how much silence a viewer goes to another hub: something always happens.
	quietLimit = 3 * time.Second
	dialLimit  = 2 * time.Second
	// comeBackAfter is how long a viewer waits between two attempts at most.
	comeBackAfter = 100 * time.Millisecond
	maxEvent      = 1 << 20
)

const watchQuery = `subscription ($edition: ID, $after: LogPosition) {
	activity(editionId: $edition, after: $after) { seq position id } }`

// watcher is one viewer, who follows everything from the beginning, and after every cut goes on at
// whatever hub takes it, after the last position that it has.
type watcher struct {
	name    string
	socket  bool // WebSocket, or else server-sent events
	hubs    []string
	edition string
	record  *record
	dozing  *atomic.Bool // while it is set, this viewer reads nothing
	skips   int64        // a broken viewer forgets this one, 0 for none

	position atomic.Pointer[string]
	seq      atomic.Int64

	mu   sync.Mutex
	view view
}

func newWatcher(n int, rig *rig) *watcher {
	w := &watcher{
		name: fmt.Sprint("viewer ", n), socket: n%2 == 0, hubs: rig.hubs, edition: rig.edition,
		record: rig.record, dozing: &rig.calm,
	}
	if n%dozersOf == 0 {
		w.dozing = &rig.doze
	}
	w.view.name = w.name
	start := rig.start
	w.position.Store(&start)
	return w
}

// dozersOf: one viewer of so many is among those who stop reading when they are told to.
const dozersOf = 10

// watch follows until ctx ends.
func (w *watcher) watch(ctx context.Context) {
	for ctx.Err() == nil {
		hub := w.hubs[rand.IntN(len(w.hubs))]
		var err error
		if w.socket {
			err = w.bySocket(ctx, hub)
		} else {
			err = w.byEvents(ctx, hub)
		}
		w.mu.Lock()
		w.view.cuts++
		w.mu.Unlock()
		if errors.Is(err, errSnapshot) {
			w.fault("was told to start anew after %s at %s: %v", *w.position.Load(), hub, err)
		}
		_ = rest(ctx, time.Duration(rand.Int64N(int64(comeBackAfter))))
	}
}

func (w *watcher) result() view {
	w.mu.Lock()
	defer w.mu.Unlock()
	v := w.view
	v.last = w.seq.Load()
	return v
}

var errSnapshot = errors.New("a snapshot is required")

func (w *watcher) fault(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.view.gaps++
	if len(w.view.notes) < maxNotes {
		w.view.notes = append(w.view.notes, w.name+" "+fmt.Sprintf(format, args...))
	}
}

// payload is the operation with the position to go on from.
func (w *watcher) payload() []byte {
	body, err := json.Marshal(map[string]any{
		"query": watchQuery, "variables": map[string]any{"edition": w.edition, "after": *w.position.Load()},
	})
	if err != nil {
		panic(err) // two strings
	}
	return body
}

// see takes an answer. Numbers must follow one another.
func (w *watcher) see(answer []byte) error {
	seq, position, id := fields(answer)
	switch {
	case bytes.Contains(answer, []byte(`"errors":`)): // this hub cannot, for the moment
		return fmt.Errorf("%.300s", answer)
	case id == "":
		return fmt.Errorf("%w: %.300s", errSnapshot, answer)
	}
	if seq == w.skips {
		return nil
	}
	last := w.seq.Load()
	switch {
	case seq > last+1:
		w.fault("saw %d after %d", seq, last)
	case seq <= last:
		w.mu.Lock()
		w.view.repeats++
		w.view.notes = append(w.view.notes, fmt.Sprintf("%s saw %d after %d", w.name, seq, last))
		w.mu.Unlock()
		return nil
	}
	if !w.record.show(w.edition, seq, id) {
		w.record.wrong("%s was shown %s at %d, others something else", w.name, id, seq)
	}
	w.mu.Lock()
	w.view.seen++
	w.mu.Unlock()
	w.position.Store(&position)
	w.seq.Store(seq)
	return nil
}

// fields reads the three fields of an answer without reading all of it as JSON: one hundred viewers
// are a load on the machine.
func fields(answer []byte) (seq int64, position, id string) {
	seq, _ = strconv.ParseInt(string(after(answer, `"seq":`, ",}")), 10, 64)
	return seq, string(after(answer, `"position":"`, `"`)), string(after(answer, `"id":"`, `"`))
}

func after(text []byte, name, ends string) []byte {
	i := bytes.Index(text, []byte(name))
	if i < 0 {
		return nil
	}
	text = text[i+len(name):]
	if end := bytes.IndexAny(text, ends); end >= 0 {
		return text[:end]
	}
	return nil
}

// doze waits while this viewer is to read nothing.
func (w *watcher) doze(ctx context.Context) {
	for w.dozing.Load() && ctx.Err() == nil {
		_ = rest(ctx, retryPause)
	}
}

func (w *watcher) bySocket(ctx context.Context, hub string) error {
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, HandshakeTimeout: dialLimit}
	conn, response, err := dialer.DialContext(ctx, "ws://"+hub+"/graphql", http.Header{"X-Forwarded-For": {anyAddress()}})
	if err != nil {
		return err
	}
	_ = response.Body.Close() // a handshake has none
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	for _, text := range []string{`{"type":"connection_init"}`, `{"type":"subscribe","id":"1","payload":` + string(w.payload()) + `}`} {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
			return err
		}
	}
	for {
		w.doze(ctx)
		_ = conn.SetReadDeadline(time.Now().Add(quietLimit))
		_, text, err := conn.ReadMessage()
		if err != nil {
			return err
		}
		switch {
		case bytes.Contains(text, []byte(`"type":"next"`)):
			if err := w.see(text[bytes.Index(text, []byte(`"payload"`)):]); err != nil {
				return err
			}
		case !bytes.Contains(text, []byte(`"type":"connection_ack"`)):
			return fmt.Errorf("%.200s", text)
		}
	}
}

func (w *watcher) byEvents(ctx context.Context, hub string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+hub+"/graphql", bytes.NewReader(w.payload()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("X-Forwarded-For", anyAddress())
	quiet := time.AfterFunc(quietLimit, cancel)
	defer quiet.Stop()
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := transport.RoundTrip(r)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if media := response.Header.Get("Content-Type"); !strings.HasPrefix(media, "text/event-stream") {
		return fmt.Errorf("%d %s", response.StatusCode, media)
	}
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(make([]byte, 0, 4<<10), maxEvent)
	for lines.Scan() {
		quiet.Reset(quietLimit)
		data, ok := bytes.CutPrefix(lines.Bytes(), []byte("data: {"))
		if !ok {
			continue
		}
		if err := w.see(data); err != nil {
			return err
		}
		if w.dozing.Load() {
			quiet.Stop()
			w.doze(ctx)
			quiet.Reset(quietLimit)
		}
	}
	return lines.Err()
}
