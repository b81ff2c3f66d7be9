package graph_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

const watch = `subscription ($after: LogPosition) { activity(after: $after) { seq position kind card { title } } }`

// event is one server-sent event.
type event struct{ name, id, data string }

// stream opens an event stream and gives its events as they come; the channel closes at its end.
func (v *visitor) stream(ctx context.Context, query, lastID string) (*http.Response, <-chan event) {
	v.t.Helper()
	request := v.request(http.MethodGet, "?query="+url.QueryEscape(query), nil).WithContext(ctx)
	request.Header.Set("Accept", "text/event-stream")
	if lastID != "" {
		request.Header.Set("Last-Event-ID", lastID)
	}
	response, err := v.client.Do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	return response, eventsOf(ctx, response)
}

func eventsOf(ctx context.Context, response *http.Response) <-chan event {
	out := make(chan event)
	go func() {
		defer close(out)
		defer response.Body.Close()
		lines := bufio.NewScanner(response.Body)
		var e event
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "event":
				e.name = value
			case "id":
				e.id = value
			case "data", "data:":
				e.data = value
			case "":
				if e.name == "" {
					continue // a comment or the time to retry
				}
				select {
				case out <- e:
				case <-ctx.Done():
					return
				}
				e = event{}
			}
		}
	}()
	return out
}

// activity reads what an event or message says of an activity.
func activity(t *testing.T, data string) (seq int64, kind string) {
	t.Helper()
	var answer struct {
		Data struct {
			Activity struct {
				Seq  int64
				Kind string
			}
		}
		Errors []any
	}
	if err := json.Unmarshal([]byte(data), &answer); err != nil || len(answer.Errors) > 0 {
		t.Fatalf("%v: %s", err, data)
	}
	return answer.Data.Activity.Seq, answer.Data.Activity.Kind
}

func TestAnEventStreamResumesWithoutGap(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org")
	ana.listed("Wall 1")

	ctx, cancel := context.WithCancel(t.Context())
	response, all := h.anonymous().stream(ctx, `subscription { activity(after: "5f3a09c1-0") { seq kind } }`, "")
	if response.StatusCode != 200 || !strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		t.Fatalf("%d %v", response.StatusCode, response.Header)
	}
	ana.listed("Wall 2")
	last := ""
	for want := int64(1); want <= 2; want++ {
		e := within(t, "an activity", all)
		if seq, kind := activity(t, e.data); e.name != "next" || seq != want || kind != "EVENT_LISTED" || e.id != fmt.Sprintf("5f3a09c1-%d", want) {
			t.Errorf("got %+v, want activity %d", e, want)
		}
		last = e.id
	}
	cancel() // the network breaks

	ana.listed("Wall 3")
	ana.listed("Wall 4")
	_, all = h.anonymous().stream(t.Context(), `subscription { activity(after: "5f3a09c1-0") { seq kind } }`, last)
	for want := int64(3); want <= 4; want++ {
		if seq, _ := activity(t, within(t, "an activity", all).data); seq != want {
			t.Errorf("after the break: %d, want %d", seq, want)
		}
	}
	ana.listed("Wall 5")
	if seq, _ := activity(t, within(t, "news", all).data); seq != 5 {
		t.Errorf("then %d, want 5", seq)
	}
}

func TestAPositionOfAnotherEpochAsksForASnapshot(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, all := h.anonymous().stream(t.Context(), `subscription { activity { seq kind id card { title } } }`, "00000001-5")
	e := within(t, "an activity", all)
	if _, kind := activity(t, e.data); kind != "SNAPSHOT_REQUIRED" || e.id != "5f3a09c1-0" {
		t.Errorf("got %+v", e)
	}
	if e := within(t, "the end", all); e.name != "complete" {
		t.Errorf("got %+v", e)
	}
}

func TestAStreamThatBreaksOffDoesNotComplete(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, all := h.anonymous().stream(t.Context(), `subscription { activity { seq kind } }`, "")
	h.feed.breakOff(errors.New("the log cannot be read"))
	if e, more := <-all; more {
		t.Errorf("got %+v", e)
	}
	if !strings.Contains(h.log.String(), "the log cannot be read") {
		t.Errorf("not in the log: %s", h.log)
	}
}

