package live

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/microgalleries/actionday/events"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errOutage = errors.New("the database is away")

// book stands in for Postgres: the logs of some editions, as the sequencer would have written them.
type book struct {
	mu     sync.Mutex
	epoch  uint32
	logs   map[events.ID][]events.Activity
	away   bool
	reads  int           // how many pages were read
	gate   chan struct{} // reads of pages wait for it, unless it is nil
	onRead chan struct{} // is told that a page is about to be read, unless it is full or nil
}

func newBook(editions ...events.ID) *book {
	b := &book{epoch: 0x5f3a09c1, logs: map[events.ID][]events.Activity{}}
	for _, edition := range editions {
		b.logs[edition] = nil
	}
	return b
}

func (b *book) source() Source { return Source{Past: b.past, Head: b.head, Editions: b.editions} }

// write numbers news of one edition and gives them as the log has them.
func (b *book) write(edition events.ID, news ...events.Activity) []events.Activity {
	b.mu.Lock()
	defer b.mu.Unlock()
	start := len(b.logs[edition])
	for _, a := range news {
		log := b.logs[edition]
		a.Seq, a.Epoch, a.EditionID = int64(len(log)+1), b.epoch, edition
		if a.ID.IsZero() {
			a.ID = testID(events.ActivityPrefix, len(log)+1)
		}
		for i := range log {
			if a.Redacts != events.RedactNothing && log[i].EventID == a.EventID {
				log[i] = log[i].Redact(a)
			}
		}
		b.logs[edition] = append(log, a)
	}
	return append([]events.Activity{}, b.logs[edition][start:]...)
}

// restore puts an edition back to an earlier state in a new epoch, as a backup would.
func (b *book) restore(edition events.ID, seq int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.epoch++
	b.logs[edition] = append([]events.Activity{}, b.logs[edition][:seq]...)
	for i := range b.logs[edition] {
		b.logs[edition][i].Epoch = b.epoch
	}
}

func (b *book) setAway(away bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.away = away
}

func (b *book) pagesRead() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.reads
}

func (b *book) past(ctx context.Context, edition events.ID, after int64, limit int) ([]events.Activity, error) {
	select {
	case b.onRead <- struct{}{}:
	default:
	}
	if b.gate != nil {
		select {
		case <-b.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reads++
	if b.away {
		return nil, errOutage
	}
	log := b.logs[edition]
	from := min(int(after), len(log))
	return append([]events.Activity{}, log[from:min(from+limit, len(log))]...), nil
}

func (b *book) head(_ context.Context, edition events.ID) (events.Position, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.away {
		return events.Position{}, errOutage
	}
	return events.Position{Epoch: b.epoch, Seq: int64(len(b.logs[edition]))}, nil
}

func (b *book) editions(context.Context) (ids []events.ID, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.away {
		return nil, errOutage
	}
	for id := range b.logs {
		ids = append(ids, id)
	}
	return ids, nil
}

// testID is the n-th id of a kind.
func testID(prefix events.Prefix, n int) events.ID {
	var uuid [16]byte
	binary.BigEndian.PutUint64(uuid[8:], uint64(n))
	return events.NewID(prefix, uuid)
}

func edition(n int) events.ID { return testID(events.EditionPrefix, n) }

// listed is the news of an event that has become public.
func listed(event int, title string) events.Activity {
	lat, lon := 27.7172, 85.3240
	id := testID(events.EventPrefix, event)
	starts := time.Date(2026, 12, 12, 4, 15, 0, 0, time.UTC)
	return events.Activity{
		Kind: events.EventListed, EventID: id, At: starts.Add(-time.Hour),
		Card: &events.EventCard{
			ID: id, Slug: "wall-of-birds", Title: title, HostName: "Studio Patan", Way: "OWN_WORK",
			Themes: []string{"points-of-no-return"}, Day: "PLANNED", Version: 1,
			Place: events.Place{
				Precision: events.ExactPrecision, Latitude: &lat, Longitude: &lon,
				Locality: "Kathmandu", Country: "NP",
			},
			StartsAt: starts, EndsAt: starts.Add(2 * time.Hour),
		},
		Deltas: []events.Delta{{Scope: events.Scope{Kind: events.WorldScope}, Metric: "events", By: 1}},
	}
}

// cheers is n times the news that one person cheered.
func cheers(n int) []events.Activity {
	news := make([]events.Activity, n)
	for i := range news {
		news[i] = events.Activity{
			Kind: events.Cheered, EventID: testID(events.EventPrefix, 1), Count: 1,
			At:     time.Date(2026, 12, 12, 5, 0, i, 0, time.UTC),
			Deltas: []events.Delta{{Scope: events.Scope{Kind: events.WorldScope}, Metric: "cheers", By: 1}},
		}
	}
	return news
}

func testClock() time.Time { return time.Date(2026, 12, 12, 6, 0, 0, 0, time.UTC) }

// testLog writes what the hub logs to the test's own log, where it shows when the test fails.
func testLog(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), nil))
}

// pipeline is what a test checks a follower or a tail with: strictly the next activity each time.
type pipeline struct {
	mu   sync.Mutex
	at   int64
	grew chan struct{}
	bad  []string
}

func newPipeline(after int64) *pipeline {
	return &pipeline{at: after, grew: make(chan struct{})}
}

func (p *pipeline) apply(_ context.Context, news []events.Activity) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range news {
		if a.Seq != p.at+1 {
			p.bad = append(p.bad, events.Position{Epoch: a.Epoch, Seq: a.Seq}.String())
		}
		p.at = a.Seq
	}
	close(p.grew)
	p.grew = make(chan struct{})
	return nil
}

// reaches waits until activity seq has been applied, and fails the test if any came out of order.
func (p *pipeline) reaches(t *testing.T, seq int64) {
	t.Helper()
	deadline := time.After(time.Minute)
	for {
		p.mu.Lock()
		at, grew, bad := p.at, p.grew, p.bad
		p.mu.Unlock()
		if len(bad) > 0 {
			t.Fatalf("activities out of order: %v", bad)
		}
		if at >= seq {
			if at > seq {
				t.Fatalf("at %d, beyond %d", at, seq)
			}
			return
		}
		select {
		case <-grew:
		case <-deadline:
			t.Fatalf("at %d, never reached %d", at, seq)
		}
	}
}

// logged collects what is logged.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// waitFor waits until something has come about.
func waitFor(t *testing.T, yes func() bool) {
	t.Helper()
	for begin := time.Now(); !yes(); runtime.Gosched() {
		if time.Since(begin) > time.Minute { // a machine may be busy
			t.Fatal("it never came about")
		}
	}
}
