package counters

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// backend is a kind of Redis that the tests run on.
type backend struct {
	name string
	dial func(t testing.TB) func() (net.Conn, error) // starts one for the test alone
}

// backends lists what Redis there is: always the one in process, and the real one where its program
// is on PATH. It says in the test's log when that is missing.
func backends(t testing.TB) []backend {
	t.Helper()
	all := []backend{{"miniredis", startMini}}
	program, err := exec.LookPath("redis-server")
	if err != nil {
		t.Logf("these tests run on miniredis alone: %v", err)
		return all
	}
	return append(all, backend{"redis-server", func(t testing.TB) func() (net.Conn, error) {
		return startReal(t, program)
	}})
}

func startMini(t testing.TB) func() (net.Conn, error) {
	m := miniredis.NewMiniRedis()
	if err := m.StartAddr("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return func() (net.Conn, error) { return net.Dial("tcp", m.Addr()) }
}

func startReal(t testing.TB, program string) func() (net.Conn, error) {
	t.Helper()
	folder, err := os.MkdirTemp("", "redis") // t.TempDir's path is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(folder, "s")
	server := exec.Command(program, "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
		_ = os.RemoveAll(folder)
	})
	dial := func() (net.Conn, error) { return net.Dial("unix", socket) }
	waitFor(t, func() bool {
		conn, err := dial()
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	return dial
}

// onEach runs a story on every kind of Redis.
func onEach(t *testing.T, story func(t *testing.T, line *line)) {
	t.Helper()
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			story(t, &line{dial: b.dial(t)})
		})
	}
}

// line is the way to a Redis, which a test can cut.
type line struct {
	dial  func() (net.Conn, error)
	isCut atomic.Bool
	dials atomic.Int64

	mu   sync.Mutex
	open []net.Conn
}

var errCut = errors.New("the line is cut")

// cut closes every connection and lets none be made until mend is called.
func (l *line) cut() {
	l.isCut.Store(true)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range l.open {
		_ = conn.Close()
	}
	l.open = nil
}

func (l *line) mend() { l.isCut.Store(false) }

func (l *line) connect(context.Context, string, string) (net.Conn, error) {
	l.dials.Add(1)
	if l.isCut.Load() {
		return nil, errCut
	}
	conn, err := l.dial()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = append(l.open, conn)
	return conn, nil
}

// client is a client as a hub has one.
func (l *line) client(t testing.TB) redis.UniversalClient {
	t.Helper()
	options, err := Options("")
	if err != nil {
		t.Fatal(err)
	}
	options.Dialer = l.connect
	client := redis.NewUniversalClient(options)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// testLog writes what the hub logs to the test's own log.
func testLog(t testing.TB) *slog.Logger { return slog.New(slog.NewTextHandler(t.Output(), nil)) }

// clock is a time that only the test moves.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(time.Date(2026, 12, 12, 6, 0, 0, 0, time.UTC).UnixNano())
	return c
}

func (c *clock) now() time.Time           { return time.Unix(0, c.at.Load()).UTC() }
func (c *clock) advance(by time.Duration) { c.at.Add(int64(by)) }

func waitFor(t testing.TB, yes func() bool) {
	t.Helper()
	for begin := time.Now(); !yes(); time.Sleep(time.Millisecond) {
		if time.Since(begin) > 20*time.Second {
			t.Fatal("it never came about")
		}
	}
}

func TestOptionsNameTheServer(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"":                                   "",
		"redis://localhost:6380/3":           "localhost:6380",
		"unix:///run/redis/socket":           "/run/redis/socket",
		"redis://u:p@a:1/?addr=b:2&addr=c:3": "a:1 b:2 c:3",
	} {
		o, err := Options(url)
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		if got := strings.Join(o.Addrs, " "); got != want {
			t.Errorf("%s: %q, want %q", url, got, want)
		}
		if !o.ContextTimeoutEnabled || o.DialerRetries != 1 || o.MaxRetries != 1 {
			t.Errorf("%s: the client would wait for long: %+v", url, o)
		}
	}
	if o, _ := Options("redis://u:p@localhost:6380/3"); o.DB != 3 || o.Username != "u" || o.Password != "p" {
		t.Errorf("%+v", o)
	}
	for _, url := range []string{"http://localhost", "redis://a:1?addr=b:2&nonsense=1"} {
		if o, err := Options(url); err == nil {
			t.Errorf("%s: %+v", url, o)
		}
	}
}

// A dead Redis costs a hub very little: one attempt and perhaps another, then silence.
func TestADeadRedisIsLeftAlone(t *testing.T) {
	t.Parallel()
	dead := &line{}
	dead.cut()
	clock, books := newClock(), newLedger()
	board := New(dead.client(t), books.source(), clock.now, testLog(t))
	for range 1000 {
		if _, err := board.Counts(t.Context(), books.edition); err != nil {
			t.Fatal(err)
		}
	}
	if n := dead.dials.Load(); n > 4 {
		t.Errorf("dialed %d times", n)
	}
	if n := books.snapshots.Load(); n != 1 {
		t.Errorf("asked Postgres %d times in no time", n)
	}
	clock.advance(truthLife)
	if _, err := board.Counts(t.Context(), books.edition); err != nil || books.snapshots.Load() != 2 {
		t.Errorf("%v, after %d snapshots", err, books.snapshots.Load())
	}
}