func TestQueriesAndRefusalsOverEventStreams(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, all := h.anonymous().stream(t.Context(), `{ edition { slug } }`, "")
	if e := within(t, "the answer", all); e.name != "next" || !strings.Contains(e.data, `"slug":"2026"`) || e.id != "" && e.id != "5f3a09c1-0" {
		t.Errorf("got %+v", e)
	}
	for query, status := range map[string]int{
		`subscription { nonsense }`:                              400,
		`subscription { activity { seq } counts { countries } }`: 400,
		`mutation { signOut { problems { code } } }`:             405,
	} {
		response, _ := h.anonymous().stream(t.Context(), query, "")
		if response.StatusCode != status {
			t.Errorf("%s: %d, want %d", query, response.StatusCode, status)
		}
	}
	_, all = h.anonymous().stream(t.Context(), `subscription { activity { seq } }`, "nonsense")
	if e := within(t, "the refusal", all); !strings.Contains(e.data, "BAD_REQUEST") {
		t.Errorf("a bad Last-Event-ID: %+v", e)
	}
}

func TestSubscriptionsByPost(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.signedIn("ana@example.org").listed("Wall 1")
	v := h.anonymous()
	request := v.request(http.MethodPost, "", strings.NewReader(`{"query":"`+watch+`","variables":{"after":"5f3a09c1-0"}}`))
	request.Header.Set("Accept", "text/event-stream")
	request.Header.Set("Content-Type", plain)
	response, err := v.client.Do(request.WithContext(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	if seq, _ := activity(t, within(t, "an activity", eventsOf(t.Context(), response)).data); seq != 1 {
		t.Errorf("got %d", seq)
	}
}

// The numbers come at once, then after each pause if they have changed, however much happened.
func TestCountsComeAtMostOnceAPause(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org")
	ana.listed("Wall 1")
	_, all := h.anonymous().stream(t.Context(), `subscription { counts { asOfSeq world { events } } }`, "")
	if e := within(t, "the numbers", all); !strings.Contains(e.data, `{"asOfSeq":1,"world":{"events":1}}`) || e.id != "5f3a09c1-1" {
		t.Errorf("at first %+v", e)
	}
	for i := range 5 {
		ana.listed(fmt.Sprintf("Another wall %d", i))
	}
	select {
	case e := <-all:
		t.Errorf("before the pause was over: %+v", e)
	case h.pauses <- time.Time{}:
	}
	if e := within(t, "the numbers", all); !strings.Contains(e.data, `{"asOfSeq":6,"world":{"events":6}}`) {
		t.Errorf("after the pause %+v", e)
	}
	h.pauses <- time.Time{}
	ana.listed("The last wall")
	if e := within(t, "the numbers", all); !strings.Contains(e.data, `{"asOfSeq":7,"world":{"events":7}}`) {
		t.Errorf("then %+v", e)
	}
}

func TestTheHubSaysGoodbye(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, all := h.anonymous().stream(t.Context(), `subscription { activity { seq kind } }`, "")
	socket := h.anonymous().dial("graphql-transport-ws")
	socket.handshake()
	h.handler.Close()
	if e, more := <-all; more {
		t.Errorf("an event: %+v", e) // no complete: the client comes back
	}
	if code := socket.closed(); code != websocket.CloseGoingAway {
		t.Errorf("the socket closed with %d, want 1001", code)
	}
}

// A page that asks for signs of life is told the hub's own time, which is not the machine's.
func TestAStreamTellsTheHubsTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.anonymous()
	asked := url.Values{"query": {watch}, "extensions": {`{"heartbeat":true}`}}
	request := v.request(http.MethodGet, "?"+asked.Encode(), nil).WithContext(t.Context())
	request.Header.Set("Accept", "text/event-stream")
	response, err := v.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	first := within(t, "a sign of life", eventsOf(t.Context(), response))
	if at, err := time.Parse(time.RFC3339, first.data); first.name != "heartbeat" || err != nil || !at.Equal(h.clock.Now()) {
		t.Errorf("the stream begins with %+v, %v", first, err)
	}
}
