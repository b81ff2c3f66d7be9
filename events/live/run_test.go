package live

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

// hub is one hub's feed, running.
type hub struct {
	*Feed
	bus *Bus
}

// newHub runs a feed that hears the newsroom and looks into the book by itself once a poll.
func newHub(t *testing.T, b *book, room *newsroom, poll time.Duration) *hub {
	t.Helper()
	h := &hub{Feed: NewFeed(b.source(), testClock, testLog(t))}
	h.poll = poll
	if room != nil {
		h.bus = New(room.connect(t), testLog(t))
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { h.Run(ctx, h.bus) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return h
}

// tail runs a tail that checks the order of what it is given after start.
func (h *hub) tail(t *testing.T, start events.Position) *pipeline {
	t.Helper()
	p := newPipeline(start.Seq)
	h.run(t, Tail{
		Name: "checker", Apply: p.apply,
		Start: func(context.Context, events.ID) (events.Position, error) { return start, nil },
	})
	return p
}

func (h *hub) run(t *testing.T, tail Tail) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { h.Tail(ctx, tail) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
}

// listening waits until the hub's subscription stands at the server.
func (h *hub) listening(t *testing.T) {
	t.Helper()
	waitFor(t, func() bool { return h.bus.conn.NumSubscriptions() > 0 })
	if err := h.bus.conn.FlushTimeout(10 * time.Second); err != nil {
		t.Fatal(err)
	}
}

const never = 24 * time.Hour

func TestEveryHubHearsWhatOneNumbered(t *testing.T) {
	t.Parallel()
	room, here := newNewsroom(t), edition(1)
	b := newBook(here)
	one, two := newHub(t, b, room, never), newHub(t, b, room, never)
	one.listening(t)
	two.listening(t)
	tails := []*pipeline{one.tail(t, events.Position{}), two.tail(t, events.Position{})}
	for range 20 {
		if err := one.bus.Publish(t.Context(), b.write(here, cheers(50)...)); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range tails {
		p.reaches(t, 1000)
	}
}

// Messages are dropped, doubled and reordered; the ring and who reads it must not notice. The poll
// never comes: what is lost in the middle must be found by the hole that it leaves.
func TestNothingLostDoubledOrReorderedByTheBus(t *testing.T) {
	t.Parallel()
	room, here, there := newNewsroom(t), edition(1), edition(2)
	conn := room.connect(t)
	rapid.Check(t, func(rt *rapid.T) {
		b := newBook(here, there)
		h := &hub{Feed: NewFeed(b.source(), testClock, slog.New(slog.DiscardHandler)), bus: New(conn, testLog(t))}
		h.poll = never
		ctx, cancel := context.WithCancel(context.Background())
		var running sync.WaitGroup
		running.Go(func() { h.Run(ctx, h.bus) })
		defer func() { cancel(); running.Wait() }()
		h.listening(t)

		checks := map[events.ID]*pipeline{here: newPipeline(0), there: newPipeline(0)}
		running.Go(func() {
			h.Tail(ctx, Tail{
				Start: func(context.Context, events.ID) (events.Position, error) { return events.Position{}, nil },
				Apply: func(ctx context.Context, news []events.Activity) error {
					return checks[news[0].EditionID].apply(ctx, news)
				},
			})
		})
		seed := rapid.Uint64().Draw(rt, "seed")
		rounds := rapid.IntRange(1, 10).Draw(rt, "rounds")
		dice := rand.New(rand.NewPCG(seed, 1))
		for range rounds {
			for _, id := range []events.ID{here, there} {
				deliver(rt, h.bus, dice, b.write(id, cheers(1+dice.IntN(40))...))
			}
		}
		for id, check := range checks { // the last of all arrives, which shows every hole before it
			last := b.write(id, cheers(1)...)
			if err := h.bus.Publish(ctx, last); err != nil {
				rt.Fatal(err)
			}
			check.reaches(t, last[0].Seq)
		}
	})
}

// deliver publishes a batch as a bad network would.
func deliver(t *rapid.T, bus *Bus, dice *rand.Rand, news []events.Activity) {
	var sent []events.Activity
	for _, a := range news {
		for range []int{0, 1, 1, 1, 2}[dice.IntN(5)] {
			sent = append(sent, a)
		}
	}
	for range dice.IntN(4) {
		dice.Shuffle(len(sent), func(i, j int) { sent[i], sent[j] = sent[j], sent[i] })
	}
	if err := bus.Publish(context.Background(), sent); err != nil {
		t.Fatal(err)
	}
}

func TestEverythingArrivesWhileNatsIsAwayAndAfter(t *testing.T) {
	t.Parallel()
	room, here := newNewsroom(t), edition(1)
	b := newBook(here)
	h := newHub(t, b, room, 5*time.Millisecond)
	h.listening(t)
	check := h.tail(t, events.Position{})
	if err := h.bus.Publish(t.Context(), b.write(here, cheers(10)...)); err != nil {
		t.Fatal(err)
	}
	check.reaches(t, 10)

	room.close()
	waitFor(t, func() bool { return !h.bus.conn.IsConnected() })
	if err := h.bus.Publish(t.Context(), b.write(here, cheers(10)...)); err == nil {
		t.Error("publishing went well without NATS")
	}
	check.reaches(t, 20)

	room.open(t)
	waitFor(t, h.bus.conn.IsConnected)
	if err := h.bus.Publish(t.Context(), b.write(here, cheers(10)...)); err != nil {
		t.Fatal(err)
	}
	check.reaches(t, 30)
}

func TestNatsIsHeardAgainAfterARestart(t *testing.T) {
	t.Parallel()
	room, here := newNewsroom(t), edition(1)
	b := newBook(here)
	h := newHub(t, b, room, never)
	h.listening(t)
	check := h.tail(t, events.Position{})
	room.close()
	waitFor(t, func() bool { return !h.bus.conn.IsConnected() })
	missed := b.write(here, cheers(10)...)
	room.open(t)
	waitFor(t, h.bus.conn.IsConnected)
	if err := h.bus.Publish(t.Context(), b.write(here, cheers(1)...)); err != nil {
		t.Fatal(err)
	}
	check.reaches(t, int64(len(missed)+1))
}

func TestAHubMayStartBeforeNats(t *testing.T) {
	t.Parallel()
	room, here := &newsroom{}, edition(1)
	b := newBook(here)
	h := newHub(t, b, room, never)
	check := h.tail(t, events.Position{})
	room.open(t)
	t.Cleanup(room.close)
	waitFor(t, h.bus.conn.IsConnected)
	h.listening(t)
	if err := h.bus.Publish(t.Context(), b.write(here, cheers(3)...)); err != nil {
		t.Fatal(err)
	}
	check.reaches(t, 3)
}

// More messages than the inbox takes, while the hub is busy with a hole.
func TestASlowHubFindsWhatNatsDropped(t *testing.T) {
	t.Parallel()
	room, here := newNewsroom(t), edition(1)
	b := newBook(here)
	b.gate, b.onRead = make(chan struct{}), make(chan struct{}, 1)
	h := newHub(t, b, room, pollEvery) // a machine may be too slow to read the hole in time
	h.listening(t)
	check := h.tail(t, events.Position{Epoch: b.epoch, Seq: 0})
	first := b.write(here, cheers(3)...)
	if err := h.bus.Publish(t.Context(), []events.Activity{first[0], first[2]}); err != nil {
		t.Fatal(err)
	}
	<-b.onRead // the hole is being read, and nothing else is listened to meanwhile
	for range 10 {
		if err := h.bus.Publish(t.Context(), b.write(here, cheers(inboxSize/8)...)); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.bus.conn.FlushTimeout(10 * time.Second); err != nil {
		t.Fatal(err)
	}
	close(b.gate)
	last := b.write(here, cheers(1)...)
	again := time.NewTicker(50 * time.Millisecond) // not a flood of its own
	defer again.Stop()
	waitFor(t, func() bool { // the inbox may be too full for this one, too
		err := errors.Join(h.bus.Publish(t.Context(), last), h.bus.conn.FlushTimeout(10*time.Second))
		<-again.C
		return err == nil && h.known(here).position().Seq == last[0].Seq
	})
	check.reaches(t, last[0].Seq)
}

func TestANewEditionIsHeard(t *testing.T) {
	t.Parallel()
	room := newNewsroom(t)
	b := newBook()
	h := newHub(t, b, room, never)
	h.listening(t)
	check := h.tail(t, events.Position{})
	b.write(edition(2), cheers(5)...)
	if err := h.bus.Publish(t.Context(), b.write(edition(2), cheers(1)...)); err != nil {
		t.Fatal(err)
	}
	check.reaches(t, 6)
}

// Two databases that cannot be read hold up neither each other nor what NATS brings.
func TestWithoutPostgresUpdatesComeByNats(t *testing.T) {
	t.Parallel()
	room, here := newNewsroom(t), edition(1)
	b := newBook(here)
	h := newHub(t, b, room, never)
	h.listening(t)
	check := h.tail(t, events.Position{})
	waitFor(t, func() bool { return h.known(here) != nil })
	b.setAway(true)
	news := b.write(here, cheers(6)...)
	for _, a := range news[:3] {
		if err := h.bus.Publish(t.Context(), []events.Activity{a}); err != nil {
			t.Fatal(err)
		}
	}
	check.reaches(t, 3)
	if err := h.bus.Publish(t.Context(), news[4:]); err != nil { // 4 is lost and cannot be read
		t.Fatal(err)
	}
	if err := h.bus.Publish(t.Context(), news[3:]); err != nil { // until it comes again
		t.Fatal(err)
	}
	check.reaches(t, 6)
}

func TestMessagesThatAreNotUnderstoodBecomeHoles(t *testing.T) {
	t.Parallel()
	room, here := newNewsroom(t), edition(1)
	b := newBook(here)
	h := newHub(t, b, room, never)
	h.listening(t)
	check := h.tail(t, events.Position{})
	news := b.write(here, cheers(3)...)
	future := []byte(`{"v":2,"seq":1,"what":"unheard of"}`)
	if err := h.bus.conn.Publish(SubjectOf(news[0]).String(), future); err != nil {
		t.Fatal(err)
	}
	if err := h.bus.Publish(t.Context(), news[2:]); err != nil {
		t.Fatal(err)
	}
	check.reaches(t, 3)
}

func TestABusThatIsClosedLeavesThePoll(t *testing.T) {
	t.Parallel()
	room, here := newNewsroom(t), edition(1)
	b := newBook(here)
	conn := room.connect(t)
	conn.Close()
	f := NewFeed(b.source(), testClock, testLog(t))
	f.poll = time.Millisecond
	h := &hub{Feed: f, bus: New(conn, testLog(t))}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { h.Run(ctx, h.bus) })
	t.Cleanup(func() { cancel(); running.Wait() })
	check := h.tail(t, events.Position{})
	news := b.write(here, cheers(3)...)
	if err := h.bus.Publish(t.Context(), news); !errors.Is(err, nats.ErrConnectionClosed) {
		t.Errorf("publish on a closed connection: %v", err)
	}
	check.reaches(t, 3)
}
