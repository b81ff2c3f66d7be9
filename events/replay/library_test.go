package replay

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

// Whatever happens, the numbers at a moment are those that were live then: at the activity's own
// instant, just before it, and wherever between.
func TestNumbersAtAMomentAreThoseOfThen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := newBook()
		b.write(story(t)...)
		l := library(b)
		for _, a := range b.all {
			for _, moment := range []float64{-0.001, 0, 0.5} {
				when := a.At.Add(at(moment).Sub(at(0)))
				got, err := l.Replay(context.Background(), edition().ID, when)
				if err != nil {
					t.Fatal(err)
				}
				n := b.until(when)
				if err := got.Counts.Differs(b.counts[n]); err != nil || got.Position.Seq != int64(n) || got.Counts.AsOfSeq != int64(n) {
					t.Fatalf("at %v, after %d activities: %s, %v", when, n, got.Position, err)
				}
			}
		}
	})
}

// cheers is a long log in which nothing but cheers happens, one a second.
func cheers(n int) []events.Activity {
	list := []events.Activity{{Kind: events.EventListed, EventID: eventID(1), At: at(0), Card: card(1, 1, events.Live)}}
	for i := 1; i < n; i++ {
		list = append(list, events.Activity{Kind: events.Cheered, EventID: eventID(1), At: at(float64(i)), Count: 1})
	}
	return list
}

func TestAMomentCostsBoundedWork(t *testing.T) {
	t.Parallel()
	b, l := newBook(), (*Library)(nil)
	b.write(cheers(4*firstSpacing + 100)...)
	l = library(b)
	ctx := t.Context()
	if _, err := l.Replay(ctx, edition().ID, at(1e9)); err != nil {
		t.Fatal(err)
	}
	for _, second := range []float64{0, firstSpacing - 1, firstSpacing, 2*firstSpacing + 5, 3*firstSpacing - 1, 4*firstSpacing + 98} {
		before := b.reads
		got, err := l.Replay(ctx, edition().ID, at(second))
		if err != nil || got.Counts.World().Cheers != int64(second) {
			t.Errorf("second %v: %+v, %v", second, got.Counts.World(), err)
		}
		if reads := b.reads - before; reads > firstSpacing/pageSize+1 {
			t.Errorf("second %v took %d pages", second, reads)
		}
	}
	before := b.reads
	if _, err := l.Replay(ctx, edition().ID, at(2*firstSpacing+5)); err != nil || b.reads != before {
		t.Errorf("the same moment again: %d pages, %v", b.reads-before, err)
	}
}

// An answer is the caller's own: the next one is not changed by what is done to it.
func TestAnswersStandApart(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.write(cheers(10)...)
	l := library(b)
	for range 2 {
		got, err := l.Replay(t.Context(), edition().ID, at(100))
		if err != nil || got.Counts.World().Cheers != 9 {
			t.Fatalf("%+v, %v", got.Counts, err)
		}
		clear(got.Counts.Tallies)
	}
}

