package live

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/microgalleries/actionday/events"
)

// benchBatch is 500 activities, as many as the sequencer moves at once: cheers with an event listed
// now and then.
func benchBatch(b *book, id events.ID) []events.Activity {
	news := cheers(500)
	for i := 0; i < len(news); i += 10 {
		news[i] = listed(i, "Wall of birds")
	}
	return b.write(id, news...)
}

// What it costs the sequencer to tell all hubs of 500 activities.
func BenchmarkPublish500(b *testing.B) {
	room := newNewsroom(b)
	bus := New(room.connect(b), slog.New(slog.DiscardHandler))
	news := benchBatch(newBook(edition(1)), edition(1))
	if _, err := room.connect(b).Subscribe(WorldPattern(), func(*nats.Msg) {}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := bus.Publish(context.Background(), news); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/500, "µs/activity")
}

// The way of 500 activities from one hub over NATS into the ring and to a tail.
func BenchmarkPublishToTail500(b *testing.B) {
	room, id := newNewsroom(b), edition(1)
	quiet, books := slog.New(slog.DiscardHandler), newBook(id)
	bus := New(room.connect(b), quiet)
	feed := NewFeed(books.source(), testClock, quiet)
	feed.poll = never
	applied := make(chan int64, 1000)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { feed.Run(ctx, bus) })
	running.Go(func() {
		feed.Tail(ctx, Tail{
			Start: startAt(events.Position{}),
			Apply: func(_ context.Context, news []events.Activity) error {
				applied <- news[len(news)-1].Seq
				return nil
			},
		})
	})
	defer func() { cancel(); running.Wait() }()
	for bus.conn.NumSubscriptions() == 0 {
		time.Sleep(time.Millisecond)
	}
	for b.Loop() {
		b.StopTimer()
		news := benchBatch(books, id)
		b.StartTimer()
		if err := bus.Publish(ctx, news); err != nil {
			b.Fatal(err)
		}
		for <-applied < news[499].Seq {
		}
	}
	b.ReportMetric(float64(b.N)*500/b.Elapsed().Seconds(), "activities/s")
}

// One batch of ten activities read by 1000 followers.
func BenchmarkFollowers1000(b *testing.B) {
	const viewers = 1000
	id := edition(1)
	books := newBook(id)
	feed := filled(b, books, id, 1, 1)
	r := feed.known(id)
	var reading, done sync.WaitGroup
	ctx, cancel := context.WithCancel(context.Background())
	for range viewers {
		w := feed.Follow(id, r.position())
		reading.Go(func() {
			for {
				news, err := w.Next(ctx)
				if err != nil {
					return
				}
				for range news {
					done.Done()
				}
			}
		})
	}
	b.ReportAllocs()
	for b.Loop() {
		done.Add(10 * viewers)
		feed.take(r, books.write(id, cheers(10)...))
		done.Wait()
	}
	b.ReportMetric(float64(b.N)*10*viewers/b.Elapsed().Seconds(), "deliveries/s")
	cancel()
	reading.Wait()
}

func BenchmarkResumeFromPages(b *testing.B) {
	id := edition(1)
	books := newBook(id)
	feed := filled(b, books, id, 3*pageSize, 10)
	at := events.Position{Epoch: books.epoch, Seq: 1}
	for b.Loop() {
		if news, err := feed.Follow(id, at).Next(context.Background()); err != nil || len(news) != chunkSize {
			b.Fatal(len(news), err)
		}
	}
}

func BenchmarkMessage(b *testing.B) {
	a := newBook(edition(1)).write(edition(1), listed(1, "Wall of birds"))[0]
	data, err := encode(a)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := encode(a); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := decode(data); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("subject", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = io.WriteString(io.Discard, SubjectOf(a).String())
		}
	})
}
