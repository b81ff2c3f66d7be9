package counters

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

// A batch of 100 against 100 batches of one, on each kind of Redis.
func BenchmarkApply(b *testing.B) {
	for _, kind := range backends(b) {
		b.Run(kind.name, func(b *testing.B) {
			s := newStage(b, &line{dial: kind.dial(b)})
			s.log = slog.New(slog.DiscardHandler)
			ctx, seed := context.Background(), uint64(0)
			var batch, single time.Duration
			for b.Loop() {
				seed++
				news := s.books.write(someDay(seed, 100)...)
				batch += took(b, func() error { return s.Apply(ctx, news) })
				news = s.books.write(someDay(seed, 100)...)
				single += took(b, func() error {
					for i := range news {
						if err := s.Apply(ctx, news[i:i+1]); err != nil {
							return err
						}
					}
					return nil
				})
			}
			s.holds(b)
			b.ReportMetric(float64(b.N)*100/batch.Seconds(), "batched/s")
			b.ReportMetric(float64(b.N)*100/single.Seconds(), "single/s")
			b.ReportMetric(single.Seconds()/batch.Seconds(), "counters_batch_vs_single")
		})
	}
}

func took(b *testing.B, act func() error) time.Duration {
	begin := time.Now()
	if err := act(); err != nil {
		b.Fatal(err)
	}
	return time.Since(begin)
}

// The numbers of an edition with 150 countries, read from Redis.
func BenchmarkCounts(b *testing.B) {
	for _, kind := range backends(b) {
		b.Run(kind.name, func(b *testing.B) {
			s := newStage(b, &line{dial: kind.dial(b)})
			news := someDay(1, 300)
			for i := range news {
				news[i].EventID = testID(events.EventPrefix, i)
				if news[i].Card != nil {
					news[i].Card.Place.Country = string([]byte{'A' + byte(i/2%150/26), 'A' + byte(i/2%26)})
				}
			}
			s.applies(b, s.books.write(news...))
			for b.Loop() {
				if _, err := s.look(context.Background(), s.books.edition); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(s.raw.HLen(context.Background(), s.key()).Val()), "fields")
		})
	}
}

func BenchmarkAllow(b *testing.B) {
	ctx, limit := context.Background(), Limit{Rate: 1e6, Per: time.Second, Burst: 1e6}
	for _, kind := range backends(b) {
		b.Run(kind.name, func(b *testing.B) {
			hub := NewLimiter((&line{dial: kind.dial(b)}).client(b), secret(), time.Now, slog.New(slog.DiscardHandler))
			for b.Loop() {
				hub.Allow(ctx, "ann", limit, 1)
			}
		})
	}
	b.Run("refused by the hub", func(b *testing.B) {
		hub := NewLimiter((&line{dial: startMini(b)}).client(b), secret(), time.Now, slog.New(slog.DiscardHandler))
		hub.Allow(ctx, "ann", tenAnHour(), 10)
		for b.Loop() {
			hub.Allow(ctx, "ann", tenAnHour(), 1)
		}
	})
}