func TestTheTapeGrowsWithTheLog(t *testing.T) {
	t.Parallel()
	b := newBook()
	l, ctx := library(b), t.Context()
	b.write(cheers(3)...)
	if err := l.Apply(ctx, b.all); err != nil || b.reads != 0 {
		t.Fatalf("nobody has asked yet: %d reads, %v", b.reads, err)
	}
	if p, err := l.Start(ctx, edition().ID); err != nil || p.Seq != 3 {
		t.Errorf("a tail begins at %s, %v", p, err)
	}
	file(t, l)
	missed := b.write(cheers(2)...)
	news := b.write(cheers(2)...)
	for range 2 { // the same again changes nothing
		if err := l.Apply(ctx, news); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Apply(ctx, missed); err != nil {
		t.Fatal(err)
	}
	if p, err := l.Start(ctx, edition().ID); err != nil || p.Seq != 7 {
		t.Errorf("the tape stands at %s, %v", p, err)
	}
	if err := l.Apply(ctx, nil); err != nil {
		t.Error(err)
	}
}

func TestALogThatGivesNothingIsAnError(t *testing.T) {
	t.Parallel()
	b := newBook()
	l := library(b)
	b.write(cheers(3)...)
	file(t, l)
	late := b.write(cheers(2)...)[1:]
	b.mu.Lock()
	b.all = b.all[:3]
	b.mu.Unlock()
	if err := l.Apply(t.Context(), late); err == nil {
		t.Error("a hole was passed over")
	}
}

// What comes while the log is being read is on the tape that is shown.
func TestNewsWhileTheLogIsRead(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.write(cheers(pageSize + 3)...)
	blocked := make(chan struct{})
	b.blocked = blocked
	l := library(b)
	read := make(chan roll)
	go func() { read <- file(t, l) }()
	for l.find(edition().ID) == nil { // until somebody has asked
	}
	withdrawn := b.write(events.Activity{Kind: events.EventRemoved, EventID: eventID(1), At: at(1e4), Tombstone: true, Redacts: events.RedactAll})
	if err := l.Apply(t.Context(), withdrawn); err != nil {
		t.Fatal(err)
	}
	close(blocked)
	if v := <-read; v.seq != pageSize+4 || len(v.points) != 0 {
		t.Errorf("the file is of %d with %d points", v.seq, len(v.points))
	}
}

// While the database stands still, nobody who can be answered from the tape waits for it.
func TestAHoleIsReadWhileTheTapeIsShown(t *testing.T) {
	t.Parallel()
	b := newBook()
	l := library(b)
	b.write(cheers(3)...)
	file(t, l)
	blocked, reading := make(chan struct{}), make(chan struct{})
	past := l.find(edition().ID).source.Past
	l.find(edition().ID).source.Past = func(ctx context.Context, id events.ID, after int64, limit int) ([]events.Activity, error) {
		close(reading)
		<-blocked
		return past(ctx, id, after, limit)
	}
	b.write(cheers(2)...)
	news := b.write(cheers(1)...)
	applied := make(chan error)
	go func() { applied <- l.Apply(t.Context(), news) }()
	<-reading
	answered := make(chan roll)
	go func() { answered <- file(t, l) }()
	select {
	case v := <-answered:
		if v.seq != 3 {
			t.Errorf("the file is of %d", v.seq)
		}
	case <-time.After(patience):
		t.Error("the file waits for the database")
	}
	close(blocked)
	if err := <-applied; err != nil {
		t.Fatal(err)
	}
	if p, _ := l.find(edition().ID).position(); p.Seq != 6 {
		t.Errorf("the tape stands at %s", p)
	}
}

// patience is how long a test waits for what comes at once.
const patience = 30 * time.Second

// After a restore, or when the edition's date may be another, the log is read anew.
func TestATapeThatIsNoGoodIsThrownAway(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*book) events.Activity{
		"a new epoch": func(b *book) events.Activity {
			b.epoch++
			b.all, b.counts = nil, b.counts[:1]
			return b.write(cheers(1)...)[0]
		},
		"the edition was changed": func(b *book) events.Activity {
			return b.write(events.Activity{Kind: events.EditionChanged, At: at(20)})[0]
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook()
			b.write(cheers(5)...)
			l := library(b)
			file(t, l)
			if err := l.Apply(t.Context(), []events.Activity{spoil(b)}); err != nil {
				t.Fatal(err)
			}
			if _, ready := l.find(edition().ID).position(); ready {
				t.Error("the old tape is still there")
			}
			if v := file(t, l); v.epoch != uint64(b.epoch) || v.seq != uint64(len(b.all)) {
				t.Errorf("the new file is of %d-%d", v.epoch, v.seq)
			}
		})
	}
}

func TestFewEditionsAreKept(t *testing.T) {
	t.Parallel()
	b := newBook()
	l := library(b)
	id := func(n int) events.ID { return events.NewID(events.EditionPrefix, [16]byte{1: byte(n)}) }
	for n := range maxReels {
		l.take(id(n))
	}
	l.take(id(0))
	l.take(id(maxReels))
	if len(l.reels) != maxReels || l.find(id(1)) != nil || l.find(id(0)) == nil {
		t.Errorf("%d reels; the one asked for longest ago should be gone", len(l.reels))
	}
}

func TestFailuresAreTriedAgain(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.write(cheers(5)...)
	b.failing = errors.New("down")
	l := library(b)
	if _, err := l.Replay(t.Context(), edition().ID, at(1)); !errors.Is(err, b.failing) {
		t.Errorf("while the log cannot be read: %v", err)
	}
	b.failing = nil
	got, err := l.Replay(t.Context(), edition().ID, at(2))
	if err != nil || got.Counts.World().Cheers != 2 {
		t.Errorf("after that: %+v, %v", got.Counts.World(), err)
	}
}

func TestManyAskAtOnce(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.write(cheers(3 * pageSize)...)
	l := library(b)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			got, err := l.Replay(t.Context(), edition().ID, at(float64(i)))
			if err != nil || got.Counts.World().Cheers != int64(i) {
				t.Errorf("second %d: %+v, %v", i, got.Counts.World(), err)
			}
			file(t, l)
		})
		all.Go(func() {
			if err := l.Apply(t.Context(), b.write(cheers(2)...)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	v := file(t, l)
	if diff := cmp.Diff(b.dots(len(b.all)), v.dots(uint32(v.until)), cmp.AllowUnexported(dot{})); diff != "" && v.seq == uint64(len(b.all)) {
		t.Error(diff)
	}
}
