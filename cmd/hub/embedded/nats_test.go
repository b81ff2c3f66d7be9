package embedded

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
)

// patience is how long a test waits for what should come at once.
const patience = 30 * time.Second

func newNATS(t testing.TB) *NATS {
	t.Helper()
	n, err := StartNATS(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Stop)
	return n
}

func connected(t testing.TB, n *NATS, options ...nats.Option) *nats.Conn {
	t.Helper()
	conn, err := n.Connect(options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn
}

func TestNATSCarriesMessages(t *testing.T) {
	t.Parallel()
	n := newNATS(t)
	writer, reader := connected(t, n), connected(t, n, nats.Name("reader"))
	if got := reader.Opts.Name; got != "reader" {
		t.Errorf("the caller's option is lost: name = %q", got)
	}
	news, err := reader.SubscribeSync("activity.*.cheer.>")
	if err != nil {
		t.Fatal(err)
	}
	if err := reader.Flush(); err != nil {
		t.Fatal(err)
	}
	for _, subject := range []string{"activity.2026.opened.1.2", "activity.2026.cheer.1.2"} {
		if err := writer.Publish(subject, []byte(subject)); err != nil {
			t.Fatal(err)
		}
	}
	m, err := news.NextMsg(patience)
	if err != nil || string(m.Data) != "activity.2026.cheer.1.2" {
		t.Errorf("first message = %v, %v", m, err)
	}
}

// No port is open, and there is no storage that somebody could rely on.
func TestNATSIsPrivate(t *testing.T) {
	t.Parallel()
	n := newNATS(t)
	if addr := n.server.Addr(); addr != nil {
		t.Errorf("listens on %v", addr)
	}
	if n.server.JetStreamEnabled() {
		t.Error("keeps messages")
	}
	conn := connected(t, n)
	if err := conn.Publish("s", make([]byte, natsMaxPayload+1)); !errors.Is(err, nats.ErrMaxPayload) {
		t.Errorf("a message over the limit = %v", err)
	}
}

func TestNATSStop(t *testing.T) {
	t.Parallel()
	n, err := StartNATS(nil)
	if err != nil {
		t.Fatal(err)
	}
	lost := make(chan struct{})
	connected(t, n, nats.NoReconnect(), nats.ClosedHandler(func(*nats.Conn) { close(lost) }))
	n.Stop()
	select {
	case <-lost:
	case <-time.After(patience):
		t.Fatal("the client was not told")
	}
	if _, err := n.Connect(nats.NoReconnect()); err == nil {
		t.Error("connects after its end")
	}
}

func TestNATSLog(t *testing.T) {
	t.Parallel()
	var said buffer
	log := slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug}))
	n, err := StartNATS(log)
	if err != nil {
		t.Fatal(err)
	}
	n.Stop()
	if got := said.String(); !strings.Contains(got, "level=DEBUG msg=nats said=\"Server is ready\"") {
		t.Errorf("log = %s", got)
	}
	l := natsLog{log}
	l.Warnf("%d slow", 1)
	l.Errorf("%d lost", 2)
	for _, want := range []string{`level=WARN msg=nats said="1 slow"`, `level=ERROR msg=nats said="2 lost"`} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("log lacks %s", want)
		}
	}
}

// buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func BenchmarkNATSPublish(b *testing.B) {
	n := newNATS(b)
	writer, reader := connected(b, n), connected(b, n)
	done, count := make(chan struct{}), 0
	_, err := reader.Subscribe("news", func(m *nats.Msg) {
		if count++; len(m.Data) == 0 {
			close(done)
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := reader.Flush(); err != nil {
		b.Fatal(err)
	}
	text := make([]byte, 300)
	for b.Loop() {
		if err := writer.Publish("news", text); err != nil {
			b.Fatal(err)
		}
	}
	if err := writer.Publish("news", nil); err != nil {
		b.Fatal(err)
	}
	<-done
	b.ReportMetric(float64(count)/b.Elapsed().Seconds(), "messages/s")
}

func BenchmarkNATSStart(b *testing.B) {
	for b.Loop() {
		n, err := StartNATS(nil)
		if err != nil {
			b.Fatal(err)
		}
		n.Stop()
	}
}
